"""10,000 people fall silent at once over 40 programs: opened as sets, and their first steps handled by two processes."""

import asyncio
import time
from datetime import timedelta
from multiprocessing import get_context

from sqlalchemy import func, select, text

from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database, now_of
from app.engine import losses, steps
from app.incidents.models import EscalationStep, Incident
from app.journal.models import Entry
from app.loops import MANY_AT_ONCE, quieten_collector
from app.seal import Seal
from app.settings import Settings
from bench.figures import Figure
from bench.ground import Ground, add_programs

PROGRAMS, CLIENTS = 40, 250
DROPS = PROGRAMS * CLIENTS


async def run(found: Ground) -> list[Figure]:
    quieten_collector(MANY_AT_ONCE)
    await add_programs(found, PROGRAMS, CLIENTS)
    await _fall_silent(found)
    floor = await _floor(found)
    began = time.perf_counter()
    await losses.find(found.engine)
    opened = time.perf_counter() - began
    async with found.engine.transaction(None) as db:
        incidents = int(await db.scalar(select(func.count()).select_from(Incident)) or 0)
        entries = int(
            await db.scalar(select(func.count()).select_from(Entry).where(Entry.kind == "incident.opened"))
            or 0
        )
        pending = int(
            await db.scalar(
                select(func.count()).select_from(EscalationStep).where(EscalationStep.status == "pending")
            )
            or 0
        )
        await db.execute(
            text(
                "update escalation_step set due_at = clock_timestamp(), run_at = clock_timestamp() where status = 'pending'"
            )
        )
    complete = incidents == entries == pending == DROPS
    handled, ordered = await _handled(found)
    return [
        Figure("10,000 drops opened", opened, "s", floor, 2.0, complete and opened <= 2.0),
        Figure("10,000 first steps, two processes", handled, "s", floor, 6.0, handled <= 6.0),
        Figure("claimed out of order", ordered, "steps", 0, DROPS * 0.04, ordered <= DROPS * 0.04),
    ]


async def _fall_silent(found: Ground) -> None:
    async with found.engine.transaction(None) as db:
        now = now_of(db)
        silent = now - timedelta(seconds=20)
        await db.execute(text("delete from hearing"))
        await db.execute(
            text("insert into hearing (process_id, hearing_until) values (gen_random_uuid(), :now)"),
            {"now": now},
        )
        await db.execute(
            text("update presence set last_beat_at = :silent, evidence_at = :silent, check_at = :now"),
            {"silent": silent, "now": now},
        )


async def _floor(found: Ground) -> float:
    """Seconds for the bare rows, set-based, without rules, seals or chain: three inserts of 10,000."""
    async with found.engine.transaction(None) as db:
        await db.execute(text("create temporary table bare (a uuid, b uuid, c timestamptz, d text, e bytea)"))
        began = time.perf_counter()
        for _ in range(3):
            await db.execute(
                text(
                    "insert into bare select gen_random_uuid(), gen_random_uuid(), clock_timestamp(), 'x', "
                    "decode(repeat('00', 64), 'hex') from generate_series(1, 10000)"
                )
            )
        took = time.perf_counter() - began
        await db.execute(text("drop table bare"))
    return took


def _worker(settings: dict[str, str], ready: object, go: object) -> None:
    asyncio.run(_work(settings, ready, go))


async def _work(settings: dict[str, str], ready: object, go: object) -> None:
    quieten_collector(MANY_AT_ONCE)
    made = Settings(**settings)  # type: ignore[arg-type]
    database = Database(
        made.database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=Seal(made.key_ring()), pool_size=2
    )
    # Connected and warm, with nothing claimed.
    await steps.run_due(database, limit=0)
    ready.release()  # type: ignore[attr-defined]
    await asyncio.to_thread(go.wait)  # type: ignore[attr-defined]
    empty = 0
    while empty < 3:
        if (await steps.run_due(database)).claimed == 0:
            empty += 1
            await asyncio.sleep(0.02)
        else:
            empty = 0
    await database.close()


async def _handled(found: Ground) -> tuple[float, int]:
    """Seconds until nothing of the first 10,000 is pending, and how many started after a less urgent one of an
    earlier second had started."""
    context = get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    settings = found.settings.as_environment()
    processes = [context.Process(target=_worker, args=(settings, ready, go)) for _ in range(2)]
    for process in processes:
        process.start()
    for _ in processes:
        await asyncio.to_thread(ready.acquire)
    began = time.perf_counter()
    go.set()
    while True:
        await asyncio.sleep(0.05)
        async with found.engine.transaction(None) as db:
            # To look is to take from what is measured: one row is enough to know.
            left = await db.scalar(
                select(EscalationStep.id)
                .where(EscalationStep.key == "assign", EscalationStep.status == "pending")
                .limit(1)
            )
        if not left:
            break
        if time.perf_counter() - began > 120:
            break
    took = time.perf_counter() - began
    for process in processes:
        await asyncio.to_thread(process.join, 30)
    async with found.engine.transaction(None) as db:
        rows = list(
            await db.execute(
                select(EscalationStep.urgency, EscalationStep.done_at)
                .where(EscalationStep.key == "assign", EscalationStep.done_at.is_not(None))
                .order_by(EscalationStep.done_at)
            )
        )
    worst, out_of_order = -1, 0
    for row in rows:
        out_of_order += row.urgency < worst
        worst = max(worst, row.urgency)
    return took, out_of_order
