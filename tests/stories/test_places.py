"""Whom to ring for where somebody is: by the place they said, without police first where that is safe."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.models import Client
from app.db import conceal, new_id
from app.group_sessions.models import LocationCheckIn
from tests.stories.world import World

LINES = "/api/places/dispatch-lines"
LATER = count(1)


async def team(world: World, **other: Any) -> str:
    dana = await world.screen("Dana")
    body = {
        "kind": "mobile_crisis",
        "agency": "Fairhaven mobile team",
        "area": "Fairhaven, OR",
        "country": "US",
        "number": "+15415550120",
        "towns": ["Fairhaven, OR"],
        "police_involved": False,
        "verified": True,
    }
    made = await dana.browser.post(LINES, **(body | other))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def card(world: World, name: str) -> dict[str, Any]:
    dana = await world.screen("Dana")
    incident_id = await dana.incident_id(name)
    found: dict[str, Any] = (await dana.looks(f"/api/incidents/{incident_id}/dispatch")).json()
    return found


async def says_place(world: World, name: str, **address: str) -> None:
    """Somewhere else today, as their own page stores it."""
    async with world.house.engine.transaction(world.program_id) as db:
        row = LocationCheckIn(
            program_id=world.program_id,
            id=new_id(),
            group_session_id=world.group_session_id,
            client_id=world.clients[name],
            source="client",
            same_place=False,
            alone="yes",
            # Each word is later than the one before, also when the story's clock stands still.
            confirmed_at=world.now + timedelta(milliseconds=next(LATER)),
        )
        conceal(db, row, "label", address.get("street", "Elsewhere"))
        conceal(db, row, "address", json.dumps(address))
        db.add(row)


@pytest.mark.row("P8")
async def test_a_team_without_police_is_listed_first_where_it_answers_now(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana")
    await team(world)
    await world.drops("Ana")
    shown = await card(world, "Ana")
    assert [(line["agency"], line["police_involved"]) for line in shown["lines"]] == [
        ("Fairhaven mobile team", False),
        ("Fairhaven dispatch", True),
    ]
    assert shown["order_because"].startswith("A team without police comes first")
    dana = await world.screen("Dana")
    await dana.press("Ana", "take")
    await dana.press("Ana", "tier", tier="imminent", reason="Said goodbye.")
    urgent = await card(world, "Ana")
    assert urgent["lines"][0]["agency"] == "Fairhaven dispatch"
    assert urgent["order_because"].startswith("Dispatch comes first")
    await world.may_ring("Ana", *world.people)


async def test_a_team_that_sleeps_or_did_not_answer_is_not_first(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana")
    made = await team(world, hours="1 AM to 2 AM")
    await world.drops("Ana")
    asleep = await card(world, "Ana")
    assert [line["kind"] for line in asleep["lines"]] == ["dispatch", "mobile_crisis"]
    assert (asleep["lines"][1]["open"], asleep["lines"][1]["open_until"] is not None) == (False, True)
    dana = await world.screen("Dana")
    await dana.browser.patch(f"{LINES}/{made}", hours="always")
    assert (await card(world, "Ana"))["lines"][0]["kind"] == "mobile_crisis"
    await dana.browser.post(f"{LINES}/{made}/check", result="wrong")
    shown = await card(world, "Ana")
    assert [(line["kind"], line["wrong"]) for line in shown["lines"]] == [
        ("dispatch", False),
        ("mobile_crisis", True),
    ]
    await world.may_ring("Ana", *world.people)


async def test_elsewhere_the_line_is_of_that_place_and_never_of_home(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana")
    await team(
        world, kind="dispatch", agency="Larch dispatch", number="+14065550110", towns=["Larch Falls, MT"]
    )
    await says_place(world, "Ana", street="14 Mill Road", town="Larch Falls")
    await world.drops("Ana")
    shown = await card(world, "Ana")
    [line] = shown["lines"]
    assert (line["agency"], line["likely"]) == ("Larch dispatch", True)
    assert "The state was not said: ask" in line["why"]
    await says_place(world, "Ana", street="9 Elm Road", town="Elsewhere")
    assert (await card(world, "Ana"))["lines"] == [], "no line of another town, not even a likely one"
    await world.may_ring("Ana", *world.people)


async def test_an_address_that_contradicts_itself_is_asked_about(world: World) -> None:
    await world.client("Ana", tier="high")
    await says_place(world, "Ana", street="1 Elm Road", town="Portland", state="ME", code="97201")
    await world.drops("Ana")
    shown = await card(world, "Ana")
    assert shown["doubts"] == ["The ZIP code 97201 is in OR, and the address says ME. Ask which is right."]
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("M10")
async def test_where_officers_are_trained_for_it_the_script_asks_for_one(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    assert not any("CIT officer" in line["text"] for line in (await card(world, "Ana"))["script"])
    await team(world, kind="dispatch", cit=True, police_involved=True)
    await team(
        world, kind="cit", agency="Fairhaven CIT", number="+15415550122", contact="the CIT coordinator"
    )
    shown = await card(world, "Ana")
    assert any("CIT officer" in line["text"] for line in shown["script"])
    assert {line["kind"]: line["contact"] for line in shown["lines"]} == {
        "cit": "the CIT coordinator",
        "dispatch": "",
    }
    await world.may_ring("Ana", *world.people)


async def test_the_warning_names_the_number_of_the_country_they_are_in(world: World) -> None:
    await world.client("Ana", tier="high")
    await says_place(world, "Ana", street="4 Invented Street", town="Invercargill", country="NZ")
    await world.drops("Ana")
    assert (await card(world, "Ana"))["warning"].startswith("Do not dial 111 from here.")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("P7")
async def test_one_glance_shows_whom_to_ring_for_where_everybody_is(world: World) -> None:
    await world.client("Ana", tier="low")
    await world.client("Ben", tier="high", ends=("02",))
    await world.dispatch_line("Ana")
    await team(world, for_clients=True)
    await says_place(world, "Ben", street="4 Invented Street", town="Invercargill", country="NZ")
    jon = await world.screen("Jon")
    glance = (await jon.looks("/api/quick-reference")).json()
    [group] = glance["groups"]
    assert [(one["name"], one["country"]) for one in group["people"]] == [("Ben R.", "NZ"), ("Ana R.", "US")]
    by_id = {line["id"]: line for line in glance["lines"]}
    ben, ana = group["people"]
    assert ben["lines"] == [], "nothing of Ana's town for somebody in another country"
    assert [by_id[line["line_id"]]["agency"] for line in ana["lines"]] == [
        "Fairhaven mobile team",
        "Fairhaven dispatch",
    ]
    assert {place["country"]: place["primary"] for place in glance["regions"]} == {"US": "911", "NZ": "111"}
    assert glance["follows_the_phone"].startswith("988 follows the phone that calls")
    assert "418 Alder" not in json.dumps(glance), "a glance over shoulders holds no address"


async def test_the_glance_on_an_incident_is_for_its_client_by_its_own_tier(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.client("Ben", tier="low", ends=("02",))
    await world.dispatch_line("Ana")
    await team(world)
    await world.drops("Ana")
    dana = await world.screen("Dana")
    incident_id = await dana.incident_id("Ana")
    glance = (await dana.looks(f"/api/incidents/{incident_id}/quick-reference")).json()
    assert [one["name"] for group in glance["groups"] for one in group["people"]] == ["Ana R."]
    stranger = await world.house.staff("Tess Amano", "clinician")
    assert (await stranger.get(f"/api/incidents/{incident_id}/quick-reference")).status_code == 404
    assert (await stranger.get("/api/quick-reference")).json()["groups"] == []
    await world.may_ring("Ana", *world.people)


async def test_a_place_in_another_state_asks_about_the_licence_and_stops_nothing(world: World) -> None:
    await world.client("Ana", tier="low")
    robin = await world.house.staff("Robin Ellery", "administrator")
    jon = world.people["Jon"]
    await robin.post(f"/api/staff/{jon.id}/licences", region="US-OR")
    screen = await world.screen("Jon")
    glance = (await screen.looks("/api/quick-reference")).json()
    assert glance["groups"][0]["people"][0]["licence"] == []
    await says_place(world, "Ana", street="14 Mill Road", town="Larch Falls", state="MT")
    glance = (await screen.looks("/api/quick-reference")).json()
    asked = glance["groups"][0]["people"][0]["licence"]
    assert len(asked) == 1
    assert asked[0] == "Licence for Montana? Jon Bell"
    async with world.house.engine.transaction(world.program_id) as db:
        client = await db.scalar(select(Client).where(Client.id == world.clients["Ana"]))
        assert client
        assert client.ended_at is None
    assert (await screen.tile("Ana"))["presence"]["state"] == "present"


@pytest.mark.row("P4")
async def test_what_is_read_to_dispatch_leads_to_the_right_door_and_says_how_old_it_is(world: World) -> None:
    ana = await world.client("Ana", tier="high")
    async with world.house.engine.transaction(world.program_id) as db:
        client = await db.get_one(Client, (world.program_id, ana))
        address = {"street": "418 Alder Court", "unit": "Flat 6", "room": "back room", "town": "Fairhaven"}
        conceal(db, client, "home_address", json.dumps(address | {"state": "OR"}))
        conceal(db, client, "entry_notes", "Blue gate, door code 0000.")
    await world.drops("Ana")
    shown = await card(world, "Ana")
    assert shown["place"]["address"] == "418 Alder Court, Flat 6, back room, Fairhaven, OR"
    assert any("How to get in: Blue gate, door code 0000." in line["text"] for line in shown["script"])
    assert shown["place_age_s"] is not None
    await says_place(world, "Ana", street="9 Elm Road", unit="4", town="Elsewhere", state="OR")
    moved = await card(world, "Ana")
    assert moved["place"]["address"] == "9 Elm Road, 4, Elsewhere, OR"
    assert not any("Blue gate" in line["text"] for line in moved["script"]), "another door has another way in"
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("S6")
async def test_far_from_town_the_team_without_police_says_how_long_it_needs(world: World) -> None:
    await world.client("Ana", tier="moderate", travel_minutes=50)
    await world.dispatch_line("Ana")
    await team(world, agency="Far valley team", towns=["Far Valley, OR"], arrives_minutes=55)
    await says_place(world, "Ana", street="Mile 9, Creek Road", town="Far Valley", state="OR")
    await world.drops("Ana")
    [line] = (await card(world, "Ana"))["lines"]
    assert (line["agency"], line["police_involved"], line["arrives_minutes"]) == (
        "Far valley team",
        False,
        55,
    )
    assert (line["why"], line["likely"]) == ("Covers Far Valley, OR", False)
    await world.may_ring("Ana", *world.people)
