"""Wiring only: settings, clock, database, wake and phone lines become one app."""

import logging
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from app import loops
from app.agreements import routes as agreements_routes
from app.board import live as board_live
from app.board import routes as board_routes
from app.board.publisher import Publisher
from app.bring import routes as bring_routes
from app.calls import routes as calls_routes
from app.caregiver_pages import routes as caregiver_pages_routes
from app.client_pages import routes as client_pages_routes
from app.client_pages.endings import Endings
from app.client_pages.logs import hide_sockets, hide_tokens
from app.client_pages.shown import Shown
from app.clients import break_glass_routes, disclosure_routes, family_routes, report_routes
from app.clients import record_routes as client_record_routes
from app.clients import routes as clients_routes
from app.clock import Clock, SystemClock
from app.code_words import routes as code_words_routes
from app.db import WEB_ROLE, Database
from app.emergency import death_routes, declare_routes, duty_routes
from app.emergency import routes as emergency_routes
from app.engine import routes as engine_routes
from app.engine.child import engine_beside
from app.follow_ups import routes as follow_ups_routes
from app.grounding import routes as grounding_routes
from app.group_sessions import routes as group_sessions_routes
from app.group_sessions import task_routes
from app.handoffs import routes as handoffs_routes
from app.heads import PARSER
from app.incidents import routes as incidents_routes
from app.journal.wake import LocalWake, PostgresWake
from app.lanes import routes as lanes_routes
from app.others import routes as others_routes
from app.places import routes as places_routes
from app.plans import routes as plans_routes
from app.protocols import routes as protocols_routes
from app.replays import routes as replays_routes
from app.rooms import routes as rooms_routes
from app.rooms.heartbeat import Beats
from app.rooms.together import Together
from app.seal import Seal
from app.settings import Settings
from app.staff import routes as staff_routes
from app.staff_app import mount_staff_app
from app.training import routes as training_routes
from app.triage import routes as triage_routes
from app.web import Limits, SafeHeaders, add_problem_documents

log = logging.getLogger("handrail")

STUCK_MILLISECONDS = 15_000
# A span holds addresses (a client's link is one), and a record of a fault the words that were refused: an exporter that
# an environment variable or a library brings along would carry them away.
UNOBSERVED: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}

ROUTERS = (
    # First what must not wait: addresses are compared one by one, 150 of them in a millisecond.
    rooms_routes.hooks,
    declare_routes.router,
    rooms_routes.router,
    calls_routes.router,
    staff_routes.router,
    board_routes.router,
    board_live.router,
    group_sessions_routes.router,
    client_record_routes.router,
    family_routes.router,
    task_routes.router,
    bring_routes.router,
    clients_routes.router,
    break_glass_routes.router,
    disclosure_routes.router,
    report_routes.router,
    code_words_routes.router,
    plans_routes.router,
    places_routes.router,
    protocols_routes.router,
    replays_routes.router,
    training_routes.router,
    engine_routes.router,
    # Before the client's pages, whose last address is a pattern; below /c/ so that no log keeps a token.
    caregiver_pages_routes.router,
    client_pages_routes.router,
    agreements_routes.router,
    handoffs_routes.router,
    follow_ups_routes.router,
    grounding_routes.router,
    others_routes.router,
    # Before the taps, for the same reason as they are last.
    lanes_routes.router,
    emergency_routes.router,
    triage_routes.router,
    death_routes.router,
    duty_routes.router,
    # Last: its taps are one pattern, /clients/{client_id}/{tap}, which would hide told-place, link and admit-device.
    incidents_routes.router,
)


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    wake: LocalWake | None = None,
    more: Sequence[APIRouter] = (),
) -> FastAPI:
    """The web process. It rings nobody: calls are rows that the engine's process takes up.

    `more`: routers of the demo, which lies above this module.
    """
    clock = clock or SystemClock()
    seal = Seal(settings.key_ring())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url, role=WEB_ROLE, clock=clock, seal=seal)
        waker = wake or PostgresWake(settings.database_url)
        database.announce = waker.announce
        if isinstance(waker, PostgresWake):
            await waker.start()
        app.state.database = database
        app.state.wake = waker
        app.state.publisher = Publisher(database, waker)
        database.wrote, database.expects = app.state.publisher.wrote, app.state.publisher.expects
        waker.listen(database.keep_heads())
        app.state.publisher.start()
        app.state.beats = Beats(database, clock)
        app.state.beats.start()
        app.state.endings = Endings(database, waker)
        app.state.shown = Shown(database, waker)
        app.state.together = Together(database)
        try:
            yield
        finally:
            app.state.shown.stop()
            app.state.endings.stop()
            await app.state.beats.stop()
            await app.state.publisher.stop()
            if isinstance(waker, PostgresWake):
                await waker.stop()
            await database.close()

    app = FastAPI(
        title="Handrail",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=UNOBSERVED,
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.seal = seal
    app.add_middleware(Limits)
    app.add_middleware(SafeHeaders)
    add_problem_documents(app)
    # Our own server writes no access log; another one may.
    hide_tokens()
    hide_sockets()
    for router in ROUTERS:
        app.include_router(router)
    for router in more:
        app.include_router(router)
    mount_staff_app(app, Path(__file__).resolve().parent.parent / "frontend" / "dist")
    return app


def serve(settings: Settings, *, engine: bool) -> None:
    """Blocks until a signal. With `engine`, the engine runs as a child process and is started again when it ends."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    loops.run(_serve(settings, engine=engine))


async def _serve(settings: Settings, *, engine: bool) -> None:
    async with engine_beside(settings) if engine else nullcontext():
        app = create_app(settings)
        # A delivery that waits for the collector makes the next one wait for it, and so on.
        loops.quieten_collector(loops.LITTLE_AND_OFTEN)
        await serve_app(settings, app)


def server_of(settings: Settings, app: FastAPI) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=PARSER,
            ws="websockets-sansio",
            # Compression halves throughput and doubles the memory of a socket (measured; architecture 5).
            ws_per_message_deflate=False,
            ws_max_size=16 * 1024,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            log_config=None,
        )
    )


def listen(server: uvicorn.Server) -> socket.socket:
    """A reader that takes nothing more cannot be closed, because what waits for it must leave first: the kernel drops it."""
    listening = server.config.bind_socket()
    # uvicorn lets children inherit it: the engine beside us would hold the port for as long as it outlives us.
    listening.set_inheritable(False)
    # Only Linux has it; elsewhere a stuck reader stays until its machine gives up.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STUCK_MILLISECONDS)
    return listening


async def serve_app(settings: Settings, app: FastAPI) -> None:
    server = server_of(settings, app)
    await server.serve(sockets=[listen(server)])
