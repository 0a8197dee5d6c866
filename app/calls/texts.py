"""Plain texts: a link or a code to somebody's own number, outside of any incident. Same lines, same rate, last in turn.
The same way goes a ring of our own people who are asked to look.

Committed as `sending` before the line is asked; after a crash or a lost answer it is `unknown` and never sent again
by itself (decision 8): the person who waits for it presses once more.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app import numbers
from app.calls import twiml
from app.calls.lines import LineRefused, Lines, LineUnsure, Placed
from app.calls.models import PlainText, RateToken
from app.clients.queries import death_stands
from app.db import Database, Db, conceal, new_id, now_of, reveal, seal_of
from app.errors import Conflict
from app.group_sessions.signals import ClientSignal
from app.incidents.models import ContactAttempt
from app.settings import Settings
from app.staff.models import Program

# A code that comes later than this is of no use to the person who waits for it.
VOID_AFTER: Final = timedelta(minutes=5)
ORDER_SECONDS: Final = 8.0
# Of our own people's phones: a voicemail takes the call later than this.
RING_SECONDS: Final = 20
# By then it has rung out, or the next one is on its way.
RING_VOID_AFTER: Final = timedelta(seconds=60)
Channel = Literal["text", "call"]
# A process that died while it sent: by then the line's own timeout is long over.
GIVEN_UP_AFTER: Final = timedelta(minutes=1)


async def queue(
    db: Db,
    program: Program,
    number: str,
    words: str,
    *,
    client_id: UUID | None = None,
    contact_id: UUID | None = None,
    signal_id: UUID | None = None,
    channel: Channel = "text",
) -> UUID:
    """The caller has asked consent for this very text and writes the entry. `words` name nobody and no reason; a call says
    the same sentence to whoever picks up."""
    if client_id is not None and await death_stands(db, program.id, client_id):
        raise Conflict(
            "This client has died. Nothing is texted about them, or to their family.", code="has_died"
        )
    now = now_of(db)
    row = PlainText(
        program_id=program.id,
        id=new_id(),
        lines=program.lines,
        provider_account=program.provider_account,
        channel=channel,
        client_id=client_id,
        contact_id=contact_id,
        signal_id=signal_id,
        number_key=seal_of(db).keyed_hash("phone", number),
        last2=number[-2:],
        due_at=now,
        void_after=now + (RING_VOID_AFTER if channel == "call" else VOID_AFTER),
    )
    conceal(db, row, "number", number)
    conceal(db, row, "words", words)
    db.add(row)
    await db.flush()
    return row.id


async def cancel(db: Db, program_id: UUID, contact_id: UUID) -> None:
    """What waits for this contact does not leave any more."""
    await db.execute(
        update(PlainText)
        .where(
            PlainText.program_id == program_id,
            PlainText.contact_id == contact_id,
            PlainText.status == "planned",
        )
        .values(status="cancelled", words=None, ended_at=now_of(db))
    )


async def heard_on(db: Db, program_id: UUID, row_id: UUID) -> str | None:
    """What whoever picks up is told: whole, also when somebody answers meanwhile. None: this is no ring of ours, or one of
    before."""
    row = await db.get(PlainText, (program_id, row_id))
    if row is None or row.channel != "call" or row.status not in ("sending", "sent", "unknown"):
        return None
    if row.void_after <= now_of(db):
        return None
    row.let_go_at = row.let_go_at or now_of(db)
    return twiml.NOTHING_TO_DO if await _settled(db, row) else twiml.LOOK


async def is_ours(db: Db, program_id: UUID, row_id: UUID) -> bool:
    """What the provider tells of one: it is no attempt, and nothing follows from it."""
    return await db.get(PlainText, (program_id, row_id)) is not None


async def _settled(db: Db, row: PlainText) -> bool:
    """A person has said what the signal was: nobody needs to look any more."""
    if row.signal_id is None:
        return False
    signal = await db.get(ClientSignal, (row.program_id, row.signal_id))
    return signal is not None and signal.answered_at is not None


@dataclass(frozen=True, slots=True)
class Claimed:
    program_id: UUID
    id: UUID
    placed: Placed


async def once(database: Database, lines: Lines, settings: Settings) -> None:
    """Sends what waits, one after the other, as fast as the account allows and nothing urgent waits."""
    while (claimed := await _claim(database, settings)) is not None:
        if claimed.placed.number:
            await _send(database, lines, claimed)


async def _claim(database: Database, settings: Settings) -> Claimed | None:
    async with database.transaction(None) as db:
        now = now_of(db)
        await _give_up(db, now)
        row: PlainText | None = await db.scalar(
            select(PlainText)
            .where(
                PlainText.status == literal_column("'planned'"), PlainText.due_at <= now, ~_urgent_waits(now)
            )
            .order_by(PlainText.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        nothing = Claimed(row.program_id, row.id, _placed(row, "", "", ""))
        if row.void_after <= now:
            row.status, row.words, row.ended_at = "voided", None, now
            return nothing
        if await _settled(db, row):
            row.status, row.words, row.ended_at = "cancelled", None, now
            return nothing
        number, words = reveal(db, row, "number") or "", reveal(db, row, "words") or ""
        if refused := numbers.dialable(number):
            row.status, row.words, row.ended_at = "failed", None, now
            row.error_code = f"number_{refused.code}"
            return nothing
        if not await _token(db, settings, row, now):
            return None
        shows = await db.scalar(select(Program.callback_number).where(Program.id == row.program_id))
        row.status, row.sending_at = "sending", now
        return Claimed(row.program_id, row.id, _placed(row, number, shows or "", words))


def _placed(row: PlainText, number: str, shows: str, words: str) -> Placed:
    return Placed(
        program_id=row.program_id,
        attempt_id=row.id,
        lines=row.lines,
        channel="call" if row.channel == "call" else "text",
        ring_seconds=RING_SECONDS,
        number=number,
        shows=shows,
        text=words,
    )


def _urgent_waits(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        ContactAttempt.status == literal_column("'planned'"),
        ContactAttempt.due_at <= now,
        ContactAttempt.provider_account == PlainText.provider_account,
        ContactAttempt.channel == PlainText.channel,
    )


async def _token(db: Db, settings: Settings, row: PlainText, now: datetime) -> bool:
    """The account's next free moment, shared with the texts and calls of incidents."""
    account, kind = row.provider_account, row.channel
    rate = settings.calls_per_second if kind == "call" else settings.texts_per_second
    await db.execute(
        insert(RateToken)
        .values(account=account, kind=kind, next_at=now, per_second=rate, served={})
        .on_conflict_do_nothing()
    )
    token = (
        await db.scalars(
            select(RateToken).where(RateToken.account == account, RateToken.kind == kind).with_for_update()
        )
    ).one()
    if token.next_at > now:
        return False
    token.next_at = now + timedelta(seconds=1 / token.per_second)
    return True


async def _give_up(db: Db, now: datetime) -> None:
    await db.execute(
        update(PlainText)
        .where(PlainText.status == "sending", PlainText.sending_at < now - GIVEN_UP_AFTER)
        .values(status="unknown", words=None, ended_at=now)
    )


async def _send(database: Database, lines: Lines, claimed: Claimed) -> None:
    provider_id: str | None = None
    code: str | None = None
    status = "sent"
    try:
        async with asyncio.timeout(ORDER_SECONDS):
            line = lines.of(claimed.placed.lines)
            leaves = line.place_call if claimed.placed.channel == "call" else line.send_text
            provider_id = await leaves(claimed.placed)
    except LineRefused as refused:
        status, code = "failed", refused.code
    except (LineUnsure, TimeoutError):
        status = "unknown"
    async with database.transaction(None) as db:
        await db.execute(
            update(PlainText)
            .where(
                PlainText.program_id == claimed.program_id,
                PlainText.id == claimed.id,
                PlainText.status == "sending",
            )
            .values(status=status, words=None, provider_id=provider_id, error_code=code, ended_at=now_of(db))
        )
