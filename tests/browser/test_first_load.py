"""The board asks for little at first; what a press needs comes right after it, and is said where it did not come."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from bench.sizes import first_load
from tests.browser.screens import Building

SECOND = re.compile(r"/assets/second-[^/]*\.js$")


@pytest.mark.usefixtures("product")
def test_the_boards_first_load_stays_under_its_bar() -> None:
    figure = first_load()
    assert figure.holds, (
        f"{figure.value:.1f} of {figure.bar:.0f} {figure.unit}: see frontend/src/shell/second.ts"
    )


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("desk")
async def test_a_press_needs_no_network_once_the_board_stands(building: Building) -> None:
    jon = await building.staff("Jon")
    jon.expects("ERR_|net::|WebSocket|Failed to load resource|Failed to fetch")
    page = jon.page
    await expect(page.locator("li.tile").first).to_be_visible()
    await jon.is_whole()
    await page.context.set_offline(True)
    await jon.types("e")
    await jon.types("e")
    choice = page.get_by_role("dialog", name="Emergency: about whom?")
    await choice.get_by_role("button", name="Declare for Josephine W.").click()
    await expect(page.get_by_role("heading", name="Josephine W.: emergency")).to_be_visible()
    await expect(page.get_by_text("nobody is rung until it does")).to_be_visible()


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("desk")
async def test_emergency_waits_for_no_second_file_and_one_that_did_not_come_is_said_and_loads_again(
    building: Building,
) -> None:
    jon = await building.staff("Jon")
    jon.expects("ERR_|net::|Failed to load resource|Failed to fetch")
    page, ends = jon.page, asyncio.Event()

    async def slow_and_then_lost(route: Route) -> None:
        await ends.wait()
        await route.abort()

    await page.route(SECOND, slow_and_then_lost)
    await page.route("**/api/group-sessions/*/clients/*/emergency", lambda route: route.abort())
    await page.reload()
    await expect(page.locator("li.tile").first).to_be_visible()
    await jon.types("e")
    await jon.types("e")
    choice = page.get_by_role("dialog", name="Emergency: about whom?")
    await choice.get_by_role("button", name="Declare for Josephine W.").click()
    await expect(page.get_by_text("Nobody can say whether it was declared.")).to_be_visible()
    await expect(jon.button("Send it again", page.locator("main"))).to_be_visible()
    ends.set()
    said = page.get_by_text("This page could not be loaded.")
    await expect(said).to_be_visible()
    assert await jon.objections() == []
    await page.unroute(SECOND)
    await jon.presses("Load again")
    await expect(page.locator("li.tile").first).to_be_visible()
    await jon.is_whole()
    await expect(said).to_have_count(0)
    await jon.types("e")
    await jon.types("e")
    await expect(choice).to_be_visible()
