"""The engine as a child of `serve`: started, watched, and started again; never the web's own event loop."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import AsyncIterator

from app.settings import Settings

log = logging.getLogger("handrail")

# In the environment of an engine that `serve` started: the process id of that `serve`.
CHILD = "HANDRAIL_ENGINE_CHILD"
AGAIN_SECONDS = 0.5
TERM_SECONDS = 5.0
# Not by way of the command line, whose words take a fifth of the engine's own time to load.
COMMAND = "from app.engine.process import run; from app.settings import Settings; run(Settings())"


@contextlib.asynccontextmanager
async def engine_beside(settings: Settings) -> AsyncIterator[None]:
    """As long as this lasts an engine runs beside it."""
    child = asyncio.create_task(_keep_running(settings), name="engine child")
    try:
        yield
    finally:
        child.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await child


async def _keep_running(settings: Settings) -> None:
    """Until cancelled. A step that waited meanwhile is only late by the time a process takes to start."""
    environment = os.environ | settings.as_environment() | {CHILD: str(os.getpid())}
    while True:
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", COMMAND, "engine", env=environment)
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            await _end(child)
            raise
        log.warning("the engine ended with %s and is started again", code)
        await asyncio.sleep(AGAIN_SECONDS)


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), TERM_SECONDS)
        except TimeoutError:
            child.kill()
            await child.wait()
