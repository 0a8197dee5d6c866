"""Right person, right name, and the number there from the first day (R8, R17, R21, W2)."""

from datetime import timedelta

import pytest

from tests.stories.world import World


@pytest.mark.row("R17")
async def test_two_with_the_same_first_name_are_marked_on_tile_and_alert(world: World) -> None:
    await world.client("Ana", surname="R.", ends=("01",))
    await world.client("Ana", surname="T.", ends=("02",), page=False)
    await world.client("Ben", ends=("03",))
    jon = await world.screen("Jon")
    marked = {
        tile["name"]: [mark["text"] for mark in tile["marks"] if mark["kind"] == "names"]
        for tile in await jon.cards("tile")
    }
    assert marked == {"Ana R.": ["Two called Ana"], "Ana T.": ["Two called Ana"], "Ben R.": []}
    await world.drops("Ana")
    card = await jon.alert("Ana")
    assert (card["name"], card["similar_name"]) == ("Ana R.", True)
    await world.may_ring()


@pytest.mark.row("R17")
async def test_two_whose_first_names_sound_alike_are_marked_in_their_group(world: World) -> None:
    for ends, name in (("01", "Caitlin"), ("02", "Kaitlyn"), ("03", "Marta"), ("04", "Ben")):
        await world.client(name, ends=(ends,))
    jon = await world.screen("Jon")
    marked = {
        tile["name"]: [mark["text"] for mark in tile["marks"] if mark["kind"] == "names"]
        for tile in await jon.cards("tile")
    }
    assert marked == {
        "Caitlin R.": ["Sounds like Kaitlyn"], "Kaitlyn R.": ["Sounds like Caitlin"], "Marta R.": [], "Ben R.": [],
    }  # fmt: skip
    await world.drops("Kaitlyn")
    assert (await jon.alert("Kaitlyn"))["similar_name"] is True
    await world.may_ring()


