"""Emergency access (SEC-2): to one client, for an hour, with a reason, told at once and looked at afterwards."""

from typing import Any

import pytest

from app.journal.kinds import Kind
from tests.clients.test_records import added, ok
from tests.house import Browser, House

WHY: dict[str, Any] = {
    "reason_code": "client_called",
    "reason": "They rang me and said that they are not safe.",
}
HOUR = 3600


@pytest.fixture
async def sam(house: House) -> Browser:
    return await house.staff("Sam Okafor", "clinician")


@pytest.fixture
async def tess(house: House) -> Browser:
    """A clinician of other groups."""
    return await house.staff("Tess Amano", "clinician")


async def asks(browser: Browser, **what: Any) -> dict[str, Any]:
    return ok(await browser.post("/api/emergency-access", **{**WHY, **what}))


@pytest.mark.parametrize("by", [{"name": "  marcus t"}, {"number": "(503) 555-0142"}])
async def test_one_client_opens_for_an_hour_and_no_other(
    house: House, sam: Browser, tess: Browser, by: dict[str, str]
) -> None:
    marcus, ana = await added(sam), await added(sam, name_used="Ana R.")
    ok(await sam.post(f"/api/clients/{marcus['id']}/phones", number="503 555 0142"))
    path = f"/api/clients/{marcus['id']}"
    assert (await tess.get(path)).status_code == 404
    assert await asks(tess, **by) == {
        "client_id": marcus["id"], "yours_already": False, "candidates": [], "too_many": False,
    }  # fmt: skip
    assert ok(await tess.get(path))["name_used"] == "Marcus T."
    assert ok(await tess.post(f"{path}/reveal"))["numbers"]
    assert (await tess.get(f"/api/clients/{ana['id']}")).status_code == 404
    assert [line["client"] for line in (await tess.get("/api/emergency-access")).json()] == ["Marcus T."]
    house.clock.move(HOUR - 1)
    assert tess.me
    later = await house.signed_in(tess.me)
    assert (await later.get(path)).status_code == 200
    house.clock.move(1)
    assert (await later.get(path)).status_code == 404
    assert (await later.get("/api/emergency-access")).json() == []


async def test_it_asks_for_the_pin_and_a_reason(house: House, sam: Browser, tess: Browser) -> None:
    await added(sam)
    bare = await tess.http.post(
        "/api/emergency-access",
        json={**WHY, "name": "Marcus T."},
        headers={"Command-Id": "00000000-0000-4000-8000-000000000001"},
    )
    assert bare.json()["code"] == "confirm_needed"
    for wrong in ({"reason": "because"}, {"reason_code": "curious"}, {}):
        refused = await tess.post(
            "/api/emergency-access", **{**WHY, **({"name": "Marcus T."} if wrong else {}), **wrong}
        )
        assert refused.status_code == 422, refused.text
    assert (await tess.post("/api/emergency-access", **WHY, number="911")).status_code == 422
    assert await house.entries(Kind.emergency_access_opened) == []


@pytest.mark.parametrize("who", ["administrator", "nobody", "elsewhere"])
async def test_it_is_for_clinicians_of_this_program(house: House, sam: Browser, who: str) -> None:
    await added(sam)
    browser = await house.browser()
    if who != "nobody":
        role = "clinician" if who == "elsewhere" else who
        browser = await house.staff(
            "Ruth Vega", role, program="Elsewhere" if who == "elsewhere" else "Harbor"
        )
    answer = await browser.post("/api/emergency-access", **WHY, name="Marcus T.")
    if who == "elsewhere":
        assert answer.json() == {
            "client_id": None, "yours_already": False, "candidates": [], "too_many": False,
        }  # fmt: skip
    else:
        assert answer.status_code == {"administrator": 403, "nobody": 401}[who]
    assert await house.entries(Kind.emergency_access_opened) == []


async def test_nobody_learns_who_is_in_care_by_trying_names(
    house: House, sam: Browser, tess: Browser
) -> None:
    for _ in range(5):
        await added(sam, name_used="Alex B.")
    await added(sam, name_used="Kim D.", pronouns="she/her")
    await added(sam, name_used="Kim D.", pronouns="he/him")
    assert (await asks(tess, name="Marc"))["candidates"] == [], "only whole names answer"
    many = await asks(tess, name="Alex B.")
    assert (many["candidates"], many["too_many"]) == ([], True)
    few = await asks(tess, name="Kim D.")
    assert sorted(c["pronouns"] for c in few["candidates"]) == ["he/him", "she/her"]
    chosen = few["candidates"][0]["client_id"]
    assert (await asks(tess, name="Kim D.", client_id=chosen))["client_id"] == chosen
    assert len(await house.entries(Kind.emergency_access_tried)) == 3
    for _ in range(8):
        await asks(tess, name="Nobody")
    refused = await tess.post("/api/emergency-access", **WHY, name="Nobody")
    assert refused.status_code == 429
    assert "supervisor" in refused.json()["detail"]


async def test_a_supervisor_sees_it_at_once_and_looks_at_it_within_a_day(
    house: House, sam: Browser, tess: Browser
) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    marcus = await added(sam)
    await asks(tess, name="Marcus T.")
    [line] = (await lena.get("/api/emergency-access")).json()
    assert (line["who"], line["client"], line["open"], line["reviewed"]) == (
        "Tess Amano", "Marcus T.", True, False,
    )  # fmt: skip
    assert "not safe" in line["reason"]
    look = f"/api/emergency-access/{line['id']}/look"
    assert (await tess.post(look, verdict="fitting", note="All good.")).status_code == 403
    house.clock.move(24 * HOUR)
    assert lena.me
    lena = await house.signed_in(lena.me)
    assert (await lena.get("/api/emergency-access")).json()[0]["review_late"] is True
    look_again = await lena.post(look, verdict="fitting", note="Rang Tess: it was needed.")
    assert look_again.json() == []
    assert (await lena.post(look, verdict="fitting", note="Again.")).status_code == 409
    assert (await tess.get(f"/api/clients/{marcus['id']}")).status_code in (401, 404)


async def test_nobody_looks_at_their_own_and_a_no_ends_it(house: House, sam: Browser, tess: Browser) -> None:
    both = await house.staff("Lena Moss", "supervisor")
    marcus = await added(sam)
    assert (await asks(both, name="Marcus T."))["yours_already"] is True, "supervisors reach everybody"
    await asks(tess, name="Marcus T.")
    [line] = (await both.get("/api/emergency-access")).json()
    ok_ = await both.post(
        f"/api/emergency-access/{line['id']}/look", verdict="not_fitting", note="Not for this."
    )
    assert ok_.json() == []
    assert (await tess.get(f"/api/clients/{marcus['id']}")).status_code == 404


async def test_it_can_be_given_back_before_its_time(house: House, sam: Browser, tess: Browser) -> None:
    marcus = await added(sam)
    await asks(tess, name="Marcus T.")
    [line] = (await tess.get("/api/emergency-access")).json()
    strangers = await house.staff("Ben Ode", "clinician")
    give_back = f"/api/emergency-access/{line['id']}/give-back"
    assert (await strangers.post(give_back)).status_code == 404
    assert (await tess.post(give_back)).json() == []
    assert (await tess.get(f"/api/clients/{marcus['id']}")).status_code == 404
    lena = await house.staff("Lena Moss", "supervisor")
    [line] = (await lena.get("/api/emergency-access")).json()
    assert line["open"] is False, "and it still waits for a look"
    assert len(await house.entries(Kind.emergency_access_ended)) == 1
