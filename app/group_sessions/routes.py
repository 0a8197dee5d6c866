"""Groups and group sessions: set up, roster, open, close."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.errors import NotFound
from app.group_sessions import (
    actions,
    call_sheet,
    dial_in,
    meetings,
    queries,
    quick_reference,
    scheduling,
    sheet,
    word_routes,
)
from app.group_sessions.queries import GroupSessionRow, GroupSessionView, GroupView, MeetingState, Platform
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api", tags=["group sessions"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


Reason = Annotated[str, Field(min_length=3, max_length=400)]


class GroupBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=80)]


class DialInBody(Body):
    dial_in: Annotated[str, Field(min_length=1, max_length=120)] | None


class StaffFields(Body):
    lead_id: UUID | None = None
    cofacilitator_id: UUID | None = None
    supervisor_id: UUID | None = None
    backup_id: UUID | None = None
    exception_reason: Reason | None = None
    platform: Platform = "taps"
    platform_connection_id: UUID | None = None
    platform_ref: Annotated[str, Field(max_length=200)] | None = None


class ScheduleBody(StaffFields):
    group_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class ChangeBody(StaffFields):
    """Only what is sent changes; null takes somebody off. `version` is the one that was read."""

    version: int
    starts_at: AwareDatetime = None  # type: ignore[assignment]  # absent, never null
    ends_at: AwareDatetime = None  # type: ignore[assignment]


class OpenBody(Body):
    exception_reason: Reason | None = None


class OutcomeBody(Body):
    client_id: UUID
    outcome: Literal["attended", "excused", "rung", "left_as_planned", "handed_over"]
    note: Annotated[str, Field(max_length=1000)] | None = None


class CloseBody(Body):
    outcomes: Annotated[list[OutcomeBody], Field(max_length=100)] = []


class RosterBody(Body):
    client_id: UUID


class PlaceBody(Body):
    label: Annotated[str, Field(min_length=1, max_length=80)] | None = None


async def sets_up(viewer: CurrentViewer) -> None:
    require(viewer, "supervisor", "administrator")


@router.get("/groups")
async def groups(viewer: CurrentViewer, db: ViewerDb) -> list[GroupView]:
    return await queries.groups(db, viewer.program_id)


@router.post("/groups", status_code=201, dependencies=[Depends(sets_up)])
async def add_group(body: GroupBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> GroupView:
    if await once(db, viewer, command, "group.add"):
        await scheduling.add_group(db, viewer, body.name)
    return next(group for group in await queries.groups(db, viewer.program_id) if group.name == body.name)


@router.get("/quick-reference")
async def quick(viewer: CurrentViewer, db: ViewerDb) -> quick_reference.QuickReference:
    """Whom to ring for where everybody is, of the open groups this person may see."""
    return await quick_reference.of_open_groups(db, viewer)


@router.put("/groups/{group_id}/dial-in", dependencies=[Depends(sets_up)])
async def set_dial_in(
    group_id: UUID, body: DialInBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupView:
    if await once(db, viewer, command, "group.dial_in"):
        await dial_in.set_dial_in(db, viewer, group_id, body.dial_in)
    found = [group for group in await queries.groups(db, viewer.program_id) if group.id == group_id]
    if not found:
        raise NotFound("There is no such group.")
    return found[0]


@router.get("/group-sessions")
async def group_sessions(
    viewer: CurrentViewer, db: ViewerDb, state: MeetingState | None = None
) -> list[GroupSessionRow]:
    return await queries.listed(db, viewer, state)


@router.post("/group-sessions", status_code=201, dependencies=[Depends(sets_up)])
async def schedule(
    body: ScheduleBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupSessionView:
    if not await once(db, viewer, command, "group_session.schedule"):
        made = await scheduling.made_by(db, viewer, body.group_id, body.starts_at)
        return await queries.one(db, viewer, made)
    meeting = await scheduling.schedule(db, viewer, **body.model_dump())
    return await queries.one(db, viewer, meeting.id)


@router.get("/group-sessions/{group_session_id}")
async def group_session(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> GroupSessionView:
    return await queries.one(db, viewer, group_session_id)


@router.get("/group-sessions/{group_session_id}/call-sheet")
async def kept_sheet(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> call_sheet.CallSheet:
    """For the browser's own sealed copy. A logged reveal each time."""
    require(viewer, "clinician", "supervisor")
    return await call_sheet.of(db, viewer, group_session_id)


@router.get("/group-sessions/{group_session_id}/sheet")
async def group_sheet(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> sheet.Sheet:
    """Every number and address of the group on one page. Each reading is written down."""
    return await sheet.of(db, viewer, group_session_id)


@router.patch("/group-sessions/{group_session_id}", dependencies=[Depends(sets_up)])
async def change(
    group_session_id: UUID, body: ChangeBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupSessionView:
    if await once(db, viewer, command, "group_session.change"):
        given = body.model_dump(exclude_unset=True, exclude={"version"})
        await scheduling.change(db, viewer, group_session_id, body.version, given)
    return await queries.one(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/open")
async def open_meeting(
    group_session_id: UUID, body: OpenBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupSessionView:
    if await once(db, viewer, command, "group_session.open"):
        await meetings.open_meeting(db, viewer, group_session_id, body.exception_reason)
    return await queries.one(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/close")
async def close_meeting(
    group_session_id: UUID, body: CloseBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupSessionView:
    if await once(db, viewer, command, "group_session.close"):
        outcomes: dict[UUID, str] = {given.client_id: given.outcome for given in body.outcomes}
        notes = {given.client_id: given.note for given in body.outcomes if given.note}
        await meetings.close_meeting(db, viewer, group_session_id, outcomes, notes)
    return await queries.one(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/roster")
async def add_to_roster(
    group_session_id: UUID, body: RosterBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupSessionView:
    if await once(db, viewer, command, "group_session.roster_add"):
        await meetings.add_to_roster(db, viewer, group_session_id, body.client_id)
    return await queries.one(db, viewer, group_session_id)


@router.delete("/group-sessions/{group_session_id}/roster/{client_id}")
async def take_off_roster(
    group_session_id: UUID, client_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> GroupSessionView:
    if await once(db, viewer, command, "group_session.roster_remove"):
        await meetings.take_off_roster(db, viewer, group_session_id, client_id)
    return await queries.one(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/told-place", status_code=204)
async def told_place(
    group_session_id: UUID,
    client_id: UUID,
    body: PlaceBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> None:
    """Told me privately: the usual place, or the one in `label`."""
    if await once(db, viewer, command, "group_session.told_place"):
        await actions.tell_place(db, viewer, group_session_id, client_id, body.label)


router.include_router(word_routes.router)
