"""Invented people at the other end: companion pages that beat, and boards that listen."""

import asyncio
import json
import random
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import insert
from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.client_pages.tokens import COOKIE as PAGE_COOKIE
from app.client_pages.tokens import Device, new_device
from app.db import Database, new_id, now_of
from app.group_sessions.models import ClientLink
from app.staff.access import COOKIE, cookie_value, hash_token
from app.staff.models import SignIn
from bench.ground import Meeting

BEAT_SECONDS = 5.0


def _socket(base: str, path: str, cookie: str, **options: Any) -> connect:
    return connect(
        base.replace("http", "ws", 1) + path,
        origin=Origin(base),
        additional_headers={"Cookie": cookie},
        compression=None,
        proxy=None,
        **options,
    )


async def devices(database: Database, meeting: Meeting) -> list[Device]:
    """A link for each client, used on a phone of their own."""
    made = []
    async with database.transaction(meeting.program_id) as db:
        now, rows = now_of(db), []
        for client_id in meeting.clients:
            device = new_device(meeting.program_id, new_id())
            made.append(device)
            rows.append(
                {
                    "program_id": meeting.program_id,
                    "id": device.link_id,
                    "group_session_id": meeting.group_session_id,
                    "client_id": client_id,
                    "token_hash": secrets.token_bytes(32),
                    "cookie_hash": device.hash,
                    "made_at": now,
                    "expires_at": now + timedelta(hours=4),
                }
            )
        await db.execute(insert(ClientLink), rows)
    return made


async def page(base: str, device: Device) -> None:
    """Until cancelled: beats as page.js does, and comes back 0.5 to 4.5 s after it lost its socket."""
    while True:
        try:
            async with _socket(base, "/c/beat", f"{PAGE_COOKIE}={device}") as line:
                while True:
                    await line.send("1")
                    await line.recv()
                    await asyncio.sleep(BEAT_SECONDS)
        except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
            await asyncio.sleep(0.5 + random.random() * 4)  # noqa: S311


async def signed_in(database: Database, meeting: Meeting, staff_id: UUID) -> str:
    """A cookie, as after passphrase and code."""
    token = secrets.token_urlsafe(32)
    async with database.transaction(meeting.program_id) as db:
        now = now_of(db)
        db.add(
            SignIn(
                program_id=meeting.program_id,
                id=new_id(),
                staff_id=staff_id,
                token_hash=hash_token(token),
                stage="full",
                made_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=12),
            )
        )
    return f"{COOKIE}={cookie_value(meeting.program_id, token)}"


@dataclass
class Board:
    """A browser's socket: what it heard, each with the moment it came."""

    line: ClientConnection
    seq: int
    heard: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    gaps: int = 0

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        async for text in self.line:
            at = loop.time()
            message = json.loads(text)
            self.heard.append((at, message))
            if "cards" in message:
                self.gaps += message["after"] != self.seq
                self.seq = message["seq"]


async def board(base: str, cookie: str, *, seq: int | None = None, **options: Any) -> Board:
    """`seq`: where a snapshot that is known already ended."""
    after = await snapshot(base, cookie) if seq is None else seq
    line = await _socket(base, "/api/live", cookie, **options)
    await line.send(json.dumps({"after": after}))
    return Board(line, after)


async def snapshot(base: str, cookie: str) -> int:
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await http.get(f"{base}/api/board", headers={"Cookie": cookie})
        answer.raise_for_status()
        seq: int = answer.json()["seq"]
        return seq
