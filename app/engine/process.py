"""The engine's process: its loop, and beside it the looks into video rooms, which may hang without holding it up."""

import asyncio
import contextlib
import logging

from sqlalchemy.exc import SQLAlchemyError

from app import loops
from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database
from app.engine import loop, state
from app.rooms import polling
from app.seal import Seal
from app.settings import Settings

log = logging.getLogger("handrail.engine")

AFTER_FAULT_SECONDS = 1.0


def run(settings: Settings) -> None:
    """Blocks until a signal."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    loops.quieten_collector(loops.MANY_AT_ONCE)
    loops.run(serve(settings))


async def serve(settings: Settings) -> None:
    stop = asyncio.Event()
    beside = (
        asyncio.create_task(polling.serve(settings, stop), name="looks into rooms"),
        asyncio.create_task(say_line(settings, stop), name="says whether there is a telephone"),
    )
    try:
        await loop.serve(settings, stop=stop)
    finally:
        stop.set()
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def say_line(settings: Settings, stop: asyncio.Event) -> None:
    """Once, as soon as the database answers."""
    if not settings.has_outside_line and settings.environment != "demo":
        log.warning("no telephone is set up: outside calls are refused, and boards of live programs say so")
    seal = Seal(settings.key_ring())
    database = Database(settings.database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=seal, pool_size=1)
    try:
        while not stop.is_set():
            with contextlib.suppress(SQLAlchemyError, OSError, TimeoutError):
                async with database.transaction(None) as db:
                    await state.has_line(db, settings.has_outside_line)
                return
            await asyncio.sleep(AFTER_FAULT_SECONDS)
    finally:
        await database.close()
