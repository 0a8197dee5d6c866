"""Taps on the list of everybody else. Each is one write with a command id."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.others import actions
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/others/{check_id}", tags=["others"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class OthersAnswer(Body):
    answer: Literal["fine", "word", "not_reached"]


class OthersOwner(Body):
    owner_id: UUID


@router.post("", status_code=204)
async def say(
    check_id: UUID, body: OthersAnswer, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "others.say"):
        await actions.say(db, viewer, check_id, body.answer)


@router.post("/owner", status_code=204)
async def give(
    check_id: UUID, body: OthersOwner, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "others.give"):
        await actions.give(db, viewer, check_id, body.owner_id)
