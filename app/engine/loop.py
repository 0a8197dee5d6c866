"""The engine: silence -> incidents, due steps -> attempts, attempts -> rings. Wakes early, never later than 250 ms.

Any number of these may run; every round is a claim with SKIP LOCKED, and killing one loses nothing.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from app.agreements import due as agreements
from app.calls import outbox, rings, simulated, texts
from app.calls.lines import Lines
from app.calls.wiring import make_lines
from app.clients import flags, majority
from app.clock import Clock, SystemClock
from app.db import ENGINE_ROLE, Database, now_of
from app.engine import emergencies, lanes, losses, signals, state, steps
from app.engine.child import CHILD
from app.engine.due import Due, due
from app.follow_ups import due as follow_ups
from app.journal.wake import LocalWake, PostgresWake
from app.protocols import actions as protocol_actions
from app.protocols import library
from app.seal import Seal
from app.settings import Settings

log = logging.getLogger("handrail.engine")

LONGEST_SLEEP = 0.25
# A due step whose incident somebody holds at this moment: they commit within milliseconds.
LOCKED_SLEEP = 0.01
TICK_SECONDS = 1.0
AFTER_FAULT_SECONDS = 0.5
# Birthdays come at midnight of each program; consent itself asks the calendar at every call.
BIRTHDAY_SECONDS = 600.0
# Whatever can make something due wakes the engine, and comes in bursts: 50 rounds a second took 0.4 of a core. What is
# due at a time of its own is never held up by this.
GATHER_SECONDS = 0.05


class Engine:
    def __init__(
        self, database: Database, lines: Lines, settings: Settings, clock: Clock, wake: LocalWake
    ) -> None:
        self.database = database
        self.lines = lines
        self.settings = settings
        self.clock = clock
        self._woken = asyncio.Event()
        self._outbox_woken = asyncio.Event()
        self._lanes_woken = asyncio.Event()
        self._unlisten = wake.listen(self._hear, calm=False)
        self.held = True

    def _hear(self, _program_id: UUID | None, _seq: int) -> None:
        self._woken.set()
        self._outbox_woken.set()
        self._lanes_woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        await self._recognise(stop)
        loops = (
            self._repeat(self.sweep, None, LONGEST_SLEEP, stop),
            self._repeat(self.run_steps, self._woken, LONGEST_SLEEP, stop),
            self._repeat(self.ring, self._outbox_woken, LONGEST_SLEEP, stop),
            self._repeat(self.look_at_lanes, self._lanes_woken, LONGEST_SLEEP, stop),
            self._repeat(self.look_after, None, TICK_SECONDS, stop),
            self._repeat(self.send_plain_texts, None, TICK_SECONDS, stop),
            self._repeat(self.birthdays, None, BIRTHDAY_SECONDS, stop),
        )
        try:
            await asyncio.gather(*loops)
        finally:
            self._unlisten()

    async def _recognise(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with contextlib.suppress(SQLAlchemyError, OSError, TimeoutError):
                async with self.database.transaction(None) as db:
                    await state.recognise(db)
                    self.held = await state.held(db)
                return
            await asyncio.sleep(AFTER_FAULT_SECONDS)

    async def run_steps(self) -> float:
        """Seconds until there is something to do again."""
        if self.held:
            return LONGEST_SLEEP
        claimed, wait = await steps.run_due(self.database)
        self._outbox_woken.set()
        if wait is None:
            return LONGEST_SLEEP
        # What has come to be due while those were written is next; only what somebody holds is waited for.
        return wait if claimed else max(wait, LOCKED_SLEEP)

    async def sweep(self) -> float:
        """Also while held: people must see a loss even when nothing may ring."""
        await losses.find(self.database)
        return LONGEST_SLEEP

    async def look_at_lanes(self) -> float:
        """Also while held: boards show who has what, and what rings for it waits with everything else."""
        if await emergencies.set_out_due(self.database) + await lanes.look(self.database):
            self._outbox_woken.set()
        return LONGEST_SLEEP

    async def ring(self) -> float:
        if self.held:
            return LONGEST_SLEEP
        await simulated.tick(self.database, self.clock)
        wait = await outbox.once(self.database, self.lines, self.settings, self.clock)
        return LONGEST_SLEEP if wait is None else wait

    async def send_plain_texts(self) -> float:
        """In a loop of its own: a line that is slow with a link or a code delays nothing that is about somebody lost."""
        if not self.held:
            await texts.once(self.database, self.lines, self.settings)
        return TICK_SECONDS

    async def look_after(self) -> float:
        async with self.database.transaction(None) as db:
            self.held = await state.tick(db, now_of(db))
            waits = await due(db)
        if self.held:
            return TICK_SECONDS
        await self._look_at_chains(waits)
        if waits.signals:
            await signals.tell_outside(self.database)
        if waits.rings:
            await rings.let_go(self.database, self.lines)
        await self._turn_overdue(waits)
        return TICK_SECONDS

    async def _look_at_chains(self, waits: Due) -> None:
        if waits.ownerships:
            await steps.expire_ownerships(self.database)
        if waits.late:
            await steps.warn_of_late(self.database)
        if waits.agreements and await agreements.run_due(self.database):
            self._outbox_woken.set()
        if waits.lowerings:
            await steps.lapse_lowerings(self.database)

    async def _turn_overdue(self, waits: Due) -> None:
        """What was to be done by now and was not: shown, and given to somebody."""
        if waits.follow_ups:
            await follow_ups.run_due(self.database)
        if waits.flags:
            async with self.database.transaction(None) as db:
                await flags.turn_overdue(db)

    async def birthdays(self) -> float:
        async with self.database.transaction(None) as db:
            await majority.turn(db)
        return BIRTHDAY_SECONDS

    async def _repeat(
        self,
        work: Callable[[], Awaitable[float]],
        woken: asyncio.Event | None,
        longest: float,
        stop: asyncio.Event,
    ) -> None:
        """One failing round never ends the loop: the database may be gone for a while, and comes back."""
        while not stop.is_set():
            try:
                wait = min(await work(), longest)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("engine: %s failed (%s)", work.__name__, type(error).__name__)
                wait = AFTER_FAULT_SECONDS
            except Exception:
                log.exception("engine: %s failed", work.__name__)
                wait = AFTER_FAULT_SECONDS
            await _sleep(wait, woken, stop)


async def _sleep(seconds: float, woken: asyncio.Event | None, stop: asyncio.Event) -> None:
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    waiting = [asyncio.ensure_future(stop.wait())]
    if woken is not None:
        waiting.append(asyncio.ensure_future(woken.wait()))
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    if woken is not None and woken.is_set():
        await asyncio.sleep(max(0.0, min(GATHER_SECONDS, until - loop.time())))
        woken.clear()


async def serve(settings: Settings, clock: Clock | None = None, stop: asyncio.Event | None = None) -> None:
    """The engine's process until a signal (or `stop`) ends it."""
    clock = clock or SystemClock()
    database = Database(settings.database_url, role=ENGINE_ROLE, clock=clock, seal=Seal(settings.key_ring()))
    wake = PostgresWake(settings.database_url, calm=False)
    database.announce = wake.announce
    stop = stop or asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await wake.start()
    orphaned = asyncio.create_task(_stop_when_orphaned(stop), name="engine parent")
    lines = make_lines(settings, database, clock)
    taking_in = asyncio.create_task(_take_in_protocols(database), name="protocol files")
    try:
        await Engine(database, lines, settings, clock, wake).run(stop)
    finally:
        orphaned.cancel()
        taking_in.cancel()
        await lines.close()
        await wake.stop()
        await database.close()


async def _take_in_protocols(database: Database) -> None:
    """New versions of the files become drafts. A bad file, or a database that is away, holds nothing up."""
    try:
        shipped = await asyncio.to_thread(library.shipped)
        async with database.transaction(None) as db:
            faults = await protocol_actions.load_everywhere(db, shipped)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the protocol files could not be taken in: %s", type(error).__name__)
        return
    for fault in faults:
        log.error("%s:%s: %s", fault.file, fault.line, fault.sentence)


async def _stop_when_orphaned(stop: asyncio.Event) -> None:
    """A child of `serve` ends with it, however that ended: the next `serve` brings its own.

    The parent is told, not looked up: one that was killed while this process started is already gone here.
    """
    parent = os.environ.get(CHILD)
    if parent is None:
        return
    while str(os.getppid()) == parent:  # noqa: ASYNC110 - the system tells it by no event
        await asyncio.sleep(TICK_SECONDS)
    stop.set()
