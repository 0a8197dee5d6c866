"""The program's local lines. Everybody reads them; supervisors and administrators keep them; clinicians check them."""

from uuid import UUID, uuid5

from fastapi import APIRouter

from app.places import actions, queries
from app.places.views import ChangeLine, DispatchLineView, NewLine
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api/places/dispatch-lines", tags=["places"])


@router.get("")
async def lines(viewer: CurrentViewer, db: ViewerDb) -> list[DispatchLineView]:
    return await queries.lines(db, viewer.program_id)


@router.post("", status_code=201)
async def add(body: NewLine, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> DispatchLineView:
    require(viewer, "supervisor", "administrator")
    # From the command, so that a repeated press finds the line it made.
    line_id = uuid5(viewer.program_id, f"{viewer.staff_id}:{command}")
    if await once(db, viewer, command, "dispatch_line.add"):
        await actions.add_line(db, viewer.program_id, viewer.staff_id, body, line_id)
    return await queries.one(db, viewer.program_id, line_id)


@router.patch("/{line_id}")
async def change(
    line_id: UUID, body: ChangeLine, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> DispatchLineView:
    if body.model_fields_set != {"verified"}:
        require(viewer, "supervisor", "administrator")
    if await once(db, viewer, command, "dispatch_line.change"):
        await actions.change_line(db, viewer.program_id, viewer.staff_id, line_id, body)
    return await queries.one(db, viewer.program_id, line_id)
