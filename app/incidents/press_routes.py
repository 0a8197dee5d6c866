"""Presses on an incident. Each is one write with a command id: repeated, it does nothing and answers the same."""

from uuid import UUID

from fastapi import APIRouter

from app.db import now_of
from app.incidents import actions, lowering, outside
from app.incidents.bodies import (
    DONE,
    CallContact,
    CallWhich,
    Decision,
    Declined,
    DispatchMade,
    Done,
    MaybeReason,
    NewTier,
    Note,
    ReachedBy,
    Reason,
    Recognised,
    StepOutcome,
)
from app.incidents.queries import readable_case
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter()


@router.post("/incidents/{incident_id}/take")
async def take(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.take"):
        await actions.take(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/release")
async def release(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.release"):
        await actions.release(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/renew")
async def renew(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.renew"):
        await actions.renew(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/call")
async def call(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: CallWhich
) -> Done:
    if await once(db, viewer, command, "incident.call"):
        await actions.call(db, viewer, incident_id, body.phone_id)
    return DONE


@router.post("/incidents/{incident_id}/text")
async def text(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.text"):
        await actions.text(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/reached")
async def reached(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: ReachedBy
) -> Done:
    if await once(db, viewer, command, "incident.reached"):
        await actions.reached(db, viewer, incident_id, body.by)
    return DONE


@router.post("/incidents/{incident_id}/other-person")
async def other_person(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.other_person"):
        await actions.other_person(db, viewer, incident_id)
    return DONE


@router.post("/incidents/{incident_id}/verified")
async def verified(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Recognised
) -> Done:
    if await once(db, viewer, command, "incident.verified"):
        found = body.model_dump(mode="json", exclude={"tier", "reason"}, exclude_none=True)
        await actions.verified(db, viewer, incident_id, found, body.tier, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/seen")
async def incident_seen(viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID) -> Done:
    if await once(db, viewer, command, "incident.seen"):
        case = await readable_case(db, viewer, incident_id)
        await actions.seen(db, viewer, case.incident.group_session_id, case.incident.client_id)
    return DONE


@router.post("/incidents/{incident_id}/note")
async def note(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Note
) -> Done:
    if await once(db, viewer, command, "incident.note"):
        occurred = min(body.occurred_at, now_of(db)) if body.occurred_at else None
        await actions.note(db, viewer, incident_id, body.words, occurred)
    return DONE


@router.post("/incidents/{incident_id}/tier")
async def tier(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: NewTier
) -> Done:
    if await once(db, viewer, command, "incident.tier"):
        await actions.change_tier(db, viewer, incident_id, body.tier, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/lowering/{lowering_id}/accept")
async def accept_lowering(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, lowering_id: UUID
) -> Done:
    if await once(db, viewer, command, "lowering.accept"):
        await lowering.accept(db, viewer, incident_id, lowering_id)
    return DONE


@router.post("/incidents/{incident_id}/lowering/{lowering_id}/decline")
async def decline_lowering(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    lowering_id: UUID,
    body: Declined,
) -> Done:
    if await once(db, viewer, command, "lowering.decline"):
        await lowering.decline(db, viewer, incident_id, lowering_id, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/stop")
async def stop(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    step_id: UUID,
    body: MaybeReason,
) -> Done:
    if await once(db, viewer, command, "step.stop"):
        await actions.stop(db, viewer, incident_id, step_id, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/skip")
async def skip(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, step_id: UUID, body: Reason
) -> Done:
    if await once(db, viewer, command, "step.skip"):
        await actions.skip(db, viewer, incident_id, step_id, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/now")
async def hurry(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, step_id: UUID
) -> Done:
    if await once(db, viewer, command, "step.now"):
        await actions.hurry(db, viewer, incident_id, step_id)
    return DONE


@router.post("/incidents/{incident_id}/steps/{step_id}/outcome")
async def outcome(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    step_id: UUID,
    body: StepOutcome,
) -> Done:
    if await once(db, viewer, command, "step.outcome"):
        await actions.answer_step(db, viewer, incident_id, step_id, body.outcome, body.note)
    return DONE


@router.post("/incidents/{incident_id}/contacts/{contact_id}/call")
async def call_contact(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    contact_id: UUID,
    body: CallContact,
) -> Done:
    if await once(db, viewer, command, "contact.call"):
        press = outside.ContactPress(body.basis, body.grounds, body.ticked, body.content)
        await outside.call_contact(db, viewer, incident_id, contact_id, press)
    return DONE


@router.post("/incidents/{incident_id}/decide")
async def decide(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Decision
) -> Done:
    if await once(db, viewer, command, "incident.decide"):
        await outside.decide(db, viewer, incident_id, body.decision, body.reason)
    return DONE


@router.post("/incidents/{incident_id}/dispatch")
async def record_dispatch(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: DispatchMade
) -> Done:
    if await once(db, viewer, command, "incident.dispatch"):
        press = outside.DispatchPress(
            body.decision, body.agency, body.number, body.read_back, body.outcome, body.content, body.grounds
        )
        await outside.record_dispatch(db, viewer, incident_id, press)
    return DONE


@router.post("/outages/{outage_id}/not-our-side")
async def not_our_side(viewer: CurrentViewer, db: ViewerDb, command: CommandId, outage_id: UUID) -> Done:
    if await once(db, viewer, command, "outage.not_our_side"):
        await actions.not_our_side(db, viewer, outage_id)
    return DONE
