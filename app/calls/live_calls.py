"""Calls that are on the line now: hung up, given a voicemail's words, or rescued from silence (R6).

What is wanted stands in the attempt's row, so that a press and a rule can ask for it in their own transaction;
the line is told outside of any. Every order may safely be given twice.
"""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from app.calls import callbacks, legs, sick, twiml
from app.calls.addresses import hook
from app.calls.lines import Line, LineRefused, Lines, LineUnsure
from app.db import Database, Db, now_of
from app.incidents.models import ContactAttempt
from app.settings import Settings

log = logging.getLogger(__name__)

SILENT_AFTER = timedelta(seconds=twiml.SILENT_SECONDS)
ORDER_SECONDS = 8.0
TRY_AGAIN_SECONDS = 1.0
LAST_WORD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Order:
    program_id: UUID
    attempt_id: UUID
    lines: str
    provider_id: str
    wanted: str


async def orders(db: Db) -> list[Order]:
    rows = await db.execute(
        select(
            ContactAttempt.program_id,
            ContactAttempt.id,
            ContactAttempt.lines,
            ContactAttempt.provider_id,
            ContactAttempt.wanted,
        )
        .where(
            ContactAttempt.wanted.is_not(None),
            ContactAttempt.provider_id.is_not(None),
            ContactAttempt.ended_at.is_(None),
        )
        .limit(100)
    )
    return [Order(row.program_id, row.id, row.lines, row.provider_id or "", row.wanted or "") for row in rows]


async def carry_out(database: Database, lines: Lines, settings: Settings, found: Iterable[Order]) -> None:
    """Outside lines are told in the background, one order per call at a time."""
    for order in found:
        started = lines.start_once(order.attempt_id, partial(_carry_out, database, lines, settings, order))
        if started is not None and order.lines == "simulated":
            await asyncio.wait({started})


async def _carry_out(database: Database, lines: Lines, settings: Settings, order: Order) -> None:
    try:
        async with asyncio.timeout(ORDER_SECONDS):
            await _tell_line(lines.of(order.lines), settings, order)
    except LineRefused:
        pass  # over already, or nothing that asking again would change; the final callback or reconcile ends it
    except (LineUnsure, TimeoutError):
        await asyncio.sleep(TRY_AGAIN_SECONDS)
        return
    async with database.transaction(None) as db:
        attempt = await callbacks.locked(db, order.program_id, order.attempt_id)
        if attempt is not None and attempt.wanted == order.wanted:
            attempt.wanted = None
            if order.wanted == "hang_up" and attempt.status in callbacks.LIVE:
                # The last callback says how it ended; without one the provider is asked.
                attempt.lease_until = now_of(db) + LAST_WORD


async def _tell_line(line: Line, settings: Settings, order: Order) -> None:
    match order.wanted:
        case "hang_up":
            await line.cancel_call(order.provider_id)
        case "voicemail" | "over" | "silent":
            url = hook(settings.public_base_url, order.program_id, order.attempt_id, order.wanted)
            await line.redirect_call(order.provider_id, url)
        case _:
            raise LineRefused("unknown_order", permanent=True)


async def perhaps_silent(db: Db) -> list[tuple[UUID, UUID]]:
    """Far ends that have been on the line for 20 s; with a person in the room nothing is done to them."""
    rows = await db.execute(
        select(ContactAttempt.program_id, ContactAttempt.id).where(
            ContactAttempt.status.in_(callbacks.LIVE_SQL),
            ContactAttempt.channel == literal_column("'call'"),
            ContactAttempt.status == "answered",
            ContactAttempt.who.in_(legs.FAR_ENDS),
            ContactAttempt.answered_at <= now_of(db) - SILENT_AFTER,
            ContactAttempt.result.is_(None),
            ContactAttempt.wanted.is_(None),
        )
    )
    return [(row.program_id, row.id) for row in rows]


async def break_silences(database: Database, found: Iterable[tuple[UUID, UUID]]) -> None:
    for program_id, attempt_id in found:
        try:
            async with database.transaction(None) as db:
                attempt = await callbacks.locked(db, program_id, attempt_id)
                if attempt is not None:
                    await _break_silence(db, attempt, now_of(db))
        except (SQLAlchemyError, OSError):
            raise  # the database, not the row
        except Exception:
            log.exception("a silent call could not be looked at")
            await sick.give_to_a_person(database, program_id, attempt_id)


async def _break_silence(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    if attempt.status != "answered" or attempt.result is not None or attempt.wanted is not None:
        return
    chain = await callbacks.room_chain(db, attempt)
    if await callbacks.staff_in_room(db, attempt.program_id, chain):
        return
    if attempt.joined_at is not None:
        # They were spoken with. The line stays open for a while after the last of staff has gone, then it is closed.
        if await _last_staff_gone_at(db, attempt, chain) <= now - SILENT_AFTER:
            attempt.wanted = "hang_up"
    elif attempt.answered_by == "machine":
        attempt.wanted = "hang_up"
    else:
        await legs.mark_silent(db, attempt)
        attempt.wanted = "silent"


async def _last_staff_gone_at(db: Db, attempt: ContactAttempt, chain: list[UUID]) -> datetime:
    gone: datetime | None = await db.scalar(
        select(func.max(ContactAttempt.ended_at)).where(
            ContactAttempt.program_id == attempt.program_id,
            ContactAttempt.client_leg_id.in_(chain),
            ContactAttempt.joined_at.is_not(None),
        )
    )
    return gone or attempt.joined_at or now_of(db)