@pytest.mark.row("R17")
async def test_before_dialling_the_page_shows_names_place_and_how_old_the_place_is(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.pass_time(120)
    await world.drops("Ana")
    person = (await jon.page("Ana"))["person"]
    assert person["name"] == "Ana R."
    assert person["safe_name"] == "Ana"
    assert person["legal_name"] == "Ana Invented Ramsey"
    assert person["place"]["label"] == "Home"
    assert person["place"]["source"] == "client"
    assert person["place"]["confirmed_at"].startswith("2027-03-01T15:00:00")
    await world.may_ring()


@pytest.mark.row("W2", "R21")
async def test_a_group_opens_with_two_named_staff_or_a_reason_on_record(world: World) -> None:
    dana, maya = await world.screen("Dana"), await world.screen("Maya")
    groups = (await dana.looks("/api/groups")).json()
    plan = {
        "group_id": groups[0]["id"],
        "starts_at": (world.now + timedelta(minutes=5)).isoformat(),
        "ends_at": (world.now + timedelta(hours=2)).isoformat(),
        "lead_id": str(world.people["Maya"].id),
    }
    outside = {"supervisor_id": str(world.people["Dana"].id), "backup_id": str(world.people["Robin"].id)}
    nobody_outside = await dana.browser.post("/api/group-sessions", **plan)
    assert nobody_outside.status_code == 422
    assert set(nobody_outside.json()["fields"]) == {"supervisor_id", "backup_id"}
    made = await dana.browser.post("/api/group-sessions", **plan, **outside)
    assert made.status_code == 201, made.text
    path = f"/api/group-sessions/{made.json()['id']}"

    alone = await maya.browser.post(f"{path}/open")
    assert alone.status_code == 422
    assert alone.json()["code"] == "needs_reason"
    opened = await maya.browser.post(f"{path}/open", exception_reason="Jon is ill; Robin listens in.")
    assert opened.status_code == 200, opened.text
    assert opened.json()["state"] == "open"
    shown = (await dana.looks(path)).json()
    assert shown["exception_reason"] == "Jon is ill; Robin listens in."

    second = await dana.browser.post(
        "/api/group-sessions", **plan, **outside, cofacilitator_id=str(world.people["Jon"].id)
    )
    both = await maya.browser.post(f"/api/group-sessions/{second.json()['id']}/open")
    assert both.status_code == 200, both.text
    assert both.json()["exception_reason"] is None


@pytest.mark.row("R8")
async def test_a_group_with_gaps_opens_on_time_in_one_press(world: World) -> None:
    dana, maya = await world.screen("Dana"), await world.screen("Maya")
    groups = (await dana.looks("/api/groups")).json()
    made = await dana.browser.post(
        "/api/group-sessions",
        group_id=groups[0]["id"],
        starts_at=(world.now + timedelta(minutes=5)).isoformat(),
        ends_at=(world.now + timedelta(hours=2)).isoformat(),
        lead_id=str(world.people["Maya"].id),
        cofacilitator_id=str(world.people["Jon"].id),
        supervisor_id=str(world.people["Dana"].id),
        backup_id=str(world.people["Robin"].id),
    )
    world.group_session_id = made.json()["id"]
    await world.expect("Ana", ends=(), checked_in=False)
    await world.expect("Ben", ends=("02",), checked_in=False)
    path = f"/api/group-sessions/{world.group_session_id}"
    opened = await maya.browser.post(f"{path}/open")
    assert opened.status_code == 200, opened.text
    await world.settle()
    tiles = {tile["name"].split()[0]: tile for tile in await maya.cards("tile")}
    assert {"place", "number"} <= set(tiles["Ana"]["gaps"])
    assert "place" in tiles["Ben"]["gaps"]
    told = await maya.browser.post(f"{path}/clients/{world.clients['Ben']}/told-place")
    assert told.status_code == 204
    tiles = {tile["name"].split()[0]: tile for tile in await maya.cards("tile")}
    assert tiles["Ben"]["place"]["state"] == "told_privately"
    assert tiles["Ben"]["place"]["label"] == "Home"
    assert "place" not in tiles["Ben"]["gaps"]


@pytest.mark.row("R21")
async def test_the_group_sheet_holds_what_is_needed_when_no_screen_works(world: World) -> None:
    await world.client("Ana", ends=("01",))
    await world.contact("Ana", "Rosa Ramsey")
    await world.contact("Ana", "Leo Ramsey", ends="32", never=True)
    await world.dispatch_line("Ana")
    jon = await world.screen("Jon")
    answer = await jon.looks(f"/api/group-sessions/{world.group_session_id}/sheet")
    assert answer.status_code == 200, answer.text
    sheet = answer.text
    for words in (
        "Dana Whitlock",
        "503-555-0153",
        "Robin Ames",
        "503-555-0154",
        "406-555-0101",
        "418 Alder Court",
        "Rosa Ramsey",
        "Fairhaven dispatch",
        "541-555-0119",
        "2027-02-20",
    ):
        assert words in sheet, words
    assert "406-555-0132" not in sheet, "nobody reads a number that must not be called"


@pytest.mark.row("R21")
async def test_everything_works_with_taps_alone(world: World) -> None:
    await world.client("Ana", tier="moderate", page=False)
    jon = await world.screen("Jon")
    [group] = await jon.cards("group")
    assert group["platform"] == "taps"
    await jon.taps("Ana", "seen")
    await jon.shows("Ana", "present")
    await world.pass_time(60)
    await jon.taps("Ana", "lost")
    await jon.press("Ana", "take")
    phone = await world.rings("Jon")
    await (await phone.answers()).presses("1")
    await world.pass_time(1)
    await (await world.rings("Ana")).answers("themselves")
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana", tier="moderate")
    await jon.press("Ana", "close", outcome="rejoined")
    await jon.shows("Ana", "verified")
    await world.nothing_open("Ana")


@pytest.mark.row("R17")
async def test_wrong_client_moves_the_incident_in_one_press(world: World) -> None:
    await world.client("Ana", surname="R.", ends=("01",))
    await world.client("Ana", surname="T.", ends=("02",))
    jon = await world.screen("Jon")
    await jon.taps("Ana", "lost")
    drop_at = (await jon.alert("Ana R."))["drop_at"]
    await world.pass_time(56)
    await world.rings("Ana", ends="01")
    before = await jon.incident_id("Ana R.")

    await jon.press("Ana R.", "wrong-client", client_id=str(world.clients["Ana T."]))

    await jon.no_alert("Ana R.")
    await jon.shows("Ana R.", "present")
    card = await jon.alert("Ana T.")
    assert card["drop_at"] == drop_at, "no clock starts again"
    await world.pass_time(2)
    assert not [call for call in await world.calls("Ana") if call.state != "ended"]
    await world.until(60)
    assert (await world.started("Ana T."))[0] <= 60
    closed = await jon.page_of(before)
    assert closed["outcome"] == "wrong_client"
    assert "Jon Bell closed it: It was about somebody else" in [line["text"] for line in closed["timeline"]]
    assert "Ana T." not in str(closed), "one client's page does not name another"
    await world.may_ring("Ana", "Ana T.", *world.people)


@pytest.mark.row("R17")
async def test_a_mispress_is_cancelled_by_its_author_alone_and_only_before_anything_went_out(
    world: World,
) -> None:
    await world.client("Ana", tier="low", ends=("01",))
    await world.client("Ben", tier="low", ends=("02",))
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await jon.taps("Ana", "lost")
    await world.pass_time(3)
    assert "who pressed" in await maya.refused("Ana", "mispress")
    incident_id = await jon.incident_id("Ana")
    await jon.press("Ana", "mispress")
    await jon.no_alert("Ana")
    await jon.shows("Ana", "present")
    assert (await jon.page_of(incident_id))["outcome"] == "mispress"
    await jon.taps("Ben", "lost")
    await world.pass_time(60)
    await world.rings("Ben")
    assert "went out already" in await jon.refused("Ben", "mispress")
    await world.never_rang("Ana")
    await world.may_ring("Ben", *world.people)
