"""From silence to incidents: what the sweep finds, followed in transactions that hold whole programs."""

import asyncio
from collections.abc import Iterator, Mapping
from uuid import UUID

from app.db import Database, now_of
from app.group_sessions import sweep
from app.incidents.presence import follow

# While the database writes one share, the next is computed: 10,000 drops took 3.2 s as one share.
SHARE = 1_500
AT_ONCE = 3


async def find(database: Database) -> int:
    """Everything that is due now. Returns how many people's state changed."""
    async with database.transaction(None) as db:
        waiting = await sweep.waiting(db, now_of(db))
    turns = asyncio.Semaphore(AT_ONCE)

    async def share(programs: list[UUID]) -> int:
        async with turns, database.transaction(None) as db:
            transitions = await sweep.due(db, now_of(db), programs)
            if transitions:
                await follow(db, transitions)
            return len(transitions)

    return sum(await asyncio.gather(*(share(programs) for programs in shares(waiting))))


def shares(waiting: Mapping[UUID, int]) -> Iterator[list[UUID]]:
    """Programs together until they make a share. One program is never split: its outages are counted as a whole (R1)."""
    programs: list[UUID] = []
    rows = 0
    for program, due in sorted(waiting.items(), key=lambda item: -item[1]):
        programs.append(program)
        rows += due
        if rows >= SHARE:
            yield programs
            programs, rows = [], 0
    if programs:
        yield programs
