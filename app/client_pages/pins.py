"""The PIN that opens a client's own plan, chain and contacts on their page (R4).

The phone on the table is not the client: a wrong PIN, a missing one and one too many all lead to the grounding cards,
and take as long. Staff open a window in which the client chooses it on their own page, or type it in with them.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.client_pages.models import ClientPin
from app.client_pages.standing import Standing
from app.clients.queries import client_of
from app.db import Db, new_id, now_of
from app.errors import Conflict, NotValid
from app.journal.commands import first_time
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.access import Viewer, require_client

WINDOW = timedelta(minutes=10)
REMEMBERED = timedelta(minutes=10)
# Words typed on the open page may still be sent when the page itself would ask again.
LATE_WORDS = timedelta(hours=1)
# Ten thousand PINs of four digits: five tries a quarter of an hour are one in 2,000.
TRIES = 5
COOKIE = "handrail_mine"
SHORTEST, LONGEST = 4, 8


@dataclass(frozen=True, slots=True)
class PinNow:
    """For staff: whether there is one, since when, how it came about, and until when a window stands open."""

    set_at: datetime | None
    how: str | None
    window_until: datetime | None


def weak(pin: str) -> bool:
    """Not four to eight digits, nearly all the same, or counted up or down."""
    if not re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", pin, re.ASCII):
        return True
    return len(set(pin)) < 3 or len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) == 1


def check(pin: str) -> None:
    if weak(pin):
        sentence = "A PIN has 4 to 8 digits: not the same digit again and again, and not counted up or down."
        raise NotValid(sentence, fields={"pin": sentence})


# --- staff


async def now_of_client(db: Db, program_id: UUID, client_id: UUID) -> PinNow:
    row = await _row(db, program_id, client_id)
    if row is None:
        return PinNow(None, None, None)
    open_window = row.window_until if row.window_until and row.window_until > now_of(db) else None
    return PinNow(row.set_at, row.how, open_window)


async def open_window(db: Db, viewer: Viewer, client_id: UUID) -> None:
    """For ten minutes the client's own page offers to choose a PIN, in place of the one there may be."""
    row = await _of_staff(db, viewer, client_id)
    row.window_until, row.by_staff_id = now_of(db) + WINDOW, viewer.staff_id
    await _changed(db, viewer.program_id, client_id, viewer.actor, "window opened")


async def set_with_staff(db: Db, viewer: Viewer, client_id: UUID, pin_hash: str) -> None:
    """Typed together. `pin_hash` of a PIN that `check` has let through; the hashing is no part of a transaction."""
    row = await _of_staff(db, viewer, client_id)
    row.by_staff_id = viewer.staff_id
    _set(row, pin_hash, "with_staff", now_of(db))
    await _changed(db, viewer.program_id, client_id, viewer.actor, "typed together")


async def take_away(db: Db, viewer: Viewer, client_id: UUID) -> None:
    row = await _of_staff(db, viewer, client_id)
    if row.pin_hash is None and row.window_until is None:
        raise Conflict("There is no PIN to take away.")
    row.pin_hash = row.set_at = row.how = row.window_until = None
    _forget(row)
    await _changed(db, viewer.program_id, client_id, viewer.actor, "taken away")


async def _of_staff(db: Db, viewer: Viewer, client_id: UUID) -> ClientPin:
    await require_client(db, viewer, client_id)
    await client_of(db, viewer.program_id, client_id)
    made = insert(ClientPin).values(program_id=viewer.program_id, id=new_id(), client_id=client_id)
    await db.execute(made.on_conflict_do_nothing(index_elements=["program_id", "client_id"]))
    row = await _row(db, viewer.program_id, client_id, lock=True)
    if row is None:
        raise Conflict("Somebody changed this meanwhile. Read it again.")
    return row


# --- the client


async def may_choose(db: Db, client: Standing) -> bool:
    return (await now_of_client(db, client.program_id, client.client_id)).window_until is not None


async def choose(db: Db, client: Standing, pin_hash: str, command: str) -> bool:
    """False: the window has closed meanwhile."""
    row = await _row(db, client.program_id, client.client_id, lock=True)
    if row is None or row.window_until is None or row.window_until <= now_of(db):
        return False
    if not await first_time(db, client.program_id, f"{client.link_id}:{command}", "client_page.pin"):
        return True
    _set(row, pin_hash, "client", now_of(db))
    actor = Actor("client", client.client_id)
    await _changed(db, client.program_id, client.client_id, actor, "chosen on their page")
    return True


async def kept_hash(db: Db, client: Standing) -> str | None:
    row = await _row(db, client.program_id, client.client_id)
    return row.pin_hash if row else None


async def open_with(db: Db, client: Standing, pin_hash: str) -> str | None:
    """The right PIN was given: what this device keeps for ten minutes. None when the PIN has changed meanwhile."""
    row = await _row(db, client.program_id, client.client_id, lock=True)
    if row is None or row.pin_hash != pin_hash:
        return None
    secret = secrets.token_urlsafe(32)
    row.pass_hash, row.pass_link_id = _hashed(secret), client.link_id
    row.pass_until = now_of(db) + REMEMBERED
    await _note(db, client, Kind.pin_opened)
    return secret


async def failed(db: Db, client: Standing) -> None:
    await _note(db, client, Kind.pin_failed)


async def is_open(db: Db, client: Standing, secret: str | None, *, late: bool = False) -> bool:
    """`late`: for words that were typed while it was open."""
    if not secret:
        return False
    row = await _row(db, client.program_id, client.client_id)
    if row is None or row.pass_until is None or row.pass_hash != _hashed(secret):
        return False
    until = row.pass_until + (LATE_WORDS if late else timedelta())
    return row.pass_link_id == client.link_id and now_of(db) < until


async def close(db: Db, client: Standing) -> None:
    row = await _row(db, client.program_id, client.client_id, lock=True)
    if row is not None:
        _forget(row)


def _set(row: ClientPin, pin_hash: str, how: str, now: datetime) -> None:
    row.pin_hash, row.set_at, row.how, row.window_until = pin_hash, now, how, None
    _forget(row)


def _forget(row: ClientPin) -> None:
    row.pass_hash = row.pass_link_id = row.pass_until = None


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


async def _row(db: Db, program_id: UUID, client_id: UUID, *, lock: bool = False) -> ClientPin | None:
    query = select(ClientPin).where(ClientPin.program_id == program_id, ClientPin.client_id == client_id)
    found: ClientPin | None = await db.scalar(query.with_for_update() if lock else query)
    return found


async def _note(db: Db, client: Standing, kind: Kind) -> None:
    entry = NewEntry(
        kind,
        Actor("client", client.client_id),
        client_id=client.client_id,
        group_session_id=client.group_session_id,
        retention="audit",
    )
    await write(db, client.program_id, [entry])


async def _changed(db: Db, program_id: UUID, client_id: UUID, actor: Actor, how: str) -> None:
    entry = NewEntry(Kind.pin_changed, actor, client_id=client_id, detail={"how": how}, retention="audit")
    await write(db, program_id, [entry])
