"""Beginning a protocol in an incident, over HTTP. Its steps are answered as every step is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from app.incidents import runs
from app.incidents.bodies import DONE, Body, Done, Maybe
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/incidents/{incident_id}", tags=["incidents"])


class Begin(Body):
    protocol: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    reason: Maybe = None


@router.post("/protocols")
async def begin(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Begin
) -> Done:
    if await once(db, viewer, command, "incident.protocol"):
        await runs.start(db, viewer, incident_id, body.protocol, body.reason)
    return DONE
