"""The second person to press reads who was first, and when."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.world import World
from tests.stories.world import world as made


@pytest.fixture
async def world(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[World]:
    async with made(database_url, key_ring) as world:
        yield world


async def test_the_second_to_take_it_reads_who_was_first_and_when(world: World) -> None:
    await world.client("Ana")
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await world.drops("Ana")
    await maya.press("Ana", "take")
    assert await jon.refused("Ana", "take") == "Maya Reyes took it just now."
    world.house.clock.move(4)
    assert await jon.refused("Ana", "take") == "Maya Reyes took it 4 seconds ago."
    await maya.ends_well("Ana")
    await world.may_ring("Ana", *world.people)
