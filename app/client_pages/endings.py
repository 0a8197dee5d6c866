"""Which groups have closed, for every page of this process at once: a page that beats learns of it with its next beat.

Asked anew only after something was written in that program, and at most once a second, however many pages are open.
"""

import asyncio
import time
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.group_sessions.models import GroupSession
from app.journal.wake import Wake

AT_MOST_EVERY_SECONDS = 1.0


@dataclass
class _Program:
    """`standing`: None until it was asked. `stale`: something was written since."""

    standing: frozenset[UUID] | None = None
    stale: bool = True
    asked_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Endings:
    """One per web process."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._programs: dict[UUID, _Program] = {}
        self._unlisten = wake.listen(self._written)

    def stop(self) -> None:
        self._unlisten()

    def _written(self, program_id: UUID | None, _seq: int) -> None:
        for known, program in self._programs.items():
            if program_id is None or program_id == known:
                program.stale = True

    async def over(self, program_id: UUID, group_session_id: UUID) -> bool:
        """False while it cannot be asked: nobody is turned away for our own trouble."""
        program = self._programs.setdefault(program_id, _Program())
        async with program.turn:
            if program.stale and time.monotonic() - program.asked_at >= AT_MOST_EVERY_SECONDS:
                await self._ask(program_id, program)
        return program.standing is not None and group_session_id not in program.standing

    async def _ask(self, program_id: UUID, program: _Program) -> None:
        program.asked_at = time.monotonic()
        # Whatever is written while we ask makes it stale again.
        program.stale = False
        try:
            async with self._database.transaction(program_id) as db:
                rows = await db.scalars(
                    select(GroupSession.id).where(
                        GroupSession.program_id == program_id, GroupSession.state != "closed"
                    )
                )
                program.standing = frozenset(rows)
        except (SQLAlchemyError, OSError, TimeoutError):
            program.stale = True
