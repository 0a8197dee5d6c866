"""Presses on the lanes of an incident and on private rooms. Each is one write with a command id."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from app.incidents.bodies import DONE, Body, Done, Maybe
from app.lanes import actions, private_rooms
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api", tags=["lanes"])

Lane = Literal["eyes", "group", "caller"]


class TakeAs(Body):
    lane: Lane


class OfferTo(Body):
    to: UUID


class CallAnd(Body):
    """R5: what becomes of the group when its co-facilitator calls."""

    group: Literal["paused", "ended"]
    checked: bool = Field(False, description="Ended: everybody was asked how they are.")


class Ended(Body):
    checked: Literal[True] = Field(description="Everybody was asked how they are.")
    words: Maybe = None


class Goes(Body):
    staff_id: UUID | None = None


class GoesInstead(Body):
    staff_id: UUID


class Decided(Body):
    decision: Literal["return", "stay", "leave_with_plan", "escalate"]
    plan: Annotated[str | None, Field(max_length=1000)] = None
    next_contact_at: AwareDatetime | None = None


@router.post("/incidents/{incident_id}/take-as")
async def take_as(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: TakeAs
) -> Done:
    if await once(db, viewer, command, "lane.take_as"):
        await actions.take_as(db, viewer, incident_id, body.lane)
    return DONE


@router.post("/incidents/{incident_id}/lanes/group/pause")
async def pause(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "lane.pause"):
        await actions.pause(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/lanes/group/end")
async def end(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Ended
) -> Done:
    if await once(db, viewer, command, "lane.end"):
        await actions.end(db, viewer, incident_id, body.words)
    return DONE


@router.post("/incidents/{incident_id}/lanes/caller/take-and")
async def take_calls(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: CallAnd
) -> Done:
    if await once(db, viewer, command, "lane.take_calls"):
        await actions.take_calls(db, viewer, incident_id, body.group, checked=body.checked)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/take")
async def take(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane
) -> Done:
    if await once(db, viewer, command, "lane.take"):
        await actions.take(db, viewer, incident_id, lane)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/offer")
async def offer(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane, body: OfferTo
) -> Done:
    if await once(db, viewer, command, "lane.offer"):
        await actions.offer(db, viewer, incident_id, lane, body.to)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/accept")
async def accept(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane
) -> Done:
    if await once(db, viewer, command, "lane.accept"):
        await actions.answer(db, viewer, incident_id, lane, yes=True)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/decline")
async def decline(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane
) -> Done:
    if await once(db, viewer, command, "lane.decline"):
        await actions.answer(db, viewer, incident_id, lane, yes=False)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/take-back")
async def take_back(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane
) -> Done:
    if await once(db, viewer, command, "lane.take_back"):
        await actions.take_back(db, viewer, incident_id, lane)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/let-go")
async def let_go(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane
) -> Done:
    if await once(db, viewer, command, "lane.let_go"):
        await actions.let_go(db, viewer, incident_id, lane)
    return DONE


@router.post("/incidents/{incident_id}/lanes/{lane}/vouch")
async def vouch(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lane: Lane
) -> Done:
    if await once(db, viewer, command, "lane.vouch"):
        await actions.vouch(db, viewer, incident_id, lane)
    return DONE


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/breakout")
async def open_room(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Goes,
) -> Done:
    if await once(db, viewer, command, "breakout.open"):
        await private_rooms.open_room(db, viewer, group_session_id, client_id, body.staff_id)
    return DONE


@router.post("/breakouts/{breakout_id}/goes")
async def goes(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, breakout_id: UUID, body: GoesInstead
) -> Done:
    if await once(db, viewer, command, "breakout.goes"):
        await private_rooms.somebody_else_goes(db, viewer, breakout_id, body.staff_id)
    return DONE


@router.post("/breakouts/{breakout_id}/joined")
async def joined(viewer: CurrentViewer, db: ViewerDb, command: CommandId, breakout_id: UUID) -> Done:
    if await once(db, viewer, command, "breakout.joined"):
        await private_rooms.join(db, viewer, breakout_id)
    return DONE


@router.post("/breakouts/{breakout_id}/fine")
async def fine(viewer: CurrentViewer, db: ViewerDb, command: CommandId, breakout_id: UUID) -> Done:
    if await once(db, viewer, command, "breakout.fine"):
        await private_rooms.answer(db, viewer, breakout_id)
    return DONE


@router.post("/breakouts/{breakout_id}/secure-group")
async def secure_group(viewer: CurrentViewer, db: ViewerDb, command: CommandId, breakout_id: UUID) -> Done:
    if await once(db, viewer, command, "breakout.secure_group"):
        await private_rooms.secure_group(db, viewer, breakout_id)
    return DONE


@router.post("/breakouts/{breakout_id}/decide")
async def decide(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, breakout_id: UUID, body: Decided
) -> Done:
    if await once(db, viewer, command, "breakout.decide"):
        await private_rooms.decide(db, viewer, breakout_id, body.decision, body.plan, body.next_contact_at)
    return DONE
