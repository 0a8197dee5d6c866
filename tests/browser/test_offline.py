"""The line is dead: the board shows the call sheet it kept, sealed, and what is typed meanwhile comes back with its time."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.async_api import BrowserContext, WebSocketRoute, expect

from app.demo.seed import PIN
from tests.browser.screens import Building, Desk, comes_true

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Line:
    """Between one browser and the server."""

    dead: bool = False
    open: list[WebSocketRoute] = field(default_factory=list)

    async def through(self, socket: WebSocketRoute) -> None:
        if self.dead:
            await socket.close()
            return
        socket.connect_to_server()
        self.open.append(socket)

    async def dies(self, context: BrowserContext) -> None:
        self.dead = True
        await context.set_offline(True)
        for socket in self.open:
            await socket.close()

    async def comes_back(self, context: BrowserContext) -> None:
        self.dead = False
        await context.set_offline(False)


async def test_the_call_sheet_is_there_when_the_line_is_dead_and_notes_come_back(
    building: Building, desk: Desk
) -> None:
    jon, line = await building.staff("Jon", service_workers="allow"), Line()
    page, context = jon.page, jon.page.context
    jon.expects(r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket|Failed to fetch|FetchEvent")
    await page.route_web_socket(re.compile(r"/api/live$"), line.through)
    await jon.goes_to("/")
    await desk.drops("Marcus T.")
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await jon.types("t")
    await page.locator("summary.me").click()
    await jon.presses("Keep the call sheet over a reload")
    await page.get_by_role("dialog").get_by_label("PIN").fill(PIN)
    await jon.presses("Go on")
    await comes_true(page, "navigator.serviceWorker.controller !== null")
    await expect(page.locator("summary.me")).to_be_visible()

    await line.dies(context)
    kept = page.locator("[data-kept]")
    await expect(kept).to_be_visible(timeout=30_000)
    await kept.get_by_text(re.compile("Call sheet of Evening")).click()
    await kept.get_by_text("Write down what happens").click()
    # What was opened stays open while the clock beside it goes on; hidden words would satisfy what follows.
    await page.wait_for_timeout(1500)
    await expect(kept.get_by_text("Larch Falls").first).to_be_visible()
    await expect(kept.get_by_label("What happened")).to_be_visible()
    await expect(kept).to_contain_text("Marcus T.")
    await expect(kept).to_contain_text("555-01")
    await expect(kept).to_contain_text(re.compile(r"as it was at .*, .* ago"))
    await kept.get_by_label("What happened").fill("Marcus rang my own phone and is fine.")
    await jon.presses("Keep it", kept)
    await expect(kept).to_contain_text("1 note waits for the line.")
    assert await jon.objections() == []

    # The page is opened anew, and nobody answers: the PIN opens what lies sealed.
    await page.reload()
    await expect(page.get_by_role("heading", name="The server cannot be reached")).to_be_visible()
    await expect(page.get_by_text("Larch Falls")).to_have_count(0)
    await page.get_by_label("PIN", exact=True).fill(PIN)
    await jon.presses("Open it")
    await expect(page.locator("[data-kept]")).to_contain_text("1 note waits for the line.")

    await line.comes_back(context)
    await expect(page.get_by_text("is in the timeline, with its own time.")).to_be_visible(timeout=30_000)
    await page.get_by_role("link", name=re.compile("Marcus T")).first.click()
    await expect(page.get_by_text("Marcus rang my own phone and is fine.")).to_have_count(1)
