"""The engine's process: its loop, and beside it the looks into video rooms, which may hang without holding it up."""

import asyncio
import logging

from app import loops
from app.engine import loop
from app.rooms import polling
from app.settings import Settings


def run(settings: Settings) -> None:
    """Blocks until a signal."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    loop.quieten_collector()
    loops.run(serve(settings))


async def serve(settings: Settings) -> None:
    stop = asyncio.Event()
    looking = asyncio.create_task(polling.serve(settings, stop), name="looks into rooms")
    try:
        await loop.serve(settings, stop=stop)
    finally:
        stop.set()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
