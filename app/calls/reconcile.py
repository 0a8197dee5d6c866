"""Calls whose fate we do not know: ask the provider, adopt the one that is ours, or ring again as a new attempt.

The provider has no idempotency key and its list does not carry our id (telephony.md 1b). What is ours was made
after we began to dial and belongs to no other attempt. A call that the provider hid and that rings later after
all finds its attempt replaced: it hears nothing and is hung up.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.calls import callbacks, claim
from app.calls.lines import LineRefused, Lines, LineUnsure, ProviderCall
from app.db import Database, Db, now_of, reveal
from app.incidents import attempts
from app.incidents.models import ContactAttempt
from app.journal.kinds import Kind

# The first callback with our attempt id usually comes within a second of the call being made.
CALLBACK_WAIT = timedelta(seconds=4)
ASK_AGAIN = timedelta(seconds=2)
# A provider that cannot be asked for this long is down: people dial by hand, nothing is dialled again by us.
GIVE_UP = timedelta(seconds=20)
ASK_SECONDS = 8.0
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What the provider is asked about one attempt."""

    program_id: UUID
    attempt_id: UUID
    number: str = field(repr=False)
    since: datetime


Due = tuple[UUID, UUID, str]


async def due(db: Db) -> list[Due]:
    """Every live attempt whose time to look has come: program, attempt, lines."""
    rows = await db.execute(
        select(ContactAttempt.program_id, ContactAttempt.id, ContactAttempt.lines)
        .where(ContactAttempt.status.in_(callbacks.LIVE_SQL), ContactAttempt.lease_until <= now_of(db))
        .order_by(ContactAttempt.urgency, ContactAttempt.lease_until)
        .limit(AT_ONCE)
    )
    return [(row.program_id, row.id, row.lines) for row in rows]


async def look_up(database: Database, lines: Lines, found: Iterable[Due]) -> None:
    """Outside lines are asked in the background, each attempt once at a time."""
    for program_id, attempt_id, of_lines in found:
        look = lines.start_once(attempt_id, partial(_look, database, lines, of_lines, program_id, attempt_id))
        if look is not None and of_lines == "simulated":
            await asyncio.wait({look})


async def mark_unknown(db: Db, attempt: ContactAttempt) -> None:
    attempt.status = "unknown"
    attempt.claimed_by = None
    attempt.lease_until = now_of(db) + CALLBACK_WAIT
    await claim.note(db, attempt, Kind.attempt_unknown)


async def _look(database: Database, lines: Lines, of_lines: str, program_id: UUID, attempt_id: UUID) -> None:
    async with database.transaction(None) as db:
        question = await _question(db, program_id, attempt_id)
    if question is None:
        return
    calls: list[ProviderCall] | None = None
    try:
        async with asyncio.timeout(ASK_SECONDS):
            calls = await lines.of(of_lines).list_recent(question.number, question.since)
    except (LineRefused, LineUnsure, TimeoutError):
        pass
    async with database.transaction(None) as db:
        attempt = await callbacks.locked(db, program_id, attempt_id)
        if attempt is not None and attempt.status in callbacks.LIVE:
            await _conclude(db, attempt, calls, question.since)


async def _question(db: Db, program_id: UUID, attempt_id: UUID) -> Question | None:
    """None when it needs no asking, or somebody else is asking already."""
    attempt = await callbacks.locked(db, program_id, attempt_id)
    now = now_of(db)
    if (
        attempt is None
        or attempt.status not in callbacks.LIVE
        or attempt.lease_until is None
        or attempt.lease_until > now
    ):
        return None
    if attempt.provider_id is None and attempt.status == "dialing":
        await mark_unknown(db, attempt)
        return None
    if attempt.channel == "text":
        await _text_without_word(db, attempt, now)
        return None
    attempt.lease_until = now + ASK_AGAIN + timedelta(seconds=ASK_SECONDS)
    # The provider's times are whole seconds.
    since = (attempt.dialing_at or now).replace(microsecond=0)
    return Question(program_id, attempt_id, reveal(db, attempt, "number") or "", since)


async def _text_without_word(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    """Many carriers never confirm a delivery. One that may not have left is not sent twice: it counts as failed."""
    attempt.lease_until = None
    if attempt.status == "unknown":
        await callbacks.text_failed(db, attempt, "unknown", now)


async def _conclude(
    db: Db, attempt: ContactAttempt, calls: list[ProviderCall] | None, since: datetime
) -> None:
    now = now_of(db)
    attempt.lease_until = now + ASK_AGAIN
    if attempt.provider_id is not None:
        known = next((call for call in calls or () if call.provider_id == attempt.provider_id), None)
        if known is not None:
            await _apply(db, attempt, known, now)
        return
    if calls is None:
        if now - (attempt.dialing_at or now) >= GIVE_UP:
            await claim.refuse(db, attempt, "provider_silent", now)
        return
    ours = await _not_adopted(db, [call for call in calls if call.made_at >= since])
    if ours:
        await _apply(db, attempt, min(ours, key=lambda call: call.made_at), now)
    else:
        await _replace(db, attempt, now)


async def _apply(db: Db, attempt: ContactAttempt, call: ProviderCall, now: datetime) -> None:
    # A call that stays as it is keeps its usual time until the next look.
    talking = attempt.status == "answered"
    attempt.lease_until = now + (callbacks.TALKING_CHECK if talking else callbacks.RINGING_CHECK)
    await callbacks.handle_status(
        db, attempt.program_id, attempt.id, call.provider_id, call.status, call.answered_by, now
    )


async def _not_adopted(db: Db, calls: list[ProviderCall]) -> list[ProviderCall]:
    taken = set(
        await db.scalars(
            select(ContactAttempt.provider_id).where(
                ContactAttempt.provider_id.in_([call.provider_id for call in calls])
            )
        )
    )
    return [call for call in calls if call.provider_id not in taken]


async def _replace(db: Db, attempt: ContactAttempt, now: datetime) -> None:
    """The provider knows of no such call: this attempt is over, whatever rings for it later; a new one takes its place."""
    attempt.ended_at = now
    attempt.lease_until = None
    attempt.result = "failed"
    attempt.error_code = "never_arrived"
    if attempt.wanted == "hang_up":
        attempt.status = "cancelled"
        attempt.wanted = None
        return
    attempt.status = "failed"
    await db.flush()
    await attempts.redial(db, attempt)
