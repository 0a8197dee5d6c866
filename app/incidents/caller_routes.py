"""Presses on the card of somebody who rang us."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from app.incidents import callers
from app.incidents.bodies import DONE, Body, Done
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/callers/{caller_id}", tags=["callers"])


class Handled(Body):
    outcome: Literal["spoke", "nothing_needed", "not_ours"]


@router.post("/rung-back")
async def rung_back(viewer: CurrentViewer, db: ViewerDb, command: CommandId, caller_id: UUID) -> Done:
    if await once(db, viewer, command, "caller.rung_back"):
        await callers.rung_back(db, viewer, caller_id)
    return DONE


@router.post("/handled")
async def handled(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, caller_id: UUID, body: Handled
) -> Done:
    if await once(db, viewer, command, "caller.handled"):
        await callers.handled(db, viewer, caller_id, body.outcome)
    return DONE
