"""A request that is given up in the middle of opening its transaction leaves nothing open for the next one."""

import asyncio

from app.clock import SystemClock
from app.db import WEB_ROLE, Database, new_id
from app.seal import Seal

# More turns of the loop than an opening takes: each is given up at another of its moments.
MOMENTS = 40


async def test_whoever_comes_next_begins_a_transaction_of_their_own(database_url: str, seal: Seal) -> None:
    database = Database(database_url, role=WEB_ROLE, clock=SystemClock(), seal=seal, pool_size=1)
    program = new_id()

    async def looks(isolation: str | None = None) -> None:
        async with database.transaction(program, isolation=isolation):
            pass

    try:
        for moment in range(MOMENTS):
            await looks()
            given_up = asyncio.create_task(looks())
            for _ in range(moment):
                await asyncio.sleep(0)
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
            await looks("REPEATABLE READ")
    finally:
        await database.close()
