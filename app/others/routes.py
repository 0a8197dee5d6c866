"""Taps on the list of everybody else. Each is one write with a command id."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.others import actions, hours
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api", tags=["others"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class OthersAnswer(Body):
    answer: Literal["fine", "word", "not_reached"]


class OthersOwner(Body):
    owner_id: UUID


class FollowUpHours(Body):
    """Until when somebody rings the others: who needs a word, was not reached or was not asked; and who was fine."""

    soon: int
    later: int


@router.get("/program/follow-up-hours")
async def follow_up_hours(viewer: CurrentViewer, db: ViewerDb) -> FollowUpHours:
    require(viewer, "administrator", "supervisor")
    known = await hours.of_program(db, viewer)
    return FollowUpHours(soon=known.soon, later=known.later)


@router.post("/program/follow-up-hours")
async def choose_follow_up_hours(
    body: FollowUpHours, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> FollowUpHours:
    require(viewer, "administrator")
    if await once(db, viewer, command, "program.follow_up_hours"):
        await hours.choose(db, viewer, body.soon, body.later)
    known = await hours.of_program(db, viewer)
    return FollowUpHours(soon=known.soon, later=known.later)


@router.post("/others/{check_id}", status_code=204)
async def say(
    check_id: UUID, body: OthersAnswer, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "others.say"):
        await actions.say(db, viewer, check_id, body.answer)


@router.post("/others/{check_id}/owner", status_code=204)
async def give(
    check_id: UUID, body: OthersOwner, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "others.give"):
        await actions.give(db, viewer, check_id, body.owner_id)
