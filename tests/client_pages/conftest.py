"""A group with Ana in it, her phone's browser, and a heartbeat intake that only remembers."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from app.client_pages import routes
from app.client_pages.endings import Endings
from app.client_pages.shown import Shown
from app.clients.models import Client, ClientPhone
from app.db import conceal, new_id, reveal
from app.group_sessions.models import (
    ClientLink,
    ClientNote,
    Group,
    GroupSession,
    LocationCheckIn,
    Presence,
    PresenceFact,
)
from app.journal.models import Entry, EntryDetail
from app.journal.wake import LocalWake
from app.places.routes import router as places_router
from app.staff.models import StaffMember
from app.staff.routes import router as staff_router
from app.tables import METADATA
from tests.house import BASE, START, Browser, House, Person, built

PHONE = "+15035550142"
# Naming it maps every table: the models refer to each other across packages.
MAPPED = METADATA


@dataclass
class Ear:
    """What the heartbeat intake was told."""

    heard: list[tuple[UUID, str, datetime]] = field(default_factory=list)

    def beat(self, _program: UUID, _meeting: UUID, client_id: UUID, visible: bool, at: datetime) -> None:
        self.heard.append((client_id, "visible" if visible else "hidden", at))

    def goodbye(self, _program: UUID, _meeting: UUID, client_id: UUID, at: datetime) -> None:
        self.heard.append((client_id, "goodbye", at))

    @property
    def words(self) -> list[str]:
        return [word for _, word, _ in self.heard]


@dataclass
class Phone:
    """A client's browser: follows no redirect by itself, keeps cookies, says where a form comes from."""

    http: httpx.AsyncClient

    async def opens(self, address: str, **headers: str) -> httpx.Response:
        return await self.http.get(address, headers=headers)

    async def presses(self, address: str, **fields: str) -> httpx.Response:
        """A form without script. The command is that of the page, unless one is given."""
        return await self.http.post(address, data=fields)

    async def sends(self, address: str, **fields: str) -> httpx.Response:
        """What the page's own script sends."""
        return await self.http.post(address, data=fields, headers={"Accept": "application/json"})

    async def page(self) -> str:
        shown = await self.opens("/c/here")
        assert shown.status_code == 200, shown.text
        return shown.text

    async def command(self) -> str:
        found = re.search(r'name="command" value="([^"]+)"', await self.page())
        assert found
        return found[1]

    async def taps(self, what: str, **fields: str) -> httpx.Response:
        """A button of the page as it is now."""
        where = "/c/here" if what == "here" else f"/c/{what}"
        answer = await self.presses(where, command=await self.command(), **fields)
        assert answer.status_code == 303, answer.text
        return answer


