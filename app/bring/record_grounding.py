"""Exercises and small steps in a copy of a client's record: what was done, and what they said of it."""

from typing import Any

from sqlalchemy import select

from app.clients.models import Client
from app.db import Db, reveal
from app.grounding.models import Intervention
from app.grounding.texts import texts_in
from app.staff import queries as staff


async def exercises(db: Db, client: Client) -> list[dict[str, Any]]:
    """The newest first."""
    rows = (
        await db.scalars(
            select(Intervention)
            .where(Intervention.program_id == client.program_id, Intervention.client_id == client.id)
            .order_by(Intervention.offered_at.desc(), Intervention.id)
        )
    ).all()
    names = await staff.names(db, client.program_id, {row.offered_by for row in rows})
    titles: dict[str, str] = {kind: words.title for kind, words in texts_in("en").exercises.items()}
    return [
        {
            "at": (row.started_at or row.offered_at).isoformat(),
            "what": titles.get(row.kind, "One small step"),
            "result": row.result,
            "distress_before": row.before,
            "distress_after": row.after,
            "words": reveal(db, row, "words"),
            "with": names.get(row.offered_by),
        }
        for row in rows
    ]
