"""`python -m bench.chaos [--kills 200] [--seed 1] [--apart 12]`: kill -9 of engine, web and Postgres while chains run.

Every round four invented people are cut off, a part is killed at a random moment of their chains, and comes back by
itself. Some rounds later a person recognises them: of 800 chains that go on for ever the last would say how many calls a
second go out, nothing of kills. At the end every chain must hold: see bench/holds.py.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import get_args
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bench import video
from bench.ground import Meeting, add_program
from bench.holds import broken, much
from bench.people import signed_in
from bench.processes import Part, Running, running

TIERS = ("imminent", "high", "imminent", "moderate")
# A kill falls this long after the drop: in it are the alert, the first calls, the text, the supervisor.
WINDOW = 20.0
# After the last kill, so that what was late has happened: a lease, a look-up and a ring.
AFTER = 20.0
# Rounds until those of a round are recognised: past the supervisor and the decision.
FOUND_AFTER = 8
_OPEN = text("select id from incident where program_id = :program and client_id = :client and state = 'open'")
# Between two kills, so that each has its own lease and two seconds: killed once more while it waits for a lease, a call
# waits for a second one, and its lateness says how fast somebody kills. 200 take an hour.
APART = 12.0
# People per round, each of a program of their own: three at once in one program would be an outage of ours.
LOST_EACH = 4


@dataclass
class Told:
    """What happened, for a person or a test to read."""

    kills: Counter[str] = field(default_factory=Counter)
    killed_at: list[datetime] = field(default_factory=list)
    dropped: dict[UUID, datetime] = field(default_factory=dict)
    found: int = 0
    steps: int = 0
    calls: int = 0
    faults: list[str] = field(default_factory=list)


async def chaos(
    seed: int,
    kills: int,
    *,
    window: float = WINDOW,
    apart: float = APART,
    after: float = AFTER,
    found_after: int = FOUND_AFTER,
) -> Told:
    """The schedule is the seed's; what is under way at each kill is the machine's."""
    chance = random.Random(seed)  # noqa: S311  a schedule, not a secret
    parts: tuple[Part, ...] = get_args(Part)
    plan = [parts[n % len(parts)] for n in range(kills)]
    chance.shuffle(plan)
    told, whole = Told(), False
    async with running("chaos") as house, httpx.AsyncClient(timeout=5) as http:
        meetings = [
            await add_program(house.database, n, 1, tiers=[TIERS[n % 4]], pages=False)
            for n in range(LOST_EACH * kills)
        ]
        try:
            await _rounds(told, house, http, chance, plan, meetings, window, apart, found_after)
            await asyncio.sleep(after)
            told.faults = await broken(
                house.database, house.settings.lease_seconds, told.dropped, told.killed_at
            )
            told.steps, told.calls = await much(house.database)
            whole = not told.faults
        finally:
            if not whole:
                await asyncio.to_thread(_keep, house.log, seed)
    return told


async def _rounds(
    told: Told,
    house: Running,
    http: httpx.AsyncClient,
    chance: random.Random,
    plan: list[Part],
    meetings: list[Meeting],
    window: float,
    apart: float,
    found_after: int,
) -> None:
    house.start()
    await house.engine_goes_round()
    missing: deque[list[Meeting]] = deque()
    for part in plan:
        lost = [meetings.pop() for _ in range(LOST_EACH)]
        drops = [asyncio.create_task(_drop(told, http, house, meeting)) for meeting in lost]
        await asyncio.sleep(chance.uniform(0, window))
        await _kill(house, part)
        at = video.CLOCK.now()
        told.kills[part] += 1
        told.killed_at.append(at)
        print(
            f"{at:%H:%M:%S} killed {part} ({told.kills.total()} of {len(plan)})", file=sys.stderr, flush=True
        )
        await asyncio.gather(*drops, asyncio.sleep(apart))
        missing.append(lost)
        if len(missing) > found_after:
            await asyncio.gather(*(_found(told, http, house, meeting) for meeting in missing.popleft()))
        await house.engine_goes_round()


async def _kill(house: Running, part: Part) -> None:
    """A part that is just starting cannot be killed; the next moment it can."""
    while not await asyncio.to_thread(house.kill, part):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def _drop(told: Told, http: httpx.AsyncClient, house: Running, meeting: Meeting) -> None:
    [client] = meeting.clients
    told.dropped[client] = await video.drops(http, house.base, meeting, client)


async def _found(told: Told, http: httpx.AsyncClient, house: Running, meeting: Meeting) -> None:
    """Recognised by the lead, live, on the incident: the same press until it is taken."""
    [client] = meeting.clients
    command = str(uuid4())
    # Whatever tier they were lost at, nobody lowers it here: that takes two.
    said = {
        "checked": ["voice"],
        "place": "At home.",
        "alone": "yes",
        "tier": "imminent",
        "reason": "As heard.",
    }
    while True:
        with suppress(httpx.HTTPError, DBAPIError, OSError):
            cookie = await signed_in(house.database, meeting, meeting.staff_ids[0])
            async with house.database.transaction(None) as db:
                incident = await db.scalar(_OPEN, {"program": meeting.program_id, "client": client})
            headers = {"Origin": house.base, "Command-Id": command, "Cookie": cookie}
            answer = await http.post(
                f"{house.base}/api/incidents/{incident}/verified", json=said, headers=headers
            )
            if answer.status_code < 500:
                if answer.status_code != 200:
                    raise AssertionError(f"refused: {answer.status_code} {answer.text}")
                told.found += 1
                return
        await asyncio.sleep(0.3)


def _keep(log: Path, seed: int) -> None:
    kept = Path(gettempdir()) / f"handrail-chaos-{seed}.log"
    kept.write_bytes(log.read_bytes())
    print(f"what the processes said is in {kept}", file=sys.stderr)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--window", type=float, default=5.0)
    asked.add_argument("--apart", type=float, default=APART)
    given = asked.parse_args()
    told = asyncio.run(chaos(given.seed, given.kills, window=given.window, apart=given.apart))
    for fault in told.faults:
        print(fault)
    killed = ", ".join(f"{times} of {part}" for part, times in sorted(told.kills.items()))
    print(
        f"{told.kills.total()} kills ({killed}), {len(told.dropped)} people lost, "
        f"{told.found} found again, {told.steps} steps done, {told.calls} calls and texts: "
        f"{'everything holds' if not told.faults else f'{len(told.faults)} faults'}"
    )
    return 1 if told.faults else 0


if __name__ == "__main__":
    sys.exit(main())
