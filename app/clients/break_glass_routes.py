"""Emergency access over HTTP. Asking for it takes the PIN again (SEC-7)."""

from uuid import UUID

from fastapi import APIRouter, Depends

from app.clients import break_glass
from app.clients.break_glass_views import AccessLine, AskAccess, Looked, Opened
from app.clients.doors import clinical
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api/emergency-access", tags=["clients"])


@router.get("", dependencies=[Depends(clinical)])
async def standing(viewer: CurrentViewer, db: ViewerDb) -> list[AccessLine]:
    return await break_glass.standing(db, viewer)


@router.post("", dependencies=[Confirmed, Depends(clinical)])
async def ask(body: AskAccess, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> Opened:
    """A repeated press finds the record open already."""
    await once(db, viewer, command, "emergency_access.ask")
    return await break_glass.ask(db, viewer, body)


@router.post("/{access_id}/give-back", dependencies=[Depends(clinical)])
async def give_back(
    access_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[AccessLine]:
    if await once(db, viewer, command, "emergency_access.give_back"):
        await break_glass.give_back(db, viewer, access_id)
    return await break_glass.standing(db, viewer)


@router.post("/{access_id}/look")
async def look(
    access_id: UUID, body: Looked, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[AccessLine]:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "emergency_access.look"):
        await break_glass.look_at(db, viewer, access_id, body)
    return await break_glass.standing(db, viewer)
