"""Everybody else of a group in which something happened: steadied, looked at, rung; and a second loss while all look at
the first (I11 to I14, Q6, B10)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.incidents.models import ProtocolRun
from app.journal.models import Entry, EntryDetail
from app.others.models import OthersCheck
from app.staff.models import Program
from app.tasks.models import Task
from tests.house import PIN
from tests.stories.protocols import publish
from tests.stories.screens import Screen
from tests.stories.world import World


async def crisis(world: World, *others: str) -> Screen:
    """Ana is lost at high, and Jon has it; the others are in the call."""
    await publish(world, "secure-group")
    await world.client("Ana", tier="high")
    for name in others:
        await world.client(name)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    return jon


async def care(screen: Screen) -> dict[str, Any]:
    found = await screen.cards("care")
    assert len(found) == 1, found
    return found[0]


async def person(screen: Screen, name: str) -> dict[str, Any]:
    return next(one for one in (await care(screen))["people"] if one["name"].startswith(name))


async def says(screen: Screen, name: str, answer: str) -> None:
    check = (await person(screen, name))["check_id"]
    answered = await screen.browser.post(f"/api/others/{check}", answer=answer)
    assert answered.status_code == 204, answered.text
    await screen.world.settle()


def open_step(card: dict[str, Any]) -> dict[str, Any]:
    return next(step for step in card["run"]["steps"] if step["status"] == "open" and not step["beside"])


async def done(screen: Screen, outcome: str = "done") -> dict[str, Any]:
    card = await care(screen)
    step = open_step(card)
    path = f"/api/incidents/{card['run']['incident_id']}/steps/{step['id']}/outcome"
    answer = await screen.browser.post(path, outcome=outcome)
    assert answer.status_code == 200, answer.text
    await screen.world.settle()
    return step


def after(member: dict[str, Any], card: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(member["due_at"]) - datetime.fromisoformat(card["begun_at"])


@pytest.mark.row("I11", "I12", "I13", "I14")
async def test_the_group_is_steadied_by_whoever_has_it_live_for_both(world: World) -> None:
    jon, maya = await crisis(world, "Ben", "Cleo"), await world.screen("Maya")
    assert await jon.cards("care") == [], "people begin it"
    await jon.press("Ana", "protocols", protocol="secure-group")
    card = await care(maya)
    assert (card["owner"]["name"], card["begun_by"]["name"]) == ("Maya Reyes", "Jon Bell")
    steps = [step["key"] for step in card["run"]["steps"] if not step["beside"]]
    assert steps[:4] == ["acknowledge", "ground", "privacy", "what-comes-next"]
    words = " ".join(open_step(card)["words"])
    assert "someone is with them" in words
    assert "Ana" not in words
    # Silence ticks nothing off: late, it is still what comes first.
    await world.pass_time(300)
    assert open_step(await care(jon))["key"] == "acknowledge"
    for key in ("acknowledge", "ground", "privacy"):
        assert (await done(maya))["key"] == key
    step = open_step(await care(maya))
    path = f"/api/incidents/{(await care(maya))['run']['incident_id']}/steps/{step['id']}/skip"
    assert (await maya.browser.post(path, reason="The group ended early.")).status_code == 200
    run = (await care(jon))["run"]["steps"]
    said = {one["key"]: (one["status"], one["done_by"] and one["done_by"]["name"]) for one in run}
    assert said["privacy"] == ("done", "Maya Reyes")
    assert said["what-comes-next"] == ("skipped", "Maya Reyes")
    told = [(line["text"], line["note"]) for line in (await jon.page("Ana"))["timeline"]]
    assert any(note == "The group ended early." for _, note in told), told
    assert ("Checking on the others began: 2 people", None) in told
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("I11")
async def test_a_private_room_without_an_incident_offers_it_too(world: World) -> None:
    await publish(world, "secure-group", "breakout-1to1")
    await world.client("Ana", tier="low")
    await world.client("Ben")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await maya.opens_room("Ana")
    await maya.in_room("Ana", "joined")
    assert await jon.alerts() == []
    await jon.in_room("Ana", "secure-group")
    card = await jon.alert("Ana")
    assert (card["headline"], card["tier"]) == ("Ana R.: a private room", "low"), "at the tier of now"
    assert card["owner"]["name"] == "Jon Bell", "nobody is asked to take what somebody has begun"
    assert (await jon.tile("Ana"))["room"]["joined_at"]
    assert [one["name"] for one in (await care(maya))["people"]] == ["Ben R."]
    assert open_step(await care(maya))["key"] == "acknowledge"
    # Pressed by the other one too, it is one group.
    await maya.in_room("Ana", "secure-group")
    assert len(await jon.cards("care")) == 1
    # And what it is can be said afterwards, as of anything seen or said.
    await jon.taps("Ana", "concern", reason="urges")
    assert (await jon.alert("Ana"))["headline"] == "Ana R.: urges reported"
    await maya.in_room("Ana", "decide", decision="return")
    assert (
        "Raise a concern"
        in (await jon.browser.post(f"/api/breakouts/{card['room']['id']}/secure-group")).text
    )
    await world.may_ring()


async def test_it_is_one_group_and_its_owner_stays_when_the_client_is_back(world: World) -> None:
    jon, maya = await crisis(world, "Ben"), await world.screen("Maya")
    await jon.press("Ana", "protocols", protocol="secure-group")
    await world.drops("Ben")
    await jon.press("Ben", "take")
    await jon.press("Ben", "protocols", protocol="secure-group")
    async with world.house.engine.transaction(None) as db:
        runs = await db.scalars(select(ProtocolRun).where(ProtocolRun.protocol == "secure-group"))
        assert len(list(runs)) == 1
    world.comes_back("Ana")
    await world.pass_time(1)
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana", tier="high")
    assert (await care(maya))["owner"]["name"] == "Maya Reyes", "the others still need somebody"
    assert (await person(maya, "Ben"))["alert"] == await jon.incident_id("Ben")
    await world.may_ring("Ana", "Ben", *world.people)


@pytest.mark.row("B10", "Q6", "R25")
async def test_each_of_the_others_is_looked_at_and_rung_and_silence_says_nothing(world: World) -> None:
    jon = await crisis(world, "Ben", "Cleo", "Dev")
    await world.client("Eli", page=False)
    await jon.press("Ana", "protocols", protocol="secure-group")
    card = await care(jon)
    assert [one["name"] for one in card["people"]] == ["Ben R.", "Cleo R.", "Dev R."], "Eli had not come"
    assert {one["said"] for one in card["people"]} == {"open"}
    await says(jon, "Ben", "word")
    maya = await world.screen("Maya")
    await says(maya, "Cleo", "fine")
    ben, cleo, dev = [await person(jon, name) for name in ("Ben", "Cleo", "Dev")]
    assert (ben["said"], ben["said_by"]["name"], cleo["said_by"]["name"]) == (
        "word",
        "Jon Bell",
        "Maya Reyes",
    )
    assert (after(ben, card), after(cleo, card), after(dev, card)) == tuple(
        timedelta(hours=hours) for hours in (24, 72, 24)
    )
    give = await jon.browser.post(
        f"/api/others/{ben['check_id']}/owner", owner_id=str(world.people["Maya"].id)
    )
    assert give.status_code == 204, give.text
    mine = [one["about"] for one in (await maya.looks("/api/tasks", which="mine")).json()]
    assert len(mine) == 1
    assert "Ana" not in mine[0]

    # The group closes; who was not looked at stays open, in front of the people whose group it was.
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana")
    refused = await jon.refused("Ana", "close", outcome="rejoined", note="")
    assert "others" in refused
    await jon.press("Ana", "close", outcome="rejoined", note="The others are being rung.")
    closed = await jon.browser.post(f"/api/group-sessions/{world.group_session_id}/close", outcomes=[])
    assert closed.status_code == 200, closed.text
    assert (await person(jon, "Dev"))["said"] == "open"
    await says(jon, "Dev", "not_reached")
    for screen, name in ((maya, "Ben"), (jon, "Cleo"), (jon, "Dev")):
        task = (await person(jon, name))["task_id"]
        assert (await screen.browser.post(f"/api/tasks/{task}/done", outcome="done")).status_code == 204
    assert await jon.cards("care") == []
    lines = [line["text"] for line in (await jon.page_of(str((await world.first_incident()).id)))["timeline"]]
    assert "Each of the others was looked at: 1 fine, 1 to have a word with, 1 not reached" in lines
    assert not [line for line in lines if "Ben" in line or "Cleo" in line]
    await world.may_ring("Ana", *world.people)


async def test_nothing_of_the_first_stands_in_the_record_of_another(world: World) -> None:
    jon = await crisis(world, "Ben")
    await jon.press("Ana", "protocols", protocol="secure-group")
    await says(jon, "Ben", "fine")
    async with world.house.engine.transaction(world.program_id) as db:
        rows = await db.execute(
            select(Entry.seq, Entry.kind, Entry.incident_id, EntryDetail.sealed)
            .join(EntryDetail, EntryDetail.seq == Entry.seq)
            .where(
                Entry.client_id == world.clients["Ben"],
                Entry.kind.like("others.%") | Entry.kind.like("task.%"),
            )
        )
        found = list(rows)
        told = " ".join(
            db.info["seal"].open(
                row.sealed,
                table="entry_detail",
                column="sealed",
                row_id=str(row.seq),
                program_id=world.program_id,
            )
            for row in found
        )
    assert {row.kind for row in found} == {"others.said", "task.opened", "task.handed_over"}
    assert not any(row.incident_id for row in found)
    assert str(world.clients["Ana"]) not in told
    assert "Ana" not in told
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R17", "B10")
async def test_the_wrong_client_joins_the_others_and_the_right_one_leaves_them(world: World) -> None:
    jon, maya = await crisis(world, "Ben", "Cleo"), await world.screen("Maya")
    await jon.press("Ana", "protocols", protocol="secure-group")
    assert (await done(maya))["key"] == "acknowledge"
    await says(maya, "Ben", "word")
    await says(maya, "Cleo", "fine")
    card, check = await care(jon), (await person(jon, "Ben"))["check_id"]
    await jon.press("Ana", "wrong-client", client_id=str(world.clients["Ben"]))
    await jon.no_alert("Ana")
    right = await jon.incident_id("Ben")
    now = await care(maya)
    assert {one["name"]: one["said"] for one in now["people"]} == {"Ana R.": "open", "Cleo R.": "fine"}
    assert after(await person(jon, "Ana"), card) == timedelta(hours=24), "as if from the start"
    # What was done with the group goes on where it stood.
    assert (now["round_id"], now["begun_at"]) == (card["round_id"], card["begun_at"])
    assert (now["run"]["incident_id"], now["run"]["state"]) == (right, "running")
    assert open_step(now)["key"] == "ground"
    assert (await done(maya))["key"] == "ground"
    refused = await jon.browser.post(f"/api/others/{check}", answer="fine")
    assert (refused.status_code, refused.json()["code"]) == (409, "left")
    told = [line["text"] for line in (await jon.page_of(right))["timeline"]]
    assert "Checking on the others goes on from here: it began with an alert about somebody else" in told
    async with world.house.engine.transaction(world.program_id) as db:
        ben = await db.get_one(OthersCheck, (world.program_id, UUID(check)))
        assert (ben.state, ben.left_at is not None) == ("word", True), "what was said of them stays"
        assert (await db.get_one(Task, (world.program_id, ben.task_id))).outcome == "not_needed"
        kinds = await db.scalars(select(Entry.kind).where(Entry.client_id == world.clients["Ben"]))
        assert "others.left" in set(kinds)
    await says(maya, "Ana", "fine")
    line = "Each of the others was looked at: 2 fine"
    assert line in [line["text"] for line in (await jon.page_of(right))["timeline"]]
    # And once more: it was about Cleo, and Ben is back on the list with what was said.
    await jon.press("Ben", "wrong-client", client_id=str(world.clients["Cleo"]))
    await jon.incident_id("Cleo")
    assert [one["name"] for one in (await care(jon))["people"]] == ["Ana R.", "Ben R."]
    assert (await person(jon, "Ben"))["said"] == "word"
    await world.may_ring("Ana", "Ben", "Cleo", *world.people)


async def test_a_program_has_its_own_hours(world: World) -> None:
    async with world.house.engine.transaction(world.program_id) as db:
        await db.execute(update(Program).values(settings={"dial_in": {}}))
    ada, path = await world.house.staff("Ada Lind", "administrator"), "/api/program/follow-up-hours"
    assert (await ada.get(path)).json() == {"soon": 24, "later": 72}
    for soon, later, said in (
        (12, 48, "Choose between 24 and 72 hours."),
        (60, 48, "Who was fine is rung no"),
    ):
        refused = await ada.post(path, soon=soon, later=later)
        assert (refused.status_code, refused.json()["code"]) == (422, "not_valid")
        assert said in refused.json()["detail"]
    dana = await world.screen("Dana")
    assert (await dana.browser.post(path, soon=30, later=48)).status_code == 403
    assert (await ada.post(path, soon=30, later=48)).json() == {"soon": 30, "later": 48}
    assert (await dana.looks(path)).json() == {"soon": 30, "later": 48}
    async with world.house.engine.transaction(world.program_id) as db:
        program = await db.get_one(Program, world.program_id)
        assert set(program.settings) == {"dial_in", "follow_up_hours"}, "what else stands there stays"
    jon = await crisis(world, "Ben")
    await jon.press("Ana", "protocols", protocol="secure-group")
    assert after(await person(jon, "Ben"), await care(jon)) == timedelta(hours=30)
    await says(jon, "Ben", "fine")
    assert after(await person(jon, "Ben"), await care(jon)) == timedelta(hours=48)
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("B10")
async def test_a_second_loss_while_all_look_at_the_first_is_alarmed_outside(world: World) -> None:
    jon = await crisis(world, "Ben")
    await world.has_board("Jon", "Maya")
    await world.may_ring("Ana", *world.people)
    await world.drops("Ben")
    card = await jon.alert("Ben")
    assert card["second_since"]
    assert not card["second_alarm"]
    await world.pass_time(5)
    assert (await jon.alert("Ben"))["second_alarm"]
    dana = await world.rings("Dana")
    await world.pass_time(1)
    await world.rings("Robin")
    await (await dana.answers()).presses(PIN)
    assert (await jon.alert("Ben"))["owner"]["name"] == "Dana Whitlock"
    assert not (await jon.alert("Ben"))["second_since"]
    told = [line["text"] for line in (await jon.page("Ben"))["timeline"]]
    assert "Nobody has this second alert of the group: people outside the room are alarmed" in told
    await world.may_ring("Ana", "Ben", *world.people)
