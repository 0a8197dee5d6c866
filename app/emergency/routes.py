"""The screen of an emergency over HTTP. Each press is one write with a command id: repeated, it does nothing more."""

from uuid import UUID

from fastapi import APIRouter, Response

from app import typeset
from app.emergency import asked, brief, calls_by_hand, giving, standing, standing_down
from app.emergency.card import card, lines_now, to_dial
from app.emergency.in_writing import given_one
from app.emergency.models import GivenCard
from app.emergency.views import (
    AskedOf,
    Brief,
    CallChange,
    CallOver,
    DispatchCard,
    EmergencyNow,
    GiveCard,
    NewCall,
    NewMark,
    StandDownWhy,
)
from app.incidents.bodies import DONE, Done
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.queries import journal_reveal, readable_case
from app.journal.kinds import Kind
from app.journal.write import write
from app.staff.access import CommandId, CurrentViewer, Viewer, ViewerDb, once

router = APIRouter(prefix="/api/incidents/{incident_id}", tags=["emergency"])


@router.get("/dispatch")
async def dispatch_card(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> DispatchCard:
    case = await readable_case(db, viewer, incident_id)
    made = await card(db, viewer, case)
    await journal_reveal(db, viewer, case, "dispatch_card")
    return made


@router.get("/dispatch/now")
async def dispatch_now(viewer: CurrentViewer, db: ViewerDb, incident_id: UUID) -> EmergencyNow:
    """What changes while the card is read, without its names and places."""
    case = await readable_case(db, viewer, incident_id)
    sent, helpers = await lines_now(db, case)
    row = await standing.of_incident(db, case.incident)
    lines, brought_in = [now.line.id for now in sent], [to_dial(now) for now in helpers]
    return await standing.now(db, viewer, case.incident, lines, brought_in, row)


@router.post("/dispatch/brief")
async def change_brief(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: Brief
) -> Done:
    if await once(db, viewer, command, "emergency.brief"):
        await brief.change(db, viewer, incident_id, body)
    return DONE


@router.post("/dispatch/marks")
async def mark(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: NewMark
) -> Done:
    if await once(db, viewer, command, "emergency.mark"):
        await brief.mark(db, viewer, incident_id, body)
    return DONE


@router.post("/dispatch/calls")
async def begin_call(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: NewCall
) -> Done:
    if await once(db, viewer, command, "emergency.call"):
        # The command is the call: a press repeated after no answer came is still one call.
        await calls_by_hand.begin(db, viewer, incident_id, body, command)
    return DONE


@router.post("/dispatch/calls/{dispatch_call_id}")
async def change_call(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    dispatch_call_id: UUID,
    body: CallChange,
) -> Done:
    if await once(db, viewer, command, "emergency.call_changed"):
        await calls_by_hand.change(db, viewer, incident_id, dispatch_call_id, body)
    return DONE


@router.post("/dispatch/calls/{dispatch_call_id}/over")
async def call_over(
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    incident_id: UUID,
    dispatch_call_id: UUID,
    body: CallOver,
) -> Done:
    if await once(db, viewer, command, "emergency.call_over"):
        await calls_by_hand.over(db, viewer, incident_id, dispatch_call_id, body)
    return DONE


@router.post("/dispatch/given")
async def give_card(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: GiveCard
) -> Done:
    if await once(db, viewer, command, "emergency.give_card"):
        await giving.give(db, viewer, incident_id, body)
    return DONE


@router.get("/dispatch/given/{given_card_id}/card.pdf", response_class=Response)
async def given_on_paper(
    viewer: CurrentViewer, db: ViewerDb, incident_id: UUID, given_card_id: UUID
) -> Response:
    case = await readable_case(db, viewer, incident_id)
    row, body = await given_one(db, case, given_card_id)
    data = giving.paper(case, row, body, await giving.by_whom(db, row))
    await _exported(db, viewer, case, row, "pdf")
    return _file(await typeset.pdf("dispatch", data), "application/pdf", "for-responders.pdf")


@router.get("/dispatch/given/{given_card_id}/card.fhir.json", response_class=Response)
async def given_as_fhir(
    viewer: CurrentViewer, db: ViewerDb, incident_id: UUID, given_card_id: UUID
) -> Response:
    case = await readable_case(db, viewer, incident_id)
    row, body = await given_one(db, case, given_card_id)
    made = giving.file(db, case, row, body, await giving.by_whom(db, row))
    await _exported(db, viewer, case, row, "fhir")
    return _file(made.encode(), "application/fhir+json", "for-responders.fhir.json")


async def _exported(db: ViewerDb, viewer: Viewer, case: Case, row: GivenCard, form: str) -> None:
    entry = about(case.incident, Kind.card_exported, viewer.actor, card=row.id, form=form)
    await write(db, viewer.program_id, [entry])


def _file(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


@router.post("/dispatch/asked")
async def asked_of_contact(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: AskedOf
) -> Done:
    if await once(db, viewer, command, "emergency.asked"):
        await asked.ask(db, viewer, incident_id, body.contact_id, body.asked, body.words)
    return DONE


@router.post("/stand-down")
async def propose_stand_down(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, body: StandDownWhy
) -> Done:
    if await once(db, viewer, command, "stand_down.propose"):
        await standing_down.propose(db, viewer, incident_id, body.reason)
    return DONE


@router.post("/stand-down/{stand_down_id}/agree")
async def agree_stand_down(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, stand_down_id: UUID
) -> Done:
    if await once(db, viewer, command, "stand_down.agree"):
        await standing_down.agree(db, viewer, incident_id, stand_down_id)
    return DONE


@router.post("/stand-down/{stand_down_id}/told")
async def tell_stand_down(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, stand_down_id: UUID
) -> Done:
    if await once(db, viewer, command, "stand_down.told"):
        await standing_down.told(db, viewer, incident_id, stand_down_id)
    return DONE


@router.post("/stand-down/{stand_down_id}/withdraw")
async def withdraw_stand_down(
    viewer: CurrentViewer, db: ViewerDb, command: CommandId, incident_id: UUID, stand_down_id: UUID
) -> Done:
    if await once(db, viewer, command, "stand_down.withdraw"):
        await standing_down.withdraw(db, viewer, incident_id, stand_down_id)
    return DONE
