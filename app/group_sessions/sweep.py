"""Finds states that change by themselves: silence, an ended promise, a question that nobody answered."""

from datetime import datetime

from app.db import Db
from app.group_sessions.fusing import Transition, settle
from app.group_sessions.models import Presence

# Larger than any burst that one program's outage makes, so that such a burst is one transaction.
LIMIT = 10_000


async def due(db: Db, now: datetime, limit: int = LIMIT) -> list[Transition]:
    """Across programs, in the engine's role. Rows that somebody else holds wait for the next round."""
    return await settle(db, now, Presence.check_at <= now, limit=limit, sweeping=True)
