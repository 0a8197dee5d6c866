"""Beyond the client: emergency contacts, the decision about responders, and what was read to a dispatcher.

Each of these is a person's press (R1). Handrail never rings a third party by itself, and never an emergency service.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.clients.consent import Agency
from app.clients.disclose import Telling, disclose
from app.clients.models import EmergencyContact
from app.db import Db, new_id, now_of
from app.errors import Conflict, NotFound
from app.incidents import rules
from app.incidents.actions import case_of, renew_of
from app.incidents.at_home import agreement_now
from app.incidents.carry import carry_out
from app.incidents.cases import LIVE, Case
from app.incidents.legs import Legs
from app.incidents.models import Dispatch
from app.incidents.person_panel import place_today
from app.incidents.presence import about
from app.incidents.situation import Decided, Move, PersonOutcome
from app.incidents.staffing import staffing_of
from app.incidents.to_contact import to_contact
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.staff.access import Viewer

LOCKED = (
    "Several people were lost within ten seconds, so this may be our side. "
    "Somebody has to say that it is not our side before family or responders are called."
)


@dataclass(frozen=True, slots=True)
class ContactPress:
    """What the person confirmed before ringing a contact."""

    basis: str
    grounds: str
    ticked: Collection[str]
    content: str


async def call_contact(
    db: Db, viewer: Viewer, incident_id: UUID, contact_id: UUID, press: ContactPress
) -> None:
    """Rings the presser's own phone, then the contact's. Consent is asked again at this moment (R18)."""
    case = await case_of(db, viewer, incident_id)
    _unlocked(case)
    contact = await db.get(EmergencyContact, (viewer.program_id, contact_id))
    if contact is None or contact.client_id != case.incident.client_id:
        raise NotFound("This person is no longer a contact of the client. Choose another contact.")
    now = now_of(db)
    client, tier = case.reach.client, case.situation().tier
    agreed = await agreement_now(db, client, tier)
    given = to_contact(db, case, contact, press.basis, await place_today(db, case), agreed)
    telling = Telling(
        act="call",
        content=press.content,
        purpose="to find out whether the client is safe",
        basis=press.basis,
        grounds=press.grounds,
        ticked=press.ticked,
        items=given.items,
    )
    told = await disclose(db, viewer, client, contact, telling, tier=tier, incident_id=incident_id)
    case.staff.people |= (await staffing_of(db, [case.meeting], [viewer.staff_id])).people
    me = case.staff.of(viewer.staff_id)
    if me is None or me.phone is None:
        raise Conflict("You have no telephone in Handrail. Ask an administrator to add it, or dial by hand.")
    if any(a.staff_id == me.id and a.joined_at and a.status in LIVE for a in case.attempts):
        raise Conflict(
            "You are on the telephone about this client now. Hang up first, or ask a colleague to call."
        )
    work = Work(case, Move(), viewer.actor, [told])
    Legs(db, work).ring_contact(contact, me)
    renew_of(case, viewer, now)
    await carry_out(db, [work])


async def decide(
    db: Db,
    viewer: Viewer,
    incident_id: UUID,
    decision: Literal["responders", "mobile_team", "wait"],
    reason: str,
) -> None:
    """A person's decision, from wherever the chain stands. Deciding on responders opens the dispatch card (R21)."""
    case = await case_of(db, viewer, incident_id)
    _unlocked(case)
    now = now_of(db)
    move = _advance(case, Decided(decision), now)
    work = Work(case, move, viewer.actor)
    work.entries.append(about(case.incident, Kind.decided, viewer.actor, decision=decision, reason=reason))
    if decision != "wait":
        work.entries.append(about(case.incident, Kind.dispatch_opened, viewer.actor, decision=decision))
    renew_of(case, viewer, now)
    await carry_out(db, [work])


@dataclass(frozen=True, slots=True)
class DispatchPress:
    """What a person did on the telephone with a dispatcher, by hand."""

    decision: str
    agency: str
    number: str | None
    read_back: Sequence[str]
    outcome: Literal["dispatched", "not_needed", "could_not"]
    content: str
    grounds: str


async def record_dispatch(db: Db, viewer: Viewer, incident_id: UUID, press: DispatchPress) -> None:
    """A person dialled; this writes down whom they told, what, why, and what came of it."""
    case = await case_of(db, viewer, incident_id)
    _unlocked(case)
    incident, now = case.incident, now_of(db)
    entries = []
    if press.outcome == "dispatched":
        telling = Telling(
            act="responders",
            content=press.content,
            purpose="a check on the client's safety where they are now",
            basis="serious_threat",
            grounds=press.grounds,
            verified_how=f"Dialled by hand: {press.number}" if press.number else "",
        )
        told = await disclose(
            db,
            viewer,
            case.reach.client,
            Agency(press.agency),
            telling,
            tier=case.situation().tier,
            incident_id=incident_id,
            already_told=True,
        )
        entries.append(told)
    db.add(
        Dispatch(
            program_id=viewer.program_id,
            id=new_id(),
            incident_id=incident_id,
            decision=press.decision,
            agency=press.agency or None,
            number=press.number,
            read_back=list(press.read_back),
            outcome=press.outcome,
            by_staff_id=viewer.staff_id,
            at=now,
        )
    )
    step = next((s for s in case.active if s.action == "person.dispatch"), None)
    move = _advance(case, PersonOutcome(step.id, press.outcome), now) if step else Move()
    entries.append(
        about(
            incident,
            Kind.dispatch_recorded,
            viewer.actor,
            agency=press.agency,
            number=press.number,
            read_back=list(press.read_back),
            outcome=press.outcome,
        )
    )
    renew_of(case, viewer, now)
    await carry_out(db, [Work(case, move, viewer.actor, entries)])


def _unlocked(case: Case) -> None:
    if case.locked:
        raise Conflict(LOCKED, code="perhaps_our_side")


def _advance(case: Case, signal: Any, now: datetime) -> Move:
    if case.incident.verified_at is not None:
        return Move()
    try:
        return rules.advance(case.protocol, case.situation(), signal, now)
    except rules.IllegalMove as refused:
        raise Conflict(
            "This cannot be done now. Look at the incident again: it may have moved on.", code="not_now"
        ) from refused
