"""Lowering a tier takes two people and ten minutes; flags never end by themselves (R15)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.clients.flag_models import RiskFlag
from app.clients.flags import GAP
from app.db import Database
from app.tasks.models import Task
from tests.stories.screens import Screen
from tests.stories.world import World

WHY = "Talked for ten minutes, sister is with them, plan is open."


async def found_high(world: World) -> tuple[Screen, Screen]:
    """Ana dropped at high, was rung, and Maya has recognised her: nothing rings any more."""
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    maya, dana = await world.screen("Maya"), await world.screen("Dana")
    await maya.alert("Ana")
    await maya.press("Ana", "take")
    await maya.press("Ana", "reached", by="voice")
    await maya.recognises("Ana", tier="high")
    await world.may_ring()
    return maya, dana


async def request_of(screen: Screen, name: str = "Ana") -> dict[str, Any]:
    found = (await screen.page(name))["lowering"]
    assert found, "nothing waits for a second person"
    lowering: dict[str, Any] = found
    return lowering


async def answers(screen: Screen, what: str, name: str = "Ana", **body: Any) -> None:
    await screen.press(name, f"lowering/{(await request_of(screen, name))['id']}/{what}", **body)


async def tier_of(screen: Screen, name: str = "Ana") -> str:
    return str((await screen.page(name))["tier"])


@pytest.mark.row("R15")
async def test_a_second_clinician_confirms_and_the_tier_is_lower_from_then_on(world: World) -> None:
    maya, dana = await found_high(world)
    await maya.press("Ana", "tier", tier="moderate", reason=WHY)

    asked = await request_of(dana)
    assert (asked["before"], asked["after"], asked["reason"]) == ("high", "moderate", WHY)
    assert asked["asked_by"]["name"] == "Maya Reyes"
    assert (await request_of(maya))["mine"]
    assert await tier_of(dana) == "high"
    card = await dana.alert("Ana")
    assert card["lowering"]["after"] == "moderate"

    refused = await maya.refused("Ana", f"lowering/{asked['id']}/accept")
    assert "another clinician decides" in refused
    await answers(dana, "accept")
    assert await tier_of(maya) == "moderate"
    assert (await dana.tile("Ana"))["tier"] == "moderate"
    assert (await dana.alert("Ana"))["lowering"] is None
    again = await dana.refused("Ana", f"lowering/{asked['id']}/accept")
    assert again == "Dana Whitlock confirmed this."


async def test_whoever_is_asked_may_keep_the_tier_and_whoever_asks_may_take_it_back(world: World) -> None:
    maya, dana = await found_high(world)
    await maya.press("Ana", "tier", tier="low", reason=WHY)
    waits = await maya.refused("Ana", "tier", tier="moderate", reason=WHY)
    assert "waits for a second person already" in waits
    assert "second person" in await maya.refused("Ana", "close", outcome="stabilized")
    await answers(dana, "decline", reason="She has the tablets beside her.")
    assert (await dana.page("Ana"))["lowering"] is None
    assert await tier_of(maya) == "high"
    told = [line for line in (await maya.page("Ana"))["timeline"] if "kept the tier" in line["text"]]
    assert told[0]["note"] == "She has the tablets beside her."

    await maya.press("Ana", "tier", tier="low", reason=WHY)
    await answers(maya, "decline")
    assert "took the lowering back" in (await maya.page("Ana"))["timeline"][-1]["text"]
    await maya.press("Ana", "close", outcome="stabilized", note="Sister is there.")


@pytest.mark.row("R15")
async def test_nobody_confirms_within_ten_minutes_so_the_tier_stays_and_the_supervisor_is_paged(
    world: World,
) -> None:
    maya, dana = await found_high(world)
    asked_at = world.now
    await maya.press("Ana", "tier", tier="moderate", reason=WHY)
    await world.pass_time(599)
    await world.does_not_ring("Dana")
    await world.pass_time(2)
    page = await world.rings("Dana")
    await page.answers()
    assert "needs a decision" in await page.heard()
    await page.presses("1")
    assert await tier_of(maya) == "high"
    shown = await dana.page("Ana")
    assert shown["lowering"] is None
    assert "It stays high" in next(
        line["text"] for line in reversed(shown["timeline"]) if "Nobody confirmed" in line["text"]
    )
    assert world.now - asked_at < timedelta(minutes=11)
    await world.never_rang("Robin")


async def test_the_supervisor_does_not_pick_up_so_the_backup_is_rung(world: World) -> None:
    maya, _ = await found_high(world)
    await maya.press("Ana", "tier", tier="moderate", reason=WHY)
    await world.pass_time(601)
    await world.rings("Dana")
    await world.pass_time(30)
    robin = await world.rings("Robin")
    await robin.answers()
    await robin.presses("1")
    await world.pass_time(120)
    await world.rang("Dana", 1)


@pytest.mark.row("R15")
async def test_the_tier_is_raised_while_it_is_being_lowered(world: World) -> None:
    """What waits is over at once, nobody can confirm it any more, and nobody is paged about it."""
    maya, dana = await found_high(world)
    await maya.press("Ana", "tier", tier="moderate", reason=WHY)
    asked = await request_of(dana)
    jon = await world.screen("Jon")
    await jon.press("Ana", "tier", tier="imminent", reason="She says she has taken them.")
    assert await tier_of(dana) == "imminent"
    assert (await dana.page("Ana"))["lowering"] is None
    late = await dana.refused("Ana", f"lowering/{asked['id']}/accept")
    assert late == "Jon Bell chose the tier anew."
    await world.may_ring()
    rung = len(await world.calls("Dana"))
    await world.pass_time(700)
    assert len(await world.calls("Dana")) == rung
    assert await tier_of(dana) == "imminent"


@pytest.mark.row("R15")
async def test_a_lowering_that_lapses_restarts_no_clock(world: World) -> None:
    """Ana is not found yet: the chain goes on with the limits of high, before, during and after the request."""
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    maya = await world.screen("Maya")
    await maya.press("Ana", "take")

    async def limits() -> dict[str, str]:
        """Of steps that come once: one that comes round has a new limit each time."""
        steps = (await maya.page("Ana"))["steps"]
        return {s["key"]: s["limit_at"] for s in steps if s["key"] != "keep-trying"}

    before = await limits()
    await maya.press("Ana", "tier", tier="low", reason=WHY)
    assert await limits() == before
    await world.pass_time(602)
    await world.may_ring("Ana", *world.people)
    assert await tier_of(maya) == "high"
    after = await limits()
    assert {key: limit for key, limit in after.items() if key in before} == {
        key: limit for key, limit in before.items() if key in after
    }


async def test_less_says_why_and_only_a_check_ends_a_flag(world: World) -> None:
    await world.client("Ana", tier="moderate")
    await world.drops("Ana")
    maya = await world.screen("Maya")
    await maya.alert("Ana")
    assert "at least 20 characters" in await maya.refused("Ana", "tier", tier="low", reason="better")
    assert "Only a safety check" in await maya.refused("Ana", "tier", tier="none", reason=WHY)
    await maya.press("Ana", "tier", tier="low", reason=WHY)
    assert await tier_of(maya) == "low"
    await world.may_ring("Ana", *world.people)
    await maya.ends_well("Ana")


async def test_recognising_never_waits_for_a_reason_and_asks_the_second_person_with_one(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    maya, dana = await world.screen("Maya"), await world.screen("Dana")
    await maya.alert("Ana")
    await world.may_ring("Ana", *world.people)
    await maya.recognises("Ana", tier="low")
    assert (await dana.page("Ana"))["lowering"] is None
    await maya.recognises("Ana", tier="moderate", reason=WHY)
    assert (await request_of(dana))["after"] == "moderate"
    assert await tier_of(dana) == "high"
    await answers(dana, "accept")
    assert await tier_of(dana) == "moderate"


# --- flags


async def flags_of(database: Database, client: Any) -> list[RiskFlag]:
    async with database.transaction(None) as db:
        found = await db.scalars(
            select(RiskFlag).where(RiskFlag.client_id == client).order_by(RiskFlag.since, RiskFlag.id)
        )
        return list(found)


@pytest.mark.row("R15", "D4")
@pytest.mark.parametrize(
    ("tier", "lasts"), [("moderate", timedelta(hours=72)), ("high", timedelta(days=7)), ("low", None)]
)
async def test_at_its_end_a_flag_is_overdue_keeps_its_tier_and_makes_a_task(
    world: World, tier: str, lasts: timedelta | None
) -> None:
    client = await world.client("Ana", tier="none", page=False)
    maya = await world.screen("Maya")
    await maya.taps("Ana", "lost")
    await maya.press("Ana", "tier", tier=tier, reason="Says the nights are long.")
    await world.may_ring("Ana", *world.people)
    await maya.recognises("Ana", tier=tier)
    await maya.press("Ana", "close", outcome="rejoined")
    [flag] = await flags_of(world.house.engine, client)
    # The meeting of this world lasts two hours from its start.
    until = flag.since + lasts if lasts else flag.until
    assert flag.until == until
    assert (flag.until - flag.since) <= (lasts or timedelta(hours=2))
    assert not (await maya.tile("Ana"))["flag"]["overdue"]

    world.house.clock.move((flag.until - world.now).total_seconds() - 1)
    await world.settle()
    assert (await flags_of(world.house.engine, client))[0].overdue_at is None
    world.house.clock.move(2)
    await world.settle()
    [flag] = await flags_of(world.house.engine, client)
    assert flag.overdue_at is not None
    assert flag.ended_at is None
    async with world.house.engine.transaction(None) as db:
        [task] = list(await db.scalars(select(Task).where(Task.client_id == client, Task.gap == GAP)))
        assert (task.gap, task.owner_id, task.done_at) == (GAP, world.people["Maya"].id, None)
    await world.settle()
    async with world.house.engine.transaction(None) as db:
        assert len(list(await db.scalars(select(Task).where(Task.gap == GAP)))) == 1


async def test_a_flag_is_replaced_by_a_new_choice_and_renewed_by_nothing_less_than_a_check(
    world: World,
) -> None:
    client = await world.client("Ana", tier="none", page=False)
    maya = await world.screen("Maya")
    await maya.taps("Ana", "lost")
    await maya.press("Ana", "tier", tier="moderate", reason="Says the nights are long.")
    await world.may_ring("Ana", *world.people)
    await world.pass_time(60)
    await maya.press("Ana", "tier", tier="moderate", reason="Still so.")
    assert len(await flags_of(world.house.engine, client)) == 1
    await maya.press("Ana", "tier", tier="high", reason="Has a plan.")
    first, second = await flags_of(world.house.engine, client)
    assert (first.ended_why, first.ended_by) == ("changed", world.people["Maya"].id)
    assert (second.tier, second.ended_at) == ("high", None)
    await world.may_ring("Ana", *world.people)
    await maya.ends_well("Ana", tier="high")
