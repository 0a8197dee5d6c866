from collections.abc import AsyncIterator

import pytest

from app.bring.routes import router as bring
from app.clients.contact_routes import router as contacts
from app.clients.routes import router as clients
from app.code_words.routes import router as code_words
from app.group_sessions.routes import router as group_sessions
from app.plans.routes import router as plans
from app.staff.routes import router as staff
from app.tables import METADATA
from tests.house import House, built

MAPPED = METADATA


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    routers = (bring, clients, contacts, code_words, plans, group_sessions, staff)
    async with built(database_url, key_ring, *routers) as house:
        yield house
