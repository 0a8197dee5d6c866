"""The invented clients at their computers: each has a page that beats and a seat in an invented video room.

They reach Handrail as real ones do, over HTTP at its own address: a link that is pressed, a heartbeat, buttons, and
signed webhooks of the video platform. Only the links are made directly, as staff would with a press.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import aiohttp
from sqlalchemy import select

from app.client_pages import links
from app.clients.models import Client
from app.clock import Clock
from app.db import Database, Db, reveal
from app.demo.people import CLIENTS, Person
from app.demo.seed import viewer_named
from app.errors import Conflict
from app.group_sessions.models import GroupSession, Presence, PresenceFact
from app.rooms import generic
from app.rooms.models import PlatformConnection
from app.staff.demo import DEMO_PROGRAM_ID

log = logging.getLogger("handrail.demo")

BEAT_SECONDS = 5.0
# Who said "back in 5" presses "I'm back" so long before the time is up.
BACK_BEFORE = timedelta(seconds=25)
TIMEOUT = aiohttp.ClientTimeout(total=10)
_COMMAND = re.compile(r'name="command" value="([^"]+)"')


@dataclass
class Actor:
    """One client. `connection`: their seat in the video room while they have one. `cookie`: their page's."""

    person: Person
    client_id: UUID
    meeting_id: UUID
    connection: str | None = None
    cookie: str | None = None
    visible: bool = True
    beats: bool = False
    back_at: datetime | None = None


