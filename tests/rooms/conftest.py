"""A program whose people, groups and rooms are set up through the app's own routes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.clients.routes import router as clients
from app.code_words.routes import router as code_words
from app.db import conceal, new_id, now_of
from app.group_sessions.routes import router as group_sessions
from app.group_sessions.task_routes import router as tasks
from app.incidents.routes import router as incidents
from app.lanes.routes import router as lanes
from app.protocols.actions import publish
from app.rooms.routes import hooks
from app.rooms.routes import router as rooms
from app.staff.models import StaffPhone
from app.staff.routes import router as staff
from app.tables import METADATA
from tests.house import Browser, House, Person, built
from tests.presence.conftest import meeting

__all__ = ["meeting"]

MAPPED = METADATA
NAMES = {
    "lead": "Maya Example",
    "cofacilitator": "Jon Example",
    "supervisor": "Sam Example",
    "backup": "Bea Example",
}


@dataclass
class Clinic:
    """`people` by place in a meeting; `sam` is a supervisor's browser and sets things up."""

    house: House
    people: dict[str, Person]
    sam: Browser
    group_id: str

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def staffed(self, **other: Any) -> dict[str, Any]:
        return {f"{place}_id": str(person.id) for place, person in self.people.items()} | other

    async def schedules(self, **given: Any) -> Any:
        body = {
            "group_id": self.group_id,
            "starts_at": self.now.isoformat(),
            "ends_at": (self.now + timedelta(hours=3)).isoformat(),
        }
        return await self.sam.post("/api/group-sessions", **(body | self.staffed() | given))

    async def meets(self, *names: str, opens: bool = True, tier: str = "low", **given: Any) -> "Met":
        made = await self.schedules(**given)
        assert made.status_code == 201, made.text
        met = Met(self, made.json()["id"])
        for name in names:
            await met.expects(name, tier)
        if opens:
            opened = await self.sam.post(f"{met.path}/open")
            assert opened.status_code == 200, opened.text
        return met

    async def gives_phone(self, person: Person) -> None:
        async with self.house.engine.transaction(person.program_id) as db:
            phone = StaffPhone(
                program_id=person.program_id,
                id=new_id(),
                staff_id=person.id,
                number_key=b"k" + person.id.bytes,
                last2="42",
                label="mobile",
                rank=1,
            )
            conceal(db, phone, "number", "+15035550142")
            db.add(phone)

    async def approves_protocols(self) -> None:
        async with self.house.engine.transaction(self.house.program) as db:
            await publish(db, self.house.program, "connection-lost", self.people["supervisor"].id)

    async def adds_client(self, name: str, tier: str = "low") -> str:
        made = await self.sam.post(
            "/api/clients", name_used=name, safe_name=name, legal_name=name, tier=tier, pronouns="she/her"
        )
        assert made.status_code == 201, made.text
        client_id: str = made.json()["id"]
        return client_id

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        async with self.house.engine.transaction(None) as db:
            return list((await db.execute(text(sql), values)).all())

    async def fresh_now(self) -> datetime:
        async with self.house.engine.transaction(None) as db:
            return now_of(db)


class Met:
    """One meeting."""

    def __init__(self, clinic: Clinic, group_session_id: str) -> None:
        self.clinic = clinic
        self.id = group_session_id
        self.path = f"/api/group-sessions/{group_session_id}"
        self.clients: dict[str, UUID] = {}

    async def expects(self, name: str, tier: str = "low") -> UUID:
        client_id = await self.clinic.adds_client(name, tier)
        put = await self.clinic.sam.post(f"{self.path}/roster", client_id=client_id)
        assert put.status_code == 200, put.text
        self.clients[name] = UUID(client_id)
        return self.clients[name]

    async def seen_by(self, browser: Browser) -> Any:
        answer = await browser.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def state(self, name: str) -> str:
        [row] = await self.clinic.rows(
            "select state from presence where group_session_id = :meeting and client_id = :client",
            meeting=UUID(self.id),
            client=self.clients[name],
        )
        state: str = row.state
        return state


@pytest.fixture
async def clinic(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[Clinic]:
    routers = (staff, clients, code_words, group_sessions, tasks, hooks, rooms, lanes, incidents)
    async with built(database_url, key_ring, *routers) as house:
        people = {
            place: await house.add_person(name, "supervisor" if place == "supervisor" else "clinician")
            for place, name in NAMES.items()
        }
        sam = await house.signed_in(people["supervisor"])
        group = await sam.post("/api/groups", name="Evening Harbor")
        assert group.status_code == 201, group.text
        made = Clinic(house, people, sam, group.json()["id"])
        for place in ("supervisor", "backup"):
            await made.gives_phone(people[place])
        await made.approves_protocols()
        yield made
