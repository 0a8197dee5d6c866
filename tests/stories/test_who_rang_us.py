"""Somebody rings the office's number and nobody answers: it stands on the board until a person has handled it."""

import re
from typing import Any
from uuid import uuid4

import pytest

from app.calls import inbound, twiml
from app.clients.models import DoNotContact
from app.db import conceal, new_id, seal_of
from app.numbers import readable
from tests.house import BASE
from tests.stories.screens import Screen
from tests.stories.world import World

STRANGER = "+15035550190"


async def rings_us(world: World, number: str, sid: str | None = None) -> str:
    """The provider asks what a caller shall hear; the first staff phone is tried."""
    sid = sid or f"CA{uuid4().hex}"
    async with world.house.database.transaction(world.program_id) as db:
        await inbound.call(db, BASE, world.program_id, number, sid, after_hours=False)
    return sid


async def nobody_answers(world: World, number: str, sid: str) -> None:
    rung = inbound.Rung(tried=inbound.STAFF_TRIED, spoke=False, hung_up=False)
    async with world.house.database.transaction(world.program_id) as db:
        document = await inbound.following(db, BASE, world.program_id, number, sid, rung)
    assert document == twiml.say_and_hang_up(twiml.OFFICE_AWAY)


async def missed(world: World, number: str) -> None:
    await nobody_answers(world, number, await rings_us(world, number))


def number_of(ends: str) -> str:
    return f"+140655501{ends}"


async def caller(screen: Screen) -> dict[str, Any]:
    [card] = await screen.cards("caller")
    return card


async def handle(screen: Screen, card: dict[str, Any], what: str = "handled", **body: Any) -> Any:
    return await screen.browser.post(f"/api/callers/{card['caller_id']}/{what}", **body)


async def test_a_known_number_rang_and_nobody_answered_so_it_stands_there_until_a_person_handles_it(
    world: World,
) -> None:
    await world.client("Ana", tier="moderate", ends=("01",))
    jon, maya = await world.screen("Jon"), await world.screen("Maya")

    sid = await rings_us(world, number_of("01"))
    for screen in (jon, maya):
        card = await caller(screen)
        assert (card["who"], card["name"], card["tier"], card["state"]) == (
            "client",
            "Ana R.",
            "moderate",
            "ringing",
        )
    await nobody_answers(world, number_of("01"), sid)
    card = await caller(jon)
    assert (card["state"], card["number"], card["times"]) == ("missed", readable(number_of("01")), 1)
    assert card["cautions"] == []

    await world.pass_time(3600)
    assert (await caller(jon))["state"] == "missed"
    await missed(world, number_of("01"))
    card = await caller(jon)
    assert (card["times"], card["last_at"] > card["first_at"]) == (2, True)

    assert (await handle(jon, card, "rung-back")).status_code == 200
    card = await caller(maya)
    assert card["rung_back_by"]["name"] == "Jon Bell"
    assert (await handle(jon, card, outcome="spoke")).status_code == 200
    assert await jon.cards("caller") == []

    late = await handle(maya, card, outcome="spoke")
    assert late.status_code == 409
    assert late.json()["detail"].startswith("Jon Bell handled it ")


async def test_during_an_incident_the_story_is_in_its_timeline(world: World) -> None:
    await world.client("Ana", ends=("01",))
    jon = await world.screen("Jon")
    await world.drops("Ana")
    incident_id = await jon.incident_id("Ana")
    await missed(world, number_of("01"))
    card = await caller(jon)
    assert card["incident_id"] == incident_id
    await handle(jon, card, "rung-back")
    await handle(jon, card, outcome="spoke")
    told = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    for line in (
        "Ana's number called the office line",
        "Nobody could take that call. Ring back",
        "Jon Bell rang the missed call back; nobody answered",
        "Jon Bell, of the missed call: spoke with them",
    ):
        assert line in told
    await world.may_ring("Ana", *world.people)
    await jon.ends_well("Ana")


