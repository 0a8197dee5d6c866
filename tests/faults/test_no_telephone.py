"""Where no telephone is set up, every board of a live program says so before anybody needs it."""

import asyncio

import pytest

from app.engine import process
from app.settings import Settings
from tests.stories.world import World

LINE = {"twilio_account_sid": "AC1", "twilio_auth_token": "invented", "twilio_from": "+15035550100"}


@pytest.mark.parametrize(("line", "said"), [({}, "not_set_up"), (LINE, "ok")])
async def test_the_engine_says_whether_it_can_ring(world: World, line: dict[str, str], said: str) -> None:
    await world.house.add_program("Live", kind="live")
    sol = await world.house.staff("Sol Vega", "supervisor", program="Live")
    assert (await sol.get("/api/board")).json()["health"]["telephone"] == "ok", "not known yet"

    settings: Settings = world.house.app.state.settings
    await process.say_line(settings.model_copy(update=line), asyncio.Event())

    assert (await sol.get("/api/board")).json()["health"]["telephone"] == said
    practice = (await (await world.screen("Dana")).looks("/api/board")).json()["health"]
    assert practice["telephone"] == "simulated"
    healthz = (await sol.get("/healthz")).json()
    assert healthz["outside_line"] is bool(line)
