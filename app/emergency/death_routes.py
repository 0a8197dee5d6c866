"""A client's death over HTTP. Recording it asks for the role, the PIN and the name."""

from uuid import UUID

from fastapi import APIRouter

from app.emergency import death
from app.emergency.death_views import DeathNow, NewDeath, TakenBack
from app.incidents.bodies import DONE, Done
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require_client

router = APIRouter(prefix="/api/clients/{client_id}/death", tags=["emergency"])


@router.get("")
async def death_of(viewer: CurrentViewer, db: ViewerDb, client_id: UUID) -> DeathNow:
    await require_client(db, viewer, client_id)
    return DeathNow(death=await death.of_client(db, viewer, client_id))


@router.post("", dependencies=[Confirmed])
async def record_death(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, client_id: UUID, body: NewDeath
) -> Done:
    await require_client(db, viewer, client_id)
    if await once(db, viewer, command, "death.record"):
        await death.record(db, viewer, client_id, body)
    return DONE


@router.post("/taken-back", dependencies=[Confirmed])
async def take_death_back(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, client_id: UUID, body: TakenBack
) -> Done:
    await require_client(db, viewer, client_id)
    if await once(db, viewer, command, "death.taken_back"):
        await death.take_back(db, viewer, client_id, body)
    return DONE
