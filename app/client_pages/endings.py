"""Which groups have closed, for every page of this process at once: a page that beats learns of it with its next beat."""

from uuid import UUID

from sqlalchemy import select

from app.client_pages.looks import Look
from app.db import Database, Db
from app.group_sessions.models import GroupSession
from app.journal.wake import Wake


class Endings:
    """One per web process."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._look = Look(database, wake, _standing)

    def stop(self) -> None:
        self._look.stop()

    async def over(self, program_id: UUID, group_session_id: UUID) -> bool:
        """False while it cannot be asked: nobody is turned away for our own trouble."""
        standing = await self._look.now(program_id)
        return standing is not None and group_session_id not in standing


async def _standing(db: Db, program_id: UUID) -> frozenset[UUID]:
    rows = await db.scalars(
        select(GroupSession.id).where(GroupSession.program_id == program_id, GroupSession.state != "closed")
    )
    return frozenset(rows)
