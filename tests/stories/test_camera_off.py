"""R7: camera off and no answer. One tap starts a minute, then the tap is offered; nothing happens by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.stories.screens import Screen
from tests.stories.world import World


async def watch(screen: Screen, name: str) -> datetime | None:
    until = (await screen.tile(name))["presence"]["watch_until"]
    return datetime.fromisoformat(until) if until else None


async def tries(screen: Screen, name: str, what: str, **body: Any) -> Any:
    base = f"/api/group-sessions/{screen.world.group_session_id}/clients/{screen.world.clients[name]}"
    return await screen.browser.post(f"{base}/{what}", **body)


@pytest.mark.row("R7")
async def test_one_tap_starts_a_minute_on_every_board_and_nothing_but_a_person_ends_it(world: World) -> None:
    await world.client("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    began = world.now
    await jon.taps("Ana", "camera-off")
    for screen in (jon, maya):
        assert await watch(screen, "Ana") == began + timedelta(seconds=60)
    await world.pass_time(10)
    await maya.taps("Ana", "camera-off")
    assert await watch(jon, "Ana") == began + timedelta(seconds=60), "the first minute counts"

    # Heartbeats go on, the page is hidden and comes back, the minute ends: machines change nothing about it.
    world.hides_page("Ana")
    await world.pass_time(20)
    world.comes_back("Ana")
    await world.pass_time(60)
    assert await watch(maya, "Ana") == began + timedelta(seconds=60)
    await maya.no_alert("Ana")
    # "I see everyone" is about those of whom nothing is asked.
    await maya.sees_everyone()
    assert await watch(maya, "Ana") is not None
    await world.never_rang("Ana", *world.people)

    await maya.taps("Ana", "not-responding")
    assert await watch(jon, "Ana") is None
    await jon.shows("Ana", "not_responding")
    assert (await jon.alert("Ana"))["headline"] == "Ana R. is not responding"
    world.comes_back("Ana")
    await world.settle()
    await jon.shows("Ana", "not_responding")
    await world.may_ring("Ana", *world.people)
    await jon.ends_well("Ana")
    assert await watch(jon, "Ana") is None


@pytest.mark.parametrize("tap", ["seen", "moment", "breakout", "lost"])
async def test_any_word_of_a_person_about_them_ends_the_minute(world: World, tap: str) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await jon.taps("Ana", "camera-off")
    await jon.taps("Ana", tap)
    assert await watch(jon, "Ana") is None
    if tap == "lost":
        await jon.alert("Ana")
        await world.may_ring("Ana", *world.people)
        await jon.ends_well("Ana")
    await jon.taps("Ana", "back")
    assert await watch(jon, "Ana") is None


async def test_it_is_refused_where_there_is_no_camera_to_wait_for(world: World) -> None:
    await world.client("Ana")
    await world.client("Ben", page=False, checked_in=False, ends=("03",))
    jon = await world.screen("Jon")
    answer = await tries(jon, "Ben", "camera-off")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_the_call")
    stranger = await world.house.staff("Tess Amano", "clinician")
    elsewhere = Screen(world, stranger)
    assert (await tries(elsewhere, "Ana", "camera-off")).status_code == 404
    await world.drops("Ana")
    await jon.alert("Ana")
    assert (await tries(jon, "Ana", "camera-off")).status_code == 409
    await world.may_ring("Ana", *world.people)
