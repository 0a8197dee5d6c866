from collections.abc import AsyncIterator

import pytest

from app.staff.routes import router
from tests.house import House, built


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, router) as house:
        yield house
