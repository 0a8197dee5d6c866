"""One look for every page of this process: read anew only after something was written in that program, and at most once
a second, however many pages are open.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from app.db import Database, Db
from app.journal.wake import Wake

AT_MOST_EVERY_SECONDS = 1.0

Found = TypeVar("Found")


@dataclass
class _Program(Generic[Found]):
    """`found`: None until it was read. `stale`: something was written since."""

    found: Found | None = None
    stale: bool = True
    asked_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Look(Generic[Found]):
    def __init__(self, database: Database, wake: Wake, read: Callable[[Db, UUID], Awaitable[Found]]) -> None:
        self._database = database
        self._read = read
        self._programs: dict[UUID, _Program[Found]] = {}
        self._unlisten = wake.listen(self._written)

    def stop(self) -> None:
        self._unlisten()

    def _written(self, program_id: UUID | None, _seq: int) -> None:
        for known, program in self._programs.items():
            if program_id is None or program_id == known:
                program.stale = True

    async def now(self, program_id: UUID) -> Found | None:
        """What was read last; None while it could not be read yet."""
        program = self._programs.setdefault(program_id, _Program())
        async with program.turn:
            if program.stale and time.monotonic() - program.asked_at >= AT_MOST_EVERY_SECONDS:
                await self._ask(program_id, program)
        return program.found

    async def _ask(self, program_id: UUID, program: _Program[Found]) -> None:
        program.asked_at = time.monotonic()
        # Whatever is written while we ask makes it stale again.
        program.stale = False
        try:
            async with self._database.transaction(program_id) as db:
                program.found = await self._read(db, program_id)
        except (SQLAlchemyError, OSError, TimeoutError):
            program.stale = True
