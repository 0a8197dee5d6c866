"""A person dials; the product says which number, keeps what was said, and shows the same to a second caller."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.models import Disclosure
from app.db import reveal
from app.places.models import DispatchLine
from app.tasks.models import Task
from tests.stories.screens import Screen
from tests.stories.test_places import team
from tests.stories.world import World


async def card(screen: Screen, name: str = "Ana") -> dict[str, Any]:
    answer = await screen.looks(f"/api/incidents/{await screen.incident_id(name)}/dispatch")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def now(screen: Screen, name: str = "Ana") -> dict[str, Any]:
    answer = await screen.looks(f"/api/incidents/{await screen.incident_id(name)}/dispatch/now")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def dials(screen: Screen, line_id: str) -> str:
    screen.world.house.clock.move(1)
    await screen.press("Ana", "dispatch/calls", line_id=line_id)
    call: str = (await now(screen))["calls"][-1]["id"]
    return call


async def over(screen: Screen, call: str, outcome: str, **more: Any) -> None:
    await screen.press("Ana", f"dispatch/calls/{call}/over", outcome=outcome, **more)


async def lost(world: World, **fields: Any) -> None:
    await world.client("Ana", tier="high", **fields)
    await world.dispatch_line("Ana")
    await world.drops("Ana")
    await (await world.screen("Dana")).press(
        "Ana", "decide", decision="responders", reason="Said goodbye and left."
    )


async def test_wrong_county_leads_to_the_next_number_and_then_to_ones_own_with_a_transfer(
    world: World,
) -> None:
    await lost(world)
    await team(world, kind="dispatch", agency="Elm dispatch", number="+15415550180", police_involved=True)
    dana = await world.screen("Dana")
    shown = await card(dana)
    first, second = [line["id"] for line in shown["lines"]]
    assert (shown["now"]["next"], shown["own_number"]) == ({"what": "first", "line_id": first}, "911")
    call = await dials(dana, first)
    assert (await now(dana))["next"]["what"] == "talking"
    await dana.press("Ana", f"dispatch/calls/{call}", state="answered")
    await over(dana, call, "wrong_place")
    assert (await now(dana))["next"] == {"what": "line", "line_id": second}
    await over(dana, await dials(dana, second), "no_answer")
    assert (await now(dana))["next"] == {"what": "own", "line_id": None}
    assert "dispatch" in await dana.stands_at("Ana"), "another number first; nobody is asked to decide anew"
    world.house.clock.move(1)
    await dana.press("Ana", "dispatch/calls", number="911", agency="Own 911")
    calls = (await now(dana))["calls"]
    assert [one["number"] for one in calls] == ["541-555-0119", "541-555-0180", "911"]
    await over(dana, calls[-1]["id"], "dispatched", eta_minutes=12, reference="F-204")
    after = await now(dana)
    assert after["next"]["what"] == "done"
    assert (after["calls"][-1]["eta_minutes"], after["calls"][-1]["reference"]) == (12, "F-204")
    assert "wait-agreed" in await dana.stands_at("Ana")
    async with world.house.engine.transaction(world.program_id) as db:
        tasks = [reveal(db, task, "about") or "" for task in await db.scalars(select(Task))]
        assert [about for about in tasks if about.startswith("Ring Fairhaven dispatch")]
    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    assert "Dana Whitlock dials Fairhaven dispatch, by hand" in said
    assert "Dana Whitlock spoke with Fairhaven dispatch: they answer for another place" in said
    assert "Dana Whitlock spoke with Own 911: help is on its way, in about 12 minutes" in said
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)


async def test_cut_off_is_dialled_again_and_on_hold_for_a_minute_a_second_phone_dials_the_next(
    world: World,
) -> None:
    await lost(world)
    await team(world, kind="dispatch", agency="Elm dispatch", number="+15415550180", police_involved=True)
    dana = await world.screen("Dana")
    first, second = [line["id"] for line in (await card(dana))["lines"]]
    await over(dana, await dials(dana, first), "cut_off")
    assert (await now(dana))["next"] == {"what": "again", "line_id": first}
    call = await dials(dana, first)
    await dana.press("Ana", f"dispatch/calls/{call}", state="on_hold")
    assert (await now(dana))["next"] == {"what": "talking", "line_id": None}
    await world.pass_time(60, engine=False)
    assert (await now(dana))["next"] == {"what": "talking", "line_id": second}
    await dana.press("Ana", f"dispatch/calls/{call}", state="off_hold")
    assert (await now(dana))["calls"][-1]["held_since"] is None
    await over(dana, call, "not_needed")
    assert await dana.refused("Ana", f"dispatch/calls/{call}/over", outcome="dispatched") == (
        "What came of this call is written down already. Look at the card again."
    )
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("I5")
async def test_a_second_caller_sees_what_was_read_and_what_was_said_is_kept_as_told(world: World) -> None:
    await lost(world)
    dana, robin = await world.screen("Dana"), await world.screen("Robin")
    for key in ("read.who", "read.place"):
        await dana.press("Ana", "dispatch/marks", key=key, state="done")
    await dana.press("Ana", "dispatch/marks", key="read.person", state="done")
    await dana.press("Ana", "dispatch/marks", key="read.person", state=None)
    assert [(mark["key"], mark["by"]) for mark in (await now(robin))["marks"]] == [
        ("read.place", "Dana Whitlock"),
        ("read.who", "Dana Whitlock"),
    ]
    call = await dials(robin, (await card(robin))["lines"][0]["id"])
    await over(robin, call, "could_not")
    async with world.house.engine.transaction(world.program_id) as db:
        told = (await db.scalars(select(Disclosure))).one()
        content = reveal(db, told, "content") or ""
        assert reveal(db, told, "grounds") == "Said goodbye and left.", "the decision says why"
        assert (told.basis, told.act, set(told.items)) == (
            "serious_threat",
            "responders",
            {"callback", "place"},
        )
    assert "418 Alder Court" in content
    assert "Ramsey" not in content, "the name was not said"
    assert "decide" in await dana.stands_at("Ana"), "no number is left: a person decides"
    await world.may_ring("Ana", *world.people)


async def test_without_a_decision_or_a_declaration_somebody_writes_why(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana")
    await world.drops("Ana")
    dana = await world.screen("Dana")
    call = await dials(dana, (await card(dana))["lines"][0]["id"])
    path = f"dispatch/calls/{call}/over"
    assert (await dana.refused("Ana", path, outcome="dispatched")).startswith("Write why it was needed")
    await over(dana, call, "dispatched", grounds="High tier, and no contact for two minutes.")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("I5", "I6")
async def test_what_the_caller_knows_better_is_read_out_and_nothing_of_treatment_is(world: World) -> None:
    await lost(world, part2=True)
    dana = await world.screen("Dana")
    plain = await card(dana)
    assert (plain["urgency"], plain["weapons"]) == ("check", "unknown")
    assert "Part 2" in plain["withheld"]
    await dana.press(
        "Ana",
        "dispatch/brief",
        urgency="medical",
        weapons="no",
        happened="Took tablets",
        asks=["medical", "cit"],
    )
    shown = await card(await world.screen("Robin"))
    said = {line["key"]: line["text"] for line in shown["script"]}
    assert "This is a medical emergency. We lost contact" in said["person"]
    assert said["person"].endswith("Took tablets.")
    assert said["home"].startswith("No weapons that we know of.")
    assert (
        said["ask"]
        == "Nobody of us is with them now. Please send medical help and a crisis-trained CIT officer, if one is free."
    )
    refused = await dana.refused("Ana", "dispatch/brief", happened="Relapsed after treatment")
    assert "Leave it out: this is read to responders" in refused
    await dana.press("Ana", "dispatch/brief", happened=None, urgency=None)
    assert (await card(dana))["urgency"] == "check"
    async with world.house.engine.transaction(world.program_id) as db:
        line = (await db.scalars(select(DispatchLine))).one()
        line.retired_at = world.now - timedelta(days=1)
        gone = line.id
    assert (await dana.tries("Ana", "dispatch/calls", line_id=str(gone))).status_code == 404
    assert (await dana.tries("Ana", "dispatch/calls")).status_code == 422
    await world.may_ring("Ana", *world.people)
