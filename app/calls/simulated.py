"""Lines that reach nobody: the phones of the demo, of drills, of the self-test and of tests are rows.

A simulated phone goes through the same callbacks, documents and keys as a real one: it reads the TwiML that a
real phone would be given, so what a person would have heard is known, and which room they are in.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4
from xml.etree import ElementTree

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError

from app.calls import callbacks, legs, twiml
from app.calls.lines import Line, LineRefused, LineUnsure, Placed, ProviderCall, ProviderStatus
from app.calls.models import PlainText, SimulatedCall
from app.clock import Clock
from app.db import Database, Db, new_id, now_of, seal_of
from app.errors import Conflict, NotFound
from app.incidents.models import ContactAttempt
from app.staff.models import Program

log = logging.getLogger(__name__)

As = Literal["themselves", "voicemail", "room_mate", "silent"]

# What answering-machine detection would say; of a silent line it knows nothing.
GUESSES: dict[str, str] = {
    "themselves": "human",
    "room_mate": "human",
    "voicemail": "machine_end_beep",
    "silent": "unknown",
}
BASE = "simulated:"
RINGS = ("queued", "ringing")
SPEAKING_SECONDS = 6


@dataclass
class SimulatedLine(Line):
    """Implements Line on the `simulated_call` table, in transactions of its own."""

    database: Database

    async def place_call(self, placed: Placed) -> str:
        return await self._start(placed, "queued", None)

    async def send_text(self, placed: Placed) -> str:
        return await self._start(placed, "queued", placed.text)

    async def cancel_call(self, provider_id: str) -> None:
        async with self.database.transaction(None) as db:
            phone = await _by_provider_id(db, provider_id)
            if phone is not None and phone.state != "ended":
                await _end(db, phone, "canceled" if phone.state in RINGS else "completed")

    async def redirect_call(self, provider_id: str, url: str) -> None:
        """Hears the document that a real call would fetch from this address."""
        async with self.database.transaction(None) as db:
            phone = await _by_provider_id(db, provider_id)
            if phone is None or phone.state == "ended":
                raise LineRefused("call_over", permanent=True)
            await _hear(db, phone, await _document(db, phone, url.rsplit("/", 1)[-1]))

    async def list_recent(self, number: str, since: datetime) -> list[ProviderCall]:
        async with self.database.transaction(None) as db:
            rows = await db.scalars(
                select(SimulatedCall).where(
                    SimulatedCall.number_key == seal_of(db).keyed_hash("phone", number),
                    SimulatedCall.made_at >= since,
                    SimulatedCall.channel == "call",
                )
            )
            return [ProviderCall(row.provider_id, _provider_status(row), row.made_at) for row in rows]

    async def close(self) -> None:
        """The database is somebody else's to close."""

    async def _start(self, placed: Placed, state: str, words: str | None) -> str:
        if placed.lines != "simulated":
            raise LineRefused("wrong_line", permanent=True)
        async with self.database.transaction(None) as db:
            program = await db.get(Program, placed.program_id)
            if program is None or program.settings.get("line_broken"):
                raise LineRefused("line_broken", permanent=False)
            attempt = await db.get(ContactAttempt, (placed.program_id, placed.attempt_id))
            # A plain text or ring (texts.py) belongs to no incident, and so to no attempt.
            if attempt is None and await db.get(PlainText, (placed.program_id, placed.attempt_id)) is None:
                raise LineUnsure
            now = now_of(db)
            call = SimulatedCall(
                program_id=placed.program_id,
                id=new_id(),
                attempt_id=placed.attempt_id,
                provider_id=f"SIM{uuid4().hex}",
                channel=placed.channel,
                number_key=seal_of(db).keyed_hash("phone", placed.number),
                last2=placed.number[-2:],
                shows=placed.shows,
                words=words,
                state=state,
                made_at=now,
                changed_at=now,
                due_at=now,
            )
            db.add(call)
            return call.provider_id


