"""Emergency is two transactions: said, then set out. Whatever happens in between, everything is set out once, and our
phones ring once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db import Db
from app.emergency import declare, declare_routes, setting_out
from app.emergency.setting_out import set_out
from app.engine import emergencies
from app.errors import SomebodyWasFirst
from app.staff.access import Viewer, once
from app.staff.models import StaffMember
from tests.stories.protocols import open_keys, publish, run_of
from tests.stories.screens import Screen
from tests.stories.test_emergency_pressed import card_of, told, tries
from tests.stories.world import World


async def viewer(world: World, name: str) -> Viewer:
    who = world.people[name]
    async with world.house.database.transaction(world.program_id) as db:
        person = await db.get_one(StaffMember, (world.program_id, who.id))
    return Viewer(
        world.program_id, person.id, person.name, person.first_name, frozenset(person.roles), who.id, "drill"
    )


async def cut_off(world: World, who: str, name: str, command: UUID | None = None) -> str:
    """The process dies after the first transaction: nothing of the second was ever begun."""
    pressing = await viewer(world, who)
    async with world.house.database.transaction(world.program_id) as db:
        assert await once(db, pressing, command or uuid4(), "emergency.declare")
        made = await declare.declare(db, pressing, world.group_session_id, world.clients[name], "harm")
    world.expected_alerts.add(made)
    return str(made)


async def is_set_out(world: World, screen: Screen, incident: str) -> None:
    run = await run_of(screen, incident, "imminent-risk")
    assert (run["state"], open_keys(run)) == ("running", ["place", "caller", "stay", "group"])
    assert [await screen.has("Ana", lane) for lane in ("eyes", "group")] == ["Maya", "Jon"]
    lines = await told(screen, incident)
    assert lines[0] == "Maya Reyes pressed Emergency: an emergency. Tier imminent."
    for once_only in ("declared an emergency: supervisor", "pressed Emergency"):
        assert sum(once_only in line for line in lines) == 1, lines
    assert [len(await world.calls(who)) for who in ("Dana", "Robin")] == [1, 1]
    await world.may_ring()


@pytest.mark.row("D3")
async def test_a_process_that_dies_in_between_leaves_it_to_the_engine(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    incident = await cut_off(world, "Maya", "Ana", command := uuid4())
    card = await card_of(jon, incident)
    assert (card["tier"], card["owner"]["name"], card["emergency_at"], card["lanes"]) == (
        "imminent", "Maya Reyes", card["drop_at"], [],
    )  # fmt: skip
    assert await dana.alarmed("Ana") == set(), "nobody is alarmed about lanes that are being set out"
    await world.pass_time(0.3)
    assert open_keys(await run_of(jon, incident, "imminent-risk")) == [], (
        "whoever pressed has half a second for it"
    )
    await world.pass_time(1)
    await world.pass_time(2)
    await is_set_out(world, jon, incident)
    # The browser had no answer, and sends the same press again.
    maya = await world.screen("Maya")
    again = await tries(maya, "Ana", command=command)
    assert (again.status_code, again.json()["incident_id"]) == (200, incident)
    await world.settle()
    await is_set_out(world, jon, incident)


async def test_the_same_press_sent_again_sets_out_what_the_first_could_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    maya, command = await world.screen("Maya"), uuid4()

    async def dies(*_: Any) -> bool:
        raise SomebodyWasFirst("as a database that is away does")

    with monkeypatch.context() as patched:
        patched.setattr(declare_routes, "set_out", dies)
        assert (await tries(maya, "Ana", command=command)).status_code == 409
    again = await tries(maya, "Ana", command=command)
    assert again.status_code == 200, again.text
    incident = again.json()["incident_id"]
    world.expected_alerts.add(UUID(incident))
    await world.pass_time(3)
    await is_set_out(world, maya, incident)


async def test_of_all_who_come_to_set_it_out_one_does(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    incident = await cut_off(world, "Maya", "Ana")
    world.house.clock.move(1.1)

    async def by_the_web() -> bool:
        async with world.house.database.transaction(world.program_id) as db:
            return await set_out(db, UUID(incident))

    done = await asyncio.gather(
        by_the_web(), emergencies.set_out_due(world.house.engine), by_the_web(),
        emergencies.set_out_due(world.house.engine),
    )  # fmt: skip
    assert sum(done) == 1
    await world.pass_time(3)
    await is_set_out(world, await world.screen("Jon"), incident)


async def test_a_colleague_presses_too_in_between_and_it_is_one_emergency(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    incident = await cut_off(world, "Maya", "Ana")
    jon = await world.screen("Jon")
    joined = await tries(jon, "Ana")
    assert joined.json()["incident_id"] == incident
    await world.pass_time(3)
    await is_set_out(world, jon, incident)
    assert sum("declared it too" in line for line in await told(jon, incident)) == 1


async def test_taken_back_in_between_nothing_of_it_is_left(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="none")
    incident = await cut_off(world, "Maya", "Ana")
    maya = await world.screen("Maya")
    answer = await maya.browser.post(f"/api/incidents/{incident}/emergency/mispress")
    assert answer.status_code == 200, answer.text
    await world.settle()
    await maya.no_alert("Ana")
    assert (await maya.tile("Ana"))["tier"] == "none"
    await world.pass_time(3)
    await world.does_not_ring("Dana", "Robin")
    assert (await maya.page_of(incident))["outcome"] == "mispress"
    async with world.house.database.transaction(world.program_id) as db:
        assert not await set_out(db, UUID(incident))


async def test_recognised_live_in_between_the_emergency_stands_until_two_end_it(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    incident = await cut_off(world, "Maya", "Ana")
    jon = await world.screen("Jon")
    await jon.press("Ana", "verified", checked=["voice"], place="Home", alone="yes", tier="imminent")
    await world.pass_time(1.1)
    await world.pass_time(3)
    run = await run_of(jon, incident, "imminent-risk")
    assert (run["state"], open_keys(run)) == ("running", ["place", "caller", "stay", "group"])
    assert (await card_of(jon, incident))["emergency_at"]
    await world.may_ring()


async def test_one_that_cannot_be_set_out_is_told_to_a_person_and_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ben", tier="low", ends=("02",))
    await world.client("Ana", tier="low")
    sick = await cut_off(world, "Maya", "Ben")
    incident = await cut_off(world, "Maya", "Ana")
    whole = setting_out.set_out

    async def breaks(db: Db, incident_id: UUID) -> bool:
        if str(incident_id) == sick:
            raise LookupError("a sick row")
        return await whole(db, incident_id)

    monkeypatch.setattr(setting_out, "set_out", breaks)
    await world.pass_time(3)
    jon = await world.screen("Jon")
    assert (await run_of(jon, incident, "imminent-risk"))["state"] == "running"
    [by_hand] = (await card_of(jon, sick))["by_hand"]
    assert by_hand["sentence"]
    assert await world.calls("Dana"), "lanes wait for nothing of this: our own phones ring for the caller"
    await world.may_ring()
