"""Retry-safe writes: each carries a command id (or a webhook's delivery id), committed with its effect (decision 8c)."""

from uuid import UUID

from app.db import Db, now_of
from app.prepared import Prepared

_FIRST = Prepared(
    """
    insert into command (program_id, id, kind, recorded_at) values (:program, :command, :kind, :now)
    on conflict do nothing returning id
    """
)


async def first_time(db: Db, program_id: UUID, command_id: str, kind: str) -> bool:
    """False when this command has already been carried out: answer as if it just had been, and do nothing.

    Two copies at once: the second waits here for the first one's commit or rollback.
    """
    inserted = await _FIRST.rows(db, program=program_id, command=command_id, kind=kind, now=now_of(db))
    return bool(inserted)
