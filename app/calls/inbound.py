"""People who call or text us. The line that everybody sees does not tell what it is for (R11), and nobody's words are
kept (R13): a text from a client's own number says that the number replied, or that it may hold a word of theirs."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import or_, select, update

from app.calls import twiml, word_by_text
from app.calls.addresses import inbound_hook
from app.calls.staff_texts import STAFF_TRIED as STAFF_TRIED
from app.calls.staff_texts import first_phones
from app.clients.models import ClientPhone
from app.db import Db, now_of, seal_of
from app.group_sessions.models import GroupSession
from app.incidents import attempts, callers
from app.incidents.models import Incident
from app.journal.commands import first_time
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.models import Program, StaffMember

# The provider blocks further texts from us on these words by itself; "END" from a frightened person included.
STOP_WORDS: Final = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS: Final = frozenset({"START", "YES", "UNSTOP"})

# Where 988 is answered.
LIFELINE_REGIONS: Final = frozenset({"US", "CA"})
# Read out by a voice: digit by digit. Cross-checked against the numbers library in the tests.
EMERGENCY_NUMBER: Final[dict[str, str]] = {
    "US": "9 1 1",
    "CA": "9 1 1",
    "GB": "9 9 9",
    "IE": "1 1 2",
    "AU": "0 0 0",
    "NZ": "1 1 1",
}
EMERGENCY_ELSEWHERE: Final = "1 1 2"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom the number belongs to, as far as we know. `incident`: the open one of that client."""

    client_id: UUID | None
    incident: Incident | None


async def call(
    db: Db, base: str, program_id: UUID, from_number: str, call_id: str, *, after_hours: bool
) -> str:
    """The same words for everybody: a known caller is only put through to other people."""
    program = await db.get(Program, program_id)
    if program is None:
        return twiml.nothing()
    caller = await _caller(db, program_id, from_number)
    if await first_time(db, program_id, f"inbound:{call_id}", "inbound_call"):
        await callers.rings(db, program_id, caller.client_id, from_number, call_id)
        await _note(db, program_id, caller, Kind.caller_waiting)
    before = _greeting(program.region) if after_hours else twiml.HOLD_FOR_OFFICE
    return await _try(db, base, program, caller, call_id, 0, before)


@dataclass(frozen=True, slots=True)
class Rung:
    """What came of the phone just tried. `spoke`: one of us was on it with the caller. `hung_up`: the caller is gone."""

    tried: int
    spoke: bool
    hung_up: bool


async def following(db: Db, base: str, program_id: UUID, from_number: str, call_id: str, rung: Rung) -> str:
    """The phone just tried has been spoken on, or was not answered: the next one, or an honest end."""
    program = await db.get(Program, program_id)
    if program is None:
        return twiml.nothing()
    caller = await _caller(db, program_id, from_number)
    if rung.spoke:
        await accepted(db, program_id, call_id)
        return twiml.nothing()
    document = twiml.nothing()
    if not rung.hung_up:
        document = await _try(db, base, program, caller, call_id, rung.tried, None)
    if rung.hung_up or document == twiml.say_and_hang_up(twiml.OFFICE_AWAY):
        await _missed(db, program_id, caller, call_id)
    return document


async def accepted(db: Db, program_id: UUID, call_id: str) -> None:
    """One of us pressed the key that lets the caller in."""
    known = await callers.put_through(db, program_id, call_id)
    if known is not None:
        clients = [known.client_id] if known.client_id else []
        await _note(db, program_id, await _of_clients(db, program_id, clients), Kind.caller_put_through)


async def _missed(db: Db, program_id: UUID, caller: Caller, call_id: str) -> None:
    if await first_time(db, program_id, f"inbound-missed:{call_id}", "inbound_call"):
        await callers.missed(db, program_id, call_id)
        await _note(db, program_id, caller, Kind.caller_missed)


async def text(db: Db, program_id: UUID, from_number: str, message_id: str, body: str) -> None:
    """STOP and START are heeded; anything else is a reply. The words go no further than this function."""
    if not await first_time(db, program_id, f"inbound-text:{message_id}", "inbound_text"):
        return
    phones = await _client_phones(db, program_id, from_number)
    word = body.strip().strip(".!").upper()
    if word in STOP_WORDS or word in START_WORDS:
        await _texts_allowed(db, program_id, phones, allowed=word in START_WORDS)
        return
    heard = await word_by_text.heard(db, program_id, sorted({phone.client_id for phone in phones}), body)
    # Somebody who may have said that they are in danger has not replied that all is well: nothing waits for that (R1).
    for client_id in sorted({phone.client_id for phone in phones if not phone.shared} - heard.clients):
        await attempts.replied(
            db, program_id, client_id, at_number_key=seal_of(db).keyed_hash("phone", from_number)
        )
    if heard.entries:
        await write(db, program_id, heard.entries)


def key_hook(base: str, program_id: UUID, call_id: str) -> str:
    return inbound_hook(base, program_id, "inbound-key", urlencode({"caller": call_id}))


