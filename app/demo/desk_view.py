"""What the demo desk shows: the cast, the telephones that ring, the texts that arrived, what just happened."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.calls.models import PlainText, SimulatedCall
from app.clients.models import Client, ClientPhone, EmergencyContact
from app.db import Db, now_of, reveal
from app.demo.cast import Actor, Cast
from app.demo.views import CastMember, Desk, Happened, Phone, PhoneState, TextMessage, Waiting
from app.group_sessions.models import Presence
from app.incidents import cases, timeline
from app.incidents.models import ContactAttempt, Incident
from app.journal import read
from app.numbers import readable
from app.staff.demo import DEMO_PROGRAM_ID
from app.staff.models import Program, StaffMember, StaffPhone

# A phone that fell silent stays on the desk this long, so that one sees how it ended.
STAYS = timedelta(seconds=30)
MOST_TEXTS = 12
MOST_LINES = 16

STATES: dict[str, PhoneState] = {
    "queued": "ringing",
    "ringing": "ringing",
    "in_room": "on_the_line",
    "menu": "menu",
    "speaking": "speaking",
    "ended": "ended",
}
ROLES = {"supervisor": "supervisor", "backup": "backup", "on_call": "on call", "staff": "staff"}


async def desk(db: Db, cast: Cast) -> Desk:
    people = await _People.load(db)
    program = await db.get_one(Program, DEMO_PROGRAM_ID)
    return Desk(
        now=now_of(db),
        time_zone=program.time_zone,
        cast=await _cast(db, cast),
        phones=await _phones(db, people),
        waiting=await _waiting(db, people),
        texts=await _texts(db, people),
        happened=await _happened(db, people),
        line_broken=bool(program.settings.get("line_broken")),
    )


# --- the cast


async def _cast(db: Db, cast: Cast) -> list[CastMember]:
    meetings = {actor.meeting_id for actor in cast.actors.values()}
    rows = await db.execute(
        select(Presence.client_id, Presence.state, Presence.since, Presence.until, Client.tier)
        .join(Client, (Client.program_id == Presence.program_id) & (Client.id == Presence.client_id))
        .where(Presence.program_id == DEMO_PROGRAM_ID, Presence.group_session_id.in_(meetings))
    )
    known = {row.client_id: row for row in rows}
    return [_member(actor, known[actor.client_id]) for actor in cast.in_order() if actor.client_id in known]


def _member(actor: Actor, row: Any) -> CastMember:
    in_call = actor.connection is not None
    word = _word(actor, row.state)
    return CastMember(
        client_id=actor.client_id,
        name=actor.person.name,
        group=actor.person.meeting.group,
        tier=row.tier,
        word=f"{word}, {actor.person.word}" if actor.person.word else word,
        in_call=in_call,
        next="drop" if in_call else "come-in" if row.state in ("not_here_yet", "excused") else "come-back",
        page="silent" if not actor.beats else "visible" if actor.visible else "hidden",
    )


def _word(actor: Actor, state: str) -> str:
    """What they do, as their own room-mates would see it; what Handrail thinks is on the board."""
    if actor.connection is None:
        absent = {"not_here_yet": "Not here yet", "excused": "Excused", "away": "Dropped after “back in 5”"}
        return absent.get(state, "Dropped")
    told = {"away": "Said: back in 5", "leaving": "Said when they leave", "private_room": "Private room"}
    if state in told:
        return told[state]
    return "Page hidden" if actor.beats and not actor.visible else "In the call"


# --- telephones


class _People:
    """Names and phone labels of everybody whom a simulated phone may belong to."""

    def __init__(self) -> None:
        self.staff: dict[UUID, StaffMember] = {}
        self.contacts: dict[UUID, tuple[str, str]] = {}
        self.phones: dict[UUID, str] = {}
        self.clients: dict[UUID, str] = {}

    @classmethod
    async def load(cls, db: Db) -> "_People":
        made = cls()
        of_demo = DEMO_PROGRAM_ID
        for person in await db.scalars(select(StaffMember).where(StaffMember.program_id == of_demo)):
            made.staff[person.id] = person
        for contact in await db.scalars(
            select(EmergencyContact).where(EmergencyContact.program_id == of_demo)
        ):
            made.contacts[contact.id] = (reveal(db, contact, "name") or "", contact.relation)
        phones = await db.execute(
            select(ClientPhone.id, ClientPhone.label).where(ClientPhone.program_id == of_demo)
        )
        made.phones = {row.id: row.label for row in phones}
        clients = await db.execute(select(Client.id, Client.name_used).where(Client.program_id == of_demo))
        made.clients = {row.id: row.name_used for row in clients}
        return made

    def who(self, attempt: ContactAttempt, client_id: UUID) -> str:
        if attempt.contact_id is not None:
            name, relation = self.contacts.get(attempt.contact_id, ("A contact", ""))
            return f"{name}, {relation.lower()}"
        if attempt.staff_id is not None:
            person = self.staff.get(attempt.staff_id)
            role = ROLES.get(attempt.who, "staff")
            return f"{person.name if person else 'A colleague'}, {role}"
        label = self.phones.get(attempt.phone_id, "phone") if attempt.phone_id else "phone"
        return f"{self.clients.get(client_id, 'A client')}, {label.lower()}"

    @property
    def names(self) -> dict[UUID, str]:
        return {person.id: person.name for person in self.staff.values()}


async def _calls(db: Db, channel: str, *more: Any) -> list[tuple[SimulatedCall, ContactAttempt, UUID]]:
    rows = await db.execute(
        select(SimulatedCall, ContactAttempt, Incident.client_id)
        .join(
            ContactAttempt,
            (ContactAttempt.program_id == SimulatedCall.program_id)
            & (ContactAttempt.id == SimulatedCall.attempt_id),
        )
        .join(
            Incident,
            (Incident.program_id == ContactAttempt.program_id) & (Incident.id == ContactAttempt.incident_id),
        )
        .where(SimulatedCall.program_id == DEMO_PROGRAM_ID, SimulatedCall.channel == channel, *more)
        .order_by(SimulatedCall.made_at.desc())
        .limit(50)
    )
    return [(row.SimulatedCall, row.ContactAttempt, row.client_id) for row in rows]


async def _phones(db: Db, people: _People) -> list[Phone]:
    live = or_(SimulatedCall.state != "ended", SimulatedCall.changed_at > now_of(db) - STAYS)
    calls = await _calls(db, "call", live)
    rooms = [phone.conference for phone, _, _ in calls if phone.state == "in_room"]
    made = [
        _phone(db, phone, attempt, people.who(attempt, client_id), rooms)
        for phone, attempt, client_id in calls
    ]
    made += await _rings(db, people, live)
    return sorted(made, key=lambda phone: (phone.state == "ended", phone.since))


async def _rings(db: Db, people: _People, live: ColumnElement[bool]) -> list[Phone]:
    """Our own people, asked to look: outside of any incident."""
    rows = await db.execute(
        select(SimulatedCall, PlainText, StaffPhone.staff_id)
        .join(
            PlainText,
            (PlainText.program_id == SimulatedCall.program_id) & (PlainText.id == SimulatedCall.attempt_id),
        )
        .join(
            StaffPhone,
            (StaffPhone.program_id == PlainText.program_id) & (StaffPhone.number_key == PlainText.number_key),
        )
        .where(SimulatedCall.program_id == DEMO_PROGRAM_ID, SimulatedCall.channel == "call", live)
    )
    return [
        Phone(
            attempt_id=row.PlainText.id,
            who=people.names.get(row.staff_id, "A colleague"),
            number_label=readable(reveal(db, row.PlainText, "number") or ""),
            kind="staff",
            state=STATES.get(row.SimulatedCall.state, "ended"),
            since=row.SimulatedCall.changed_at,
            shows=readable(row.SimulatedCall.shows),
            hears=row.SimulatedCall.words,
            answered_as=row.SimulatedCall.answered_as,
            with_somebody=False,
            answers=["themselves", "voicemail", "silent"] if row.SimulatedCall.state == "ringing" else [],
            keys=False,
        )
        for row in rows
    ]


def _phone(db: Db, phone: SimulatedCall, attempt: ContactAttempt, who: str, rooms: list[str | None]) -> Phone:
    state = STATES.get(phone.state, "ended")
    staff = attempt.who not in ("client", "contact")
    answers = (
        ["themselves", "voicemail", "silent"] if staff else ["themselves", "room_mate", "voicemail", "silent"]
    )
    return Phone(
        attempt_id=attempt.id,
        who=who,
        number_label=readable(reveal(db, attempt, "number") or ""),
        kind="staff" if staff else "contact" if attempt.who == "contact" else "client",
        state=state,
        since=phone.changed_at,
        shows=readable(phone.shows),
        hears=phone.words,
        answered_as=phone.answered_as,
        with_somebody=phone.state == "in_room" and rooms.count(phone.conference) > 1,
        answers=answers if state == "ringing" else [],
        keys=state == "menu",
    )


async def _waiting(db: Db, people: _People) -> list[Waiting]:
    rows = await db.execute(
        select(ContactAttempt, Incident.client_id)
        .join(
            Incident,
            (Incident.program_id == ContactAttempt.program_id) & (Incident.id == ContactAttempt.incident_id),
        )
        .where(
            ContactAttempt.program_id == DEMO_PROGRAM_ID,
            ContactAttempt.status == "planned",
            Incident.state == "open",
        )
        .order_by(ContactAttempt.due_at)
        .limit(20)
    )
    return [
        Waiting(
            attempt_id=row.ContactAttempt.id,
            who=people.who(row.ContactAttempt, row.client_id),
            number_label=readable(reveal(db, row.ContactAttempt, "number") or ""),
            at=row.ContactAttempt.due_at,
            channel=row.ContactAttempt.channel,
        )
        for row in rows
    ]


async def _texts(db: Db, people: _People) -> list[TextMessage]:
    calls = await _calls(db, "text", SimulatedCall.made_at > now_of(db) - timedelta(hours=1))
    of_incidents = [
        TextMessage(
            attempt_id=attempt.id,
            to=people.who(attempt, client_id),
            number_label=readable(reveal(db, attempt, "number") or ""),
            words=phone.words or "",
            at=phone.made_at,
            delivered=phone.state == "ended",
            may_reply=phone.state == "ended" and attempt.who == "client",
        )
        for phone, attempt, client_id in calls[:MOST_TEXTS]
    ]
    both = [*of_incidents, *await _plain_texts(db, people)]
    return sorted(both, key=lambda text: text.at, reverse=True)[:MOST_TEXTS]


async def _plain_texts(db: Db, people: _People) -> list[TextMessage]:
    """Links and codes to somebody's own number. What was said is with the phone; our side has forgotten it."""
    rows = await db.execute(
        select(SimulatedCall, PlainText)
        .join(
            PlainText,
            (PlainText.program_id == SimulatedCall.program_id) & (PlainText.id == SimulatedCall.attempt_id),
        )
        .where(
            SimulatedCall.program_id == DEMO_PROGRAM_ID,
            SimulatedCall.channel == "text",
            SimulatedCall.made_at > now_of(db) - timedelta(hours=1),
        )
    )
    return [
        TextMessage(
            attempt_id=row.PlainText.id,
            to=", ".join(people.contacts.get(row.PlainText.contact_id, ("Somebody", ""))).rstrip(", "),
            number_label=readable(reveal(db, row.PlainText, "number") or ""),
            words=row.SimulatedCall.words or "",
            at=row.SimulatedCall.made_at,
            delivered=row.SimulatedCall.state == "ended",
            may_reply=False,
        )
        for row in rows
    ]


# --- what just happened


async def _happened(db: Db, people: _People) -> list[Happened]:
    recent = await db.scalars(
        select(Incident)
        .where(
            Incident.program_id == DEMO_PROGRAM_ID,
            or_(Incident.state == "open", Incident.closed_at > now_of(db) - timedelta(minutes=5)),
        )
        .order_by(Incident.drop_at.desc())
        .limit(5)
    )
    found = []
    for case in (await cases.load(db, list(recent))).values():
        entries = await read.of_incident(db, DEMO_PROGRAM_ID, case.incident.id)
        for line in timeline.lines(case, entries, people.names):
            found.append(
                Happened(
                    incident_id=case.incident.id,
                    about=people.clients.get(case.incident.client_id, ""),
                    seq=line.seq,
                    at=line.at,
                    after_s=line.after_s,
                    by=line.by,
                    text=line.text,
                    late_s=line.late_s,
                )
            )
    found.sort(key=lambda line: (line.at, line.seq), reverse=True)
    return found[:MOST_LINES]
