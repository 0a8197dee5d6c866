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


# Of a sweep: 10,000 drops make half a million objects at once, all of them wanted; the collector's usual thresholds spend
# a third of the time looking through them (1.1 s of 3.0 s of processor time, measured).
MANY_AT_ONCE = 100_000
# Of what answers people: a full look at a group leaves some 500 objects in circles, and whoever came while 90,000 of them
# went waited 126 ms (measured). 5,000 go in 2 to 4 ms.
LITTLE_AND_OFTEN = 5_000


def quieten_collector(young: int) -> None:
    """Once everything is loaded: those objects are set aside. `young`: how many new ones the collector waits for."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(young, 20, 20)