def _greeting(region: str) -> str:
    emergency = EMERGENCY_NUMBER.get(region, EMERGENCY_ELSEWHERE)
    words = twiml.AFTER_HOURS if region in LIFELINE_REGIONS else twiml.AFTER_HOURS_ELSEWHERE
    return words.format(emergency_number=emergency)


async def _try(
    db: Db, base: str, program: Program, caller: Caller, call_id: str, tried: int, before: str | None
) -> str:
    phones = await _staff_numbers(db, program.id, caller)
    if tried >= len(phones):
        if before is not None:
            # Greeted, and nobody to ring: the end comes from the address that says so.
            return twiml.put_through(
                before, [], program.callback_number, _next(base, program.id, STAFF_TRIED)
            )
        return twiml.say_and_hang_up(twiml.OFFICE_AWAY)
    # The screen and its key are requests about the staff leg: the call it is for travels along.
    screen = inbound_hook(base, program.id, "inbound-screen", urlencode({"caller": call_id}))
    ring = twiml.Ring(phones[tried], screen)
    return twiml.put_through(before, [ring], program.callback_number, _next(base, program.id, tried + 1))


def _next(base: str, program_id: UUID, tried: int) -> str:
    return inbound_hook(base, program_id, "inbound-next", f"tried={tried}")


async def _caller(db: Db, program_id: UUID, from_number: str) -> Caller:
    phones = await _client_phones(db, program_id, from_number)
    return await _of_clients(db, program_id, [phone.client_id for phone in phones])


async def _of_clients(db: Db, program_id: UUID, clients: list[UUID]) -> Caller:
    """Several when the number is on more than one record: whoever has something open, else the first."""
    if not clients:
        return Caller(None, None)
    incident = await db.scalar(
        select(Incident)
        .where(
            Incident.program_id == program_id,
            Incident.client_id.in_(clients),
            Incident.state == "open",
        )
        .order_by(Incident.drop_at.desc())
        .limit(1)
    )
    return Caller(incident.client_id if incident is not None else clients[0], incident)


async def _client_phones(db: Db, program_id: UUID, number: str) -> list[ClientPhone]:
    return list(
        await db.scalars(
            select(ClientPhone)
            .where(
                ClientPhone.program_id == program_id,
                ClientPhone.number_key == seal_of(db).keyed_hash("phone", number),
                ClientPhone.retired_at.is_(None),
            )
            .order_by(ClientPhone.rank, ClientPhone.id)
        )
    )


async def _staff_numbers(db: Db, program_id: UUID, caller: Caller) -> list[str]:
    """Whoever has the incident first, then the people of that group, then those of every open group, at last the
    supervisors of the program."""
    people: list[UUID | None] = []
    if caller.incident is not None:
        meeting = await db.get(GroupSession, (program_id, caller.incident.group_session_id))
        people = [caller.incident.owner_id, *_people_of(meeting)]
    else:
        meetings = await db.scalars(
            select(GroupSession)
            .where(GroupSession.program_id == program_id, GroupSession.state.in_(("open", "paused")))
            .order_by(GroupSession.starts_at.desc(), GroupSession.id)
        )
        for meeting in meetings:
            people += [meeting.supervisor_id, meeting.backup_id]
    supervisors = await db.scalars(
        select(StaffMember.id)
        .where(StaffMember.program_id == program_id, StaffMember.roles.contains(["supervisor"]))
        .order_by(StaffMember.name, StaffMember.id)
    )
    ranked = list(dict.fromkeys(person for person in (*people, *supervisors) if person is not None))
    return await first_phones(db, program_id, ranked)


def _people_of(meeting: GroupSession | None) -> list[UUID | None]:
    if meeting is None:
        return []
    return [meeting.cofacilitator_id, meeting.supervisor_id, meeting.backup_id, meeting.lead_id]


async def _texts_allowed(db: Db, program_id: UUID, phones: list[ClientPhone], *, allowed: bool) -> None:
    if not phones:
        return
    await db.execute(
        update(ClientPhone)
        .where(
            ClientPhone.program_id == program_id,
            or_(*(ClientPhone.id == phone.id for phone in phones)),
        )
        .values(text_stopped_at=None if allowed else now_of(db))
    )
    entries = [
        NewEntry(
            Kind.phone_changed,
            Actor("client"),
            client_id=phone.client_id,
            detail={"what": "texts_started" if allowed else "texts_stopped", "last2": phone.last2},
        )
        for phone in phones
    ]
    await write(db, program_id, entries)


async def _note(db: Db, program_id: UUID, caller: Caller, kind: Kind) -> None:
    incident = caller.incident
    entry = NewEntry(
        kind,
        Actor("client" if caller.client_id is not None else "provider"),
        incident_id=incident.id if incident is not None else None,
        client_id=caller.client_id,
        group_session_id=incident.group_session_id if incident is not None else None,
        detail={"known": caller.client_id is not None},
        retention="phone",
    )
    await write(db, program_id, [entry])
