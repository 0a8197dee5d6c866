"""Handoffs over HTTP, each by its incident: whoever may work on that may work on them."""

from uuid import UUID

from fastapi import APIRouter, Response

from app import typeset
from app.db import now_of
from app.handoffs import actions, fhir, paper, queries, views
from app.handoffs.models import Handoff
from app.incidents.bodies import DONE, Done
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.queries import journal_reveal, readable_case
from app.journal.kinds import Kind
from app.journal.write import write
from app.plans import paper as plan_paper
from app.plans import queries as plans
from app.staff.access import CommandId, CurrentViewer, Viewer, ViewerDb, once
from app.staff.models import StaffMember

router = APIRouter(prefix="/api/incidents/{incident_id}/handoffs", tags=["handoffs"])


@router.get("")
async def of_incident(incident_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.Handoffs:
    case = await readable_case(db, viewer, incident_id)
    found = await queries.of_incident(db, viewer, case)
    await journal_reveal(db, viewer, case, "handoffs")
    return found


@router.post("")
async def begin(
    incident_id: UUID, body: views.HandoffBegin, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "handoff.begin"):
        await actions.begin(db, viewer, incident_id, body.receiver_kind)
    return DONE


@router.post("/write")
async def save(
    incident_id: UUID, body: views.HandoffWrite, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "handoff.write"):
        await actions.save(db, viewer, incident_id, body.version, body.content)
    return DONE


@router.post("/give")
async def give(
    incident_id: UUID, body: views.HandoffGive, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "handoff.give"):
        await actions.give(db, viewer, incident_id, body)
    return DONE


@router.post("/read-back")
async def read_back(
    incident_id: UUID, body: views.HandoffReadBack, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "handoff.read_back"):
        await actions.read_back(db, viewer, incident_id, body.note)
    return DONE


@router.post("/refused")
async def refused(
    incident_id: UUID, body: views.HandoffEnded, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "handoff.refused"):
        await actions.refuse(db, viewer, incident_id, body.reason)
    return DONE


@router.post("/withdraw")
async def withdraw(incident_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> Done:
    if await once(db, viewer, command, "handoff.withdraw"):
        await actions.withdraw(db, viewer, incident_id)
    return DONE


@router.get("/{handoff_id}/card.pdf", response_class=Response)
async def as_paper(incident_id: UUID, handoff_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> Response:
    case = await readable_case(db, viewer, incident_id)
    row, content = await queries.given_one(db, viewer, case, handoff_id)
    data = paper.data(db, case, row, content, await _by(db, row))
    await _exported(db, viewer, case, row, "pdf")
    return _file(await typeset.pdf("handoff", data), "application/pdf", "handover.pdf")


@router.get("/{handoff_id}/card.fhir.json", response_class=Response)
async def as_fhir(incident_id: UUID, handoff_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> Response:
    case = await readable_case(db, viewer, incident_id)
    row, content = await queries.given_one(db, viewer, case, handoff_id)
    plan = None
    if content.plan_copy:
        version = await plan_paper.chosen(db, viewer.program_id, row.client_id, None)
        plan = plans.content_of(db, version)
    made = fhir.document(db, case, row, content, by=await _by(db, row), plan=plan, now=now_of(db))
    await _exported(db, viewer, case, row, "fhir")
    return _file(made.encode(), "application/fhir+json", "handover.fhir.json")


async def _by(db: ViewerDb, row: Handoff) -> str:
    staff = await db.get(StaffMember, (row.program_id, row.given_by))
    return staff.name if staff else "A colleague"


async def _exported(db: ViewerDb, viewer: Viewer, case: Case, row: Handoff, form: str) -> None:
    entry = about(case.incident, Kind.handoff_exported, viewer.actor, handoff_id=row.id, form=form)
    await write(db, viewer.program_id, [entry])


def _file(body: bytes, media_type: str, name: str) -> Response:
    return Response(
        body,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
