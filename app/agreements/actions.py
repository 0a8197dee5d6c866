"""What staff do with an agreement: write it down, take its re-check, answer it, say that the new check was done.

Each locks the incident first, as every press on it does, and ends with one block of entries.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.agreements import rules
from app.agreements.models import Agreement
from app.agreements.views import AgreedContent, AgreementDraft, HeldBy, RecheckAnswer
from app.agreements.wording import WHY, reads_as_promise
from app.clients.models import DoNotContact, EmergencyContact
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import NotFound, NotValid, SomebodyWasFirst
from app.incidents import cases
from app.incidents.actions import case_of, renew_of
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.protocols.schema import Tier
from app.staff.access import Viewer
from app.tasks.actions import open_task

TELL = "Tell {name} aloud, by phone or in the call, what was agreed: {what}. Spoken, never texted."


async def make(db: Db, viewer: Viewer, incident_id: UUID, given: AgreementDraft) -> None:
    """In the place of the one that stands, if one does. A new check that was asked for stays asked for."""
    _refuse_promises(given)
    case = await case_of(db, viewer, incident_id)
    now = now_of(db)
    holder = await _holder(db, case, given.holder)
    content = AgreedContent(steps=given.steps, holder=holder)
    before = await _standing(db, case)
    if before is not None:
        _end(before, "replaced", viewer, now)
        before.next_at = rules.next_look(clock_of(before), _tier(case), now)
        await db.flush()
    row = Agreement(
        program_id=viewer.program_id,
        id=new_id(),
        incident_id=incident_id,
        client_id=case.incident.client_id,
        group_session_id=case.incident.group_session_id,
        made_at=now,
        made_by=viewer.staff_id,
        owner_id=_colleague(case, viewer, given.owner_id, "owner_id") or viewer.staff_id,
        witness_id=_witness(case, viewer, given.witness_id),
        until=now + timedelta(minutes=given.minutes),
        next_at=now + timedelta(minutes=given.minutes),
        replaces_id=before.id if before else None,
        pages=0,
    )
    conceal(db, row, "body", content.model_dump_json())
    db.add(row)
    entries = [
        _entry(
            case,
            Kind.agreement_made,
            viewer,
            row,
            steps=[step.words for step in given.steps],
            holds=_holds(holder),
            until=row.until,
            owner_id=row.owner_id,
            witness_id=row.witness_id,
            replaces=row.replaces_id,
        )
    ]
    if holder is not None and holder.who != "client":
        entries.append(await _tell_aloud(db, viewer, case, holder, row.until))
    await _write(db, case, viewer, entries)


async def take(db: Db, viewer: Viewer, incident_id: UUID, agreement_id: UUID) -> None:
    """Whoever presses does the re-check. Of a missed one the pages then wait as long as an acknowledgement stands (R15)."""
    case, row = await _open(db, viewer, incident_id, agreement_id)
    now = now_of(db)
    before, row.owner_id = row.owner_id, viewer.staff_id
    if clock_of(row).checking:
        row.next_at = cases.owned_until(case.incident.tier, now)
    entry = _entry(case, Kind.agreement_taken, viewer, row, **{"from": before})
    await _write(db, case, viewer, [entry])


async def answer(db: Db, viewer: Viewer, incident_id: UUID, given: RecheckAnswer) -> None:
    """The re-check, without blame. What was not kept whole asks for a new safety check; no tier moves by it (R1)."""
    case, row = await _open(db, viewer, incident_id, given.agreement_id)
    if row.ended_at is not None:
        raise SomebodyWasFirst("This was answered already. The timeline says by whom.")
    now = now_of(db)
    late_s = max(0, int((now - rules.lapses_at(row.until, _tier(case))).total_seconds()))
    _end(row, given.outcome, viewer, now)
    if given.note:
        conceal(db, row, "note", given.note)
    if given.outcome in rules.ASKS_FOR_CHECK:
        row.check_wanted_at = row.check_wanted_at or now
    elif given.outcome == "kept" and row.check_done_at is None:
        # Looked at with the client, late or not: this was the check.
        row.check_done_at = now if row.check_wanted_at else None
        row.check_done_by = viewer.staff_id if row.check_wanted_at else None
    row.next_at = rules.next_look(clock_of(row), _tier(case), now)
    entry = _entry(
        case,
        Kind.agreement_answered,
        viewer,
        row,
        outcome=given.outcome,
        note=given.note or None,
        late_s=late_s or None,
        check=clock_of(row).checking or None,
    )
    await _write(db, case, viewer, [entry])


async def check_done(db: Db, viewer: Viewer, incident_id: UUID, agreement_id: UUID, note: str) -> None:
    """A person has looked anew at how safe it is. A missed agreement that nobody answered ends with it."""
    case, row = await _open(db, viewer, incident_id, agreement_id)
    if not clock_of(row).checking:
        raise SomebodyWasFirst("No new check is asked for here any more.")
    entries = [_checked(case, viewer, row, now_of(db), note)]
    await _write(db, case, viewer, entries)


async def settle_checks(db: Db, viewer: Viewer, case: Case) -> list[NewEntry]:
    """A safety check was done: every agreement of the incident that asked for one has it. Returns the entries."""
    rows = await db.scalars(
        select(Agreement)
        .where(
            Agreement.program_id == viewer.program_id,
            Agreement.incident_id == case.incident.id,
            Agreement.check_wanted_at.is_not(None),
            Agreement.check_done_at.is_(None),
        )
        .order_by(Agreement.id)
        .with_for_update()
    )
    return [_checked(case, viewer, row, now_of(db), "") for row in rows]


def _checked(case: Case, viewer: Viewer, row: Agreement, now: datetime, note: str) -> NewEntry:
    row.check_done_at, row.check_done_by = now, viewer.staff_id
    if row.ended_at is None:
        _end(row, "changed", viewer, now)
    row.next_at = None
    return _entry(case, Kind.agreement_checked, viewer, row, note=note or None)


# --- what they share


def clock_of(row: Agreement) -> rules.Clock:
    return rules.Clock(
        until=row.until,
        asked_at=row.asked_at,
        lapsed_at=row.lapsed_at,
        ended_at=row.ended_at,
        check_wanted_at=row.check_wanted_at,
        check_done_at=row.check_done_at,
    )


def content_of(db: Db, row: Agreement) -> AgreedContent:
    return AgreedContent.model_validate_json(reveal(db, row, "body") or "")


def _tier(case: Case) -> Tier:
    return case.situation().tier


def _refuse_promises(given: AgreementDraft) -> None:
    wrong = {f"steps.{step.kind}": WHY for step in given.steps if reads_as_promise(step.words)}
    if given.holder is not None and reads_as_promise(given.holder.what):
        wrong["holder.what"] = WHY
    if wrong:
        raise NotValid(WHY, code="reads_as_promise", fields=wrong)


async def _holder(db: Db, case: Case, holder: HeldBy | None) -> HeldBy | None:
    """With the contact's name filled in. Nobody whom we never contact is asked to hold anything (R2)."""
    if holder is None:
        return None
    sentence = None
    if holder.who == "contact":
        found = await _contact(db, case, holder.contact_id)
        if found is None:
            sentence = "Choose somebody whom the client named and whom we may contact."
        else:
            holder = holder.model_copy(update={"name": reveal(db, found, "name") or ""})
    elif holder.who == "other" and not holder.name:
        sentence = "Say who holds it, in a word: a room-mate, a neighbour."
    if sentence is None and not holder.what:
        sentence = "Say what they hold."
    if sentence:
        raise NotValid(sentence, fields={"holder": sentence})
    return holder


