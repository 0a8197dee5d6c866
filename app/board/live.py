"""The one socket of the staff app: `{after}` first, then cards as they change and a beat every five seconds."""

import asyncio
import contextlib
import json
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from app.board.feed import Subscriber
from app.board.publisher import RESET, Publisher
from app.board.seen import record_seen
from app.errors import Refusal
from app.staff.access import Viewer, viewer_of_socket

router = APIRouter()

FIRST_MESSAGE_SECONDS = 10
# A reader that takes nothing for this long is cut off; its browser starts again.
SEND_SECONDS = 10
CLOSE_SECONDS = 2
TRY_AGAIN_LATER = 1013
SIGNED_OUT = 4401
REFUSED = 4403


@router.websocket("/api/live")
async def live(websocket: WebSocket) -> None:
    try:
        viewer = await viewer_of_socket(websocket)
    except Refusal as refusal:
        await websocket.accept()
        await websocket.close(SIGNED_OUT if refusal.status == 401 else REFUSED, refusal.code)
        return
    await websocket.accept()
    publisher: Publisher = websocket.app.state.publisher
    after = await _first_message(websocket)
    if after is None:
        await websocket.close(1008, "after_missing")
        return
    subscriber = await publisher.subscribe(viewer, after)
    if subscriber is None:
        await websocket.send_text(RESET)
        await websocket.close(1000)
        return
    reader = asyncio.create_task(_read(websocket, viewer, subscriber), name="live reader")
    writer = asyncio.create_task(_write(websocket, subscriber), name="live writer")
    ended = asyncio.create_task(subscriber.ended.wait(), name="live ended")
    try:
        await asyncio.wait({reader, writer, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        publisher.unsubscribe(subscriber)
        for task in (reader, writer, ended):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError, TimeoutError):
                await task
        await _say_goodbye(websocket, subscriber)


async def _say_goodbye(websocket: WebSocket, subscriber: Subscriber) -> None:
    """What was still to be said (a reset), unless the reader is stuck; then the close, which it may not answer."""
    with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(CLOSE_SECONDS):
            while not subscriber.overflowed and not subscriber.queue.empty():
                await websocket.send_text(subscriber.queue.get_nowait())
            await websocket.close(TRY_AGAIN_LATER if subscriber.overflowed else 1000)


async def _first_message(websocket: WebSocket) -> int | None:
    with contextlib.suppress(TimeoutError, ValueError, KeyError, TypeError, WebSocketDisconnect):
        message = await asyncio.wait_for(websocket.receive_text(), FIRST_MESSAGE_SECONDS)
        after = json.loads(message)["after"]
        if isinstance(after, int) and not isinstance(after, bool):
            return after
    return None


async def _read(websocket: WebSocket, viewer: Viewer, subscriber: Subscriber) -> None:
    """Only `{seen: seq, incident: id}` is heard: the alert was on a visible screen of this person."""
    while True:
        text = await websocket.receive_text()
        if len(text) > 1000:
            return
        try:
            message: Any = json.loads(text)
        except ValueError:
            return
        if isinstance(message, dict) and "seen" in message and not subscriber.access.locked:
            await record_seen(websocket.app.state.database, viewer, subscriber.access, message)


async def _write(websocket: WebSocket, subscriber: Subscriber) -> None:
    while True:
        message = await subscriber.queue.get()
        async with asyncio.timeout(SEND_SECONDS):
            await websocket.send_text(message)
        # While nothing happens, the last message would be kept here: 30 kB for each board that is open.
        del message
