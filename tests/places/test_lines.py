"""Local lines: who keeps them, how old a check may be, and which one counts for where a client is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import phonenumbers
import pytest

from app.journal.kinds import Kind
from app.places.emergency_numbers import EMERGENCY_NUMBERS, dialling_warning, emergency_number
from app.places.queries import line_for
from app.places.routes import router
from app.staff.routes import router as staff
from tests.house import House, built

LINE: dict[str, Any] = {
    "kind": "dispatch",
    "agency": "Invented County Dispatch",
    "area": "Invented County, OR",
    "country": "US",
    "number": "(503) 555-0190",
    "source": "rang the office line",
    "verified": True,
}
PATH = "/api/places/dispatch-lines"


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, staff, router) as house:
        yield house


async def test_a_checked_line_goes_stale_after_ninety_days(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    made = await lena.post(PATH, **LINE)
    assert made.status_code == 201
    line = made.json()
    assert (line["number"], line["stale"], line["verified_on"]) == ("+15035550190", False, "2027-03-01")
    assert lena.me
    assert line["verified_by"] == str(lena.me.id)
    house.clock.move(90 * 86400)
    again = await house.signed_in(lena.me)
    assert (await again.get(PATH)).json()[0]["stale"] is False
    house.clock.move(86400)
    again = await house.signed_in(lena.me)
    assert (await again.get(PATH)).json()[0]["stale"] is True
    checked = await again.patch(f"{PATH}/{line['id']}", verified=True)
    assert (checked.json()["stale"], checked.json()["verified_on"]) == (False, "2027-05-31")
    assert len(await house.entries(Kind.dispatch_line_changed)) == 2


async def test_a_new_number_is_unchecked_until_somebody_checks_it(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    line = (await lena.post(PATH, **LINE)).json()
    changed = (await lena.patch(f"{PATH}/{line['id']}", number="503 555 0191")).json()
    assert (changed["number"], changed["verified_on"], changed["stale"]) == ("+15035550191", None, True)
    same = (await lena.patch(f"{PATH}/{line['id']}", number="503 555 0191", verified=True)).json()
    assert same["stale"] is False


@pytest.mark.parametrize("who", ["nobody", "clinician", "supervisor", "administrator", "elsewhere"])
async def test_who_may_read_keep_and_check(house: House, who: str) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    line = (await lena.post(PATH, **LINE)).json()
    if who == "nobody":
        browser = await house.browser()
    elif who == "elsewhere":
        browser = await house.staff("Ben Ode", "supervisor", program="Elsewhere")
    else:
        browser = await house.staff("Sam Okafor", who)
    keeps = who in ("supervisor", "administrator")
    read = await browser.get(PATH)
    assert read.status_code == (401 if who == "nobody" else 200)
    if read.status_code == 200:
        assert len(read.json()) == (0 if who == "elsewhere" else 1)
    add = (await browser.post(PATH, **LINE)).status_code
    assert add == {"nobody": 401, "clinician": 403}.get(who, 201)
    change = (await browser.patch(f"{PATH}/{line['id']}", agency="Another")).status_code
    assert change == {"nobody": 401, "clinician": 403, "elsewhere": 404}.get(who, 200)
    check = (await browser.patch(f"{PATH}/{line['id']}", verified=True)).status_code
    assert check == {"nobody": 401, "elsewhere": 404}.get(who, 200)
    retire = (await browser.patch(f"{PATH}/{line['id']}", retired=True)).status_code
    assert (retire == 200) == keeps


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "911"},
        {"number": "not a number"},
        {"country": "USA"},
        {"kind": "friend"},
        {"agency": ""},
        {"surprise": 1},
    ],
)
async def test_what_cannot_be_right_is_refused(house: House, wrong: dict[str, Any]) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    refused = await lena.post(PATH, **{**LINE, **wrong})
    assert refused.status_code == 422
    assert (await lena.get(PATH)).json() == []


async def test_the_same_press_twice_adds_one_line(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    command = uuid4()
    answers = [await lena.sends("POST", PATH, LINE, command) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await lena.get(PATH)).json()) == 1


@dataclass
class Home:
    program_id: UUID
    home_dispatch_line_id: UUID | None


@dataclass
class Place:
    same_place: bool
    dispatch_line_id: UUID | None = None


async def test_the_line_is_that_of_where_the_client_is(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    home = UUID((await lena.post(PATH, **LINE)).json()["id"])
    other = UUID((await lena.post(PATH, **{**LINE, "area": "Elsewhere, WA", "verified": False})).json()["id"])
    client = Home(house.program, home)

    async def found(check_in: Place | None) -> tuple[UUID, bool] | None:
        async with house.database.transaction(house.program) as db:
            line = await line_for(db, client, check_in)
            return None if line is None else (line.line.id, line.stale)

    assert await found(None) == (home, False)
    assert await found(Place(same_place=True)) == (home, False)
    assert await found(Place(same_place=False, dispatch_line_id=other)) == (other, True)
    assert await found(Place(same_place=False)) is None, "never the line of another town"
    await lena.patch(f"{PATH}/{home}", retired=True)
    assert await found(None) is None
    client = Home(house.program, None)
    assert await found(None) is None


def test_our_table_and_the_phone_library_agree_on_what_is_an_emergency_number() -> None:
    for country, row in EMERGENCY_NUMBERS.items():
        for number in (row.primary, *row.also):
            assert phonenumbers.is_emergency_number(number, country), (country, number)
        assert row.source


def test_the_warning_names_the_number_people_would_dial() -> None:
    assert "911" in dialling_warning("us")
    assert "999" in dialling_warning("GB")
    assert "the emergency number" in dialling_warning("FR")
    assert emergency_number("FR") is None
