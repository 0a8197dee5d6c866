from collections.abc import AsyncIterator

import pytest

from app.clients.routes import router as clients
from app.plans.routes import router
from app.staff.routes import router as staff
from tests.house import House, built


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, staff, clients, router) as house:
        yield house
