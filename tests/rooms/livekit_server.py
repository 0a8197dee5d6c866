"""A stand-in for a LiveKit server on loopback: who is in which room, in its own wire format, with its own signatures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import jwt
from aiohttp import web
from livekit.protocol.models import ParticipantInfo
from livekit.protocol.room import ListParticipantsRequest, ListParticipantsResponse

PATH = "/twirp/livekit.RoomService/ListParticipants"
Mood = Literal["well", "500", "401", "hangs", "nonsense"]


@dataclass
class LiveKitServer:
    key: str
    secret: str
    url: str = ""
    mood: Mood = "well"
    asked: list[str] = field(default_factory=list)
    rooms: dict[str, dict[str, ParticipantInfo]] = field(default_factory=dict)

    def comes(self, room: str, sid: str, identity: str, at: datetime, **more: object) -> None:
        given = {"kind": ParticipantInfo.STANDARD, "state": ParticipantInfo.ACTIVE, "name": identity} | more
        person = ParticipantInfo(sid=sid, identity=identity, joined_at=int(at.timestamp()), **given)
        self.rooms.setdefault(room, {})[sid] = person

    def goes(self, room: str, sid: str) -> None:
        del self.rooms[room][sid]

    async def answers(self, request: web.Request) -> web.StreamResponse:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, self.secret, algorithms=["HS256"], options={"verify_aud": False})
        wanted = ListParticipantsRequest.FromString(await request.read())
        assert claims["iss"] == self.key
        assert (claims["video"]["roomAdmin"], claims["video"]["room"]) == (True, wanted.room)
        self.asked.append(wanted.room)
        if self.mood == "hangs":
            await asyncio.sleep(30)
        if self.mood == "nonsense":
            return web.Response(body=b"\xff\x00not protobuf", content_type="application/protobuf")
        if self.mood in ("500", "401"):
            said = {"code": "internal" if self.mood == "500" else "unauthenticated", "msg": "no"}
            return web.json_response(said, status=int(self.mood))
        found = ListParticipantsResponse(participants=list(self.rooms.get(wanted.room, {}).values()))
        return web.Response(body=found.SerializeToString(), content_type="application/protobuf")


@asynccontextmanager
async def livekit_server(key: str, secret: str) -> AsyncIterator[LiveKitServer]:
    made = LiveKitServer(key, secret)
    app = web.Application()
    app.router.add_post(PATH, made.answers)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()
