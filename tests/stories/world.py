"""A group under way, with pages that beat, phones that ring and boards that show: stories read as sentences.

Time moves only when a story says so. A call, a text or an alert that the story did not expect fails it, and so does
a journal that does not hold.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import select, update

from app.calls.models import SimulatedCall
from app.calls.wiring import make_lines
from app.engine import state
from app.engine.loop import Engine
from app.group_sessions.actions import NewFact, record_facts
from app.incidents import actions as incidents
from app.incidents.models import ContactAttempt, EngineState, Incident
from app.incidents.presence import follow
from app.journal.verify import verify
from app.journal.wake import LocalWake
from app.lanes import hearing
from app.main import ROUTERS
from app.rooms.heartbeat import Beats
from app.staff import sign_in
from app.staff.access import COOKIE
from app.staff.models import Program, StaffMember
from tests.house import built
from tests.stories.passing import due_now, heard_all_along, next_moment
from tests.stories.roster import Roster
from tests.stories.screens import Companion, Phone, Screen

# A chain that keeps finding something to do at one moment is a fault in the product or in the story.
ROUNDS = 12


@dataclass
class World(Roster):
    engine: Engine = field(kw_only=True)
    beats: Beats = field(kw_only=True)
    pages: dict[str, bool] = field(default_factory=dict)
    boards: set[str] = field(default_factory=set)
    screens: dict[str, Screen] = field(default_factory=dict)
    expected: set[UUID] = field(default_factory=set)
    expected_alerts: set[UUID] = field(default_factory=set)

    async def client(self, name: str, *, page: bool = True, **fields: Any) -> UUID:
        """On the list, checked in at Home, with a page in view that beats."""
        made = await self.expect(name, **fields)
        if page:
            self.comes_back(name)
            await self.settle()
        return made

    async def screen(self, name: str) -> Screen:
        """Signed in as this colleague, on a browser of their own. How one signs in is told elsewhere."""
        if name not in self.screens:
            browser, person = await self.house.browser(), self.people[name]
            async with self.house.engine.transaction(self.program_id) as db:
                found = await db.get_one(StaffMember, (self.program_id, person.id))
                browser.http.cookies.set(COOKIE, await sign_in.complete(db, found, "story"))
            browser.me = person
            self.screens[name] = Screen(self, browser)
        return self.screens[name]

    async def companion(self, name: str) -> Companion:
        """The page on the client's own phone, opened with the link that Jon sends them."""
        path = f"/api/group-sessions/{self.group_session_id}/clients/{self.clients[name]}/link"
        answer = await (await self.screen("Jon")).browser.post(path)
        assert answer.status_code == 200, answer.text
        page = Companion(self, (await self.house.browser()).http)
        opened = await page.http.post(answer.json()["url"])
        assert opened.status_code == 303, opened.text
        return page

    async def has_board(self, *names: str) -> None:
        """A board of theirs is open from now on, and its socket is heard."""
        self.boards |= set(names)
        await self._hear_boards()

    async def board_goes_away(self, *names: str) -> None:
        """A lid that is shut, a network that is gone: the socket is heard no more."""
        self.boards -= set(names)
        await self.settle()

    async def _hear_boards(self) -> None:
        async with self.house.database.transaction(self.program_id) as db:
            await hearing.boards(db, self.program_id, [self.people[name].id for name in self.boards])

    # --- what happens

    def falls_silent(self, *names: str) -> None:
        """The page was in view and stops speaking: a dead battery, a lost network."""
        for name in names:
            del self.pages[name]

    def hides_page(self, name: str) -> None:
        """The client looks at something else; the phone lets the page sleep."""
        self._beat(name, visible=False)
        del self.pages[name]

    def comes_back(self, *names: str) -> None:
        for name in names:
            self.pages[name] = True
            self._beat(name)

    def says_goodbye(self, name: str) -> None:
        """The beacon of a page that is being closed."""
        del self.pages[name]
        self.beats.goodbye(self.program_id, self.group_session_id, self.clients[name], self.now)

    async def drops(self, *names: str) -> None:
        """Falls silent, and time passes until the board shows it: the grace of 12 s, 9 at high and imminent."""
        self.falls_silent(*names)
        until = self.now + timedelta(seconds=20)
        while self.now < until:
            await self._jump(until)
            if all([await self._is_lost(name) for name in names]):
                return
        raise AssertionError(f"{names} fell silent and nothing happened")

    async def _is_lost(self, name: str) -> bool:
        async with self.house.engine.transaction(None) as db:
            found = await db.scalar(
                select(Incident.id).where(Incident.client_id == self.clients[name], Incident.state == "open")
            )
            return found is not None

    async def platform(
        self, name: str, kind: str, cause: str | None = None, *, connection: str = "one", ago: float = 0
    ) -> None:
        """A fact as the video platform's adapter would make it."""
        fact = NewFact(
            self.clients[name],
            "platform",
            kind,
            cause=cause,  # type: ignore[arg-type]
            connection=connection,
            delivery_id=uuid4().hex,
            **self._occurred(ago),
        )
        async with self.house.database.transaction(self.program_id) as db:
            await follow(db, await record_facts(db, self.group_session_id, [fact]))
        await self.settle()

    async def video(self, name: str, kind: str, cause: str | None = None, *, connection: str = "one") -> None:
        """A colleague in the video, as the platform's adapter tells it."""
        async with self.house.database.transaction(self.program_id) as db:
            await hearing.in_the_video(
                db,
                self.program_id,
                self.group_session_id,
                self.people[name].id,
                connection=connection,
                here=kind == "joined",
                cause=cause,
                at=self.now,
            )
        await self.settle()

    def _occurred(self, ago: float) -> dict[str, Any]:
        return {"occurred_at": self.now - timedelta(seconds=ago)} if ago else {}

    async def texts_back(self, name: str) -> None:
        """A text from the number that the program has for this client."""
        async with self.house.engine.transaction(self.program_id) as db:
            key = db.info["seal"].keyed_hash("phone", "+14065550101")
            assert await incidents.replied(db, self.program_id, self.clients[name], at_number_key=key)
        await self.settle()

    async def the_line_breaks(self, *, broken: bool = True) -> None:
        async with self.house.engine.transaction(self.program_id) as db:
            await db.execute(
                update(Program).where(Program.id == self.program_id).values(settings={"line_broken": broken})
            )

    async def hold_engine(self) -> None:
        """As after a restore: an administrator has to look first."""
        async with self.house.engine.transaction(None) as db:
            await state.recognise(db)
            await db.execute(update(EngineState).values(held_since=self.now, held_reason=state.RESTORED))
        await self.settle()

    async def as_superuser(self) -> asyncpg.Connection:
        """Past every right and row security, as only somebody with the server in hand is."""
        return await asyncpg.connect(self.house.database.url.replace("+asyncpg", ""))

    async def pass_time(self, seconds: float, *, engine: bool = True) -> None:
        """Everything that runs by itself runs. Without the engine only pages speak, as when its machine is gone."""
        until = self.now + timedelta(seconds=seconds)
        while self.now < until:
            await self._jump(until, engine=engine)

    async def _jump(self, until: datetime, *, engine: bool = True) -> None:
        moment = await next_moment(self.house.engine, until, [self.clients[name] for name in self.pages])
        self.house.clock.move(max((moment - self.now).total_seconds(), 0.001))
        for name, visible in self.pages.items():
            self._beat(name, visible=visible)
        await self._hear_boards()
        await heard_all_along(self.house.engine)
        await self.settle(engine=engine)

    async def we_go_deaf(self, seconds: float) -> None:
        """Every web process is gone for so long: pages speak and nobody hears. They find us again a little later."""
        self.house.clock.move(seconds)
        await self.settle()

    def _beat(self, name: str, *, visible: bool = True) -> None:
        self.beats.beat(self.program_id, self.group_session_id, self.clients[name], visible, self.now)

    async def settle(self, *, engine: bool = True) -> None:
        """The engine at this instant: sweep, steps, telephone, until nothing more is due."""
        await self.beats.once()
        for number in range(ROUNDS if engine else 0):
            await self.engine.sweep()
            await self.engine.run_steps()
            await self.engine.look_at_lanes()
            await self.engine.ring()
            if number == 0:
                # Once a second, however often the others go round.
                await self.engine.look_after()
            if not await due_now(self.house.engine):
                return

    # --- what a story finds

    async def rings(self, whose: str, ends: str | None = None) -> Phone:
        """A phone of this person's rings now; the story expected it."""
        found = await self._calls(whose, ends)
        ringing = [row for row in found if row.state in ("queued", "ringing")]
        assert ringing, f"{whose}'s phone does not ring; {await self.told()}"
        self.expected.add(ringing[-1].id)
        return Phone(self, ringing[-1].attempt_id, whose)

    async def rang(self, whose: str, times: int = 1) -> None:
        """Calls to this person that the story lets pass without more words."""
        found = await self._calls(whose, None)
        assert len(found) == times, f"{whose}'s phone rang {len(found)} times; {await self.told()}"
        self.expected |= {row.id for row in found}

    async def may_ring(self, *whose: str) -> None:
        """Phones of these may have rung as they like until now: the story is about something else. Nobody named:
        our own people's."""
        for name in whose or self.people:
            for channel in ("call", "text"):
                self.expected |= {row.id for row in await self._calls(name, None, channel=channel)}

    async def does_not_ring(self, *whose: str) -> None:
        for name in whose:
            found = [row for row in await self._calls(name, None) if row.state in ("queued", "ringing")]
            assert not found, f"{name}'s phone rings; {await self.told()}"

    async def never_rang(self, *whose: str) -> None:
        for name in whose:
            assert not await self._calls(name, None), f"{name}'s phone rang; {await self.told()}"

    async def text_to(self, name: str) -> str:
        found = [row for row in await self._calls(name, None, channel="text") if row.id not in self.expected]
        assert found, f"no text to {name}; {await self.told()}"
        self.expected.add(found[0].id)
        return found[0].words or ""

    async def no_text_to(self, name: str) -> None:
        assert not await self._calls(name, None, channel="text"), await self.told()

    async def started(self, whose: str, channel: str = "call", *, page: bool = False) -> list[float]:
        """Seconds from the first drop to the start of each call or text to this person, or of each page alone."""
        drop_at = (await self.first_incident()).drop_at
        found = await self._both(whose, None, channel)
        return [
            (call.made_at - drop_at).total_seconds()
            for call, attempt in found
            if not page or attempt.script == "staff-page"
        ]

    async def until(self, after_drop: float) -> None:
        """Time passes until so many seconds after the first drop."""
        drop_at = (await self.first_incident()).drop_at
        await self.pass_time(after_drop - (self.now - drop_at).total_seconds())

    async def calls(self, whose: str, channel: str = "call") -> list[SimulatedCall]:
        return await self._calls(whose, None, channel)

    async def _calls(self, whose: str, ends: str | None, channel: str = "call") -> list[SimulatedCall]:
        return [call for call, _ in await self._both(whose, ends, channel)]

    async def _both(
        self, whose: str, ends: str | None, channel: str
    ) -> list[tuple[SimulatedCall, ContactAttempt]]:
        async with self.house.engine.transaction(None) as db:
            rows = await db.execute(
                select(SimulatedCall, ContactAttempt, Incident.client_id)
                .join(
                    ContactAttempt,
                    (ContactAttempt.program_id == SimulatedCall.program_id)
                    & (ContactAttempt.id == SimulatedCall.attempt_id),
                )
                .join(
                    Incident,
                    (Incident.program_id == ContactAttempt.program_id)
                    & (Incident.id == ContactAttempt.incident_id),
                )
                .where(SimulatedCall.channel == channel)
                .order_by(SimulatedCall.made_at)
            )
            return [
                (call, attempt)
                for call, attempt, client_id in rows
                if self._is(attempt, client_id, whose) and (ends is None or call.last2 == ends)
            ]

    def _is(self, attempt: ContactAttempt, client_id: UUID, whose: str) -> bool:
        if whose in self.people:
            return attempt.staff_id == self.people[whose].id
        if whose in self.clients:
            return attempt.who == "client" and client_id == self.clients[whose]
        return attempt.who == "contact"

    async def first_incident(self) -> Incident:
        async with self.house.engine.transaction(None) as db:
            return (await db.scalars(select(Incident).order_by(Incident.learned_at).limit(1))).one()

    async def incident(self, name: str) -> Incident:
        async with self.house.engine.transaction(None) as db:
            found = await db.scalars(
                select(Incident)
                .where(Incident.client_id == self.clients[name])
                .order_by(Incident.learned_at.desc())
            )
            newest = found.first()
        assert newest is not None, f"no incident about {name}"
        return newest

    async def nothing_open(self, *names: str) -> None:
        for name in names:
            assert not await self._is_lost(name), f"something is open about {name}"

    async def told(self) -> str:
        """Every call and text so far, for a failing story."""
        async with self.house.engine.transaction(None) as db:
            rows = await db.scalars(select(SimulatedCall).order_by(SimulatedCall.made_at))
            begun = min((i.drop_at for i in await db.scalars(select(Incident))), default=self.now)
            return "; ".join(
                f"+{(row.made_at - begun).total_seconds():.0f}s {row.channel} ends {row.last2} {row.state}"
                for row in rows
            )

    async def end(self) -> None:
        """Whatever rang, was sent or was alerted without the story's word for it is a fault."""
        async with self.house.engine.transaction(None) as db:
            calls = [row for row in await db.scalars(select(SimulatedCall)) if row.id not in self.expected]
            alerts = [row for row in await db.scalars(select(Incident)) if row.id not in self.expected_alerts]
            verdict = await verify(db, self.program_id)
        told = await self.told()
        assert not calls, f"unexpected: {[f'{c.channel} ends {c.last2}' for c in calls]}; all: {told}"
        assert not alerts, f"unexpected alerts about {[a.client_id for a in alerts]}"
        assert verdict.holds, verdict.faults


@asynccontextmanager
async def world(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[World]:
    async with built(database_url, key_ring, *ROUTERS) as house:
        settings = house.app.state.settings
        beats = Beats(house.database, house.clock)
        house.app.state.beats = beats
        program_id = await house.add_program("Harbor drill", kind="drill")
        house.programs["Harbor"] = program_id
        engine = Engine(
            house.engine, make_lines(settings, house.engine, house.clock), settings, house.clock, LocalWake()
        )
        engine.held = False
        made = World(house, program_id, engine=engine, beats=beats)
        await made.open_group()
        yield made
        await made.end()
