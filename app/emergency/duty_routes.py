"""Duty to protect over HTTP. Nothing here rings or texts anybody: a person speaks, and writes it down."""

from uuid import UUID

from fastapi import APIRouter

from app.emergency import duty, duty_card
from app.emergency.duty_views import DutyCard, DutyFacts, NewDutyDecision, NewWarning, PoliceTold
from app.incidents.bodies import DONE, Done
from app.incidents.queries import journal_reveal, readable_case
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/incidents/{incident_id}/duty", tags=["emergency"])


@router.get("")
async def duty_of(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> DutyCard:
    case = await readable_case(db, viewer, incident_id)
    made = await duty_card.card(db, viewer, case, await duty.of_case(db, case))
    await journal_reveal(db, viewer, case, "duty_to_protect")
    return made


@router.post("")
async def open_duty(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "duty.open"):
        await duty.open_duty(db, viewer, incident_id)
    return DONE


@router.post("/join")
async def join_duty(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "duty.join"):
        await duty.join(db, viewer, incident_id)
    return DONE


@router.post("/facts")
async def keep_facts(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: DutyFacts
) -> Done:
    if await once(db, viewer, command, "duty.facts"):
        await duty.keep_facts(db, viewer, incident_id, body)
    return DONE


@router.post("/decide")
async def decide_duty(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: NewDutyDecision
) -> Done:
    if await once(db, viewer, command, "duty.decide"):
        await duty.decide(db, viewer, incident_id, body)
    return DONE


@router.post("/police")
async def police_told(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: PoliceTold
) -> Done:
    if await once(db, viewer, command, "duty.police"):
        await duty.police_told(db, viewer, incident_id, body)
    return DONE


@router.post("/warning")
async def warn(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: NewWarning
) -> Done:
    if await once(db, viewer, command, "duty.warning"):
        await duty.warn(db, viewer, incident_id, body)
    return DONE
