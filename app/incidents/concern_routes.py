"""Raising a concern, and whether it is an emergency, over HTTP (D1, D2)."""

from uuid import UUID

from fastapi import APIRouter

from app.incidents import concerns
from app.incidents.bodies import DONE, Body, Done
from app.incidents.cases import CONCERN
from app.incidents.pressing import open_incident
from app.incidents.reasons import Worry
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(tags=["incidents"])


class Concern(Body):
    reason: Worry


class Raised(Body):
    """The incident that the concern opened, or joined."""

    incident_id: UUID | None


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/concern")
async def raise_concern(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    group_session_id: UUID,
    client_id: UUID,
    body: Concern,
) -> Raised:
    if await once(db, viewer, command, "incident.concern"):
        made = await concerns.raise_concern(db, viewer, group_session_id, client_id, body.reason)
        return Raised(incident_id=made)
    return Raised(incident_id=await open_incident(db, viewer.program_id, client_id, CONCERN))


@router.post("/incidents/{incident_id}/crisis")
async def crisis(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.crisis"):
        await concerns.crisis(db, viewer, incident_id)
    return DONE
