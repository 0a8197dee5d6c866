"""Waking readers: LISTEN/NOTIFY as a hint only. Every reader also looks by itself each second (decision 7)."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import asyncpg

log = logging.getLogger(__name__)

CHANNEL = "handrail"
RECONNECT_SECONDS = 0.5
# A payload may hold 8,000 bytes; an announcement takes about 60.
PROGRAMS_PER_NOTIFY = 100

# Called with a program and its newest seq, or with None after a reconnect: anything may have been missed.
Listener = Callable[[UUID | None, int], None]


class Wake(Protocol):
    def announce(self, program_id: UUID, seq: int) -> None: ...

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Returns the function that ends the listening."""
        ...


class LocalWake:
    """Within one process: for tools and tests that run no second one."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def announce(self, program_id: UUID, seq: int) -> None:
        self._tell(program_id, seq)

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _tell(self, program_id: UUID | None, seq: int) -> None:
        for listener in tuple(self._listeners):
            listener(program_id, seq)


class PostgresWake(LocalWake):
    """One dedicated connection per process. Own announcements are heard at once, without the round trip.

    Announcements made while the connection is busy or away are merged; a lost one costs a reader at most a second.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url.replace("postgresql+asyncpg://", "postgresql://", 1)
        self._pending: dict[UUID, int] = {}
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def announce(self, program_id: UUID, seq: int) -> None:
        self._tell(program_id, seq)
        self._pending[program_id] = max(seq, self._pending.get(program_id, 0))
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
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=5)
        gone = asyncio.Event()

        def ended(_: object) -> None:
            gone.set()
            self._something.set()

        connection.add_termination_listener(ended)
        try:
            await connection.add_listener(CHANNEL, self._heard)
            self._tell(None, 0)
            while not gone.is_set():
                await self._something.wait()
                self._something.clear()
                while self._pending and not gone.is_set():
                    batch = dict(list(self._pending.items())[:PROGRAMS_PER_NOTIFY])
                    for program_id in batch:
                        del self._pending[program_id]
                    payload = json.dumps({str(p): s for p, s in batch.items()}, separators=(",", ":"))
                    await connection.execute("select pg_notify($1, $2)", CHANNEL, payload)
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
