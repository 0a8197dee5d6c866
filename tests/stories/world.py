"""A group under way, with pages that beat, phones that ring and boards that show: stories read as sentences.

Time moves only when a story says so. A call, a text or an alert that the story did not expect fails it.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.calls import simulated
from app.calls.models import SimulatedCall
from app.calls.simulated import As
from app.calls.wiring import make_lines
from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact, Release
from app.db import conceal, new_id
from app.engine.loop import Engine
from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.models import Group, GroupSession, LocationCheckIn, Presence
from app.incidents.models import ContactAttempt, Incident
from app.incidents.presence import follow
from app.journal.wake import LocalWake
from app.main import ROUTERS
from app.places.models import DispatchLine
from app.protocols import actions as protocols
from app.rooms.heartbeat import Beats
from app.staff.models import StaffPhone
from tests.house import Browser, House, Person, built

STEP = 0.5
BEAT = 5.0
STAFF = {"Maya Reyes": "51", "Jon Bell": "52", "Dana Whitlock": "53", "Robin Ames": "54"}


@dataclass
class Phone:
    """One phone that rings, or rang."""

    world: "World"
    attempt_id: UUID
    whose: str

    async def answers(self, as_: As = "themselves") -> "Phone":
        async with self.world.house.database.transaction(self.world.program_id) as db:
            await simulated.act(db, self.attempt_id, as_)
        await self.world.settle()
        return self

    async def presses(self, digits: str) -> "Phone":
        async with self.world.house.database.transaction(self.world.program_id) as db:
            await simulated.press(db, self.attempt_id, digits)
        await self.world.settle()
        return self

    async def hangs_up(self) -> None:
        async with self.world.house.database.transaction(self.world.program_id) as db:
            await simulated.hang_up(db, self.attempt_id)
        await self.world.settle()

    async def row(self) -> SimulatedCall:
        async with self.world.house.engine.transaction(None) as db:
            found = await db.scalars(select(SimulatedCall).where(SimulatedCall.attempt_id == self.attempt_id))
            return found.one()

    async def heard(self) -> str:
        """The last words said on this phone."""
        return (await self.row()).words or ""

    async def is_over(self) -> bool:
        return (await self.row()).state == "ended"


@dataclass
class Screen:
    """What one person sees and presses in the staff app."""

    world: "World"
    browser: Browser

    async def cards(self, kind: str) -> list[dict[str, Any]]:
        answer = await self.browser.get("/api/board")
        assert answer.status_code == 200, answer.text
        return [card for card in answer.json()["cards"] if card["kind"] == kind]

    async def tile(self, name: str) -> dict[str, Any]:
        return next(card for card in await self.cards("tile") if card["name"].startswith(name))

    async def alert(self, name: str) -> dict[str, Any]:
        """The alert about this client; the story expected it."""
        for card in await self.cards("incident"):
            if card["name"].startswith(name):
                self.world.expected_alerts.add(UUID(card["incident_id"]))
                return card
        raise AssertionError(f"no alert about {name}")

    async def shows(self, name: str, presence: str) -> bool:
        assert (await self.tile(name))["presence"]["state"] == presence, await self.tile(name)
        return True

    async def page(self, name: str) -> dict[str, Any]:
        card = await self.alert(name)
        answer = await self.browser.get(f"/api/incidents/{card['incident_id']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def press(self, name: str, what: str, **body: Any) -> Any:
        """A press on the alert about this client that must be taken."""
        answer = await self.tries(name, what, **body)
        assert answer.status_code == 200, answer.text
        await self.world.settle()
        return answer.json()

    async def tries(self, name: str, what: str, **body: Any) -> Any:
        card = await self.alert(name)
        return await self.browser.post(f"/api/incidents/{card['incident_id']}/{what}", **body)

    async def taps(self, name: str, what: str, **body: Any) -> None:
        client_id = self.world.clients[name]
        path = f"/api/group-sessions/{self.world.group_session_id}/clients/{client_id}/{what}"
        answer = await self.browser.post(path, **body)
        assert answer.status_code == 200, answer.text
        await self.world.settle()

    async def sees_everyone(self) -> None:
        answer = await self.browser.post(f"/api/group-sessions/{self.world.group_session_id}/seen-all")
        assert answer.status_code == 200, answer.text
        await self.world.settle()

    async def step(self, name: str, key: str) -> dict[str, Any]:
        page = await self.page(name)
        found = [s for s in page["steps"] if s["key"] == key and s["status"] in ("pending", "dialing")]
        assert found, [(s["key"], s["status"]) for s in page["steps"]]
        step: dict[str, Any] = found[0]
        return step

    async def says(self, name: str, key: str, outcome: str) -> None:
        """Answers a step that waits for a person."""
        step = await self.step(name, key)
        await self.press(name, f"steps/{step['id']}/outcome", outcome=outcome)


@dataclass
class World:
    house: House
    engine: Engine
    beats: Beats
    program_id: UUID
    group_session_id: UUID = field(default_factory=new_id)
    people: dict[str, Person] = field(default_factory=dict)
    clients: dict[str, UUID] = field(default_factory=dict)
    pages: dict[str, bool] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    expected: set[UUID] = field(default_factory=set)
    expected_alerts: set[UUID] = field(default_factory=set)
    since_beat: float = 0.0

    # --- who is there

    async def begin(self, *, supervisor: bool = True) -> None:
        for name, ends in STAFF.items():
            roles = ("supervisor", "clinician") if name == "Dana Whitlock" else ("clinician",)
            person = await self.house.add_person(name, *roles)
            self.people[name.split()[0]] = person
            await self._phone(person, ends)
        async with self.house.engine.transaction(self.program_id) as db:
            assert not await protocols.load_shipped(db, self.program_id)
        async with self.house.engine.transaction(self.program_id) as db:
            await protocols.publish(db, self.program_id, "connection-lost", self.people["Dana"].id)
        now = self.now
        async with self.house.engine.transaction(self.program_id) as db:
            group = Group(program_id=self.program_id, id=new_id(), name="Evening skills")
            db.add(group)
            await db.flush()
            db.add(
                GroupSession(
                    program_id=self.program_id,
                    id=self.group_session_id,
                    group_id=group.id,
                    state="open",
                    starts_at=now,
                    ends_at=now + timedelta(hours=2),
                    opened_at=now,
                    lead_id=self.people["Maya"].id,
                    cofacilitator_id=self.people["Jon"].id,
                    supervisor_id=self.people["Dana"].id if supervisor else None,
                    backup_id=self.people["Robin"].id,
                )
            )

    async def _phone(self, person: Person, ends: str) -> None:
        async with self.house.engine.transaction(self.program_id) as db:
            row = StaffPhone(
                program_id=self.program_id,
                id=new_id(),
                staff_id=person.id,
                last2=ends,
                label="mobile",
                rank=1,
            )
            self._number(db, row, f"+150355501{ends}")
            db.add(row)

    def _number(self, db: Any, row: Any, e164: str) -> None:
        conceal(db, row, "number", e164)
        row.number_key = db.info["seal"].keyed_hash("phone", e164)

    async def client(
        self,
        name: str,
        *,
        tier: str = "low",
        ends: Iterable[str] = ("01",),
        safe: Iterable[str] = (),
        voicemail: bool = True,
        text: bool = True,
        page: bool = True,
        **fields: Any,
    ) -> UUID:
        """On the list, checked in at Home, with a page in view that beats."""
        made = Client(
            program_id=self.program_id,
            id=new_id(),
            name_used=f"{name} R.",
            pronouns="they/them",
            tier=tier,
            home_label="Home",
            made_at=self.now,
            **fields,
        )
        async with self.house.engine.transaction(self.program_id) as db:
            conceal(db, made, "safe_name", name)
            conceal(db, made, "legal_name", f"{name} Invented Ramsey")
            conceal(
                db, made, "home_address", '{"street": "418 Alder Court", "town": "Fairhaven", "state": "OR"}'
            )
            db.add(made)
            await db.flush()
            for rank, digits in enumerate(ends, start=1):
                phone = ClientPhone(
                    program_id=self.program_id,
                    id=new_id(),
                    client_id=made.id,
                    last2=digits,
                    label="mobile",
                    rank=rank,
                    voicemail_ok=voicemail,
                    text_ok=text,
                    safe_to_ring=digits in safe,
                )
                self._number(db, phone, f"+140655501{digits}")
                db.add(phone)
            db.add(
                Presence(
                    program_id=self.program_id,
                    group_session_id=self.group_session_id,
                    client_id=made.id,
                    since=self.now,
                    check_at=self.now,
                )
            )
            db.add(
                LocationCheckIn(
                    program_id=self.program_id,
                    id=new_id(),
                    group_session_id=self.group_session_id,
                    client_id=made.id,
                    source="client",
                    same_place=True,
                    alone="yes",
                    confirmed_at=self.now,
                )
            )
        self.clients[name] = made.id
        if page:
            self.pages[name] = True
            self._beat(name)
            await self.beats.once()
            await self.settle()
        return made.id

    async def contact(
        self,
        name: str,
        contact: str,
        *,
        ends: str = "31",
        release: bool = True,
        never: bool = False,
        **fields: Any,
    ) -> UUID:
        row = EmergencyContact(
            program_id=self.program_id,
            id=new_id(),
            client_id=self.clients[name],
            relation="sister",
            last2=ends,
            **fields,
        )
        async with self.house.engine.transaction(self.program_id) as db:
            conceal(db, row, "name", contact)
            self._number(db, row, f"+140655501{ends}")
            db.add(row)
            await db.flush()
            if release:
                signed = Release(
                    program_id=self.program_id,
                    id=new_id(),
                    client_id=self.clients[name],
                    contact_id=row.id,
                    purpose="reach me in a crisis",
                    starts_on=date(2027, 1, 1),
                    signed_by="client",
                    method="on paper",
                    made_at=self.now,
                )
                conceal(db, signed, "scope", "that we lost touch, may go and check")
                db.add(signed)
            if never:
                barred = DoNotContact(
                    program_id=self.program_id,
                    id=new_id(),
                    client_id=self.clients[name],
                    contact_id=row.id,
                    made_at=self.now,
                )
                conceal(db, barred, "name", contact)
                conceal(db, barred, "reason", "asked us never to call")
                db.add(barred)
        return row.id

    async def dispatch_line(self, name: str, *, verified_on: date | None = date(2027, 2, 20)) -> None:
        async with self.house.engine.transaction(self.program_id) as db:
            line = DispatchLine(
                program_id=self.program_id,
                id=new_id(),
                kind="dispatch",
                agency="Fairhaven dispatch",
                area="Fairhaven, OR",
                country="US",
                number="+15415550119",
                verified_on=verified_on,
                police_involved=True,
            )
            db.add(line)
            await db.flush()
            client = await db.get_one(Client, (self.program_id, self.clients[name]))
            client.home_dispatch_line_id = line.id

    async def screen(self, name: str) -> Screen:
        """Signed in as this colleague, on a browser of their own."""
        if name not in self.screens:
            self.screens[name] = Screen(self, await self.house.signed_in(self.people[name]))
        return self.screens[name]

    # --- what happens

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def falls_silent(self, *names: str) -> None:
        """The page was in view and stops speaking: a dead battery, a lost network."""
        for name in names:
            del self.pages[name]

    def hides_page(self, name: str) -> None:
        self.pages[name] = False

    def comes_back(self, *names: str) -> None:
        for name in names:
            self.pages[name] = True
            self._beat(name)

    async def platform(
        self, name: str, kind: str, cause: str | None = None, *, connection: str = "one"
    ) -> None:
        """A fact as the video platform's adapter would make it, occurring now."""
        fact = NewFact(
            self.clients[name],
            "platform",
            kind,
            cause=cause,  # type: ignore[arg-type]
            connection=connection,
            delivery_id=uuid4().hex,
        )
        async with self.house.database.transaction(self.program_id) as db:
            await follow(db, await record_facts(db, self.group_session_id, [fact]))
        await self.settle()

    async def pass_time(self, seconds: float) -> None:
        """Everything that runs by itself runs, half a second at a time."""
        passed = 0.0
        while passed < seconds - 1e-9:
            self.house.clock.move(STEP)
            passed += STEP
            self.since_beat += STEP
            if self.since_beat >= BEAT:
                self.since_beat = 0.0
                for name in self.pages:
                    self._beat(name)
            if (passed / STEP) % 2 == 0:
                await self.beats.once()
            await self.settle()

    def _beat(self, name: str) -> None:
        self.beats.beat(
            self.program_id, self.group_session_id, self.clients[name], self.pages[name], self.now
        )

    async def settle(self) -> None:
        """The engine at this instant: sweep, steps, telephone, until nothing more is due."""
        await self.beats.once()
        await self.engine.sweep()
        await self.engine.run_steps()
        await self.engine.ring()
        await self.engine.look_after()
        await self.engine.run_steps()
        await self.engine.ring()

    # --- what a story finds

    async def rings(self, whose: str, ends: str | None = None) -> Phone:
        """A phone of this person's rings now; the story expected it."""
        found = await self._calls(whose, ends)
        ringing = [row for row in found if row.state in ("queued", "ringing")]
        assert ringing, f"{whose}'s phone does not ring; {await self.told()}"
        self.expected.add(ringing[0].id)
        return Phone(self, ringing[0].attempt_id, whose)

    async def rang(self, whose: str, times: int = 1) -> None:
        """Calls to this person that the story lets pass without more words."""
        found = await self._calls(whose, None)
        assert len(found) == times, f"{whose}'s phone rang {len(found)} times; {await self.told()}"
        self.expected |= {row.id for row in found}

    async def may_ring(self, *whose: str) -> None:
        """Phones of our own people may ring as they like in this story: it is about something else."""
        for name in whose:
            self.expected |= {row.id for row in await self._calls(name, None)}

    async def does_not_ring(self, whose: str) -> None:
        found = [row for row in await self._calls(whose, None) if row.state in ("queued", "ringing")]
        assert not found, f"{whose}'s phone rings; {await self.told()}"

    async def text_to(self, name: str) -> str:
        found = [row for row in await self._calls(name, None, channel="text") if row.id not in self.expected]
        assert found, f"no text to {name}; {await self.told()}"
        self.expected.add(found[0].id)
        return found[0].words or ""

    async def _calls(self, whose: str, ends: str | None, channel: str = "call") -> list[SimulatedCall]:
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
                call
                for call, attempt, client_id in rows
                if self._is(attempt, client_id, whose) and (ends is None or call.last2 == ends)
            ]

    def _is(self, attempt: ContactAttempt, client_id: UUID, whose: str) -> bool:
        if whose in self.people:
            return attempt.staff_id == self.people[whose].id
        if whose in self.clients:
            return attempt.who == "client" and client_id == self.clients[whose]
        return attempt.who == "contact"

    async def incident(self, name: str) -> Incident:
        async with self.house.engine.transaction(None) as db:
            found = await db.scalars(
                select(Incident)
                .where(Incident.client_id == self.clients[name])
                .order_by(Incident.learned_at.desc())
            )
            return found.first() or _none(name)

    async def nothing_open(self, name: str) -> None:
        async with self.house.engine.transaction(None) as db:
            found = await db.scalars(
                select(Incident).where(Incident.client_id == self.clients[name], Incident.state == "open")
            )
            assert found.first() is None, f"something is open about {name}"

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
        told = await self.told()
        assert not calls, f"unexpected: {[f'{c.channel} ends {c.last2}' for c in calls]}; all: {told}"
        assert not alerts, f"unexpected alerts about {[a.client_id for a in alerts]}"


def _none(name: str) -> Incident:
    raise AssertionError(f"no incident about {name}")


@asynccontextmanager
async def world(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[World]:
    async with built(database_url, key_ring, *ROUTERS) as house:
        settings = house.app.state.settings
        beats = Beats(house.database, house.clock)
        house.app.state.beats = beats
        program_id = await house.add_program("Harbor drill", kind="drill")
        house.programs["Harbor"] = program_id
        lines = make_lines(settings, house.engine, house.clock)
        engine = Engine(house.engine, lines, settings, house.clock, LocalWake())
        engine.held = False
        made = World(house, engine, beats, program_id)
        await made.begin()
        try:
            yield made
            await made.end()
        finally:
            await house.engine.close()
