"""What the telephone says about an attempt, and what that means for its incident.

Called by the calls package inside its own transaction, with the incident and the attempt locked.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.incidents import cases, rules
from app.incidents.carry import carry_out
from app.incidents.cases import LIVE, Case
from app.incidents.legs import LOWERING, Legs
from app.incidents.models import ContactAttempt, Incident
from app.incidents.paging import Paging
from app.incidents.presence import about
from app.incidents.ringing import CIRCLE
from app.incidents.situation import (
    AttemptOutcome,
    CallOutcome,
    Move,
    Replied,
    Signal,
    StaffLegSilent,
    StepDue,
)
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import PROVIDER, RULE, Actor, NewEntry

Event = Literal["ringing", "answered", "joined", "ended", "machine", "human", "pressed", "failed", "silent"]

KINDS: dict[Event, Kind] = {
    "ringing": Kind.attempt_ringing,
    "answered": Kind.attempt_answered,
    "joined": Kind.attempt_joined,
    "machine": Kind.attempt_answered,
    "human": Kind.attempt_answered,
    "pressed": Kind.attempt_pressed,
    "ended": Kind.attempt_ended,
    "failed": Kind.attempt_failed,
    "silent": Kind.attempt_ended,
}
FAR_ENDS = ("client", "contact")
# Results of a call that ended without having been answered.
UNANSWERED: dict[str, CallOutcome] = {"no_answer": "no_answer", "busy": "busy", "failed": "failed"}
TEXTS: dict[str, CallOutcome] = {"delivered": "delivered", "undelivered": "undelivered"}


async def attempt_changed(db: Db, attempt: ContactAttempt, event: Event) -> None:
    """Writes the entry, tells the rules what matters to them, and rings the next staff phone when one fell away."""
    [incident] = await cases.lock(db, [attempt.incident_id])
    case = (await cases.load(db, [incident]))[incident.id]
    now = now_of(db)
    if event == "answered" and attempt.who == "client" and incident.answered_at is None:
        incident.answered_at = now
    move = Move()
    signal = await _signal(db, attempt, event)
    if signal is not None and incident.state == "open" and incident.verified_at is None:
        move = rules.advance(case.protocol, case.situation(), signal, now)
    if attempt.script == "staff-page":
        # Whichever protocol rings them: the next page is its.
        case = await cases.holding(db, case, attempt.step_id)
    work = Work(case, move)
    work.entries.append(_entry(incident, attempt, event))
    if attempt.who not in FAR_ENDS and incident.state == "open":
        await _staff_leg(db, case, attempt, event, work)
    _by_hand(incident, attempt, event, work)
    if event == "joined" and attempt.who == "client":
        _live_call_renews(case, now)
    await carry_out(db, [work])


def _by_hand(incident: Incident, attempt: ContactAttempt, event: Event, work: Work) -> None:
    """A line that refuses staff legs will refuse the client's: people hear of it before the client's limit is gone."""
    refused = event == "failed" and not (attempt.error_code or "").startswith("number_")
    if refused and attempt.who not in FAR_ENDS and incident.by_hand is None and incident.reached_at is None:
        incident.by_hand = "call_failed"
        work.entries.append(about(incident, Kind.by_hand, RULE, code="call_failed"))
    elif event == "ringing" and attempt.who == "client" and incident.by_hand == "call_failed":
        incident.by_hand = None


def _entry(incident: Incident, attempt: ContactAttempt, event: Event) -> NewEntry:
    return about(
        incident,
        KINDS[event],
        PROVIDER,
        attempt_id=attempt.id,
        who=attempt.who,
        staff_id=attempt.staff_id,
        channel=attempt.channel,
        last2=attempt.last2,
        event=event,
        result=attempt.result,
        code=attempt.error_code,
    )


async def _signal(db: Db, attempt: ContactAttempt, event: Event) -> Signal | None:
    if attempt.who != "client" or attempt.step_id is None:
        return None
    outcome: CallOutcome | None = None
    match event:
        case "answered":
            outcome = "answered"
        case "machine":
            rang = (await cases.steps(db, attempt.program_id, [attempt.step_id]))[attempt.step_id]
            return AttemptOutcome(rang.id, "voicemail", rang.key)
        case "ended" if attempt.result == "voicemail":
            outcome = "voicemail"
        case "ended" | "failed":
            known = TEXTS if attempt.channel == "text" else UNANSWERED
            outcome = known.get(attempt.result or "")
        case "silent":
            return await _silent(db, attempt, attempt.step_id)
        case _:
            pass
    return AttemptOutcome(attempt.step_id, outcome) if outcome else None


async def _silent(db: Db, attempt: ContactAttempt, step_id: UUID) -> StaffLegSilent:
    step = (await cases.steps(db, attempt.program_id, [step_id]))[step_id]
    return StaffLegSilent(step_id, step.key, step.rounds)


async def _staff_leg(db: Db, case: Case, leg: ContactAttempt, event: Event, work: Work) -> None:
    """Staff on the line: ring the client now. A staff phone that fell away: the next one rings (R6)."""
    if leg.script == "staff-page" and leg.client_leg_id is None:
        if event in ("ended", "failed") and leg.pressed_at is None:
            await _page_next(db, case, leg, work)
        return
    client_leg = next((a for a in case.attempts if a.id == leg.client_leg_id), None)
    if client_leg is None:
        return
    if event == "joined":
        if client_leg.status == "planned":
            client_leg.due_at = min(client_leg.due_at, now_of(db))
        return
    gone = event in ("ended", "failed") and leg.joined_at is None
    if gone and client_leg.who == "contact" and client_leg.status == "planned":
        # A contact is spoken to by the person who pressed, or not rung at all (R1).
        client_leg.status, client_leg.result, client_leg.ended_at = "cancelled", "nobody_to_speak", now_of(db)
        work.entries.append(_entry(case.incident, client_leg, "ended"))
        return
    if gone and client_leg.joined_at is None and client_leg.status in ("planned", *LIVE):
        Legs(db, work).next_staff_leg(client_leg, tried=await _tried(db, leg))


async def _page_next(db: Db, case: Case, page: ContactAttempt, work: Work) -> None:
    """Nobody took the page: the next of the circle is rung, once each round, while the step still asks."""
    if LOWERING in page.words:
        Paging(Legs(db, work)).next_one(page, CIRCLE, await _paged_about(db, page))
        return
    together = case.incident.tier in ("high", "imminent")
    if together or not case.running or page.step_id is None or not case.step(page.step_id):
        return
    found = await db.execute(
        select(ContactAttempt.staff_id).where(
            ContactAttempt.program_id == page.program_id,
            ContactAttempt.step_id == page.step_id,
            ContactAttempt.script == "staff-page",
            ContactAttempt.words["round"].as_integer() == page.words.get("round", 0),
        )
    )
    Paging(Legs(db, work)).next_one(page, CIRCLE, {staff_id for staff_id in found.scalars() if staff_id})


async def _paged_about(db: Db, page: ContactAttempt) -> set[UUID]:
    found = await db.execute(
        select(ContactAttempt.staff_id).where(
            ContactAttempt.program_id == page.program_id,
            ContactAttempt.incident_id == page.incident_id,
            ContactAttempt.words[LOWERING].as_string() == page.words[LOWERING],
        )
    )
    return {staff_id for staff_id in found.scalars() if staff_id}


async def _tried(db: Db, leg: ContactAttempt) -> set[UUID]:
    """Whose phones have rung for this client leg already."""
    found = await db.execute(
        select(ContactAttempt.staff_id).where(
            ContactAttempt.program_id == leg.program_id,
            ContactAttempt.client_leg_id == leg.client_leg_id,
            ContactAttempt.staff_id.is_not(None),
        )
    )
    return {staff_id for staff_id in found.scalars() if staff_id}


def _live_call_renews(case: Case, now: datetime) -> None:
    """R15: a live call renews the acknowledgement of whoever has the incident."""
    incident = case.incident
    if incident.owner_id and incident.owned_until:
        incident.owned_until = max(incident.owned_until, cases.owned_until(incident.tier, now))


async def attempt_voided(db: Db, attempt: ContactAttempt) -> None:
    """Past its time or no longer allowed: nothing old dials. A person is told instead."""
    [incident] = await cases.lock(db, [attempt.incident_id])
    case = (await cases.load(db, [incident]))[incident.id]
    move = Move()
    step = case.step(attempt.step_id) if attempt.step_id is not None else None
    if step is not None and step.status == "dialing" and attempt.who == "client" and incident.state == "open":
        move = rules.advance(case.protocol, case.situation(), StepDue(step.id), now_of(db))
    incident.by_hand = "voided"
    work = Work(case, move)
    work.entries.append(
        about(incident, Kind.step_voided, RULE, attempt_id=attempt.id, who=attempt.who, last2=attempt.last2)
    )
    await carry_out(db, [work])


async def redial(db: Db, attempt: ContactAttempt) -> ContactAttempt:
    """A new attempt that names the one it replaces: the only way a number is dialled again after an unknown answer."""
    [incident] = await cases.lock(db, [attempt.incident_id])
    case = (await cases.load(db, [incident]))[incident.id]
    work = Work(case, Move())
    fresh = Legs(db, work).again(attempt)
    await carry_out(db, [work])
    return fresh


async def replied(db: Db, program_id: UUID, client_id: UUID, *, at_number_key: bytes) -> bool:
    """A text from the client's own number. False when nothing is open for them. Its words are kept nowhere."""
    found = await db.execute(
        select(Incident.id).where(
            Incident.program_id == program_id, Incident.client_id == client_id, Incident.state == "open"
        )
    )
    incidents = await cases.lock(db, list(found.scalars()))
    if not incidents:
        return False
    loaded = await cases.load(db, incidents)
    work = []
    for case in loaded.values():
        move = Move()
        if case.incident.verified_at is None:
            move = rules.advance(case.protocol, case.situation(), Replied(), now_of(db))
        if case.incident.tier in ("none", "low"):
            case.incident.held_reply_at = case.incident.held_reply_at or now_of(db)
        item = Work(case, move)
        own = any(p.number_key == at_number_key for p in case.reach.phones)
        item.entries.append(about(case.incident, Kind.replied, Actor("client"), own_number=own))
        work.append(item)
    await carry_out(db, work)
    return True
