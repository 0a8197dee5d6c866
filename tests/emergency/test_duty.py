"""Duty to protect: the supervisor joins, the reviewed card of the state is read, police come first, each telling by hand."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.models import Client, Disclosure
from app.db import new_id, reveal
from app.places.models import StateCard
from app.tasks.models import Task
from tests.emergency.test_by_hand import lost
from tests.stories.screens import Screen
from tests.stories.world import World

WARNING = {
    "recipient": "Leo Invented",
    "content": "Somebody said tonight that they mean to hurt you. Please go somewhere safe and ring the police.",
    "verified_how": "The number on the record; he said his full name.",
    "ticked": ["state_card_read", "police_first"],
}
POLICE = {
    "recipient": "Fairhaven police, Sergeant Ode",
    "content": "A threat to Leo Invented, at 9 Elm Road.",
}
DECIDED = {
    "choices": ["police", "target"],
    "reasoning": "A named person, a plan for tonight, and means.",
    "consulted": "Dana Whitlock; counsel did not answer",
    "rejected": "Waiting: the plan is for tonight.",
}


async def state_card(world: World, region: str = "US-OR", police_first: str = "yes") -> None:
    async with world.house.engine.transaction(world.program_id) as db:
        db.add(
            StateCard(
                program_id=world.program_id,
                id=new_id(),
                kind="duty_to_protect",
                region=region,
                title="Invented",
                body={"summary": "Invented.", "may_warn": "yes", "police_first": police_first},
                source="Invented",
                reviewed_by="Ines Invented, counsel",
                reviewed_on=date(2027, 1, 1),
                invented=True,
                made_by=world.people["Dana"].id,
                made_at=datetime(2027, 1, 1, tzinfo=UTC),
            )
        )


async def duty(screen: Screen) -> dict[str, Any]:
    answer = await screen.looks(f"/api/incidents/{await screen.incident_id('Ana')}/duty")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_with_the_supervisor_the_card_and_police_first_a_person_in_danger_is_warned_by_hand(
    world: World,
) -> None:
    await lost(world)
    await state_card(world)
    # On the do-not-contact list: the one exception to it.
    await world.contact("Ana", "Leo Invented", ends="32", never=True)
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await jon.press("Ana", "duty")
    shown = await duty(jon)
    assert (shown["region"], shown["card"]["reviewed_by"]) == ("US-OR", "Ines Invented, counsel")
    assert (shown["begun_by"]["name"], shown["police_first"], shown["police_told"]) == (
        "Jon Bell",
        "yes",
        False,
    )
    assert [line["agency"] for line in shown["police"]] == ["Fairhaven dispatch"]
    assert (await jon.tries("Ana", "duty/join")).status_code == 403
    assert (await jon.refused("Ana", "duty/decide", **DECIDED)).startswith("A supervisor joins first")
    await dana.press("Ana", "duty/join")
    assert "Write down first what was said" in await dana.refused("Ana", "duty/police", **POLICE)
    await jon.press("Ana", "duty/facts", facts={"who": "Leo Invented.", "words": "I will hurt him tonight."})
    await jon.press("Ana", "duty/facts", facts={"when": "Tonight."})
    assert (await duty(dana))["facts"] == {
        "who": "Leo Invented.", "words": "I will hurt him tonight.", "when": "Tonight.",
    }  # fmt: skip
    await jon.press("Ana", "duty/decide", **DECIDED)
    assert (await dana.refused("Ana", "duty/warning", **WARNING)).startswith(
        "The state card says that police"
    )
    await jon.press("Ana", "duty/police", **POLICE)
    refused = await jon.refused("Ana", "duty/warning", **WARNING)
    assert "a warning is given by a supervisor" in refused
    refused = await dana.refused("Ana", "duty/warning", **{**WARNING, "ticked": []})
    assert refused.startswith("Confirm first")
    world.house.clock.move(1)
    await dana.press("Ana", "duty/warning", **WARNING)
    told = (await duty(dana))["told"]
    assert [(one["act"], one["by"]) for one in told] == [
        ("responders", "Jon Bell"),
        ("warning", "Dana Whitlock"),
    ]
    async with world.house.engine.transaction(world.program_id) as db:
        rows = {row.act: row for row in await db.scalars(select(Disclosure))}
        assert rows["warning"].basis == "duty_to_protect"
        assert rows["warning"].second_look_due_at is not None
        assert set(rows["warning"].items) == {"threatened", "keep_safe"}
        assert [reveal(db, task, "about") for task in await db.scalars(select(Task))] == [
            "Write the legal note: words used, reasoning, consultation, options rejected and why"
        ]
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)


@pytest.mark.parametrize("where", ["no card", "part2", "elsewhere"])
async def test_without_the_card_of_where_they_are_or_under_part_2_nobody_is_warned_and_police_can_be(
    world: World, where: str
) -> None:
    await lost(world)
    if where != "no card":
        await state_card(world, "US-MT" if where == "elsewhere" else "US-OR", police_first="no")
    async with world.house.engine.transaction(world.program_id) as db:
        client = await db.get_one(Client, (world.program_id, world.clients["Ana"]))
        client.part2 = where == "part2"
    dana = await world.screen("Dana")
    await dana.press("Ana", "duty")
    await dana.press("Ana", "duty/join")
    await dana.press("Ana", "duty/facts", facts={"words": "I will hurt him tonight."})
    assert (await duty(dana))["may_warn"]["may"] is False
    refused = await dana.refused("Ana", "duty/warning", **WARNING)
    assert (
        "no reviewed duty-to-protect card" in refused or "substance use records have no exception" in refused
    )
    await dana.press("Ana", "duty/police", **POLICE)
    assert (await duty(dana))["police_told"]
    await world.may_ring("Ana", *world.people)


async def test_nothing_of_it_without_opening_it(world: World) -> None:
    await lost(world)
    dana = await world.screen("Dana")
    assert (await duty(dana))["begun_at"] is None
    for what, body in (
        ("join", {}),
        ("facts", {"facts": {"who": "x"}}),
        ("decide", DECIDED),
        ("police", POLICE),
        ("warning", WARNING),
    ):
        assert (await dana.tries("Ana", f"duty/{what}", **body)).status_code == 404, what
    await world.may_ring("Ana", *world.people)
