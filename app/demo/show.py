"""The demo once its database stands: the invented program and its evening, the web, and the greeting."""

import asyncio
import contextlib
import logging

import aiohttp
from fastapi import FastAPI
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from app import main
from app.clock import SystemClock
from app.db import ENGINE_ROLE, Database
from app.demo import desk, evening
from app.demo.cast import Cast
from app.demo.seed import PIN, seed
from app.errors import Refusal
from app.seal import Seal
from app.settings import Settings

READY_SECONDS = 30.0
LOOK_SECONDS = 0.1

log = logging.getLogger("handrail.demo")
out = Console(highlight=False, soft_wrap=True)


async def show(settings: Settings, *, new_evening: bool) -> None:
    """Until a signal."""
    seal = Seal(settings.key_ring())
    if new_evening:
        await _program(settings, seal)
        await evening.begin(settings.database_url, seal)
    await _served(settings)


async def _program(settings: Settings, seal: Seal) -> None:
    """The invented program, the first time."""
    database = Database(settings.database_url, role=ENGINE_ROLE, clock=SystemClock(), seal=seal, pool_size=1)
    try:
        await seed(database)
    finally:
        await database.close()


async def _served(settings: Settings) -> None:
    app = main.create_app(settings, more=[desk.router])
    greeting = asyncio.create_task(_greet(settings, app), name="greeting")
    try:
        await main.serve_app(settings, app)
    finally:
        greeting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await greeting
        cast: Cast | None = getattr(app.state, "cast", None)
        if cast is not None:
            await cast.stop()


async def _greet(settings: Settings, app: FastAPI) -> None:
    """Ready means: the page is served, the engine goes round, and eleven people are in their groups."""
    base = settings.public_base_url
    await _well(base)
    cast = app.state.cast = Cast(app.state.database, app.state.clock, base)
    try:
        await cast.start()
    except (aiohttp.ClientError, SQLAlchemyError, Refusal):
        log.exception("the invented clients could not come; the desk stays empty")
        return
    out.print(f"Handrail is ready: {base}")
    out.print(
        f"Sign in as anybody with one press (the PIN of all is {PIN}). The desk with their telephones: {base}/desk"
    )
    out.print("Everybody here is invented, and no call leaves this machine. Ctrl-C ends it.")


async def _well(base: str) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + READY_SECONDS
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http:
        while loop.time() < until:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with http.get(f"{base}/healthz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(LOOK_SECONDS)
    out.print("The engine has not come round yet; the board says so. Look at the messages above.")