@pytest.mark.row("R11")
async def test_whoever_rings_the_number_back_hears_an_office_and_no_word_of_why(world: World) -> None:
    """Ana is looked for; first she rings the number that her phone shows, then whoever lives with her."""
    await world.client("Ana", ends=("01",))
    await world.drops("Ana")
    await world.until(75)
    await world.may_ring("Ana", *world.people)
    for number in (number_of("01"), STRANGER):
        sid = f"CA{uuid4().hex}"
        async with world.house.database.transaction(world.program_id) as db:
            heard = await inbound.call(db, BASE, world.program_id, number, sid, after_hours=False)
        assert re.findall(r"<Say[^>]*>([^<]*)</Say>", heard) == ["Hello, please hold for the office."]
        await nobody_answers(world, number, sid)
    for words in (heard, twiml.OFFICE_AWAY):
        assert not re.search(
            r"crisis|emergency|988|911|safe|therapy|clinic|group|Handrail", words, re.IGNORECASE
        )
    jon = await world.screen("Jon")
    assert {card["who"] for card in await jon.cards("caller")} == {"client", "unknown"}
    await jon.ends_well("Ana")


async def test_somebody_whom_one_of_us_let_in_is_on_no_board(world: World) -> None:
    await world.client("Ana", ends=("01",))
    jon = await world.screen("Jon")
    sid = await rings_us(world, number_of("01"))
    async with world.house.database.transaction(world.program_id) as db:
        await inbound.accepted(db, world.program_id, sid)
    assert await jon.cards("caller") == []
    rung = inbound.Rung(tried=1, spoke=True, hung_up=True)
    async with world.house.database.transaction(world.program_id) as db:
        await inbound.following(db, BASE, world.program_id, number_of("01"), sid, rung)
    assert await jon.cards("caller") == []


async def test_a_caller_who_hangs_up_while_it_still_rings_was_missed(world: World) -> None:
    await world.client("Ana", ends=("01",))
    jon = await world.screen("Jon")
    sid = await rings_us(world, number_of("01"))
    rung = inbound.Rung(tried=1, spoke=False, hung_up=True)
    async with world.house.database.transaction(world.program_id) as db:
        assert await inbound.following(db, BASE, world.program_id, number_of("01"), sid, rung) == (
            twiml.nothing()
        )
    assert (await caller(jon))["state"] == "missed"


@pytest.mark.row("R2")
async def test_a_number_that_is_not_safe_to_ring_is_not_offered_to_ring_back(world: World) -> None:
    await world.client("Ana", ends=("01", "02"), safe=("02",), unsafe_home=True)
    jon = await world.screen("Jon")
    await missed(world, number_of("01"))
    card = await caller(jon)
    assert (card["number"], card["cautions"]) == (None, ["not_safe"])
    await handle(jon, card, outcome="nothing_needed")
    await missed(world, number_of("02"))
    card = await caller(jon)
    assert (card["number"], card["cautions"]) == (readable(number_of("02")), [])


async def test_others_are_told_apart_and_none_is_rung_back_blindly(world: World) -> None:
    ana = await world.client("Ana", ends=("01",))
    await world.contact("Ana", "Lee Invented", ends="31")
    async with world.house.engine.transaction(world.program_id) as db:
        barred = DoNotContact(program_id=world.program_id, id=new_id(), client_id=ana, made_at=world.now)
        conceal(db, barred, "name", "Somebody Invented")
        conceal(db, barred, "reason", "asked us never to call")
        barred.number_key = seal_of(db).keyed_hash("phone", number_of("66"))
        db.add(barred)
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    for number, who, name, shown, cautions in (
        (number_of("31"), "contact", "Ana R.", None, ["contact"]),
        (number_of("66"), "barred", "Ana R.", None, ["barred"]),
        (STRANGER, "unknown", None, readable(STRANGER), ["unknown"]),
        ("anonymous", "unknown", None, None, ["withheld"]),
    ):
        await missed(world, number)
        card = await caller(dana)
        found = (card["who"], card["name"], card["number"], card["cautions"])
        assert found == (who, name, shown, cautions)
        assert (await caller(jon))["caller_id"] == card["caller_id"], "the people of a group under way see it"
        assert (await handle(dana, card, outcome="not_ours")).status_code == 200


async def test_a_colleague_of_other_groups_sees_and_handles_nothing_of_it(world: World) -> None:
    await world.client("Ana", ends=("01",))
    jon = await world.screen("Jon")
    await missed(world, number_of("01"))
    card = await caller(jon)
    colleague = await world.house.staff("Tess Amano", "clinician")
    assert (await colleague.get("/api/board")).json()["cards"] == []
    for what, body in (("handled", {"outcome": "spoke"}), ("rung-back", {})):
        answer = await colleague.post(f"/api/callers/{card['caller_id']}/{what}", **body)
        assert answer.status_code == 404
    assert (await handle(jon, card, outcome="whatever")).status_code == 422
    assert (await caller(jon))["state"] == "missed"
