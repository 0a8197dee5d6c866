"""The safety check over HTTP. Every press is one write with a command id; its answer is the check as it stands."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.clients.queries import client_of
from app.db import Db
from app.errors import Conflict
from app.incidents.bodies import DONE, Close, Done
from app.incidents.pressing import open_incident
from app.incidents.queries import readable_case
from app.staff.access import (
    CommandId,
    Confirmed,
    CurrentViewer,
    Viewer,
    ViewerDb,
    once,
    require,
    require_client,
)
from app.triage import care, checks, closing, library, queries, screeners
from app.triage.given import Save
from app.triage.level import LEVELS
from app.triage.schema import Item, Tier
from app.triage.views import (
    CareLine,
    CheckOfRecord,
    CheckView,
    OpenedCheck,
    ScreenerPreview,
    ScreenerView,
    WhereToAsk,
)

router = APIRouter(prefix="/api", tags=["triage"])


class Finish(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    tier: Tier
    reason: Annotated[str, Field(max_length=2000)] = ""


@router.get("/triage/rules")
async def tier_rules(viewer: CurrentViewer) -> dict[str, Any]:
    """The rules in force, as their file has them, with the level of intervention that fits each tier: screens draw the questions from them and look ahead of the server."""
    require(viewer, "clinician", "supervisor")
    return {**library.current().rules.model_dump(mode="json", by_alias=True), "help": dict(LEVELS)}


@router.get("/incidents/{incident_id}/check")
async def check(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> CheckView:
    case = await readable_case(db, viewer, incident_id)
    made = await queries.view(db, case)
    await queries.journal_read(db, viewer, case)
    return made


@router.post("/incidents/{incident_id}/check")
async def save(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Save
) -> CheckView:
    if await once(db, viewer, command, "check.save"):
        await checks.save(db, viewer, incident_id, body)
    return await queries.view(db, await readable_case(db, viewer, incident_id))


@router.post("/incidents/{incident_id}/check/done")
async def finish(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Finish
) -> CheckView:
    if await once(db, viewer, command, "check.done"):
        await checks.finish(db, viewer, incident_id, body.tier, body.reason)
    return await queries.view(db, await readable_case(db, viewer, incident_id))


@router.post("/incidents/{incident_id}/check/stop")
async def stop(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "check.stop"):
        await checks.stop(db, viewer, incident_id)
    return DONE


@router.get("/incidents/{incident_id}/care")
async def care_of(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> list[CareLine]:
    """What the tier asks for, and what of it is written down. Nothing that a client said stands in it."""
    return care.views(await care.lines_of(db, await readable_case(db, viewer, incident_id)))


@router.post("/incidents/{incident_id}/care/{item}")
async def note_care(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, item: Item
) -> Done:
    if await once(db, viewer, command, "care.note"):
        await care.note(db, viewer, incident_id, item)
    return DONE


@router.post("/incidents/{incident_id}/close")
async def close(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Close
) -> Done:
    if await once(db, viewer, command, "incident.close"):
        await closing.close(
            db, viewer, incident_id, body.outcome, body.note, body.next_contact_at, body.caregiver_call
        )
    return DONE


async def _mine(db: Db, viewer: Viewer, client_id: UUID) -> None:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    await client_of(db, viewer.program_id, client_id)


@router.post("/clients/{client_id}/check")
async def where_to_ask(viewer: CurrentViewer, db: ViewerDb, client_id: UUID) -> WhereToAsk:
    """The incident that is open about this client: the check is asked there."""
    await _mine(db, viewer, client_id)
    found = await open_incident(db, viewer.program_id, client_id)
    if found is None:
        raise Conflict(
            "Nothing is open about this client. Raise a concern, then ask there.", code="nothing_open"
        )
    return WhereToAsk(incident_id=found)


@router.get("/clients/{client_id}/checks")
async def of_client(viewer: CurrentViewer, db: ViewerDb, client_id: UUID) -> list[CheckOfRecord]:
    await _mine(db, viewer, client_id)
    return await queries.lines(db, viewer.program_id, client_id)


@router.post("/clients/{client_id}/checks/{assessment_id}/open")
async def open_check(
    viewer: CurrentViewer, db: ViewerDb, client_id: UUID, assessment_id: UUID
) -> OpenedCheck:
    """Not once per command: each answer that holds the words is one more look, and one more entry."""
    await _mine(db, viewer, client_id)
    return await queries.opened(db, viewer, client_id, assessment_id)


@router.get("/screeners")
async def standing_screeners(viewer: CurrentViewer, db: ViewerDb) -> list[ScreenerView]:
    require(viewer, "clinician", "supervisor", "administrator")
    return await screeners.all_standing(db, viewer.program_id)


@router.post("/screeners/preview")
async def preview_screener(request: Request, viewer: CurrentViewer, db: ViewerDb) -> ScreenerPreview:
    """The file is the body of the request. Nothing is kept of it."""
    require(viewer, "supervisor", "administrator")
    return await screeners.preview(db, viewer.program_id, await request.body())


@router.post("/screeners", dependencies=[Confirmed])
async def load_screener(
    request: Request, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[ScreenerView]:
    """The file is the body of the request."""
    require(viewer, "supervisor", "administrator")
    data = await request.body()
    if await once(db, viewer, command, "screener.load"):
        await screeners.load(db, viewer, data)
    return await screeners.all_standing(db, viewer.program_id)


@router.post("/screeners/{screener_id}/retire", dependencies=[Confirmed])
async def retire_screener(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, screener_id: UUID
) -> list[ScreenerView]:
    require(viewer, "supervisor", "administrator")
    if await once(db, viewer, command, "screener.retire"):
        await screeners.retire(db, viewer, screener_id)
    return await screeners.all_standing(db, viewer.program_id)
