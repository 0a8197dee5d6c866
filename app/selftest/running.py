"""`handrail selftest`: beside a running engine, or with one of its own where none goes round."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from rich.console import Console
from sqlalchemy import func, select

from app.calls.wiring import make_lines
from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database, now_of
from app.engine import state
from app.engine.loop import Engine
from app.errors import Refusal
from app.incidents.models import EngineState
from app.journal.wake import PostgresWake
from app.seal import Seal
from app.selftest.chain import Lost, Run, back_while_it_rings, nobody_answers
from app.selftest.report import Report
from app.selftest.stage import Stage, add_client, put_away, set_up
from app.settings import Settings

# An engine goes round every second; this long without a round, there is none.
TICK_OLD_SECONDS = 3.0
# One self-test at a time in a database: both would be the same people with the same phones.
LOCK = 0x48616E6472696C

Story = Callable[[Run], Awaitable[None]]


def run(settings: Settings, *, as_json: bool) -> int:
    """Prints what it found. 0 when everything happened, and in time."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    out = Console(highlight=False, soft_wrap=True)
    if not as_json:
        out.print("The whole chain, in real time, with people who answer by script. About two minutes ...")
    report = asyncio.run(measure(settings))
    if as_json:
        out.print(report.as_json(), markup=False)
    else:
        report.print(out)
    return 0 if report.ok else 1


async def measure(settings: Settings) -> Report:
    report = Report()
    loop = asyncio.get_running_loop()
    began = loop.time()
    database = Database(
        settings.database_url,
        role=ENGINE_ROLE,
        clock=SystemClock(),
        seal=Seal(settings.key_ring()),
        pool_size=5,
    )
    wake = PostgresWake(settings.database_url)
    database.announce = wake.announce
    await wake.start()
    try:
        async with _alone(database) as alone:
            if not alone:
                report.faults.append("Another self-test is running in this database. Wait for it to end.")
            elif await _held(database):
                report.faults.append(
                    "The engine is held, as after a restore: an administrator releases it on the board first."
                )
            else:
                async with _an_engine(settings, database, wake) as own:
                    report.own_engine = own
                    await _both_runs(database, report)
    finally:
        await wake.stop()
        await database.close()
    report.seconds = round(loop.time() - began, 1)
    return report


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[bool]:
    async with database.engine.connect() as connection:
        taken = bool(await connection.scalar(select(func.pg_try_advisory_lock(LOCK))))
        await connection.commit()
        try:
            yield taken
        finally:
            if taken:
                await connection.scalar(select(func.pg_advisory_unlock(LOCK)))
                await connection.commit()


async def _held(database: Database) -> bool:
    async with database.transaction(None) as db:
        return await state.held(db)


@asynccontextmanager
async def _an_engine(settings: Settings, database: Database, wake: PostgresWake) -> AsyncIterator[bool]:
    """True when there was none. It is a whole engine: whatever is due in this database is done meanwhile, too."""
    if await _engine_goes_round(database):
        yield False
        return
    stop = asyncio.Event()
    lines = make_lines(settings, database, database.clock)
    engine = Engine(database, lines, settings, database.clock, wake)
    task = asyncio.create_task(engine.run(stop), name="engine of the self-test")
    try:
        yield True
    finally:
        stop.set()
        await task
        await lines.close()


async def _engine_goes_round(database: Database) -> bool:
    async with database.transaction(None) as db:
        last = await db.scalar(select(EngineState.last_tick).where(EngineState.id == 1))
        return last is not None and (now_of(db) - last).total_seconds() <= TICK_OLD_SECONDS


async def _both_runs(database: Database, report: Report) -> None:
    stage = await set_up(database)
    try:
        await _one(database, stage, report, "Nobody answers", nobody_answers)
        await _one(database, stage, report, "Back while it rings", back_while_it_rings)
    finally:
        await put_away(database, stage.program_id)


async def _one(database: Database, stage: Stage, report: Report, name: str, story: Story) -> None:
    """A fault ends its own run only."""
    try:
        client_id = await add_client(database, stage, f"Test {name}")
        await story(Run(database, stage, client_id, report, name))
    except Lost as lost:
        report.faults.append(str(lost))
    except Refusal as refused:
        report.faults.append(f"{name}: a press was refused. {refused.sentence}")
