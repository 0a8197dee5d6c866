"""A program with people in it and a web app over a real database: for route tests that read as sentences."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
from fastapi import APIRouter, FastAPI
from sqlalchemy import Select, select
from starlette.datastructures import State

from app.clock import MovableClock
from app.db import ENGINE_ROLE, WEB_ROLE, Database
from app.journal.models import Entry
from app.rooms.together import Together
from app.seal import Seal
from app.settings import Settings, write_key_ring
from app.staff import actions, passphrases
from app.staff.models import Program, StaffMember
from app.web import Limits, SafeHeaders, add_problem_documents

BASE = "http://127.0.0.1:8000"
START = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
PASSPHRASE = "lantern gravel otter mosaic"
PIN = "480392"
_kept: dict[str, str] = {}
_apps: dict[tuple[int, ...], FastAPI] = {}
# Every test has a database of its own; what its statements read as is the same in all. It is kept under the dialect it
# was written for, so all of them have the first one's.
_compiled: dict[Any, Any] = {}
_dialects: list[Any] = []


async def kept_hash(secret: str) -> str:
    """Argon2 takes 40 ms on purpose; the tests' own secrets are hashed once for all."""
    if secret not in _kept:
        _kept[secret] = await passphrases.hashed(secret)
    return _kept[secret]


@dataclass
class Person:
    program_id: UUID
    id: UUID
    email: str
    totp_secret: str


@dataclass
class House:
    """`program` is the one most tests live in; `elsewhere` must never be seen from it."""

    app: FastAPI
    database: Database
    engine: Database
    clock: MovableClock
    stack: AsyncExitStack
    programs: dict[str, UUID] = field(default_factory=dict)

    @property
    def program(self) -> UUID:
        return self.programs["Harbor"]

    async def add_program(self, name: str, kind: str = "live", program_id: UUID | None = None) -> UUID:
        async with self.engine.transaction(None) as db:
            made = await actions.create_program(
                db,
                name=name,
                outward_name="the office",
                kind=kind,
                region="US",
                time_zone="America/Los_Angeles",
                callback_number="+15035550100",
                program_id=program_id,
            )
        self.programs[name] = made.id
        return made.id

    async def add_person(self, name: str, *roles: str, program: str = "Harbor") -> Person:
        """Enrolled, with the tests' passphrase and PIN."""
        program_id = self.programs[program]
        email = f"{name.lower().replace(' ', '.')}@{program.lower()}.example"
        async with self.engine.transaction(program_id) as db:
            found = await db.get(Program, program_id)
            assert found is not None
            await actions.create_admin(db, found, name=name, email=email)
            person = (await db.scalars(_by_email(program_id, email))).one()
            secret = pyotp.random_base32()
            person.roles = list(roles)
            person.passphrase_hash = await kept_hash(PASSPHRASE)
            person.pin_hash = await kept_hash(PIN)
            person.totp_secret = self.engine.seal.seal(
                secret, table="staff_member", column="totp_secret", row_id=person.id, program_id=program_id
            )
        return Person(program_id, person.id, email, secret)

    async def browser(self) -> "Browser":
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url=BASE,
            headers={"Origin": BASE},
        )
        await self.stack.enter_async_context(client)
        return Browser(self, client)

    async def signed_in(self, person: Person) -> "Browser":
        browser = await self.browser()
        await browser.signs_in(person)
        return browser

    async def staff(self, name: str, *roles: str, program: str = "Harbor") -> "Browser":
        return await self.signed_in(await self.add_person(name, *roles, program=program))

    async def entries(self, *kinds: str) -> list[tuple[str, UUID | None]]:
        async with self.engine.transaction(None) as db:
            rows = await db.execute(
                select(Entry.kind, Entry.actor_id).where(Entry.program_id == self.program).order_by(Entry.seq)
            )
            return [(row.kind, row.actor_id) for row in rows if not kinds or row.kind in kinds]


def _by_email(program_id: UUID, email: str) -> Select[StaffMember]:
    return select(StaffMember).where(StaffMember.program_id == program_id, StaffMember.email == email)


@dataclass
class Browser:
    """One browser with its cookies. Every write carries a fresh command id unless one is given."""

    house: House
    http: httpx.AsyncClient
    me: Person | None = None

    async def signs_in(self, person: Person) -> None:
        self.me = person
        first = await self.post("/api/sign-in", email=person.email, passphrase=PASSPHRASE)
        assert first.status_code == 200, first.text
        second = await self.post("/api/sign-in/totp", code=self.code(person))
        assert second.status_code == 200, second.text

    def code(self, person: Person) -> str:
        return pyotp.TOTP(person.totp_secret).at(self.house.clock.now())

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """Gives the PIN again where it is asked for, as a person would."""
        answer = await self.http.get(path, params=query)
        if await self._confirms(answer):
            answer = await self.http.get(path, params=query)
        return answer

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.sends("POST", path, body)

    async def patch(self, path: str, **body: Any) -> httpx.Response:
        return await self.sends("PATCH", path, body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.sends("DELETE", path, None)

    async def sends(
        self, method: str, path: str, body: dict[str, Any] | None, command: UUID | None = None
    ) -> httpx.Response:
        headers = {"Command-Id": str(command or uuid4())}
        answer = await self.http.request(method, path, json=body, headers=headers)
        if await self._confirms(answer):
            answer = await self.http.request(method, path, json=body, headers=headers)
        return answer

    async def _confirms(self, answer: httpx.Response) -> bool:
        if answer.status_code != 403 or answer.json().get("code") != "confirm_needed":
            return False
        return (await self.http.post("/api/confirm", json={"pin": PIN})).status_code == 204


def _app(routers: tuple[APIRouter, ...]) -> FastAPI:
    """Kept for the next test: reading what every route takes was a fifth of a test. What is of one test is its state."""
    key = tuple(id(router) for router in routers)
    if key in _apps:
        return _apps[key]
    app = _apps[key] = FastAPI()
    app.add_middleware(Limits)
    app.add_middleware(SafeHeaders)
    add_problem_documents(app)
    for router in routers:
        app.include_router(router)
    return app


@asynccontextmanager
async def built(
    database_url: str, key_ring: dict[str, bytes], *routers: APIRouter, environment: str = "test"
) -> AsyncIterator[House]:
    """`Harbor` and `Elsewhere`, both live, with nobody in them."""
    clock, seal = MovableClock(START), Seal(key_ring)
    settings = Settings(
        environment=environment,
        database_url=database_url,
        public_base_url=BASE,
        keys=write_key_ring(key_ring),
    )
    app = _app(routers)
    app.state = State()
    app.state.settings, app.state.clock, app.state.seal = settings, clock, seal
    web = Database(database_url, role=WEB_ROLE, clock=clock, seal=seal, pool_size=3)
    # Nobody tells it of the engine's entries: it has to find out.
    web.keep_heads()
    engine = Database(database_url, role=ENGINE_ROLE, clock=clock, seal=seal, pool_size=2)
    for database in (web, engine):
        made = database.engine.sync_engine
        made.update_execution_options(compiled_cache=_compiled)
        made.dialect = _dialects[0] if _dialects else made.dialect
    app.state.database = web
    app.state.together = Together(web)
    try:
        async with AsyncExitStack() as stack:
            house = House(app, web, engine, clock, stack)
            await house.add_program("Harbor")
            await house.add_program("Elsewhere")
            if not _dialects:
                # It has met the server by now, and knows what it can do.
                _dialects.append(engine.engine.sync_engine.dialect)
            yield house
    finally:
        await web.close()
        await engine.close()
