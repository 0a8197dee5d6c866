"""Waking readers: LISTEN/NOTIFY as a hint only. Every reader also looks by itself each second (decision 7)."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import asyncpg

log = logging.getLogger(__name__)

CHANNEL = "handrail"
# Only what can make something due sooner: the engine has nothing to do after the others, and most are somebody's
# presence. Whatever is left out here by mistake is found when the engine looks again by itself.
STIRRING = "handrail_stirring"
RECONNECT_SECONDS = 0.5
# Of a process that has boards: they are told meanwhile, and what comes within it is announced together.
OTHERS_AFTER_SECONDS = 0.002
# A payload may hold 8,000 bytes; an announcement takes about 60.
PROGRAMS_PER_NOTIFY = 100

_NOTIFY = "select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n (channel, payload)"

# Called with a program and its newest seq, or with None after a reconnect: anything may have been missed.
Listener = Callable[[UUID | None, int], None]


class Wake(Protocol):
    def announce(self, program_id: UUID, seq: int, calm: bool = False) -> None:
        """`calm`: nothing is due sooner by it."""
        ...

    def listen(self, listener: Listener, *, calm: bool = True) -> Callable[[], None]:
        """Returns the function that ends the listening. `calm`: also to what makes nothing due sooner."""
        ...


class LocalWake:
    """Within one process: for tools and tests that run no second one."""

    def __init__(self) -> None:
        self._listeners: dict[Listener, bool] = {}

    def announce(self, program_id: UUID, seq: int, calm: bool = False) -> None:
        self._tell(program_id, seq, calm)

    def listen(self, listener: Listener, *, calm: bool = True) -> Callable[[], None]:
        self._listeners[listener] = calm
        return partial(self._forget, listener)

    def _forget(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)

    def _tell(self, program_id: UUID | None, seq: int, calm: bool = False) -> None:
        for listener, hears_calm in tuple(self._listeners.items()):
            if hears_calm or not calm:
                listener(program_id, seq)


class PostgresWake(LocalWake):
    """One dedicated connection per process. Own announcements are heard at once, without the round trip.

    Announcements made while the connection is busy or away are merged; a lost one costs a reader at most a second.
    `calm`: whether other processes are heard that make nothing due sooner.
    """

    def __init__(self, url: str, *, calm: bool = True) -> None:
        super().__init__()
        self._url = url.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._channel = CHANNEL if calm else STIRRING
        self._after = OTHERS_AFTER_SECONDS if calm else 0.0
        self._pending: dict[UUID, int] = {}
        self._stirring: set[UUID] = set()
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def announce(self, program_id: UUID, seq: int, calm: bool = False) -> None:
        self._tell(program_id, seq, calm)
        self._pending[program_id] = max(seq, self._pending.get(program_id, 0))
        if not calm:
            self._stirring.add(program_id)
        self._something.set()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._keep_connected(), name="wake")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep_connected(self) -> None:
        while True:
            try:
                await self._serve()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("wake: the database connection was lost (%s)", type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _serve(self) -> None:
        # A notification is a transaction that reaches the disk like any other, and the next one of somebody who was lost
        # waited for it. A hint that is lost with the server costs a reader a second.
        unhurried = {"synchronous_commit": "off"}
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=5, server_settings=unhurried)
        gone = asyncio.Event()

        def ended(_: object) -> None:
            gone.set()
            self._something.set()

        connection.add_termination_listener(ended)
        try:
            await connection.add_listener(self._channel, self._heard)
            self._tell(None, 0)
            while not gone.is_set():
                await self._something.wait()
                await asyncio.sleep(self._after)
                self._something.clear()
                while self._pending and not gone.is_set():
                    batch = dict(list(self._pending.items())[:PROGRAMS_PER_NOTIFY])
                    stirring = {
                        program_id: seq for program_id, seq in batch.items() if program_id in self._stirring
                    }
                    for program_id in batch:
                        del self._pending[program_id]
                    self._stirring.difference_update(stirring)
                    told = {CHANNEL: _payload(batch)} | ({STIRRING: _payload(stirring)} if stirring else {})
                    await connection.execute(_NOTIFY, list(told), list(told.values()))
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=1)

    def _heard(self, connection: Any, pid: int, _channel: str, payload: object) -> None:
        if pid == connection.get_server_pid():
            return
        try:
            told = {UUID(p): int(s) for p, s in json.loads(str(payload)).items()}
        except (ValueError, AttributeError):
            log.warning("wake: a notification could not be read")
            return
        for program_id, seq in told.items():
            self._tell(program_id, seq)


def _payload(seqs: Mapping[UUID, int]) -> str:
    return json.dumps({str(program_id): seq for program_id, seq in seqs.items()}, separators=(",", ":"))
