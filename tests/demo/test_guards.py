"""The demo cannot be taken for the real thing, and the real thing cannot be reached from it."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from app.calls.lines import LineRefused
from app.calls.wiring import make_lines
from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database
from app.demo import desk
from app.demo.people import ADMINISTRATOR, AFTER_HOURS_NUMBER, CALLBACK_NUMBER, CLIENTS, LINES, STAFF
from app.demo.places import HELP
from app.demo.run import NotADemo, check, run
from app.demo.seed import PIN
from app.main import create_app
from app.numbers import dialable
from app.seal import Seal
from app.settings import Settings, write_key_ring
from app.staff.models import Program
from app.staff.passphrases import check_pin
from tests.demo.conftest import Visitor

REAL = {"twilio_account_sid": "AC0", "twilio_auth_token": "invented", "twilio_from": "+15035550100"}


@pytest.mark.parametrize("environment", ["production", "development", "test"])
def test_it_starts_only_as_a_demo_and_touches_nothing_before_it_says_so(environment: str) -> None:
    with pytest.raises(NotADemo, match="only as a demo"):
        run(Settings(environment=environment))


def test_it_does_not_start_with_a_real_telephone() -> None:
    with pytest.raises(NotADemo, match="real telephone line"):
        check(Settings(environment="demo", **REAL))


async def test_in_a_demo_there_is_no_outside_line_whatever_the_settings_say(
    database_url: str, key_ring: dict[str, bytes]
) -> None:
    settings = Settings(environment="demo", database_url=database_url, **REAL)
    database = Database(database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=Seal(key_ring))
    lines = make_lines(settings, database, SystemClock())
    try:
        with pytest.raises(LineRefused):
            lines.of("outside")
        with pytest.raises(IntegrityError):
            async with database.transaction(None) as db:
                db.add(
                    Program(
                        id=uuid4(), name="Demo", outward_name="the office", kind="demo", lines="outside",
                        region="US", time_zone="UTC", callback_number=CALLBACK_NUMBER, provider_account="x",
                        part2=False, settings={}, made_at=SystemClock().now(),
                    )
                )  # fmt: skip
    finally:
        await lines.close()
        await database.close()


@pytest.mark.parametrize("path", ["/api/desk", "/api/desk/drop-three", "/api/desk/start-again"])
async def test_outside_a_demo_there_is_no_desk(
    path: str, database_url: str, key_ring: dict[str, bytes]
) -> None:
    """Not even where somebody wired it in by mistake."""
    base = "http://127.0.0.1:8000"
    settings = Settings(
        environment="test", database_url=database_url, public_base_url=base, keys=write_key_ring(key_ring)
    )
    app = create_app(settings, more=[desk.router])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=base, headers={"Origin": base}
    ) as browser:
        answer = await (browser.get(path) if path == "/api/desk" else browser.post(path))
    assert answer.status_code == 404


def test_every_number_of_the_cast_is_of_the_block_that_rings_nobody_and_passes_the_last_guard() -> None:
    numbers = [CALLBACK_NUMBER, AFTER_HOURS_NUMBER, ADMINISTRATOR.mobile]
    numbers += [colleague.mobile for colleague in STAFF]
    numbers += [line["number"] for line in (*LINES.values(), *HELP)]
    for person in CLIENTS:
        numbers += [phone["number"] for phone in person.phones]
        numbers += [contact["number"] for contact in person.contacts]
    assert len(set(numbers)) == len(numbers)
    assert all(number[5:10] == "55501" for number in numbers)
    assert not [number for number in numbers if dialable(number)]
    check_pin(PIN)


def test_the_desk_takes_presses_from_its_own_page_only_and_refuses_what_is_not_a_press(
    visitor: Visitor,
) -> None:
    foreign = httpx.post(
        f"{visitor.product.base}/api/desk/drop-three", headers={"Origin": "https://elsewhere.example"}
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")
    nobody = uuid4()
    for path, body, status in (
        (f"/clients/{nobody}/drop", None, 409),
        ("/clients/not-an-id/drop", None, 422),
        (f"/phones/{nobody}/answer", {"as": "themselves"}, 404),
        (f"/phones/{nobody}/answer", {"as": "the police"}, 422),
        (f"/phones/{nobody}/press", {"digits": "call me"}, 422),
        (f"/texts/{nobody}/reply", {"words": "YES"}, 404),
        ("/break-line", {"broken": "perhaps"}, 422),
    ):
        answer = visitor.http.post(f"/api/desk{path}", json=body)
        assert answer.status_code == status, (path, answer.text)
    assert not visitor.cards("Dana Whitlock", "incident")
