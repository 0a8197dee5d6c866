"""Local lines: who keeps them, how old a check may be, and which one counts for where a client is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.journal.kinds import Kind
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


async def test_a_check_is_one_press_and_one_press_takes_it_back(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    sam = await house.staff("Sam Okafor", "clinician")
    line = (await lena.post(PATH, **{**LINE, "verified": False})).json()
    path = f"{PATH}/{line['id']}"
    checked = (await sam.post(f"{path}/check", result="answers")).json()
    assert (checked["stale"], checked["verified_by_name"]) == (False, "Sam Okafor")
    refused = await lena.post(f"{path}/uncheck")
    assert refused.status_code == 409, "only one's own press"
    back = (await sam.post(f"{path}/uncheck")).json()
    assert (back["stale"], back["verified_on"], back["verified_by_name"]) == (True, None, None)
    assert len(await house.entries(Kind.dispatch_line_checked)) == 2


async def test_a_line_that_does_not_answer_says_so_until_somebody_reaches_it(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    sam = await house.staff("Sam Okafor", "clinician")
    line = (await lena.post(PATH, **LINE)).json()
    # Two checks of one instant have no order.
    house.clock.move(1)
    path = f"{PATH}/{line['id']}"
    wrong = (await sam.post(f"{path}/check", result="wrong")).json()
    assert (wrong["wrong_on"], wrong["wrong_by_name"]) == ("2027-03-01", "Sam Okafor")
    assert wrong["verified_on"] == "2027-03-01", "the check before it is not forgotten"
    back = (await sam.post(f"{path}/uncheck")).json()
    assert (back["wrong_on"], back["verified_by_name"]) == (None, "Lena Moss")
    await sam.post(f"{path}/check", result="wrong")
    right = (await lena.patch(path, number="503 555 0188")).json()
    assert (right["wrong_on"], right["verified_on"]) == (None, None), "another number, nothing known of it"
    retired = await lena.patch(path, retired=True)
    assert retired.status_code == 200
    assert (await sam.post(f"{path}/check", result="answers")).status_code == 409


async def test_a_line_keeps_what_it_covers_and_when_it_answers_in_one_form(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    body = {
        **LINE,
        "states": ["oregon"],
        "counties": ["Harrow County, Oregon", "Harrow County, OR"],
        "towns": ["Elm, or"],
        "zip_prefixes": [" 970 ", "97201"],
        "hours": "Mon-Fri 8am to 11pm",
        "time_zone": "America/Los_Angeles",
        "agreement_from": "2026-01-01",
        "agreement_until": "2027-02-01",
        "cit": True,
        "police_involved": None,
    }
    line = (await lena.post(PATH, **body)).json()
    assert line["states"] == ["OR"]
    assert line["counties"] == ["Harrow County, OR"]
    assert line["towns"] == ["Elm, OR"]
    assert line["covers"] == "All of Oregon; Harrow County, OR; Elm, OR; ZIP 970…; ZIP 97201"
    assert line["hours_read"] == "Mon to Fri 8 AM to 11 PM"
    assert (line["open"], line["police_involved"]) == (False, None), "seven on a Monday morning there"
    assert line["open_until"] == "2027-03-01T08:00:00-08:00"
    assert line["agreement_over"] is True
    cleared = (await lena.patch(f"{PATH}/{line['id']}", agreement_until=None, hours="24/7")).json()
    assert (cleared["agreement_over"], cleared["open"], cleared["hours"]) == (False, True, "always")
    assert cleared["covers"] == line["covers"], "what was not given stays"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"counties": ["Harrow County"]}, "counties"),
        ({"towns": ["Elm, Oz"]}, "towns"),
        ({"states": ["Atlantis"]}, "states"),
        ({"zip_prefixes": ["97"]}, "zip_prefixes"),
        ({"zip_prefixes": ["９７０"]}, "zip_prefixes"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"agreement_from": "2027-02-02", "agreement_until": "2027-02-01"}, "agreement_until"),
        ({"number": "988"}, "number"),
        ({"number": "+1 900 555 0100"}, "number"),
    ],
)
async def test_each_field_that_cannot_be_right_has_its_own_sentence(
    house: House, wrong: dict[str, Any], field: str
) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    refused = await lena.post(PATH, **{**LINE, **wrong})
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == [field]
