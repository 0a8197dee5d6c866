"""Every route of the whole app: shut to nobody, to a stranger, to another program; and no odd request breaks one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, text

from app.clients.models import ClientPhone
from app.incidents import callers
from app.incidents.models import ContactAttempt, EscalationStep, InboundCaller
from app.journal import read
from app.main import create_app
from tests.faults.bodies import example
from tests.house import BASE, Browser
from tests.stories.world import World

# Reached before anybody has signed in, or by a locked screen; tested with the staff's own tests.
SIGNING_IN = (
    "/api/sign-in",
    "/api/demo",
    "/api/sign-out",
    "/api/sign-out-everywhere",
    "/api/lock",
    "/api/unlock",
    "/api/me",
)
NUL, LONG = "%00", "x" * 3000
BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"[]"),
    ("application/json", b'"\\ud800"'),
    ("application/json", b"[" * 30_000),
    ("application/json", b'{"id": 1e999, "at": "9999-99-99", "x": "\\u0000"}'),
    ("application/json", b"\xff\xfe\x00"),
    ("application/json", b'{"a":"' + b"x" * 70_000 + b'"}'),
    ("application/x-www-form-urlencoded", b"CallSid=%00&CallStatus=%F0&From=%2B1&x=" + b"y" * 300),
    ("application/x-www-form-urlencoded", b"a=" * 3000),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00\r\n--x--',
    ),
    ("multipart/form-data", b"no boundary"),
    ("text/plain", b"1" * 40),
]


@dataclass
class Place:
    """Everything there is to ask for: one client lost, rung, with a contact, in an open group."""

    world: World
    ids: dict[str, UUID]

    async def heads(self) -> dict[UUID, int]:
        """Anything that happened is an entry."""
        async with self.world.house.engine.transaction(None) as db:
            return {p: await read.head(db, p) for p in self.world.house.programs.values()}

    async def rows(self) -> dict[str, int]:
        """Rows of every table but those that count attempts and requests."""
        async with self.world.house.engine.transaction(None) as db:
            names = await db.scalars(
                text(
                    "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
                )
            )
            counted = {}
            for name in set(names) - {"sign_in_attempt", "command", "hearing", "deaf_interval", "sign_in"}:
                counted[name] = int(await db.scalar(text(f'select count(*) from "{name}"')) or 0)  # noqa: S608
            return counted


@pytest.fixture
async def place(world: World) -> Place:
    client = await world.client("Ana", tier="high", ends=("01", "02"))
    contact = await world.contact("Ana", "Lee Invented")
    await world.drops("Ana")
    await world.pass_time(20)
    await (await world.screen("Jon")).alert("Ana")
    incident = await world.incident("Ana")
    async with world.house.engine.transaction(None) as db:
        step = await db.scalar(select(EscalationStep.id).order_by(EscalationStep.ordinal.desc()).limit(1))
        attempt = await db.scalar(select(ContactAttempt.id).limit(1))
        phone = await db.scalar(select(ClientPhone.id).limit(1))
    assert step
    assert attempt
    assert phone
    await world.may_ring("Ana", *world.people)
    async with world.house.database.transaction(world.program_id) as db:
        await callers.rings(db, world.program_id, client, "+14065550101", "CA1")
        rang = await db.scalar(select(InboundCaller.id))
    assert rang
    ids = {
        "caller_id": rang,
        "program_id": world.program_id,
        "program": world.program_id,
        "attempt": attempt,
        "group_session_id": world.group_session_id,
        "client_id": client,
        "contact_id": contact,
        "incident_id": incident.id,
        "step_id": step,
        "phone_id": phone,
        "staff_id": world.people["Jon"].id,
        "connection_id": uuid4(),
        "person_id": uuid4(),
        "outage_id": uuid4(),
        "line_id": uuid4(),
        "licence_id": uuid4(),
        "card_id": uuid4(),
        "version_id": incident.protocol_version_id,
        "release_id": uuid4(),
        "barred_id": uuid4(),
        "answer_id": uuid4(),
        "group_id": uuid4(),
        "access_id": uuid4(),
        "disclosure_id": uuid4(),
        "report_id": uuid4(),
        "plan_version_id": uuid4(),
        "copy_id": uuid4(),
        "proposal_id": uuid4(),
        "task_id": uuid4(),
        "breakout_id": uuid4(),
        "check_id": uuid4(),
        "handoff_id": uuid4(),
        "dispatch_call_id": uuid4(),
        "lowering_id": uuid4(),
        "assessment_id": uuid4(),
        "screener_id": uuid4(),
        "stand_down_id": uuid4(),
        "given_card_id": uuid4(),
        "follow_up_id": uuid4(),
        "check_in_plan_id": uuid4(),
        "run_id": uuid4(),
    }
    return Place(world, ids)


def _routes(world: World) -> Iterator[tuple[str, str]]:
    app = create_app(world.house.app.state.settings)
    for route in _flat(app.routes):
        if isinstance(route, APIRoute):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None) or getattr(route, "routes", None)
        if inner is not None and not isinstance(route, APIRoute):
            yield from _flat(getattr(inner, "routes", inner))
        else:
            yield route


def _filled(path: str, ids: dict[str, UUID], other: str | None = None) -> str:
    """With real ids, or with `other` in every place."""
    names = {
        "tap": "lost",
        "of": "groups",
        "kind": "danger",
        "name": "page.js",
        "token": "A" * 54,
        "country": "US",
        "version": "2",
        "form": "home",
        "lane": "group",
        "item": "means_talked",
    }
    for name, value in {**ids, **names}.items():
        path = path.replace("{" + name + "}", other or str(value))
    assert "{" not in path, path
    return path


def _staff_routes(place: Place) -> list[tuple[str, str, Any]]:
    app = create_app(place.world.house.app.state.settings)
    described = app.openapi()
    parts = described["components"]["schemas"]
    found = []
    for path, methods in described["paths"].items():
        if not path.startswith("/api") or path.startswith(SIGNING_IN):
            continue
        for method, what in methods.items():
            content = what.get("requestBody", {}).get("content", {}).get("application/json")
            body = example(content["schema"], parts, place.ids) if content else None
            found.append((method.upper(), path, body))
    assert len(found) > 60
    return found


async def _asks(browser: Browser, place: Place, method: str, path: str, body: Any) -> httpx.Response:
    return await browser.sends(method, _filled(path, place.ids), body)


async def test_nobody_opens_any_route_of_the_staff_app(place: Place) -> None:
    stranger = await place.world.house.browser()
    before = await place.rows()
    for method, path, body in _staff_routes(place):
        answer = await _asks(stranger, place, method, path, body)
        assert answer.status_code == 401, (method, path, answer.status_code, answer.text)
        assert answer.json()["code"] == "signed_out"
    assert await place.rows() == before


async def test_a_person_of_another_program_finds_nothing_of_this_one(place: Place) -> None:
    house = place.world.house
    stranger = await house.staff("Sol Vega", "supervisor", "clinician", "administrator", program="Elsewhere")
    before = (await place.heads())[place.world.program_id]
    for method, path, body in _staff_routes(place):
        answer = await _asks(stranger, place, method, path, body)
        # `of` and `country` are words of ours, not somebody's ids.
        if "{" in path.replace("{of}", "").replace("{country}", ""):
            assert 400 <= answer.status_code < 500, (method, path, answer.status_code, answer.text)
        assert answer.status_code < 500, (method, path, answer.text)
        for name, value in place.ids.items():
            echoed = str(value) in json.dumps(body)
            assert echoed or str(value) not in answer.text, (method, path, name)
        assert "Ana R." not in answer.text
    assert (await place.heads())[place.world.program_id] == before


@pytest.mark.parametrize("role", ["clinician", "administrator"])
async def test_a_colleague_without_a_part_in_it_reads_and_changes_nothing_about_a_client(
    place: Place, role: str
) -> None:
    """Neither a clinician of other groups nor an administrator, whose work is the set-up."""
    colleague = await place.world.house.staff("Tess Amano", role)
    open_to = []
    for method, path, body in _staff_routes(place):
        if path == "/api/emergency-access":
            continue  # Opens a client by design, with a reason, for an hour: tests/clients/test_break_glass.py.
        about_a_client = any(
            part in path for part in ("{client_id}", "{incident_id}", "{outage_id}", "{caller_id}")
        )
        answer = await _asks(colleague, place, method, path, body)
        assert answer.status_code < 500, (method, path, answer.text)
        if about_a_client and answer.status_code < 400:
            open_to.append((method, path))
        # An administrator must read what waits before they let a held engine go on.
        assert "Ana R." not in answer.text or path == "/api/engine/held", (method, path)
    assert open_to == []


async def test_odd_requests_to_what_is_open_to_everybody_are_refused_and_change_nothing(place: Place) -> None:
    """Webhooks, telephone, client pages, signing in: forged, malformed, oversized, wrongly typed."""
    world = place.world
    settings = world.house.app.state.settings
    world.house.app.state.settings = settings.model_copy(
        update={
            "twilio_account_sid": "AC" + "0" * 32,
            "twilio_auth_token": "invented",
            "twilio_from": "+15035550100",
        }
    )
    # /healthz answers 503 to say what is wrong; the last one is the staff app's own page.
    public = [
        (method, path)
        for method, path in _routes(world)
        if (not path.startswith("/api") or path.startswith("/api/sign-in"))
        and path not in ("/healthz", "/{path:path}")
    ]
    assert len(public) > 35
    before, heads = await place.rows(), await place.heads()
    forged = {
        "X-Twilio-Signature": "Zm9yZ2Vk",
        "X-Handrail-Timestamp": "9" * 30,
        "X-Handrail-Signature": "v1=é".encode("latin-1"),
        "x-zm-signature": "v0=00",
        "x-zm-request-timestamp": "-1",
        "Authorization": "Bearer a.b.c",
    }
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=world.house.app, raise_app_exceptions=False), base_url=BASE
    ) as http:
        for method, path in public:
            for other in (None, "x", NUL, LONG, str(UUID(int=7)), "..%2F..", "%F0%28"):
                answer = await http.request(method, _filled(path, place.ids, other), headers={"Origin": BASE})
                assert answer.status_code < 500, (method, path, other, answer.text)
                assert answer.status_code >= 400 or method == "GET", (method, path, other, answer.text)
            for kind, body in BODIES:
                sent = {
                    **forged,
                    "Content-Type": kind,
                    "Origin": BASE,
                    "Cookie": "handrail_page=%00; handrail=é".encode(),
                }
                answer = await http.request(method, _filled(path, place.ids), content=body, headers=sent)
                assert answer.status_code < 500, (method, path, kind, body[:40], answer.text)
                assert answer.status_code >= 400 or method == "GET", (
                    method,
                    path,
                    kind,
                    body[:40],
                    answer.text,
                )
                assert "Ana" not in answer.text
    assert await place.rows() == before
    assert await place.heads() == heads
