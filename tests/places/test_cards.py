"""What a person of the program answers for: state cards, the table of emergency numbers, and licences."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.journal.kinds import Kind
from app.places.routes import router
from app.places.state_cards import state_card
from app.staff.licences import Licence, question
from app.staff.routes import router as staff
from tests.house import House, built

CARDS, REGIONS = "/api/places/state-cards", "/api/places/regions"
CARD: dict[str, Any] = {
    "kind": "duty_to_protect",
    "region": "US-OR",
    "title": "Invented duty",
    "body": {"summary": "Invented words.", "must_warn": "it_depends"},
    "source": "An invented statute",
    "reviewed_by": "Ines Invented, counsel",
    "reviewed_on": "2027-02-01",
}


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, staff, router) as house:
        yield house


async def test_no_card_ships_and_one_that_is_put_names_who_answers_for_it(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    assert (await lena.get(CARDS)).json() == []
    made = await lena.post(CARDS, **CARD)
    assert made.status_code == 201, made.text
    [card] = made.json()
    assert (card["reviewed_by"], card["old"], card["invented"]) == ("Ines Invented, counsel", False, False)
    assert card["body"]["police_first"] == "not_known", "silence is never permission"
    async with house.database.transaction(house.program) as db:
        found = await state_card(db, house.program, "duty_to_protect", "US-OR")
        assert found
        assert found.body.must_warn == "it_depends"
        assert await state_card(db, house.program, "duty_to_protect", "US-WA") is None
        assert await state_card(db, house.program, "minors_consent", "US-OR") is None


async def test_a_new_reading_takes_the_place_of_the_old_one_which_stays_on_record(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    await lena.post(CARDS, **CARD)
    [card] = (await lena.post(CARDS, **{**CARD, "title": "Another reading"})).json()
    assert card["title"] == "Another reading"
    assert (await lena.delete(f"{CARDS}/{card['id']}")).json() == []
    assert (await lena.delete(f"{CARDS}/{card['id']}")).status_code == 404
    assert len(await house.entries(Kind.state_card_changed)) == 3
    async with house.engine.transaction(None) as db:
        rows = (await db.connection()).exec_driver_sql
        assert (await rows("select count(*) from state_card")).scalar() == 2


async def test_a_card_older_than_a_year_says_so(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    await lena.post(CARDS, **{**CARD, "reviewed_on": "2026-03-01"})
    assert (await lena.get(CARDS)).json()[0]["old"] is False
    [card] = (await lena.post(CARDS, **{**CARD, "reviewed_on": "2026-02-28"})).json()
    assert card["old"] is True


@pytest.mark.parametrize(
    "bad",
    [
        {"reviewed_on": "2028-01-01"},
        {"region": "Oregon"},
        {"kind": "weather"},
        {"reviewed_by": ""},
        {"source": ""},
        {"body": {"summary": "x", "surprise": 1}},
        {"body": {"summary": "x", "must_warn": "maybe"}},
        {"body": {"summary": "x", "consents_from_age": 3}},
    ],
)
async def test_a_card_that_cannot_be_right_is_refused(house: House, bad: dict[str, Any]) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    assert (await lena.post(CARDS, **{**CARD, **bad})).status_code == 422
    assert (await lena.get(CARDS)).json() == []


async def test_practice_holds_only_made_up_cards(database_url: str, key_ring: dict[str, bytes]) -> None:
    async with built(database_url, key_ring, staff, router) as house:
        await house.add_program("Practice", kind="demo")
        lena = await house.staff("Lena Moss", "supervisor", program="Practice")
        assert (await lena.post(CARDS, **CARD)).json()[0]["invented"] is True


async def test_a_program_says_when_it_compared_the_emergency_numbers(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    regions = {row["country"]: row for row in (await lena.get(REGIONS)).json()}
    assert list(regions) == ["US", "CA", "GB", "IE", "AU", "NZ"]
    assert regions["US"]["reviewed_at"] is None
    assert regions["US"]["follows_the_phone"].startswith("988 follows")
    after = {row["country"]: row for row in (await lena.post(f"{REGIONS}/reviewed", country="US")).json()}
    assert after["US"]["reviewed_by_name"] == "Lena Moss"
    assert after["CA"]["reviewed_at"] is None
    assert (await lena.post(f"{REGIONS}/reviewed", country="FR")).status_code == 404
    ben = await house.staff("Ben Ode", "supervisor", program="Elsewhere")
    assert (await ben.get(REGIONS)).json()[0]["reviewed_at"] is None


async def test_old_rows_warn_until_a_person_compares_them(house: House) -> None:
    house.clock.move(2 * 365 * 86400)
    lena = await house.staff("Lena Moss", "supervisor")
    assert all(row["old"] for row in (await lena.get(REGIONS)).json())
    after = (await lena.post(f"{REGIONS}/reviewed", country="US")).json()
    assert [row["country"] for row in after if not row["old"]] == ["US"]


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("clinician", 403), ("administrator", 200)])
async def test_who_keeps_cards_and_answers_for_numbers(house: House, who: str, status: int) -> None:
    browser = await house.browser() if who == "nobody" else await house.staff("Sam Okafor", who)
    put = (await browser.post(CARDS, **CARD)).status_code
    assert put == (201 if status == 200 else status)
    assert (await browser.post(f"{REGIONS}/reviewed", country="US")).status_code == status
    assert (await browser.get(CARDS)).status_code == (401 if who == "nobody" else 200)


async def test_likely_is_posted_and_never_more_than_likely(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    found = (await sam.post("/api/places/likely", code="97201")).json()
    assert found["sentence"] == "Likely Portland, Multnomah County, Oregon."
    unknown = (await sam.post("/api/places/likely", code="00000")).json()
    assert set(unknown.values()) == {None, False}
    abroad = (await sam.post("/api/places/likely", code="97201", country="AU")).json()
    assert abroad["sentence"] is None


# --- licences


TODAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("held", "region", "asked"),
    [
        ([], "US-MT", None),
        ([Licence("US-MT", None)], "US-MT", None),
        ([Licence("US-MT", date(2027, 3, 1))], "US-MT", None),
        ([Licence("GB", None)], "GB", None),
        ([Licence("US-OR", None)], "US", None),
        ([Licence("US-OR", None)], "US-MT", "Licence for Montana?"),
        ([Licence("US-MT", date(2027, 2, 28))], "US-MT", "Licence for Montana, ended on 2027-02-28?"),
        ([Licence("US-OR", None)], "GB", "Licence for the United Kingdom?"),
    ],
)
def test_a_place_elsewhere_asks_about_the_licence(
    held: list[Licence], region: str, asked: str | None
) -> None:
    assert question(held, region, TODAY) == asked


async def test_administrators_keep_licences_and_a_renewal_replaces(house: House) -> None:
    robin = await house.staff("Robin Ellery", "administrator")
    sam = await house.staff("Sam Okafor", "clinician")
    assert sam.me
    path = f"/api/staff/{sam.me.id}/licences"
    assert (await sam.post(path, region="US-OR")).status_code == 403
    first = await robin.post(path, region="US-OR", title="LCSW", expires_on="2027-02-01")
    assert first.status_code == 201, first.text
    assert first.json()[0]["over"] is True
    # Another for the same state is a question first, so that no date is lost by a slip.
    refused = await robin.post(path, region="US-OR")
    assert (refused.status_code, refused.json()["code"]) == (409, "licence_on_record")
    assert (await sam.get("/api/staff-licences")).json() == first.json()
    renewal = {"region": "US-OR", "title": "LCSW", "expires_on": "2029-02-01"}
    [renewed] = (await robin.post(path, **renewal, replaces=first.json()[0]["id"])).json()
    assert renewed["over"] is False
    assert (await sam.get("/api/staff-licences")).json() == [renewed]
    other = await house.add_person("Tess Amano", "clinician")
    assert (await robin.delete(f"/api/staff/{other.id}/licences/{renewed['id']}")).status_code == 404
    assert (await robin.delete(f"{path}/{renewed['id']}")).json() == []
    assert (await robin.post(f"/api/staff/{uuid4()}/licences", region="US-OR")).status_code == 404
    assert (await robin.post(path, region="Oregon")).status_code == 422
    assert len(await house.entries(Kind.licence_changed)) == 3
