"""Who looks at a program in this process, and what they have been told."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from app.board.access import Access
from app.board.kept import Kept
from app.db import Written
from app.staff.access import Viewer

# A board that has not taken 64 messages in order is stuck; it starts again with a fresh snapshot.
QUEUE_LENGTH = 64


@dataclass(eq=False)
class Subscriber:
    """One socket. `sent` is the browser's cursor; the queue is bounded and the publisher never awaits it."""

    viewer: Viewer
    access: Access
    sent: int
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    overflowed: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, message: str) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.overflowed = True
            self.ended.set()


class Feed:
    """One program's readers in this process."""

    def __init__(self, program_id: UUID, seq: int) -> None:
        self.program_id = program_id
        self.seq = seq
        self.subscribers: set[Subscriber] = set()
        self.kept = Kept()
        self.dirty = asyncio.Event()
        # An emergency that this process said, and nobody here has been told of yet.
        self.said: Written | None = None
        self.lock = asyncio.Lock()