async def tick(database: Database, clock: Clock) -> None:
    """Phones do what they do by themselves when their time has come: start to ring, ring out, finish speaking."""
    due = select(SimulatedCall.program_id, SimulatedCall.id).where(
        SimulatedCall.due_at <= clock.sql_now(), SimulatedCall.state != "ended"
    )
    async with database.transaction(None) as db:
        waiting = (await db.execute(due.order_by(SimulatedCall.due_at).limit(500))).all()
    for program_id, call_id in waiting:
        try:
            await _do_what_is_due(database, clock, program_id, call_id)
        except (SQLAlchemyError, OSError):
            raise  # the database, not the row
        except Exception:
            log.exception("a simulated phone could not go on; it stays as it is")
            async with database.transaction(None) as db:
                (await db.get_one(SimulatedCall, (program_id, call_id))).due_at = None


async def _do_what_is_due(database: Database, clock: Clock, program_id: UUID, call_id: UUID) -> None:
    async with database.transaction(None) as db:
        phone = await _locked(
            db,
            select(SimulatedCall).where(
                SimulatedCall.program_id == program_id,
                SimulatedCall.id == call_id,
                SimulatedCall.due_at <= clock.sql_now(),
                SimulatedCall.state != "ended",
            ),
        )
        if phone is not None:
            await _due(db, phone)


async def act(db: Db, attempt_id: UUID, as_: As) -> None:
    """Somebody, or something, picks the phone up."""
    phone = await _phone(db, attempt_id)
    if phone.state not in RINGS:
        raise Conflict("This phone is not ringing any more. Look at the list of phones again.")
    now = now_of(db)
    phone.answered_as = as_
    _change(phone, "answered", now, None)
    document = await legs.answer(db, BASE, phone.program_id, phone.attempt_id, phone.provider_id)
    await _hear(db, phone, document)
    attempt = await callbacks.locked(db, phone.program_id, phone.attempt_id)
    if attempt is not None and attempt.who in legs.FAR_ENDS:
        await callbacks.handle_answered_by(db, attempt, GUESSES[as_], now)


async def press(db: Db, attempt_id: UUID, digits: str) -> None:
    """Keys on a phone that is listening to a menu. On any other phone they do nothing, as in life."""
    phone = await _phone(db, attempt_id)
    if phone.state != "menu":
        raise Conflict("No menu is being read on this phone: keys do nothing here.")
    document = await legs.key(
        db, BASE, phone.program_id, phone.attempt_id, phone.provider_id, digits, uuid4().hex
    )
    await _hear(db, phone, document)


async def hang_up(db: Db, attempt_id: UUID) -> None:
    """The person hangs up, or declines while it rings."""
    phone = await _phone(db, attempt_id)
    if phone.state == "ended":
        raise Conflict("This call has ended already.")
    await _end(db, phone, "busy" if phone.state in RINGS else "completed")


async def _due(db: Db, phone: SimulatedCall) -> None:
    now = now_of(db)
    if phone.channel == "text":
        _change(phone, "ended", now, None)
        await callbacks.handle_text_status(
            db, phone.program_id, phone.attempt_id, phone.provider_id, "delivered", None, now
        )
    elif phone.state == "queued":
        attempt = await callbacks.locked(db, phone.program_id, phone.attempt_id)
        seconds = attempt.ring_s if attempt is not None else 25
        _change(phone, "ringing", now, now + timedelta(seconds=seconds))
        await callbacks.handle_status(
            db, phone.program_id, phone.attempt_id, phone.provider_id, "ringing", None, now
        )
    elif phone.state == "ringing":
        await _end(db, phone, "no-answer")
    elif phone.state == "in_room":
        await _hear_waiting(db, phone)
    elif phone.state in ("menu", "speaking"):
        await _end(db, phone, "completed")


async def _end(
    db: Db, phone: SimulatedCall, event: Literal["completed", "no-answer", "busy", "canceled"]
) -> None:
    now = now_of(db)
    _change(phone, "ended", now, None)
    phone.conference = None
    await callbacks.handle_status(db, phone.program_id, phone.attempt_id, phone.provider_id, event, None, now)


