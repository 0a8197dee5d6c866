"""A telephone provider on 127.0.0.1 that behaves as badly as a real one can. It speaks the real client's language."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from aiohttp import web

from app.clock import MovableClock

Mood = Literal["well", "500", "429", "hangs", "accepts and hangs", "accepts and breaks", "refuses"]


@dataclass
class Made:
    """A call or text that the provider took."""

    sid: str
    fields: dict[str, str]
    events: list[str]
    made_at: datetime
    status: str = "queued"
    hidden: bool = False
    redirected_to: list[str] = field(default_factory=list)

    @property
    def to(self) -> str:
        return self.fields["To"]

    def hook(self, name: str) -> str:
        """The path of one of our addresses that came with the order."""
        return urlsplit(self.fields[name]).path


@dataclass
class Provider:
    clock: MovableClock
    mood: Mood = "well"
    code: int = 21211
    list_mood: Mood = "well"
    hides: bool = False
    calls: list[Made] = field(default_factory=list)
    texts: list[Made] = field(default_factory=list)
    posts: int = 0
    lists: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)
    base: str = ""
    _release: asyncio.Event = field(default_factory=asyncio.Event)

    def call_to(self, number: str) -> Made:
        [only] = [call for call in self.calls if call.to == number]
        return only

    def release(self) -> None:
        """Lets every hanging request go."""
        self._release.set()

    async def _post_call(self, request: web.Request) -> web.StreamResponse:
        return await self._post(request, self.calls, "CA")

    async def _post_text(self, request: web.Request) -> web.StreamResponse:
        return await self._post(request, self.texts, "SM")

    async def _post(self, request: web.Request, kept: list[Made], prefix: str) -> web.StreamResponse:
        self.posts += 1
        form = await request.post()
        self.seen.append({"path": request.path, "auth": request.headers.get("Authorization", "")})
        if self.mood in ("500", "429", "refuses", "hangs"):
            return await self._bad_mood(self.mood)
        made = Made(
            sid=f"{prefix}{len(self.calls) + len(self.texts) + 1:032x}",
            fields={name: str(value) for name, value in form.items()},
            events=[str(value) for value in form.getall("StatusCallbackEvent", [])],
            made_at=self.clock.now().replace(microsecond=0),
            hidden=self.hides,
        )
        kept.append(made)
        if self.mood == "accepts and hangs":
            return await self._bad_mood("hangs")
        if self.mood == "accepts and breaks":
            return web.Response(status=201, text='{"sid": ', content_type="application/json")
        return web.json_response(self._shown(made), status=201)

    async def _update(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if self.mood in ("500", "429", "hangs"):
            return await self._bad_mood(self.mood)
        call = next((call for call in self.calls if call.sid == request.match_info["call"]), None)
        if call is None or call.status in ("completed", "canceled", "no-answer"):
            return _error(400, 21220)
        if "Status" in form:
            call.status = "canceled" if call.status in ("queued", "ringing") else "completed"
        if "Url" in form:
            call.redirected_to.append(urlsplit(str(form["Url"])).path)
        return web.json_response(self._shown(call))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        self.lists += 1
        if self.list_mood != "well":
            return await self._bad_mood(self.list_mood)
        found = [call for call in self.calls if call.to == request.query.get("To") and not call.hidden]
        body = {
            "calls": [self._shown(call) for call in reversed(found)],
            "next_page_uri": None,
            "page_size": 20,
        }
        return web.json_response(body)

    async def _bad_mood(self, mood: Mood) -> web.StreamResponse:
        if mood == "hangs":
            await self._release.wait()
            return _error(500, 20500)
        if mood == "refuses":
            return _error(400, self.code)
        return _error(int(mood), 20429 if mood == "429" else 20500)

    def _shown(self, made: Made) -> dict[str, Any]:
        return {
            "sid": made.sid,
            "status": made.status,
            "to": made.to,
            "from": made.fields["From"],
            "date_created": format_datetime(made.made_at),
            "date_updated": format_datetime(made.made_at),
            "answered_by": None,
            "account_sid": "AC" + "0" * 32,
        }


def _error(status: int, code: int) -> web.Response:
    # Real error texts name the number: nothing of them may reach a log.
    body = {"code": code, "message": "The number +15035550143 is not allowed", "status": status}
    return web.json_response(body, status=status)


@asynccontextmanager
async def provider(clock: MovableClock) -> AsyncIterator[Provider]:
    made = Provider(clock)
    app = web.Application()
    account = "/2010-04-01/Accounts/{account}"
    app.router.add_post(f"{account}/Calls.json", made._post_call)
    app.router.add_get(f"{account}/Calls.json", made._list)
    app.router.add_post(account + "/Calls/{call}.json", made._update)
    app.router.add_post(f"{account}/Messages.json", made._post_text)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        made.release()
        await runner.cleanup()
