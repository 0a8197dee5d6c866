"""What staff do to an incident. Each is one press: it locks the incident, asks the rules, and writes one block of entries.

Every function raises NotFound for an incident the viewer may not see, and Conflict for one that is closed.
The telephone's side is re-exported for the calls package.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from app.clock import ago
from app.db import Db, now_of
from app.errors import Conflict, NotFound, NotValid, SomebodyWasFirst
from app.group_sessions import watches
from app.group_sessions.actions import NewFact, record_facts
from app.incidents import cases, rules
from app.incidents.attempts import attempt_changed, attempt_voided, redial, replied
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.legs import Legs, Work
from app.incidents.models import Incident, Outage
from app.incidents.presence import about, follow
from app.incidents.queries import may_work_on
from app.incidents.situation import (
    Hurried,
    Move,
    OtherPerson,
    OutageCleared,
    PersonOutcome,
    Reached,
    Released,
    SeenByStaff,
    Signal,
    Skipped,
    Stopped,
    Taken,
    TierChanged,
    Verified,
)
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry
from app.protocols.schema import TIERS, Tier
from app.staff.access import Viewer, may_see_group_session
from app.staff.models import StaffMember

__all__ = ["attempt_changed", "attempt_voided", "redial", "replied"]

UNDO_SECONDS = 8
ORDER: tuple[str, ...] = ("none", *TIERS)


async def case_of(db: Db, viewer: Viewer, incident_id: UUID) -> Case:
    """The open incident, locked. Absent and not yours read the same."""
    found = await cases.lock(db, [incident_id])
    if not found or found[0].program_id != viewer.program_id:
        raise NotFound("There is no such incident among the groups you work with.")
    case = (await cases.load(db, found))[incident_id]
    if not await may_work_on(db, viewer, case):
        raise NotFound("There is no such incident among the groups you work with.")
    if case.incident.state != "open":
        raise Conflict(
            "This incident is closed. Open a new one if something has happened since.", code="closed"
        )
    return case


async def take(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """Raises SomebodyWasFirst, with who and when, while somebody else's acknowledgement stands."""
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    if incident.owner_id == viewer.staff_id:
        await _press(db, case, viewer, None, about(incident, Kind.incident_renewed, viewer.actor))
        return
    if incident.owner_id and incident.owned_until and incident.owned_until > now:
        raise SomebodyWasFirst(await _who_was_first(db, incident, now))
    until = cases.owned_until(incident.tier, now)
    incident.owner_id = viewer.staff_id
    incident.taken_at = now
    incident.first_taken_at = incident.first_taken_at or now
    incident.owned_until = until
    case.staff.people |= (await cases.staffing_of(db, [case.meeting], [viewer.staff_id])).people
    entry = about(incident, Kind.incident_taken, viewer.actor, until=until)
    await _press(db, case, viewer, Taken(until), entry)


async def _who_was_first(db: Db, incident: Incident, now: datetime) -> str:
    name = await db.scalar(
        select(StaffMember.name).where(
            StaffMember.program_id == incident.program_id, StaffMember.id == incident.owner_id
        )
    )
    return f"{name} took it {ago((now - (incident.taken_at or now)).total_seconds())}."


