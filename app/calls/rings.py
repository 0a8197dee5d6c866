"""Rings of our own people about a client's quiet signal: once a person has said what it is, phones that still ring for it
stop. Whoever has picked up already hears the sentence to its end."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import update

from app.calls.lines import LineRefused, Lines, LineUnsure
from app.calls.models import PlainText
from app.calls.texts import ORDER_SECONDS, RING_SECONDS
from app.db import Database, now_of
from app.prepared import Prepared

# One that left at its last moment still rings for so long after it; the provider may add 5 s to what we ask for.
RINGS_ON = timedelta(seconds=RING_SECONDS + 5)
_ANSWERED = Prepared(
    """
    select t.program_id, t.id, t.lines, t.provider_id from plain_text t
    join client_signal s on s.program_id = t.program_id and s.id = t.signal_id and s.answered_at is not null
    where t.signal_id is not null and t.let_go_at is null and t.void_after > :since
        and t.channel = 'call' and t.status = 'sent' and t.provider_id is not null
    limit 100
    """
)


async def let_go(database: Database, lines: Lines) -> None:
    """Outside lines are told in the background, one order per call at a time; one that is unsure is asked again."""
    for row in await _answered(database):
        started = lines.start_once(row.id, partial(_end, database, lines, row))
        if started is not None and row.lines == "simulated":
            await asyncio.wait({started})


async def _answered(database: Database) -> Sequence[Any]:
    async with database.transaction(None) as db:
        return await _ANSWERED.rows(db, since=now_of(db) - RINGS_ON)


async def _end(database: Database, lines: Lines, row: Any) -> None:
    try:
        async with asyncio.timeout(ORDER_SECONDS):
            await lines.of(row.lines).cancel_call(row.provider_id)
    except LineRefused:
        pass  # over already, or nothing that asking again would change
    except (LineUnsure, TimeoutError):
        return
    async with database.transaction(None) as db:
        await db.execute(
            update(PlainText)
            .where(PlainText.program_id == row.program_id, PlainText.id == row.id)
            .values(let_go_at=now_of(db))
        )
