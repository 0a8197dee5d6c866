"""R1: three lost within ten seconds are more likely our side, also when their three webhooks arrive at one instant."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.group_sessions.actions import NewFact, record_facts
from app.incidents.models import Incident, Outage
from app.incidents.presence import follow
from tests.stories.world import World
from tests.stories.world import world as made

NAMES = ("Ana", "Ben", "Cleo")


@pytest.fixture
async def world(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[World]:
    async with made(database_url, key_ring) as world:
        yield world


async def test_webhooks_that_cannot_see_each_other_still_join_one_outage(world: World) -> None:
    for name in NAMES:
        await world.client(name, page=False)
        await world.platform(name, "joined", connection=name)
    all_told = asyncio.Barrier(len(NAMES))

    async def drops(name: str) -> None:
        fact = NewFact(
            world.clients[name], "platform", "left", cause="lost", connection=name, delivery_id=uuid4().hex
        )
        async with world.house.database.transaction(world.program_id) as db:
            transitions = await record_facts(db, world.group_session_id, [fact])
            # All three have told what they know, and none has committed.
            await all_told.wait()
            await follow(db, transitions)

    await asyncio.wait_for(asyncio.gather(*map(drops, NAMES)), 10)

    async with world.house.engine.transaction(None) as db:
        [outage] = await db.scalars(select(Outage))
        joined = await db.scalars(select(Incident.outage_id).where(Incident.state == "open"))
        assert list(joined) == [outage.id] * len(NAMES)
        world.expected_alerts |= set(await db.scalars(select(Incident.id)))