async def _contact(db: Db, case: Case, contact_id: UUID | None) -> EmergencyContact | None:
    if contact_id is None:
        return None
    found = await db.get(EmergencyContact, (case.incident.program_id, contact_id))
    if found is None or found.client_id != case.incident.client_id or found.retired_at is not None:
        return None
    barred = await db.scalar(
        select(DoNotContact.id).where(
            DoNotContact.program_id == found.program_id,
            DoNotContact.client_id == found.client_id,
            DoNotContact.ended_at.is_(None),
            (DoNotContact.contact_id == found.id) | (DoNotContact.number_key == found.number_key),
        )
    )
    return None if barred is not None else found


def _colleague(case: Case, viewer: Viewer, staff_id: UUID | None, name: str) -> UUID | None:
    """One of the meeting's people or the incident's owner, with access still."""
    if staff_id is None or staff_id == viewer.staff_id or case.staff.of(staff_id) is not None:
        return staff_id
    sentence = "Choose one of the people of this group session."
    raise NotValid(sentence, fields={name: sentence})


def _witness(case: Case, viewer: Viewer, staff_id: UUID | None) -> UUID | None:
    if staff_id == viewer.staff_id:
        sentence = "A witness is somebody else than you."
        raise NotValid(sentence, fields={"witness_id": sentence})
    return _colleague(case, viewer, staff_id, "witness_id")


def _holds(holder: HeldBy | None) -> str | None:
    if holder is None:
        return None
    return holder.what if holder.who == "client" else f"{holder.name}: {holder.what}"


async def _tell_aloud(db: Db, viewer: Viewer, case: Case, holder: HeldBy, due_at: datetime) -> NewEntry:
    """R25: whoever holds something hears it from a person, on a lawful basis; it is a task, never a text."""
    return await open_task(
        db,
        viewer.program_id,
        about=TELL.format(name=holder.name, what=holder.what.rstrip(". ")),
        client_id=case.incident.client_id,
        group_session_id=case.incident.group_session_id,
        owner_id=viewer.staff_id,
        due_at=due_at,
        made_by=viewer.staff_id,
    )


async def _standing(db: Db, case: Case) -> Agreement | None:
    found: Agreement | None = await db.scalar(
        select(Agreement).where(
            Agreement.program_id == case.incident.program_id,
            Agreement.incident_id == case.incident.id,
            Agreement.ended_at.is_(None),
        )
    )
    return found


async def _open(db: Db, viewer: Viewer, incident_id: UUID, agreement_id: UUID) -> tuple[Case, Agreement]:
    """The agreement under its incident's lock, while a person still has something to answer."""
    case = await case_of(db, viewer, incident_id)
    row = await db.get(Agreement, (viewer.program_id, agreement_id), populate_existing=True)
    if row is None or row.incident_id != incident_id:
        raise NotFound("There is no such agreement in this incident.")
    if row.ended_at is not None and not clock_of(row).checking:
        raise SomebodyWasFirst("This agreement has been answered. The timeline says by whom.")
    return case, row


def _end(row: Agreement, outcome: rules.Outcome, viewer: Viewer, now: datetime) -> None:
    row.ended_at, row.ended_by, row.outcome = now, viewer.staff_id, outcome


def _entry(case: Case, kind: Kind, viewer: Viewer, row: Agreement, **detail: Any) -> NewEntry:
    known = {name: value for name, value in detail.items() if value is not None}
    return about(case.incident, kind, viewer.actor, agreement_id=row.id, **known)


async def _write(db: Db, case: Case, viewer: Viewer, entries: list[NewEntry]) -> None:
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [Work(case, Move(), viewer.actor, entries)])
