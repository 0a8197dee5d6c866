"""Grounding with one client and with the whole group: on their page, read out, told of on the timeline or as a line."""

from typing import Any

import pytest
from sqlalchemy import select, text

from app.clients.models import Client
from app.db import conceal, reveal
from app.grounding.models import Intervention, PageCard
from app.journal.kinds import Kind
from tests.stories.screens import Screen
from tests.stories.world import World

PETS = '[{"name": "Biscuit", "kind": "dog", "caretaker": "Carol", "soothes": "lies on my feet", "before_responders": ""}]'


def at(world: World, name: str | None, what: str = "") -> str:
    whom = f"/clients/{world.clients[name]}" if name else ""
    return f"/api/group-sessions/{world.group_session_id}{whom}/grounding{what}"


async def looks(world: World, screen: Screen, name: str | None) -> dict[str, Any]:
    answer = await screen.looks(at(world, name))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def presses(world: World, screen: Screen, name: str | None, what: str = "", **body: Any) -> None:
    answer = await screen.browser.post(at(world, name, what), **body)
    assert answer.status_code == 200, answer.text
    await world.settle()


async def lines(world: World) -> list[str]:
    """Kinds of what was written about exercises, and about whom."""
    async with world.house.engine.transaction(None) as db:
        rows = await db.execute(
            text(
                "select kind, client_id is null as all_of_them, incident_id from entry where kind like 'grounding.%' order by seq"
            )
        )
        return [
            f"{row.kind.split('.')[1]}{' all' if row.all_of_them else ''}{' incident' if row.incident_id else ''}"
            for row in rows
        ]


