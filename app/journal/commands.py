"""Retry-safe writes: each carries a command id (or a webhook's delivery id), committed with its effect (decision 8c)."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.db import Db, now_of
from app.journal.models import Command


async def first_time(db: Db, program_id: UUID, command_id: str, kind: str) -> bool:
    """False when this command has already been carried out: answer as if it just had been, and do nothing.

    Two copies at once: the second waits here for the first one's commit or rollback.
    """
    inserted = await db.execute(
        insert(Command)
        .values(program_id=program_id, id=command_id, kind=kind, recorded_at=now_of(db))
        .on_conflict_do_nothing()
        .returning(Command.id)
    )
    return inserted.first() is not None
