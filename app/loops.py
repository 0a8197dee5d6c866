"""The event loop of the web and engine processes: uvloop's where there is one, else the standard library's.

A round trip to the database costs the loop of the standard library half as much processor time again, and an event of
a video platform is ten round trips before it is on a board.
"""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

_new_loop: Callable[[], asyncio.AbstractEventLoop] | None = None
try:
    import uvloop
except ImportError:  # no wheel for this platform; see the marker in pyproject.toml
    pass
else:
    _new_loop = uvloop.new_event_loop


def run(work: Coroutine[Any, Any, None]) -> None:
    """As asyncio.run."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(work)


def quieten_collector() -> None:
    """Once everything is loaded: those objects are set aside. A sweep of 10,000 drops makes half a million more; the
    collector's usual thresholds spend a third of the time looking through them (1.1 s of 3.0 s of processor time,
    measured)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
