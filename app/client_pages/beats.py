"""Taking in the companion page's heartbeat: one word each 5 s, by socket, or by plain request where sockets fail.

A page hears back that it was heard, when it has ended on this device, and a key of what staff put on it. Nothing else
ever goes down this line.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from app.client_pages import actions, door
from app.client_pages.endings import Endings
from app.client_pages.limits import BEATS_PER_LINK
from app.client_pages.shown import Shown
from app.client_pages.standing import Standing
from app.errors import NotValid, Refusal

VISIBLE, HIDDEN, GOODBYE = "1", "0", "bye"
# The same words with the quiet signal in them (B8): as long, at the same moment, answered alike.
QUIETLY = {"3": VISIBLE, "2": HIDDEN, "byq": GOODBYE}
LONGEST_WORD = 8
# How soon a page learns that another device has taken over. That its group has closed it learns with its next beat.
LOOK_AGAIN = timedelta(seconds=30)
# A hidden page may be woken only once a minute. Longer than that, and nobody is at the other end.
SILENT_SECONDS = 150.0
# A page speaks every 5 s and on each change between visible and hidden.
MOST_WORDS = 120

POLICY_VIOLATION = 1008
HEARD = '{"ok":1}'
SHOWN = '{"ok":1,"show":"%s"}'
ENDED = '{"state":"ended"}'

router = APIRouter(route_class=door.PageRoute, include_in_schema=False)


class Beats(Protocol):
    """What the heartbeat intake of the rooms offers; it lives beside this package, so it comes through app.state."""

    def beat(
        self, program_id: UUID, group_session_id: UUID, client_id: UUID, visible: bool, at: datetime
    ) -> None: ...

    def goodbye(self, program_id: UUID, group_session_id: UUID, client_id: UUID, at: datetime) -> None: ...


def take(beats: Beats, client: Standing, word: str, at: datetime) -> None:
    """Raises NotValid for a word that our page does not say."""
    whose = (client.program_id, client.group_session_id, client.client_id)
    match word:
        case "1" | "0":
            beats.beat(*whose, word == VISIBLE, at)
        case "bye":
            beats.goodbye(*whose, at)
        case _:
            raise NotValid("This is not a heartbeat.")


@router.post("/c/beat")
async def beat(request: Request) -> Response:
    door.check_origin(request)
    word = await _word(request)
    async with door.at_the_door(request) as (_, client):
        pass
    door.limit(request, "beat", client.link_id, BEATS_PER_LINK)
    if client.state != "open":
        return JSONResponse({"state": "ended"})
    take(request.app.state.beats, client, QUIETLY.get(word, word), door.now_at(request))
    if word in QUIETLY:
        async with door.at_the_door(request) as (db, client):
            await actions.signal(db, client)
    return Response(await _heard(request, client), media_type="application/json")


async def _heard(connection: HTTPConnection, client: Standing) -> str:
    """Alike for every word that was said: what is on the page does not depend on it."""
    shown: Shown = connection.app.state.shown
    key = await shown.of(client.program_id, client.group_session_id, client.client_id)
    return HEARD if key is None else SHOWN % key


async def _word(request: Request) -> str:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_WORD:
            raise NotValid("This is not a heartbeat.")
    return body.decode("ascii", "replace")


@router.websocket("/c/beat")
async def beat_socket(websocket: WebSocket) -> None:
    try:
        door.check_socket_origin(websocket)
        client = await _client(websocket)
    except Refusal:
        # Before `accept`, so that the handshake itself is refused; the page then asks by plain request and is told why.
        await websocket.close(POLICY_VIOLATION)
        return
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        await _listen(websocket, client)


async def _client(websocket: WebSocket) -> Standing:
    async with door.at_the_door(websocket) as (_, client):
        return client


async def _listen(websocket: WebSocket, client: Standing) -> None:
    beats: Beats = websocket.app.state.beats
    endings: Endings = websocket.app.state.endings
    looked_at = since = door.now_at(websocket)
    words = 0
    # A quiet signal that could not be written down yet: the page must not show that, so it waits here.
    owed = False
    while (word := await _next_word(websocket)) is not None:
        now = door.now_at(websocket)
        if now - since >= timedelta(minutes=1):
            since, words = now, 0
        words += 1
        try:
            take(beats, client, QUIETLY.get(word, word), now)
        except NotValid:
            words = MOST_WORDS
        owed = owed or word in QUIETLY
        if owed:
            owed = not await _signalled(websocket)
        # After a quiet signal was written down: nothing may keep that back.
        over = await endings.over(client.program_id, client.group_session_id)
        if over or now - looked_at >= LOOK_AGAIN:
            looked_at = now
            if not await _still_open(websocket):
                await websocket.send_text(ENDED)
                await websocket.close()
                return
        if words >= MOST_WORDS:
            await websocket.close(POLICY_VIOLATION)
            return
        await websocket.send_text(await _heard(websocket, client))


async def _signalled(websocket: WebSocket) -> bool:
    """False: there is no database now; tried again with the next word."""
    try:
        async with door.at_the_door(websocket) as (db, client):
            await actions.signal(db, client)
    except door.DATABASE_AWAY:
        return False
    except Refusal:
        pass
    return True


async def _still_open(websocket: WebSocket) -> bool:
    try:
        return (await _client(websocket)).state == "open"
    except Refusal:
        return False
    except door.DATABASE_AWAY:
        # Without a database nobody can be turned away for sure, and a page that is heard must stay heard.
        return True


async def _next_word(websocket: WebSocket) -> str | None:
    """None when the page has gone, in whichever way."""
    try:
        message = await asyncio.wait_for(websocket.receive(), SILENT_SECONDS)
    except TimeoutError:
        await websocket.close()
        return None
    if message["type"] != "websocket.receive":
        return None
    word: str | None = message.get("text")
    return "not text" if word is None else word[: LONGEST_WORD + 1]
