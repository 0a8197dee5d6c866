from collections.abc import AsyncIterator

import pytest

from app.clients.break_glass_routes import router as break_glass
from app.clients.disclosure_routes import router as disclosures
from app.clients.family_routes import router as family
from app.clients.record_routes import router as record_router
from app.clients.report_routes import router as reports
from app.clients.routes import router
from app.staff.routes import router as staff
from tests.house import House, built


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(
        database_url, key_ring, staff, record_router, family, break_glass, disclosures, reports, router
    ) as house:
        yield house
