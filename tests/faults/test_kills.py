"""kill -9 of the engine, of the web process and of Postgres at random points of running chains, in real processes.

`python -m bench.chaos` does the same 200 times.
"""

from collections import Counter

from bench.chaos import chaos

KILLS = 6
SEED = 20


async def test_six_kills_lose_no_step_and_ring_nobody_twice() -> None:
    told = await chaos(SEED, KILLS, window=6, after=16)
    assert told.faults == []
    assert told.kills == Counter(engine=2, web=2, postgres=2)
    # Something was under way all the time.
    assert len(told.dropped) == 4 * KILLS
    assert told.steps >= len(told.dropped)
    assert told.calls >= 2 * len(told.dropped)
