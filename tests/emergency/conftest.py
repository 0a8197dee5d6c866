from collections.abc import AsyncIterator

import pytest

from tests.stories.world import World
from tests.stories.world import world as made


@pytest.fixture
async def world(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[World]:
    async with made(database_url, key_ring) as world:
        yield world
