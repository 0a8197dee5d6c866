"""A database that was restored, or copied, must not start ringing by itself."""

from sqlalchemy import func, select

from app.calls.models import SimulatedCall
from app.calls.wiring import make_lines
from app.db import ENGINE_ROLE, Database
from app.engine import state
from app.engine.loop import Engine
from app.incidents.models import EngineState, Incident
from app.journal.wake import LocalWake
from tests.plugins.shared_postgres import TestServer
from tests.stories.passing import heard_all_along
from tests.stories.world import World


async def _count(database: Database, table: type[Incident] | type[SimulatedCall]) -> int:
    async with database.transaction(None) as db:
        return int(await db.scalar(select(func.count()).select_from(table)) or 0)


async def test_a_restored_database_starts_held_shows_new_drops_and_rings_when_released(
    world: World, postgres: TestServer
) -> None:
    house = world.house
    async with house.engine.transaction(None) as db:
        await state.recognise(db)
        assert not await state.held(db)
    await world.client("Ana", tier="high")
    await world.client("Ben", tier="high", ends=("02",))
    await world.drops("Ana")
    await world.may_ring("Ana", "Jon")
    rung = await _count(house.engine, SimulatedCall)
    await house.engine.close()
    await house.database.close()
    copy = await postgres.clone(template=house.engine.url.partition("@/")[2].partition("?")[0])
    restored = Database(copy, role=ENGINE_ROLE, clock=house.clock, seal=house.engine.seal, pool_size=2)
    settings = house.app.state.settings
    engine = Engine(restored, make_lines(settings, restored, house.clock), settings, house.clock, LocalWake())
    try:
        async with restored.transaction(None) as db:
            await state.recognise(db)
        await engine.look_after()
        assert engine.held
        house.clock.move(30)
        await heard_all_along(restored)
        await engine.sweep()
        assert await _count(restored, Incident) == 2
        await engine.run_steps()
        await engine.ring()
        assert await _count(restored, SimulatedCall) == rung

        async with restored.transaction(None) as db:
            reason = await db.scalar(select(EngineState.held_reason))
            assert reason == state.RESTORED
            assert await state.release(db, world.people["Dana"].id)
        for _ in range(4):
            await engine.look_after()
            await engine.run_steps()
            await engine.ring()
            house.clock.move(5)
        assert await _count(restored, SimulatedCall) > rung
        # Starting again on the same database is no restore.
        async with restored.transaction(None) as db:
            await state.recognise(db)
            assert not await state.held(db)
    finally:
        await engine.lines.close()
        await restored.close()
        await postgres.drop(copy)
    await (await world.screen("Jon")).alert("Ana")
    await world.may_ring("Ana", *world.people)
