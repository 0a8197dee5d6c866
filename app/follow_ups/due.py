"""Calls that were not made in their time, for the engine: shown as missed, and given to the supervisor. Nothing else
happens by time (R1): nobody is rung, nothing ends, no tier moves.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.db import Database, Db, now_of
from app.follow_ups import owing, rules
from app.follow_ups.models import FollowUp
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write_all
from app.tasks.actions import open_task
from app.tasks.queries import of_gaps

BATCH = 200


async def run_due(database: Database) -> int:
    """One batch. Returns how many were missed."""
    async with database.transaction(None) as db:
        rows = await _claim(db)
        entries: dict[UUID, list[NewEntry]] = {}
        for row in rows:
            entries.setdefault(row.program_id, []).extend(await _lapse(db, row))
        if entries:
            await write_all(db, entries)
        return len(rows)


async def _claim(db: Db) -> Sequence[FollowUp]:
    """Skips what somebody is writing down at this moment: the next round comes within a second."""
    found = await db.scalars(
        select(FollowUp)
        .where(FollowUp.next_at <= now_of(db), FollowUp.ended_at.is_(None))
        .order_by(FollowUp.next_at, FollowUp.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def _lapse(db: Db, row: FollowUp) -> list[NewEntry]:
    row.lapsed_at, row.next_at = now_of(db), None
    entry = NewEntry(
        Kind.follow_up_missed,
        RULE,
        incident_id=row.incident_id,
        client_id=row.client_id,
        detail={"follow_up": row.id, "call": row.kind, "due_at": row.due_at},
    )
    return [entry, *await _to_supervisor(db, row)]


async def _to_supervisor(db: Db, row: FollowUp) -> list[NewEntry]:
    """One task for a client, however many were missed."""
    gap = owing.MISSED_GAP[row.kind]
    await db.flush()
    if (row.client_id, gap) in await of_gaps(db, row.program_id, [row.client_id]):
        return []
    return [
        await open_task(
            db,
            row.program_id,
            about=owing.ASK_SUPERVISOR[row.kind],
            gap=gap,
            client_id=row.client_id,
            owner_id=await owing.supervisor_of(db, row.program_id, row.client_id),
            due_at=now_of(db) + rules.SUPERVISOR_WITHIN[rules.tier_of(row.tier)],
            made_by=None,
        )
    ]
