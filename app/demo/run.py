"""`handrail demo`: starts its own Postgres and the engine, and loads everything else beside them."""

import asyncio
import importlib
import logging
import sys
from typing import Any

from rich.console import Console

from app import loops
from app.demo import home
from app.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, default_home
from app.engine.child import engine_beside
from app.errors import Refusal
from app.settings import Settings

out = Console(highlight=False, soft_wrap=True)


class NotADemo(Refusal):
    code = "not_a_demo"


def run(settings: Settings) -> None:
    """Blocks until a signal. Raises NotADemo before anything is started when real parts are in reach."""
    check(settings)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    postgres = EmbeddedPostgres(default_home("demo"), environment=settings.environment, keep_running=True)
    try:
        if not postgres.data.exists():
            out.print("Preparing the demo's own database; the first time takes some seconds ...")
        postgres.start()
    except EmbeddedPostgresError as error:
        out.print(f"The demo cannot start: {error}", markup=False)
        sys.exit(1)
    try:
        loops.run(serve(prepared(settings, postgres)))
    finally:
        postgres.stop()


def check(settings: Settings) -> None:
    if settings.environment != "demo":
        raise NotADemo(
            "The demo runs only as a demo: HANDRAIL_ENVIRONMENT says otherwise. Nothing was started."
        )
    if settings.has_outside_line or settings.twilio_account_sid or settings.twilio_auth_token:
        raise NotADemo("The demo never has a real telephone line. Unset TWILIO_* and start it again.")


def prepared(settings: Settings, postgres: EmbeddedPostgres) -> Settings:
    return settings.model_copy(
        update={"database_url": home.database(postgres), "keys": home.keys(postgres.home)}
    )


async def serve(settings: Settings, *, new_evening: bool = True) -> None:
    """On a migrated database, until a signal."""
    # An engine takes as long to load as all the rest and the telling of the evening: both at once.
    async with engine_beside(settings):
        rest: Any = await asyncio.to_thread(importlib.import_module, "app.demo.show")
        await rest.show(settings, new_evening=new_evening)