async def release(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """Gives it back, or undoes a press within eight seconds; nobody has it then, and the chain goes on as if nobody had."""
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    if incident.owner_id != viewer.staff_id:
        raise Conflict("You do not have this one, so there is nothing to give back.", code="not_yours")
    undone = incident.taken_at is not None and (now - incident.taken_at).total_seconds() <= UNDO_SECONDS
    incident.owner_id = incident.taken_at = incident.owned_until = None
    entry = about(incident, Kind.incident_released, viewer.actor, undone=undone)
    await _press(db, case, viewer, Released(), entry, renews=False)


async def renew(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    case = await case_of(db, viewer, incident_id)
    if case.incident.owner_id != viewer.staff_id:
        raise Conflict("You do not have this one. Take it first.", code="not_yours")
    await _press(db, case, viewer, None, about(case.incident, Kind.incident_renewed, viewer.actor))


async def stop(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, reason: str | None) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = _about_step(case, step_id, Kind.step_stopped, viewer, reason=reason)
    await _press(db, case, viewer, Stopped(step_id), entry)


async def skip(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, reason: str) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = _about_step(case, step_id, Kind.step_skipped, viewer, reason=reason)
    await _press(db, case, viewer, Skipped(step_id), entry)


async def hurry(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = _about_step(case, step_id, Kind.step_hurried, viewer)
    await _press(db, case, viewer, Hurried(step_id), entry)


async def answer_step(
    db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, outcome: str, note: str | None
) -> None:
    """A person's answer to a step that waits for one. Raises Conflict when the rules do not take it now."""
    case = await case_of(db, viewer, incident_id)
    entry = _about_step(case, step_id, Kind.step_done, viewer, outcome=outcome, note=note)
    await _press(db, case, viewer, PersonOutcome(step_id, outcome), entry)


async def reached(db: Db, viewer: Viewer, incident_id: UUID, by: Literal["voice", "video", "text"]) -> None:
    """Said by staff who spoke with them. Contact is not yet safety: recognising them is the next step (R3)."""
    client_id, meeting_id = await _whose(db, viewer, incident_id)
    if by != "text":
        over = await watches.answered(db, viewer, meeting_id, [client_id])
        fact = NewFact(client_id, "staff", "reached", by_staff_id=viewer.staff_id)
        await follow(db, await record_facts(db, meeting_id, [fact]), actor=viewer.actor, more=over)
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    incident.reached_at = incident.reached_at or now
    incident.reached_by = incident.reached_by or viewer.staff_id
    await _press(db, case, viewer, Reached(), about(incident, Kind.reached, viewer.actor, by=by))


async def other_person(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    case = await case_of(db, viewer, incident_id)
    await _press(db, case, viewer, OtherPerson(), about(case.incident, Kind.other_person, viewer.actor))


async def verified(db: Db, viewer: Viewer, incident_id: UUID, found: dict[str, Any], tier: Tier) -> None:
    """R3: this person recognised the client, live. `found`: what was checked, place, alone, next contact, a note.

    A tier below high or imminent that one person asks for is noted and not set: lowering takes two (R15).
    """
    client_id, meeting_id = await _whose(db, viewer, incident_id)
    over = await watches.answered(db, viewer, meeting_id, [client_id])
    fact = NewFact(client_id, "staff", "recognised", by_staff_id=viewer.staff_id)
    await follow(db, await record_facts(db, meeting_id, [fact]), actor=viewer.actor, more=over)
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    incident.verified_at = now
    incident.verified_by = viewer.staff_id
    incident.by_hand = None
    case.reach.client.danger_word_used_at = None
    set_tier = may_set(incident.tier, tier)
    if set_tier:
        _set_tier(case, tier, now)
    entry = about(
        incident,
        Kind.verified,
        viewer.actor,
        **found,
        tier=incident.tier,
        tier_asked=None if set_tier else tier,
    )
    await _press(db, case, viewer, Verified(), entry)


async def seen(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    """I see them. At none or low, before any phone was answered, that ends a brief drop (R9); else a private check."""
    over = await watches.answered(db, viewer, group_session_id, [client_id])
    fact = NewFact(client_id, "staff", "seen", by_staff_id=viewer.staff_id)
    await follow(db, await record_facts(db, group_session_id, [fact]), actor=viewer.actor, more=over)
    incident_id = await open_incident(db, viewer.program_id, client_id)
    if incident_id is None:
        return
    case = await case_of(db, viewer, incident_id)
    if case.incident.verified_at is not None:
        return
    entry = about(case.incident, Kind.noted, viewer.actor, words="I see them")
    await _press(db, case, viewer, SeenByStaff(), entry)


async def note(db: Db, viewer: Viewer, incident_id: UUID, words: str, occurred_at: datetime | None) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = about(case.incident, Kind.noted, viewer.actor, occurred_at=occurred_at, words=words)
    await _press(db, case, viewer, None, entry)


async def change_tier(db: Db, viewer: Viewer, incident_id: UUID, tier: Tier, reason: str) -> None:
    """Raising is one press. Lowering from high or imminent takes a second person, so it is refused here (R15)."""
    case = await case_of(db, viewer, incident_id)
    incident = case.incident
    if not may_set(incident.tier, tier):
        raise Conflict(
            f"Lowering from {incident.tier} needs a second person. The tier stays {incident.tier} until two agree.",
            code="second_person",
        )
    before = incident.tier
    _set_tier(case, tier, now_of(db))
    entry = about(
        incident, Kind.incident_tier_changed, viewer.actor, before=before, after=tier, reason=reason
    )
    await _press(db, case, viewer, TierChanged(tier), entry)


def may_set(before: str, after: str) -> bool:
    return before not in ("high", "imminent") or ORDER.index(after) >= ORDER.index(before)


def _set_tier(case: Case, tier: Tier, now: datetime) -> None:
    case.incident.tier = tier
    client = case.reach.client
    if client.tier != tier:
        client.tier = tier
        client.tier_since = now
    client.assessed = True


async def call(db: Db, viewer: Viewer, incident_id: UUID, phone_id: UUID) -> None:
    """A call now, by a person's press: their own phone first, then the client's. R2 still holds."""
    case = await case_of(db, viewer, incident_id)
    phone = _phone(case, phone_id)
    case.staff.people |= (await cases.staffing_of(db, [case.meeting], [viewer.staff_id])).people
    me = case.staff.of(viewer.staff_id)
    if me is None or me.phone is None:
        raise Conflict("You have no telephone in Handrail. Ask an administrator to add it, or dial by hand.")
    work = Work(case, Move(), viewer.actor)
    work.entries.append(about(case.incident, Kind.noted, viewer.actor, words="Calls now", last2=phone.last2))
    Legs(db, work).ring_now(phone, me)
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [work])


async def text(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """The protocol's neutral text, now. Refused where no number takes texts."""
    case = await case_of(db, viewer, incident_id)
    numbers = case.facts.textable()
    if not numbers:
        raise Conflict("No number of this client takes texts. Call instead, or reach them another way.")
    work = Work(case, Move(), viewer.actor)
    Legs(db, work).text_now(numbers[0].id)
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [work])


def _phone(case: Case, phone_id: UUID) -> Any:
    phone = next((p for p in case.reach.phones if p.id == phone_id), None)
    if phone is None:
        raise NotFound("This number is no longer on the client's record.")
    if case.facts.guarded and not phone.safe_to_ring:
        raise Conflict(
            "This number is not marked safe to ring, and the home may not be safe. "
            "Choose a number marked safe, or decide with the supervisor.",
            code="not_safe_to_ring",
        )
    return phone


async def close(
    db: Db,
    viewer: Viewer,
    incident_id: UUID,
    outcome: str,
    words: str,
    next_contact_at: datetime | None = None,
) -> None:
    """Nothing closes itself (R15). Without a live check it needs the supervisor and a note that says why."""
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    if incident.verified_at is None:
        if "supervisor" not in viewer.roles:
            raise Conflict(
                "Nobody has recognised the client yet. Recognise them live, or ask the supervisor to close with a reason.",
                code="not_verified",
            )
        if len(words.strip()) < 10:
            raise NotValid(
                "Say in a sentence why this may close without a live check.", fields={"note": "Too short."}
            )
    incident.state = "closed"
    incident.outcome = outcome
    incident.closed_at = now
    incident.closed_by = viewer.staff_id
    incident.by_hand = None
    move = rules.advance(case.protocol, case.situation(), Verified(), now)
    entry = about(
        incident,
        Kind.incident_closed,
        viewer.actor,
        outcome=outcome,
        note=words,
        next_contact_at=next_contact_at,
    )
    await carry_out(db, [Work(case, move, viewer.actor, [entry])])


async def not_our_side(db: Db, viewer: Viewer, outage_id: UUID) -> None:
    """R1: a person says the drops are not our outage; contact and responder steps open again for a press."""
    outage = await db.get(Outage, (viewer.program_id, outage_id))
    if outage is None:
        raise NotFound("There is no such outage.")
    found = await db.execute(
        select(Incident.id).where(
            Incident.program_id == viewer.program_id,
            Incident.outage_id == outage_id,
            Incident.state == "open",
        )
    )
    locked = await cases.lock(db, list(found.scalars()))
    await db.refresh(outage)
    if outage.cleared_at is not None:
        return
    loaded = await cases.load(db, locked)
    if not any(may_see_group_session(viewer, case.meeting) for case in loaded.values()):
        raise NotFound("There is no such outage.")
    outage.cleared_at = now_of(db)
    outage.cleared_by = viewer.staff_id
    work = []
    for case in loaded.values():
        case.locked = False
        move = Move()
        if case.incident.verified_at is None:
            move = rules.advance(case.protocol, case.situation(), OutageCleared(), now_of(db))
        entry = about(case.incident, Kind.outage_cleared, viewer.actor, outage=outage_id)
        work.append(Work(case, move, viewer.actor, [entry]))
    await carry_out(db, work)


async def expire_ownership(db: Db, incidents: Sequence[UUID]) -> None:
    """R15: an acknowledgement that nobody renewed ends; the alert is loud again and the chain hurries. Engine only."""
    now = now_of(db)
    locked = [
        i
        for i in await cases.lock(db, incidents)
        if i.state == "open"
        and i.owner_id
        and i.owned_until
        and i.owned_until <= now
        and i.verified_at is None
    ]
    work = []
    for case in (await cases.load(db, locked)).values():
        incident = case.incident
        entry = about(incident, Kind.ownership_expired, RULE, owner=incident.owner_id)
        incident.owner_id = incident.taken_at = incident.owned_until = None
        move = rules.advance(case.protocol, case.situation(), Released(), now)
        work.append(Work(case, move, RULE, [entry]))
    await carry_out(db, work)


async def open_incident(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    found: UUID | None = await db.scalar(
        select(Incident.id).where(
            Incident.program_id == program_id, Incident.client_id == client_id, Incident.state == "open"
        )
    )
    return found


async def _whose(db: Db, viewer: Viewer, incident_id: UUID) -> tuple[UUID, UUID]:
    """Client and meeting, without locking: presence rows are locked before incidents, everywhere."""
    row = (
        await db.execute(
            select(Incident.client_id, Incident.group_session_id).where(
                Incident.program_id == viewer.program_id, Incident.id == incident_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such incident among the groups you work with.")
    return row.client_id, row.group_session_id


def _about_step(case: Case, step_id: UUID, kind: Kind, viewer: Viewer, **detail: Any) -> NewEntry:
    step = case.step(step_id)
    if step is None:
        raise SomebodyWasFirst(
            "This step is over already: somebody, or Handrail, was first. The list shows who."
        )
    return about(case.incident, kind, viewer.actor, step=step.key, step_id=step_id, by_person=True, **detail)


def renew_of(case: Case, viewer: Viewer, now: datetime) -> None:
    """Any logged act of the owner renews their acknowledgement (R15)."""
    if case.incident.owner_id == viewer.staff_id and case.incident.owned_until:
        case.incident.owned_until = max(case.incident.owned_until, cases.owned_until(case.incident.tier, now))


async def _press(
    db: Db, case: Case, viewer: Viewer, signal: Signal | None, entry: NewEntry, *, renews: bool = True
) -> None:
    now = now_of(db)
    if renews:
        renew_of(case, viewer, now)
    move = Move()
    if signal is not None and (case.incident.verified_at is None or isinstance(signal, Verified)):
        try:
            move = rules.advance(case.protocol, case.situation(), signal, now)
        except rules.IllegalMove as refused:
            raise Conflict(
                "This cannot be answered like that now. Look at the incident again: it may have moved on.",
                code="not_now",
            ) from refused
    await carry_out(db, [Work(case, move, viewer.actor, [entry])])
