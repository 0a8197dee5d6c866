"""Finds states that change by themselves: silence, an ended promise, a question that nobody answered."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from app.db import Db
from app.group_sessions.fusing import Transition, settle
from app.group_sessions.models import Presence
from app.prepared import Prepared

# Larger than any burst that one program's outage makes, so that such a burst is one transaction.
LIMIT = 10_000

# Without whoever was taken off a roster: what was due of theirs would call for a look in every round since.
_COUNT = Prepared(
    """
    select program_id, count(*) as due from presence
    where check_at <= :now and removed_at is null group by program_id
    """
)


async def waiting(db: Db, now: datetime) -> dict[UUID, int]:
    """How many rows are due, by program; across programs, in the engine's role."""
    return {row.program_id: row.due for row in await _COUNT.rows(db, now=now)}


async def due(
    db: Db, now: datetime, programs: Collection[UUID] | None = None, limit: int = LIMIT
) -> list[Transition]:
    """Of these programs, or of all. Rows that somebody else holds wait for the next round."""
    chosen = [Presence.check_at <= now]
    if programs is not None:
        chosen.append(Presence.program_id.in_(list(programs)))
    return await settle(db, now, *chosen, limit=limit, sweeping=True)
