"""Agreements over HTTP, each by its incident: whoever may work on that may work on them."""

from uuid import UUID

from fastapi import APIRouter

from app.agreements import actions, queries, views
from app.incidents.bodies import DONE, Done
from app.incidents.queries import journal_reveal, readable_case
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/incidents/{incident_id}", tags=["agreements"])


@router.get("/agreements")
async def of_incident(incident_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.AgreedList:
    case = await readable_case(db, viewer, incident_id)
    found = await queries.of_incident(db, viewer, case)
    await journal_reveal(db, viewer, case, "agreements")
    return found


@router.post("/agreements")
async def make(
    incident_id: UUID, body: views.AgreementDraft, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "agreement.make"):
        await actions.make(db, viewer, incident_id, body)
    return DONE


@router.post("/agreements/take")
async def take(
    incident_id: UUID, body: views.WhichAgreement, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "agreement.take"):
        await actions.take(db, viewer, incident_id, body.agreement_id)
    return DONE


@router.post("/agreements/answer")
async def answer(
    incident_id: UUID, body: views.RecheckAnswer, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "agreement.answer"):
        await actions.answer(db, viewer, incident_id, body)
    return DONE


@router.post("/agreements/check-done")
async def check_done(
    incident_id: UUID, body: views.NewCheckDone, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "agreement.check_done"):
        await actions.check_done(db, viewer, incident_id, body.agreement_id, body.note)
    return DONE
