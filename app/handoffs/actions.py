"""What staff do with a handoff: begin, write, give, hear it read back, or write down that it was refused.

Each locks the incident first, as every press on it does, and writes its entries last.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.consent import Agency
from app.clients.consent_values import AgencyAct
from app.clients.disclose import Telling, disclose
from app.clients.packet import LABELS
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict, NotFound, NotValid, SomebodyWasFirst
from app.handoffs.drafting import draft
from app.handoffs.models import Handoff
from app.handoffs.views import PARTS, HandoffCard, HandoffGive
from app.incidents.actions import case_of
from app.incidents.cases import Case
from app.incidents.person_panel import person_of
from app.incidents.presence import about
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.tasks.actions import open_task

# domain 4.11: a receiver who refuses is a matter between supervisors, now.
SUPERVISOR_WITHIN = timedelta(minutes=15)
REFUSED = "Speak with the supervisor on the other side: {receiver} did not take the handover. {reason}"
ACT: dict[str, AgencyAct] = {
    "ambulance": "medical",
    "hospital": "medical",
    "mobile_team": "medical",
    "clinician": "handoff",
}


async def begin(db: Db, viewer: Viewer, incident_id: UUID, kind: str) -> None:
    """With the first words from what is known. One stands at a time: a second press finds the first one."""
    case = await case_of(db, viewer, incident_id)
    if await standing_of(db, case) is not None:
        return
    content = draft(kind, case, await person_of(db, case))
    row = Handoff(
        program_id=viewer.program_id,
        id=new_id(),
        incident_id=incident_id,
        client_id=case.incident.client_id,
        group_session_id=case.incident.group_session_id,
        receiver_kind=kind,
        version=1,
        state="draft",
        made_at=now_of(db),
        made_by=viewer.staff_id,
    )
    conceal(db, row, "body", content.model_dump_json())
    db.add(row)
    await db.flush()
    await write(db, viewer.program_id, [_entry(case, Kind.handoff_begun, viewer, row)])


async def save(db: Db, viewer: Viewer, incident_id: UUID, version: int, content: HandoffCard) -> None:
    """Raises Conflict when somebody else saved meanwhile: both then see what the other wrote."""
    case, row = await _standing(db, viewer, incident_id)
    _still(row, version)
    if row.state != "draft":
        raise Conflict(
            "This was given already. What was said then is not changed afterwards; write a note instead."
        )
    kept = content.model_copy(update={"items": content_of(db, row).items})
    conceal(db, row, "body", kept.model_dump_json())
    row.version += 1
    await db.flush()
    await write(db, viewer.program_id, [_entry(case, Kind.handoff_written, viewer, row)])


async def give(db: Db, viewer: Viewer, incident_id: UUID, given: HandoffGive) -> None:
    """Through `disclose`: consent is asked at this moment, and what was told is kept with whom, why and on which basis."""
    case, row = await _standing(db, viewer, incident_id)
    _still(row, given.version)
    if row.state != "draft":
        raise SomebodyWasFirst("This was given already. The timeline says by whom.")
    content = content_of(db, row)
    _whole(content)
    told = await disclose(
        db,
        viewer,
        case.reach.client,
        Agency(content.receiver),
        Telling(
            act=ACT[row.receiver_kind],
            content=summary(content),
            purpose="a warm handoff, so that nobody has to tell it again",
            basis=given.basis,
            grounds=given.grounds,
            affiliation=content.affiliation,
            nature=given.nature,
            verified_how=f"Spoken with at {content.affiliation}." if content.affiliation else "Spoken with.",
            items=content.items,
        ),
        tier=case.situation().tier,
        incident_id=incident_id,
    )
    row.state, row.given_at, row.given_by = "given", now_of(db), viewer.staff_id
    row.disclosure_id = UUID(str(told.detail["disclosure_id"]))
    row.version += 1
    await db.flush()
    entry = _entry(case, Kind.handoff_given, viewer, row, receiver=content.receiver, basis=given.basis)
    await write(db, viewer.program_id, [told, entry])


async def read_back(db: Db, viewer: Viewer, incident_id: UUID, note: str) -> None:
    """A handoff is complete when the receiver has read it back, not before."""
    case, row = await _standing(db, viewer, incident_id)
    if row.state != "given":
        raise Conflict("Nobody was given it yet. Say first to whom you give it, then hear it read back.")
    content = content_of(db, row)
    _end(db, row, viewer, "read_back")
    await db.flush()
    entry = _entry(case, Kind.handoff_read_back, viewer, row, receiver=content.receiver, note=note or None)
    await write(db, viewer.program_id, [entry])


async def refuse(db: Db, viewer: Viewer, incident_id: UUID, reason: str) -> None:
    """The receiver did not take it: supervisor speaks with supervisor, as a task that is due now."""
    case, row = await _standing(db, viewer, incident_id)
    content = content_of(db, row)
    _end(db, row, viewer, "refused")
    task = await open_task(
        db,
        viewer.program_id,
        about=REFUSED.format(receiver=content.receiver or "the receiver", reason=reason),
        client_id=row.client_id,
        owner_id=case.meeting.supervisor_id or viewer.staff_id,
        due_at=now_of(db) + SUPERVISOR_WITHIN,
        made_by=viewer.staff_id,
        group_session_id=row.group_session_id,
    )
    await db.flush()
    entry = _entry(case, Kind.handoff_refused, viewer, row, receiver=content.receiver or None, note=reason)
    await write(db, viewer.program_id, [entry, task])


async def withdraw(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """A draft that nobody needs any more. What was given cannot be taken back."""
    case, row = await _standing(db, viewer, incident_id)
    if row.state != "draft":
        raise Conflict(
            "It was given already and cannot be taken back. Hear it read back, or write down that it was refused."
        )
    _end(db, row, viewer, "withdrawn")
    await db.flush()
    await write(db, viewer.program_id, [_entry(case, Kind.handoff_withdrawn, viewer, row)])


async def standing_of(db: Db, case: Case) -> Handoff | None:
    found: Handoff | None = await db.scalar(
        select(Handoff).where(
            Handoff.program_id == case.incident.program_id,
            Handoff.incident_id == case.incident.id,
            Handoff.state.in_(("draft", "given")),
        )
    )
    return found


def content_of(db: Db, row: Handoff) -> HandoffCard:
    return HandoffCard.model_validate_json(reveal(db, row, "body") or "{}")


def summary(content: HandoffCard) -> str:
    """What the record of disclosures says was told: kinds of facts, not the words again."""
    told = [LABELS[item] for item in content.items]
    if content.know and content.know_standing == "approved":
        told.append("What the client wants known, in their words")
    if content.plan_copy:
        told.append("A copy of the safety plan")
    return f"Handover card: {'; '.join(told) or 'what is on the card'}."


def _whole(content: HandoffCard) -> None:
    missing = {name: "Write this part, a sentence is enough." for name in PARTS if not getattr(content, name)}
    if not content.receiver:
        missing["receiver"] = "Write whom you give it to, by name."
    if not content.affiliation:
        missing["affiliation"] = "Write where they work."
    if missing:
        raise NotValid("Something is missing on the card before it can be given.", fields=missing)


async def _standing(db: Db, viewer: Viewer, incident_id: UUID) -> tuple[Case, Handoff]:
    case = await case_of(db, viewer, incident_id)
    row = await standing_of(db, case)
    if row is None:
        raise NotFound("There is no handover under way here. Begin one, or look at the earlier ones.")
    return case, row


def _still(row: Handoff, version: int) -> None:
    if row.version != version:
        raise Conflict(
            "A colleague saved this handover meanwhile. Look at what they wrote, then save yours again.",
            code="changed_meanwhile",
        )


def _end(db: Db, row: Handoff, viewer: Viewer, state: str) -> None:
    row.state, row.ended_at, row.ended_by = state, now_of(db), viewer.staff_id
    row.version += 1


def _entry(case: Case, kind: Kind, viewer: Viewer, row: Handoff, **more: Any) -> NewEntry:
    return about(
        case.incident, kind, viewer.actor, handoff_id=row.id, receiver_kind=row.receiver_kind, **more
    )