async def _document(db: Db, phone: SimulatedCall, hook: str) -> str:
    ids = (phone.program_id, phone.attempt_id, phone.provider_id)
    match hook:
        case "voicemail":
            return await legs.voicemail(db, *ids)
        case "over":
            return await legs.over(db, BASE, *ids)
        case "silent":
            return await legs.silent(db, BASE, *ids)
        case "wait":
            return await legs.wait(db, BASE, *ids)
    return twiml.nothing()


async def _hear(db: Db, phone: SimulatedCall, document: str) -> None:
    """Carries out a document as a phone would: what is said, which room, which menu, or the end."""
    root = ElementTree.fromstring(document)  # noqa: S314 - our own document, made a moment ago
    now = now_of(db)
    if said := " ".join(say.text or "" for say in root.iter("Say")):
        phone.words = said
    room = root.find("./Dial/Conference")
    if room is not None:
        phone.conference = room.text
        wait_seconds = twiml.BEFORE_STAY_SECONDS
        _change(phone, "in_room", now, now + timedelta(seconds=wait_seconds))
    elif root.find("Gather") is not None:
        menu_seconds = twiml.MENU_TIMES * (10 + twiml.KEY_SECONDS)
        _change(phone, "menu", now, now + timedelta(seconds=menu_seconds))
    elif said:
        _change(phone, "speaking", now, now + timedelta(seconds=SPEAKING_SECONDS))
    else:
        await _end(db, phone, "completed")


async def _hear_waiting(db: Db, phone: SimulatedCall) -> None:
    """Two seconds alone in the room: the waiting document. With somebody else in it, nothing is played."""
    now = now_of(db)
    others = await db.scalar(
        select(SimulatedCall.id).where(
            SimulatedCall.program_id == phone.program_id,
            SimulatedCall.conference == phone.conference,
            SimulatedCall.id != phone.id,
            SimulatedCall.state == "in_room",
        )
    )
    if others is None:
        root = ElementTree.fromstring(await _document(db, phone, "wait"))  # noqa: S314 - our own document
        if said := " ".join(say.text or "" for say in root.iter("Say")):
            phone.words = said
    _change(phone, "in_room", now, None)


def _change(phone: SimulatedCall, state: str, now: datetime, due_at: datetime | None) -> None:
    phone.state, phone.changed_at, phone.due_at = state, now, due_at


def _provider_status(phone: SimulatedCall) -> ProviderStatus:
    if phone.state == "ended":
        return "completed"
    if phone.state == "queued":
        return "queued"
    return "ringing" if phone.state == "ringing" else "in-progress"


async def _phone(db: Db, attempt_id: UUID) -> SimulatedCall:
    """The newest simulated call of an attempt, in the transaction's own program when it has one."""
    wanted = select(SimulatedCall).where(SimulatedCall.attempt_id == attempt_id)
    program_id = db.info.get("program_id")
    if program_id is not None:
        wanted = wanted.where(SimulatedCall.program_id == program_id)
    phone = await _locked(db, wanted.order_by(SimulatedCall.made_at.desc()).limit(1))
    if phone is None:
        raise NotFound("No such phone is ringing here. Look at the list of phones again.")
    return phone


async def _by_provider_id(db: Db, provider_id: str) -> SimulatedCall | None:
    return await _locked(db, select(SimulatedCall).where(SimulatedCall.provider_id == provider_id))


async def _locked(db: Db, wanted: Select[SimulatedCall]) -> SimulatedCall | None:
    """Incident and attempt are locked first, in the order of every action; then the phone is read again."""
    seen = (await db.execute(wanted)).scalar_one_or_none()
    if seen is None:
        return None
    await callbacks.locked(db, seen.program_id, seen.attempt_id)
    await db.flush()
    again = wanted.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(again)).scalar_one_or_none()
