"""Emergency pressed, and a press that was wrong, over HTTP."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.emergency import declare, taken_back
from app.emergency.saying import standing_for
from app.emergency.setting_out import set_out
from app.emergency.views import Body, View
from app.errors import NotFound
from app.incidents.bodies import DONE, Done
from app.incidents.queries import readable_case
from app.incidents.reasons import Trigger
from app.staff.access import CommandId, CurrentViewer, ViewerDb, ViewerPresses, once

router = APIRouter(prefix="/api", tags=["emergency"])

# Colleagues' screens take 3 ms; begun at once, the second transaction took the processor from them for 2 ms more.
BOARDS_FIRST_SECONDS = 0.005


class Emergent(Body):
    trigger: Trigger = Field(description="Which of the four triggers (D2): it says which protocol begins.")


class RightClient(Body):
    client_id: UUID
    group_session_id: UUID | None = Field(
        default=None, description="Whose list they are on, where it is another group's."
    )


class DeclaredFor(View):
    """The incident that the emergency stands in: opened by it, or there already."""

    incident_id: UUID


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/emergency")
async def declare_emergency(
    presses: ViewerPresses,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Emergent,
) -> DeclaredFor:
    # Two transactions: boards have it with the first. Should this process end between them, the engine makes the second,
    # and so does the same press sent again.
    async with presses.first() as (db, viewer):
        if await once(db, viewer, command, "emergency.declare"):
            made = await declare.declare(db, viewer, group_session_id, client_id, body.trigger)
            answer = DeclaredFor(incident_id=made)
        else:
            answer = await _standing(db, viewer, client_id)
    await asyncio.sleep(BOARDS_FIRST_SECONDS)
    async with presses.second(viewer) as db:
        await set_out(db, answer.incident_id)
    return answer


@router.post("/incidents/{incident_id}/emergency/mispress")
async def emergency_mispress(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID
) -> Done:
    if await once(db, viewer, command, "emergency.mispress"):
        await taken_back.mispress(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/emergency/wrong-client")
async def emergency_wrong_client(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: RightClient
) -> DeclaredFor:
    if await once(db, viewer, command, "emergency.wrong_client"):
        made = await taken_back.wrong_client(db, viewer, incident_id, body.client_id, body.group_session_id)
        return DeclaredFor(incident_id=made)
    return await _standing(db, viewer, body.client_id)


async def _standing(db: ViewerDb, viewer: CurrentViewer, client_id: UUID) -> DeclaredFor:
    """The same press once more: where what it did stands now."""
    found = await standing_for(db, viewer.program_id, client_id)
    if found is None:
        raise NotFound("This emergency is over, or was taken back. Look at the board.")
    await readable_case(db, viewer, found)
    return DeclaredFor(incident_id=found)
