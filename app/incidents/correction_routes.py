"""Taking a wrong press back, over HTTP (R17)."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.incidents import corrections
from app.incidents.bodies import DONE, Done
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/incidents/{incident_id}", tags=["incidents"])


class RightClient(BaseModel):
    model_config = ConfigDict(extra="forbid")
    client_id: UUID


@router.post("/wrong-client")
async def wrong_client(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: RightClient
) -> Done:
    if await once(db, viewer, command, "incident.wrong_client"):
        await corrections.wrong_client(db, viewer, incident_id, body.client_id)
    return DONE


@router.post("/mispress")
async def mispress(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.mispress"):
        await corrections.mispress(db, viewer, incident_id)
    return DONE
