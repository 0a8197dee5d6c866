"""The whole web app behind its real server, on a free port of loopback; the engine's notices come from the database."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI

from app.calls.wiring import make_lines
from app.clock import MovableClock
from app.db import ENGINE_ROLE, Database
from app.engine.loop import Engine
from app.journal.wake import LocalWake, PostgresWake
from app.main import create_app, listen, server_of
from app.rooms.heartbeat import Beats
from app.seal import Seal
from app.settings import Settings, write_key_ring
from tests.house import BASE, START, House
from tests.live.boards import Boards
from tests.stories.world import World


@asynccontextmanager
async def served(app: FastAPI, settings: Settings) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    server = server_of(settings, app)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    listening = listen(server)
    # The kernel would take megabytes for a reader that is stuck, and a test would have to write them.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            assert not running.done(), running.exception()
            await asyncio.sleep(0.01)
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}", server
    finally:
        server.should_exit = True
        await running
        listening.close()


@pytest.fixture
async def boards(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[Boards]:
    """A world whose screens are also sockets. Time moves only when the test says so."""
    clock = MovableClock(START)
    settings = Settings(
        environment="test",
        database_url=database_url,
        public_base_url=BASE,
        keys=write_key_ring(key_ring),
        port=0,
    )
    app = create_app(settings, clock)
    async with AsyncExitStack() as stack:
        address, server = await stack.enter_async_context(served(app, settings))
        # Beats are written when the world says so, or the clock's jumps would look like a deaf process.
        await app.state.beats.stop()
        app.state.beats = Beats(app.state.database, clock)
        engine_database = Database(
            database_url, role=ENGINE_ROLE, clock=clock, seal=Seal(key_ring), pool_size=3
        )
        stack.push_async_callback(engine_database.close)
        wake = PostgresWake(database_url)
        engine_database.announce = wake.announce
        await wake.start()
        stack.push_async_callback(wake.stop)
        house = House(app, app.state.database, engine_database, clock, stack)
        await house.add_program("Elsewhere")
        program_id = await house.add_program("Harbor", kind="drill")
        engine = Engine(
            engine_database, make_lines(settings, engine_database, clock), settings, clock, LocalWake()
        )
        engine.held = False
        world = World(house, program_id, engine=engine, beats=app.state.beats)
        await world.open_group()
        made = Boards(world, address, server, stack)
        yield made
        await made.leave()
