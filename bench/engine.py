"""The engine alone and beside load: how late steps start, how soon silence is found, and what 2,000 beats cost."""

import asyncio
import time
from datetime import timedelta

from sqlalchemy import text

from app.db import now_of
from app.group_sessions import sweep
from app.incidents.presence import follow
from app.rooms.heartbeat import Beats
from bench.figures import Figure, percentile
from bench.ground import Ground, add_programs
from bench.processes import Running, running

RATE, SECONDS = 100, 10
STEPS = RATE * SECONDS
SILENT = 40
# Between the last beat and the moment from which silence counts; high and imminent, everybody else.
GRACE = "case when i.tier in ('high', 'imminent') then interval '9 seconds' else interval '12 seconds' end"

_AT_ONCE = text(
    """
    update escalation_step s set run_at = n.at, due_at = n.at, limit_at = n.at + interval '1 minute',
        void_after = n.at + interval '10 minutes'
    from (select id, program_id, cast(:begin as timestamptz) + row_number() over (order by id) * cast(:gap as interval) as at
          from escalation_step where status = 'pending' and key = 'assign') n
    where n.id = s.id and n.program_id = s.program_id
    """
)
_LATENESS = text(
    """
    select extract(epoch from coalesce(started_at, done_at) - run_at) * 1000 as ms
    from escalation_step where key = 'assign' and status = 'done'
    """
)
_FOUND_AFTER = text(
    f"""
    select extract(epoch from i.learned_at - i.drop_at - {GRACE}) as s from incident i
    where i.reason = 'page_silent'
    """  # noqa: S608  a constant
)


async def lateness() -> list[Figure]:
    return [await _lateness("alone", load=False), await _lateness("beside load", load=True)]


async def _lateness(name: str, *, load: bool) -> Figure:
    """Steps that are due 10 ms apart; each starts what follows it, with its calls."""
    # One call a second for each program, as an account has: more would measure the telephone.
    async with running("lateness", calls_per_second=1) as house:
        found = Ground(house.settings, house.database, house.database, [])
        await add_programs(found, 10, STEPS // 10)
        await _everybody_lost(house)
        house.start_more("engine")
        await asyncio.sleep(6)
        async with house.database.transaction(None) as db:
            begin = now_of(db) + timedelta(seconds=2)
            await db.execute(_AT_ONCE, {"begin": begin, "gap": timedelta(seconds=1 / RATE)})
        busy = asyncio.create_task(_load(house)) if load else None
        await asyncio.sleep(SECONDS + 6)
        if busy is not None:
            busy.cancel()
        async with house.database.transaction(None) as db:
            late = [float(row.ms) for row in await db.execute(_LATENESS)]
    bar = 250.0 if load else 25.0
    p99 = percentile(late, 0.99) if late else float("inf")
    holds = len(late) == STEPS and p99 <= bar
    return Figure(f"step lateness at {RATE}/s {name}, p99", p99, "ms", 0, bar, holds)


async def _everybody_lost(house: Running) -> None:
    """Opened as the sweep opens them; their first steps wait until they are given a time."""
    async with house.database.transaction(None) as db:
        now = now_of(db)
        silent = {"silent": now - timedelta(seconds=20), "now": now}
        await db.execute(
            text("insert into hearing (process_id, hearing_until) values (gen_random_uuid(), :now)"),
            {"now": now},
        )
        await db.execute(
            text("update presence set last_beat_at = :silent, evidence_at = :silent, check_at = :now"), silent
        )
        await follow(db, await sweep.due(db, now))
        later = {"at": now + timedelta(hours=1)}
        await db.execute(
            text("update escalation_step set run_at = :at, due_at = :at where status = 'pending'"), later
        )


async def _load(house: Running) -> None:
    """Durable writes and wide reads from four other connections, as fast as they go."""

    async def one() -> None:
        while True:
            async with house.database.transaction(None) as db:
                await db.execute(text("insert into bench_load select generate_series(1, 50)"))
                await db.execute(text("select count(*) from entry"))

    async with house.database.transaction(None) as db:
        await db.execute(text("create table if not exists bench_load (n int)"))
    await asyncio.gather(*(one() for _ in range(4)))


async def silence() -> list[Figure]:
    """Pages that fall silent one after another, while the web process hears and the engine sweeps."""
    async with running("silence") as house:
        house.start()
        await house.engine_goes_round()
        found = Ground(house.settings, house.database, house.database, [])
        await add_programs(found, SILENT // 2, 2)
        await asyncio.sleep(18)
        async with house.database.transaction(None) as db:
            after = [float(row.s) for row in await db.execute(_FOUND_AFTER)]
        worst = max(after, default=float("inf"))
        swept = Figure(
            "silence found after the grace, slowest", worst, "s", 0, 1.0, len(after) == SILENT and worst <= 1
        )
        return [swept]


async def beats(found: Ground) -> list[Figure]:
    """2,000 pages of 10 meetings, written as one second's beats; the best of the later rounds, as the loop does it."""
    await add_programs(found, 10, 200)
    writer = Beats(found.web, found.web.clock)
    took = []
    for _ in range(8):
        now = found.web.clock.now()
        for meeting in found.meetings:
            for client in meeting.clients:
                writer.beat(meeting.program_id, meeting.group_session_id, client, True, now)
        began = time.perf_counter()
        written = await writer.once()
        took.append((time.perf_counter() - began) * 1000)
    floor = await _bare_update(found)
    value = percentile(took[2:], 0.5)
    return [Figure("2,000 beats written", value, "ms", floor, 20.0, written == 2000 and value <= 20)]


async def _bare_update(found: Ground) -> float:
    began = time.perf_counter()
    async with found.engine.transaction(None) as db:
        await db.execute(text("update presence set last_beat_at = :now"), {"now": now_of(db)})
    return (time.perf_counter() - began) * 1000