@dataclass
class Room:
    house: House
    meeting_id: UUID
    maya: Person
    jon: Person
    ear: Ear
    clients: dict[str, UUID] = field(default_factory=dict)
    browsers: dict[UUID, Browser] = field(default_factory=dict)

    @property
    def program(self) -> UUID:
        return self.house.program

    async def expects(self, name: str, *, phone: str | None = PHONE, **about: Any) -> UUID:
        client = Client(
            program_id=self.program,
            id=new_id(),
            name_used=name,
            pronouns="she/her",
            tier="low",
            made_at=START,
            **{"home_label": "Home", "language": "en", **about},
        )
        async with self.house.engine.transaction(None) as db:
            conceal(db, client, "safe_name", name)
            conceal(db, client, "legal_name", f"{name} Invented")
            conceal(db, client, "home_address", json.dumps({"street": "12 Invented Road", "town": "Harrow"}))
            db.add(client)
            await db.flush()
            db.add(
                Presence(
                    program_id=self.program,
                    group_session_id=self.meeting_id,
                    client_id=client.id,
                    since=START,
                )
            )
            if phone is not None:
                row = ClientPhone(
                    program_id=self.program,
                    id=new_id(),
                    client_id=client.id,
                    number_key=self.house.engine.seal.keyed_hash("phone", phone),
                    last2=phone[-2:],
                    label="Mobile",
                    rank=1,
                )
                conceal(db, row, "number", phone)
                db.add(row)
        self.clients[name] = client.id
        return client.id

    async def staff(self, person: Person) -> Browser:
        """A code of the second factor works once, so each person keeps their browser."""
        if person.id not in self.browsers:
            self.browsers[person.id] = await self.house.signed_in(person)
        return self.browsers[person.id]

    async def link_for(self, name: str, browser: Browser | None = None) -> str:
        """The path of a fresh link."""
        browser = browser or await self.staff(self.maya)
        made = await browser.post(self.staff_path(name, "link"))
        assert made.status_code == 200, made.text
        url: str = made.json()["url"]
        assert url.startswith(BASE)
        return url.removeprefix(BASE)

    def staff_path(self, name: str, what: str) -> str:
        return f"/api/group-sessions/{self.meeting_id}/clients/{self.clients[name]}/{what}"

    async def phone(self) -> Phone:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.house.app, raise_app_exceptions=False),
            base_url=BASE,
            # What a browser says for a form on a page without referrer.
            headers={"Origin": "null", "Sec-Fetch-Site": "same-origin", "Accept-Language": "en-US"},
        )
        await self.house.stack.enter_async_context(client)
        return Phone(client)

    async def phone_of(self, name: str) -> Phone:
        """On the check-in page."""
        phone = await self.phone()
        pressed = await phone.presses(await self.link_for(name))
        assert pressed.status_code == 303, pressed.text
        return phone

    async def companion_of(self, name: str, **answers: str) -> Phone:
        phone = await self.phone_of(name)
        await phone.taps("here", **(answers or {"place": "same", "alone": "yes", "phone": "same"}))
        return phone

    async def change_meeting(self, **values: Any) -> None:
        async with self.house.engine.transaction(None) as db:
            meeting = await db.get(GroupSession, (self.program, self.meeting_id))
            for name, value in values.items():
                setattr(meeting, name, value)

    async def change_client(self, name: str, **values: Any) -> None:
        async with self.house.engine.transaction(None) as db:
            client = await db.get(Client, (self.program, self.clients[name]))
            for column, value in values.items():
                setattr(client, column, value)

    async def rows(self, model: Any) -> list[Any]:
        async with self.house.engine.transaction(None) as db:
            return list((await db.execute(select(model))).scalars())

    async def places(self) -> list[dict[str, Any]]:
        async with self.house.engine.transaction(None) as db:
            rows = (
                await db.execute(select(LocationCheckIn).order_by(LocationCheckIn.confirmed_at))
            ).scalars()
            return [
                {
                    "same": row.same_place,
                    "label": reveal(db, row, "label"),
                    "address": json.loads(reveal(db, row, "address") or "null"),
                    "alone": row.alone,
                }
                for row in rows
            ]

    async def numbers(self) -> list[tuple[str | None, UUID | None, bool]]:
        async with self.house.engine.transaction(None) as db:
            rows = (await db.execute(select(ClientPhone).order_by(ClientPhone.rank))).scalars()
            return [(reveal(db, row, "number"), row.today_only_for, row.safe_to_ring) for row in rows]

    async def told(self) -> list[tuple[str, datetime | None]]:
        return [(fact.kind, fact.until) for fact in await self.rows(PresenceFact) if fact.source == "client"]

    async def notes(self) -> list[str | None]:
        async with self.house.engine.transaction(None) as db:
            return [reveal(db, row, "words") for row in (await db.execute(select(ClientNote))).scalars()]

    async def journal(self) -> list[tuple[str, dict[str, Any]]]:
        """Kinds of this package's entries with what can be read in them."""
        async with self.house.engine.transaction(None) as db:
            rows = await db.execute(
                select(Entry, EntryDetail)
                .outerjoin(
                    EntryDetail,
                    (EntryDetail.program_id == Entry.program_id) & (EntryDetail.seq == Entry.seq),
                )
                .where(Entry.program_id == self.program, Entry.client_id.is_not(None))
                .order_by(Entry.seq)
            )
            return [
                (entry.kind, json.loads(reveal(db, detail, "sealed") or "{}") if detail else {})
                for entry, detail in rows
            ]

    async def links(self) -> list[ClientLink]:
        return await self.rows(ClientLink)

    async def everything(self) -> int:
        """Grows with every change that anybody writes down."""
        return len(await self.rows(Entry)) + len(await self.rows(ClientLink))


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, staff_router, places_router, routes.router) as house:
        house.app.state.beats = Ear()
        house.app.state.wake = LocalWake()
        house.app.state.endings = Endings(house.database, house.app.state.wake)
        house.app.state.shown = Shown(house.database, house.app.state.wake)
        yield house


@pytest.fixture
async def room(house: House) -> Room:
    """An open group at 7:30 AM in its own time zone, run by Maya and Jon, with Ana on its list."""
    maya = await house.add_person("Maya Example", "clinician")
    jon = await house.add_person("Jon Example", "clinician")
    meeting_id, group_id = uuid4(), uuid4()
    async with house.engine.transaction(None) as db:
        for person, first_name in ((maya, "Maya"), (jon, "Jon")):
            member = await db.get(StaffMember, (house.program, person.id))
            assert member is not None
            member.first_name = first_name
        db.add(Group(program_id=house.program, id=group_id, name="Morning Harbor"))
        await db.flush()
        db.add(
            GroupSession(
                program_id=house.program,
                id=meeting_id,
                group_id=group_id,
                state="open",
                starts_at=START + timedelta(minutes=30),
                ends_at=START + timedelta(hours=2),
                opened_at=START,
                lead_id=maya.id,
                cofacilitator_id=jon.id,
            )
        )
    made = Room(house, meeting_id, maya, jon, house.app.state.beats)
    await made.expects("Ana")
    return made