async def test_shown_on_their_page_started_and_ended_with_what_they_said_of_it(world: World) -> None:
    await world.client("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    page = await world.companion("Ana")
    await page.taps("here")
    assert "/c/shown" not in await page.shows()

    await presses(world, jon, "Ana", exercise="exhale", act="show")
    shown = await page.shows()
    assert "A longer breath out" in shown
    assert "Stop any time you like" in shown
    assert "eyes open" in shown
    assert "<title>Connected</title>" in shown
    assert "An exercise is on their page" in str((await maya.tile("Ana"))["marks"])

    await presses(world, maya, "Ana", exercise="exhale", act="start", before=7)
    standing = (await looks(world, jon, "Ana"))["standing"]
    assert (standing["exercise"], standing["before"], standing["on_page"]) == ("exhale", 7, 1)
    assert standing["started_at"] is not None
    await presses(world, jon, "Ana", "/end", result="done", after=4, words="slower now")
    assert "/c/shown" not in await page.shows()
    [done] = (await looks(world, maya, "Ana"))["today"]
    assert (done["kind"], done["result"], done["before"], done["after"]) == ("exhale", "done", 7, 4)
    assert done["words"] == "slower now"
    assert await lines(world) == ["offered", "started", "ended"]
    assert "exercise" not in str((await maya.tile("Ana"))["marks"])
    copy = await jon.browser.post(f"/api/clients/{world.clients['Ana']}/whole-record")
    [told] = copy.json()["exercises"]
    assert (told["what"], told["distress_before"], told["words"]) == ("A longer breath out", 7, "slower now")
    answer = await jon.browser.post(at(world, "Ana", "/end"), result="done")
    assert (answer.status_code, answer.json()["code"]) == (409, "somebody_was_first")


async def test_the_client_puts_it_away_in_one_tap_and_staff_are_told(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    page = await world.companion("Ana")
    await page.taps("here")
    await presses(world, jon, "Ana", exercise="box", act="show")
    await page.taps("shown")
    assert "/c/shown" not in await page.shows()
    standing = (await looks(world, jon, "Ana"))["standing"]
    assert (standing["exercise"], standing["on_page"]) == ("box", 0)
    assert await lines(world) == ["offered", "closed"]
    # Something else in its place, and shown anew.
    await presses(world, jon, "Ana", exercise="senses", act="show")
    assert "5 things you can see" in await page.shows()
    assert await lines(world) == ["offered", "closed", "ended", "offered"]
    await presses(world, jon, "Ana", "/end", result="declined")
    results = [one["result"] for one in (await looks(world, jon, "Ana"))["today"]]
    assert sorted(results) == ["changed", "declined"]


async def test_with_the_whole_group_it_stands_on_every_page_and_each_puts_it_away_alone(world: World) -> None:
    await world.client("Ana")
    await world.client("Ben", ends=("03",))
    jon = await world.screen("Jon")
    ana, ben = await world.companion("Ana"), await world.companion("Ben")
    for page in (ana, ben):
        await page.taps("here")
    await presses(world, jon, None, exercise="body", act="start")
    await presses(world, jon, None, exercise="body", act="show")
    assert "Feet on the floor" in await ana.shows()
    await ana.taps("shown")
    assert "Feet on the floor" not in await ana.shows()
    assert "Feet on the floor" in await ben.shows()
    [group] = await jon.cards("group")
    assert group["exercise"] == "body"
    assert (await looks(world, jon, None))["standing"]["on_page"] == 1
    await presses(world, jon, None, "/end", result="done")
    assert "Feet on the floor" not in await ben.shows()
    [group] = await jon.cards("group")
    assert group["exercise"] is None
    assert await lines(world) == ["started all", "offered all", "closed", "ended all"]
    async with world.house.engine.transaction(None) as db:
        assert {card.closed_by for card in await db.scalars(select(PageCard))} == {"client", "staff"}


@pytest.mark.row("S11", "E8")
async def test_what_is_open_about_somebody_has_it_on_its_timeline_with_words_of_no_blame(
    world: World,
) -> None:
    await world.client("Ana")
    async with world.house.engine.transaction(None) as db:
        client = await db.get_one(Client, (world.program_id, world.clients["Ana"]))
        conceal(db, client, "pet_cards", PETS)
    await world.drops("Ana")
    jon = await world.screen("Jon")
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    await presses(world, jon, "Ana", exercise="pets", act="start", before=8)
    await presses(world, jon, "Ana", "/end", result="stopped", after=6)
    answer = await jon.browser.post(
        f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/step",
        words="Sit with Biscuit",
    )
    assert answer.status_code == 200, answer.text
    told = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    assert "Jon Bell started a minute with an animal with Ana. Distress 8 of 10" in told
    assert (
        "Ana stopped a minute with an animal, which is always fine. Distress 8 of 10 before, 6 after" in told
    )
    assert "Ana picked one small step: Sit with Biscuit" in told
    found = await looks(world, jon, "Ana")
    assert (found["animals"], found["with_animals"]) == (["Biscuit"], ["Biscuit: lies on my feet"])
    assert found["steps"]["asked"] == {
        "ideation": "not_asked",
        "intoxication": "not_asked",
        "self_harm": "not_asked",
    }
    assert found["steps"]["hidden"] == ["heights", "water", "medicines"]
    offered = [line["words"] for line in found["steps"]["lines"]]
    assert "Sit with my animal" in offered
    assert not any(word in " ".join(offered) for word in ("balcony", "shower", "medicine"))
    # Two of three answered with no leave it so; all three bring them back, for as long as answers hold.
    await jon.press("Ana", "check", answers={"ideation": "none", "intoxication": "none"})
    steps = (await looks(world, jon, "Ana"))["steps"]
    assert (steps["asked"]["self_harm"], steps["hidden_count"]) == ("not_asked", 3)
    await jon.press("Ana", "check", answers={"selfharm_urge": "none"})
    steps = (await looks(world, jon, "Ana"))["steps"]
    assert steps["hidden_count"] == 0
    assert "balcony" in str(steps["lines"])
    await jon.press("Ana", "check", answers={"ideation": "passive"})
    steps = (await looks(world, jon, "Ana"))["steps"]
    assert (steps["asked"]["ideation"], steps["hidden_count"]) == ("present", 3)
    async with world.house.engine.transaction(None) as db:
        step = (await db.scalars(select(Intervention).where(Intervention.kind == "step"))).one()
        assert reveal(db, step, "words") == "Sit with Biscuit"
        assert b"Biscuit" not in (step.words or b"")
    looked = [who for kind, who in await world.house.entries(Kind.client_revealed.value)]
    assert world.people["Jon"].id in looked
    await world.may_ring("Ana", *world.people)


async def test_a_group_that_is_not_open_and_somebody_who_is_not_on_its_list(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    nobody = await jon.browser.post(
        f"/api/group-sessions/{world.group_session_id}/clients/{world.people['Dana'].id}/grounding",
        exercise="box",
        act="start",
    )
    assert nobody.status_code == 404
    over = await jon.browser.post(at(world, "Ana"), exercise="box", act="start", before=11)
    assert over.status_code == 422
    async with world.house.engine.transaction(None) as db:
        await db.execute(text("update group_session set state = 'scheduled'"))
    answer = await jon.browser.post(at(world, "Ana"), exercise="box", act="start")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")
