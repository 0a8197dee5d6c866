"""The protocols that ship, as they run: each tier has its own, with its times, and only people move them on (D5, D7)."""

from datetime import datetime

import pytest

from app.protocols import actions
from tests.stories.protocols import answers, open_keys, run_of, step_of
from tests.stories.screens import Screen
from tests.stories.world import World


async def concerned(world: World, tier: str, **client: object) -> tuple[Screen, str]:
    """Everything that ships is published; Ana is back after a moment's loss, and Jon has the incident."""
    async with world.house.engine.transaction(world.program_id) as db:
        await actions.publish_all(db, world.program_id, world.people["Dana"].id)
    await world.client("Ana", tier=tier, **client)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(1)
    await jon.press("Ana", "take")
    return jon, await jon.incident_id("Ana")


@pytest.mark.row("D5", "D7")
async def test_each_tier_offers_its_own_protocol_first_and_runs_by_its_times(world: World) -> None:
    jon, incident = await concerned(world, "moderate")
    offers = (await jon.page("Ana"))["offers"]
    assert [one["protocol"] for one in offers if one["fits"]] == ["breakout-1to1"]
    assert all(one["approved"] for one in offers)
    await jon.press("Ana", "tier", tier="imminent", reason="Says that it is now.")
    run = await run_of(jon, incident, "imminent-risk")
    assert set(open_keys(run)) == {"place", "caller", "stay", "group"}
    await world.pass_time(6)
    await world.rings("Dana")
    assert (await answers(jon, incident, step_of(run, "place"), "confirmed")).status_code == 200
    run = await run_of(jon, incident, "imminent-risk")
    card = step_of(run, "dispatch")
    limit, began = (datetime.fromisoformat(moment) for moment in (card["limit_at"], run["zero_at"]))
    assert (limit - began).total_seconds() == pytest.approx(120, abs=1)
    await world.never_rang("Lee Invented")
    await world.may_ring("Ana", *world.people)
