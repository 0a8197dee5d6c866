"""What a telephone line is to the rest of the product, and which line a row may use.

Real or simulated is in the row (architecture 8b): `Lines.of(attempt.lines)` is the only way to a line.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

Detect = Literal["none", "machine", "message_end"]
ProviderStatus = Literal[
    "queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"
]

log = logging.getLogger(__name__)

# A voicemail usually takes the call after 25 to 30 s; the provider may add 5 s to what we ask for.
RING_SECONDS = 25


class LineRefused(Exception):
    """The provider said no: nothing rings. `code` is the provider's or our own; never a number or a name."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class LineUnsure(Exception):
    """No answer, or a broken one: it may ring or not. Ask the provider before anything else is dialled."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One call or text about to leave. The attempt's id travels in the webhook addresses only."""

    program_id: UUID
    attempt_id: UUID
    lines: str
    channel: Literal["call", "text"]
    number: str = field(repr=False)
    shows: str
    detect: Detect = "none"
    ring_seconds: int = RING_SECONDS
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """A call as the provider lists it. `made_at` has whole seconds."""

    provider_id: str
    status: ProviderStatus
    made_at: datetime
    answered_by: str | None = None


class Line(Protocol):
    """Every method may raise LineRefused or LineUnsure, and returns within the line's own timeout."""

    async def place_call(self, placed: Placed) -> str: ...

    async def send_text(self, placed: Placed) -> str: ...

    async def cancel_call(self, provider_id: str) -> None:
        """Ends a call in whatever state it is; one that has already ended is not an error."""

    async def redirect_call(self, provider_id: str, url: str) -> None:
        """Makes a live call fetch another document of ours."""

    async def list_recent(self, number: str, since: datetime) -> list[ProviderCall]: ...

    async def close(self) -> None: ...


class Lines:
    """The lines of one process, and the orders it has under way."""

    def __init__(self, *, simulated: Line, outside: Line | None = None) -> None:
        self._simulated = simulated
        self._outside = outside
        self._under_way: set[asyncio.Task[None]] = set()
        self._keys: set[UUID] = set()

    def of(self, lines: str) -> Line:
        """Raises LineRefused where nothing is connected: the rules and the board are told."""
        line = self._outside if lines == "outside" else self._simulated
        if line is None:
            raise LineRefused("no_line", permanent=True)
        return line

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    def start(self, order: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(order)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return task

    def start_once(
        self, key: UUID, order: Callable[[], Coroutine[Any, Any, None]]
    ) -> asyncio.Task[None] | None:
        """None while an order with this key is under way."""
        if key in self._keys:
            return None
        self._keys.add(key)
        task = self.start(order())
        task.add_done_callback(lambda _: self._keys.discard(key))
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The kind only: its text may hold a number. The attempt's lease ends, and reconcile finds out.
            log.error("An order to a line failed: %s", type(error).__name__)

    async def settle(self) -> None:
        """Waits for every order under way."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def close(self) -> None:
        """Orders under way end first, each within its own timeout."""
        await self.settle()
        for line in (self._simulated, self._outside):
            if line is not None:
                await line.close()