@dataclass
class Cast:
    """`base` is our own address on loopback, whatever the outside calls it."""

    database: Database
    clock: Clock
    base: str
    actors: dict[UUID, Actor] = field(default_factory=dict)
    _http: aiohttp.ClientSession | None = None
    _loops: list[asyncio.Task[None]] = field(default_factory=list)

    # --- the evening begins and ends

    async def start(self) -> None:
        """Takes everybody up where the database has them."""
        # Cookies are kept by hand: eleven people share one client here.
        self._http = aiohttp.ClientSession(
            base_url=self.base,
            timeout=TIMEOUT,
            # The server closes an idle connection after 5 s, just when the next beat is due.
            connector=aiohttp.TCPConnector(force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Origin": self.base},
        )
        async with self.database.transaction(DEMO_PROGRAM_ID) as db:
            self.actors = {actor.client_id: actor for actor in await _actors(db)}
        await asyncio.gather(*(self._open_page(actor) for actor in self.actors.values() if actor.connection))
        await self._each(self._beat)
        self._loops = [asyncio.create_task(self._repeat(), name="cast")]

    async def stop(self) -> None:
        for loop in self._loops:
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop
        self._loops = []
        if self._http is not None:
            await self._http.close()
            self._http = None

    # --- what the desk makes them do

    async def drop(self, client_ids: Iterable[UUID]) -> None:
        """The cable is pulled: the page falls silent and the platform says so, for all of them at one moment."""
        dropped = [self.actor(client_id) for client_id in client_ids]
        if any(actor.connection is None for actor in dropped):
            raise Conflict(
                "They are not in the call, so they cannot drop out of it. Let them come back first."
            )
        at = self.clock.now()
        for actor in dropped:
            actor.beats = False
        await asyncio.gather(*(self._leave(actor, at) for actor in dropped))

    async def come_back(self, client_id: UUID) -> None:
        """Also the first time: a client who has not been here yet opens the link and says where they are."""
        actor = self.actor(client_id)
        if actor.connection is not None:
            raise Conflict("They are in the call already.")
        fresh = actor.cookie is None
        if fresh:
            await self._open_page(actor)
        actor.visible, actor.beats = True, True
        if fresh:
            await self._check_in(actor)
        await self._join(actor)
        await self._beat(actor)

    async def hide_page(self, client_id: UUID) -> None:
        """Only the page: as when somebody on a telephone looks at the video app. The next press shows it again."""
        actor = self.actor(client_id)
        if not actor.beats:
            raise Conflict("Their page is not open, so it cannot be hidden.")
        actor.visible = not actor.visible
        await self._beat(actor)

    def actor(self, client_id: UUID) -> Actor:
        if client_id not in self.actors:
            raise Conflict("This person is not in one of tonight's groups. Press “Start again”.")
        return self.actors[client_id]

    def in_order(self) -> list[Actor]:
        names = [person.name for person in CLIENTS]
        return sorted(self.actors.values(), key=lambda actor: names.index(actor.person.name))

    def three_in_the_call(self) -> list[UUID]:
        """Of the group with the most people in the call. Who said "back in 5" is not missed until then."""
        groups: dict[UUID, list[UUID]] = {}
        for actor in self.in_order():
            if actor.connection is not None and actor.back_at is None:
                groups.setdefault(actor.meeting_id, []).append(actor.client_id)
        fullest = max(groups.values(), key=len, default=[])
        if len(fullest) < 3:
            raise Conflict(
                "Fewer than three people are in the call. Let some come back, or press “Start again”."
            )
        return fullest[:3]

    # --- over HTTP

    async def _post(self, path: str, cookie: str | None = None, **form: str) -> aiohttp.ClientResponse:
        assert self._http is not None  # noqa: S101 - start() makes it
        headers = {"Cookie": f"handrail_page={cookie}"} if cookie else {}
        async with self._http.post(path, data=form or None, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def _open_page(self, actor: Actor) -> None:
        async with self.database.transaction(DEMO_PROGRAM_ID) as db:
            lead = await viewer_named(db, actor.person.meeting.lead)
            url = await links.make_link(db, lead, actor.meeting_id, actor.client_id, base_url="")
        pressed = await self._post(url)
        actor.cookie = pressed.cookies["handrail_page"].value
        actor.visible, actor.beats = not actor.person.hidden, True

    async def _check_in(self, actor: Actor) -> None:
        place = {"place": "same"} if actor.person.record.get("home_label") else {}
        await self._press(actor, "/c/here", **place, alone="no", phone="same")

    async def _press(self, actor: Actor, path: str, **form: str) -> None:
        assert self._http is not None  # noqa: S101 - start() makes it
        headers = {"Cookie": f"handrail_page={actor.cookie}"}
        async with self._http.get("/c/here", headers=headers) as page:
            found = _COMMAND.search(await page.text())
        if found:
            await self._post(path, actor.cookie, command=found[1], **form)

    async def _beat(self, actor: Actor) -> None:
        if not actor.beats or actor.cookie is None or self._http is None:
            return
        word = "1" if actor.visible else "0"
        headers = {
            "Cookie": f"handrail_page={actor.cookie}",
            "Content-Type": "text/plain",
            "Accept": "application/json",
        }
        async with self._http.post("/c/beat", data=word, headers=headers) as answer:
            heard = await answer.json()
        if heard.get("state") == "ended":
            # Somebody else has opened this page, or the group is over.
            actor.beats = False

    async def _join(self, actor: Actor) -> None:
        actor.connection = f"{actor.client_id}:{uuid4().hex[:8]}"
        await self._webhook(actor, "joined", self.clock.now(), None)

    async def _leave(self, actor: Actor, at: datetime) -> None:
        await self._webhook(actor, "left", at, "lost")
        actor.connection = None

    async def _webhook(
        self, actor: Actor, kind: Literal["joined", "left"], at: datetime, cause: Literal["lost"] | None
    ) -> None:
        async with self.database.transaction(DEMO_PROGRAM_ID) as db:
            connection = await _platform(db)
            secret = reveal(db, connection, "secret") or ""
        body = json.dumps(
            {
                "delivery_id": uuid4().hex,
                "room": actor.person.meeting.room,
                "person": str(actor.client_id),
                "connection": actor.connection,
                "kind": kind,
                "cause": cause,
                "occurred_at": at.isoformat(),
                "shown_as": actor.person.name,
            }
        ).encode()
        stamp = str(int(self.clock.now().timestamp()))
        headers = {
            "X-Handrail-Timestamp": stamp,
            "X-Handrail-Signature": generic.sign(body, secret, stamp),
            "Content-Type": "application/json",
        }
        assert self._http is not None  # noqa: S101 - start() makes it
        path = f"/hooks/generic/{DEMO_PROGRAM_ID}/{connection.id}"
        async with self._http.post(path, data=body, headers=headers) as answer:
            if answer.status != 200:
                raise Conflict("The invented video platform was not believed. Press “Start again”.")

    # --- by themselves

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._each(self._live)

    async def _live(self, actor: Actor) -> None:
        await self._beat(actor)
        if actor.back_at is not None and self.clock.now() >= actor.back_at and actor.beats:
            actor.back_at = None
            await self._press(actor, "/c/back")

    async def _each(self, act: Callable[[Actor], Awaitable[None]]) -> None:
        done = await asyncio.gather(*map(act, self.actors.values()), return_exceptions=True)
        for error in done:
            if isinstance(error, aiohttp.ClientError | TimeoutError):
                log.info("a page could not reach Handrail: %s", type(error).__name__)
            elif isinstance(error, Exception):
                log.warning("somebody of the cast could not act: %s", type(error).__name__)


async def _platform(db: Db) -> PlatformConnection:
    found = await db.scalars(
        select(PlatformConnection).where(
            PlatformConnection.program_id == DEMO_PROGRAM_ID, PlatformConnection.ended_at.is_(None)
        )
    )
    return found.one()


async def _actors(db: Db) -> list[Actor]:
    by_name = {person.name: person for person in CLIENTS}
    rows = await db.execute(
        select(Client.id, Client.name_used, Presence.group_session_id, Presence.state, Presence.until)
        .join(Presence, (Presence.program_id == Client.program_id) & (Presence.client_id == Client.id))
        .join(
            GroupSession,
            (GroupSession.program_id == Presence.program_id) & (GroupSession.id == Presence.group_session_id),
        )
        .where(
            Client.program_id == DEMO_PROGRAM_ID,
            Client.name_used.in_(by_name),
            GroupSession.state.in_(("open", "paused")),
            Presence.removed_at.is_(None),
        )
    )
    actors = []
    for row in rows:
        actor = Actor(by_name[row.name_used], row.id, row.group_session_id)
        actor.connection = await _seat(db, actor)
        if row.state == "away" and row.until is not None:
            actor.back_at = row.until - BACK_BEFORE
        actors.append(actor)
    return actors


async def _seat(db: Db, actor: Actor) -> str | None:
    """Their connection in the video room, when the last thing the platform said of them was that they joined."""
    last = (
        await db.execute(
            select(PresenceFact.kind, PresenceFact.connection)
            .where(
                PresenceFact.program_id == DEMO_PROGRAM_ID,
                PresenceFact.group_session_id == actor.meeting_id,
                PresenceFact.client_id == actor.client_id,
                PresenceFact.source == "platform",
            )
            .order_by(PresenceFact.occurred_at.desc())
            .limit(1)
        )
    ).one_or_none()
    return last.connection if last is not None and last.kind == "joined" else None
