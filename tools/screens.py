"""`make screens`: the pictures in docs/screens, taken of the demo's own product while things happen in it.

It has a database and a port of its own, so that a demo that runs beside it is not disturbed.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.async_api import Browser, Page, async_playwright

from app.demo import home
from app.embedded_postgres import EmbeddedPostgres, default_home
from tools.chromium import FLAGS, ensure
from tools.product import Product, on_free_port
from tools.terminal import fail, say

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
LARGEST_BYTES = 250_000
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Photographer:
    browser: Browser
    product: Product

    async def window(self, size: dict[str, int], address: str, staff: str | None = None) -> Page:
        options: dict[str, Any] = {"viewport": size, "color_scheme": "light", "reduced_motion": "reduce"}
        context = await self.browser.new_context(**options)
        if staff is not None:
            people = await (await context.request.get(f"{self.product.base}/api/demo/staff")).json()
            [who] = [one["id"] for one in people if one["name"].startswith(staff)]
            await context.request.post(
                f"{self.product.base}/api/demo/sign-in", data={"staff_id": who}, headers=self._headers()
            )
        page = await context.new_page()
        await page.goto(address if address.startswith("http") else self.product.base + address)
        return page

    async def desk(self, path: str = "", **body: Any) -> dict[str, Any]:
        context = await self.browser.new_context()
        address = f"{self.product.base}/api/desk{path}"
        if path:
            answer = await context.request.post(address, data=body, headers=self._headers())
        else:
            answer = await context.request.get(address)
        told: dict[str, Any] = await answer.json()
        await context.close()
        return told

    async def client(self, name: str, does: str) -> dict[str, Any]:
        [who] = [one["client_id"] for one in (await self.desk())["cast"] if one["name"] == name]
        return await self.desk(f"/clients/{who}/{does}")

    async def rings(self, who: str) -> str:
        """The attempt at this telephone, as soon as it rings."""
        async with asyncio.timeout(60):
            while True:
                for phone in (await self.desk())["phones"]:
                    if phone["who"].startswith(who) and phone["state"] == "ringing":
                        return str(phone["attempt_id"])
                await asyncio.sleep(0.3)

    async def shoot(self, page: Page, name: str) -> None:
        # A pointer left over a button shows it pressed.
        await page.mouse.move(2, 2)
        path = SCREENS / f"{name}.png"
        await page.screenshot(path=path)
        if path.stat().st_size > LARGEST_BYTES:
            raise fail(f"{path.name} is larger than {LARGEST_BYTES // 1000} kB: show less on it.")
        say(f"  {path.relative_to(ROOT)}")

    def _headers(self) -> dict[str, str]:
        return {"Origin": self.product.base, "Command-Id": str(uuid4())}


async def staff_screens(photographer: Photographer) -> None:
    dana = await photographer.window(LAPTOP, "/", "Dana")
    jon = await photographer.window(LAPTOP, "/", "Jon")
    maya = await photographer.window(LAPTOP, "/", "Maya")
    await maya.locator("li.tile").first.wait_for()
    await jon.locator("li.tile").first.wait_for()
    await photographer.client("Ana R.", "drop")
    await jon.locator("article.alert").wait_for()
    await jon.keyboard.press("t")
    await jon.locator("article.owned").wait_for()
    await photographer.client("Marcus T.", "drop")
    await dana.locator("article.alert[data-owned=no]").wait_for()
    # Ten seconds after a drop that nobody took, somebody of us is rung by itself.
    await asyncio.sleep(3)
    await photographer.shoot(dana, "now")

    await maya.locator("article.alert[data-owned=no]").wait_for()
    await maya.keyboard.press("t")
    own = await photographer.rings("Maya")
    await photographer.desk(f"/phones/{own}/answer", **{"as": "themselves"})
    await asyncio.sleep(1)
    await photographer.desk(f"/phones/{own}/press", digits="1")
    await photographer.rings("Marcus")
    desk = await photographer.window(LAPTOP, "/desk")
    await desk.get_by_role("button", name="Answer as Marcus").wait_for()
    await photographer.shoot(desk, "desk")
    await maya.get_by_role("link", name="Marcus T. lost connection").click()
    await maya.get_by_role("region", name="Timeline").wait_for()
    # On a slow machine it has gone by itself.
    toast = maya.locator(".toast").get_by_role("button", name="Close")
    if await toast.count():
        await toast.click()
    await photographer.shoot(maya, "incident")
    await desk.get_by_role("button", name="Answer as Marcus").click()
    await closes(maya)
    for name in ("Josephine W.", "Dev P.", "Leo F."):
        await drops_briefly(photographer, dana, name)
    await dana.goto(f"{photographer.product.base}/incidents")
    await dana.get_by_role("row").nth(2).wait_for()
    await photographer.shoot(dana, "log")


async def drops_briefly(photographer: Photographer, page: Page, name: str) -> None:
    await photographer.client(name, "drop")
    alert = page.locator("article.alert").filter(
        has=page.get_by_role("heading", name=f"{name} lost connection")
    )
    await alert.wait_for()
    await photographer.client(name, "come-back")
    await alert.get_by_role("button", name=re.compile("^I see (her|him|them)$")).click()
    await alert.wait_for(state="detached")


async def closes(page: Page) -> None:
    await page.get_by_role("button", name="by voice", exact=True).click()
    await page.keyboard.press("r")
    form = page.locator("form").filter(has=page.get_by_role("button", name="Recognised", exact=True))
    await form.get_by_label("Voice, live").check()
    await form.get_by_role("button", name="Still at Home").click()
    await form.get_by_label("Alone", exact=True).check()
    await form.get_by_label("High", exact=True).check()
    await form.get_by_role("button", name="Recognised", exact=True).click()
    await page.get_by_text("Recognised live by").first.wait_for()
    await page.get_by_role("button", name="Close with an outcome").first.click()
    form = page.locator("form").filter(has=page.get_by_role("button", name="Close it", exact=True))
    await form.get_by_label("Outcome").select_option(label="Reached, and steady")
    await form.get_by_label("Note for the record").fill("His router restarted. He is well and goes on.")
    await form.get_by_role("button", name="Close it").click()
    await form.wait_for(state="detached")


async def client_screens(photographer: Photographer) -> None:
    link = (await photographer.client("Caleb N.", "page"))["url"]
    caleb = await photographer.window(PHONE, link)
    await caleb.get_by_role("button", name="Go on").click()
    await caleb.get_by_role("heading", level=1).wait_for()
    await photographer.shoot(caleb, "check-in")
    link = (await photographer.client("Leo F.", "page"))["url"]
    leo = await photographer.window(PHONE, link)
    await leo.get_by_role("button", name="Go on").click()
    await leo.get_by_role("heading", name="You’re connected").wait_for()
    await photographer.shoot(leo, "companion")


async def not_live(photographer: Photographer) -> None:
    dana = await photographer.window(LAPTOP, "/", "Dana")
    await photographer.client("Marcus T.", "drop")
    await dana.get_by_role("heading", name="Marcus T. lost connection").wait_for()
    await asyncio.to_thread(photographer.product.stop)
    await dana.get_by_text(re.compile("Not live since")).first.wait_for()
    await photographer.shoot(dana, "not-live")


@asynccontextmanager
async def camera(product: Product) -> AsyncIterator[Photographer]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=ensure(), args=FLAGS)
        yield Photographer(browser, product)
        await browser.close()


async def photograph(product: Product) -> None:
    async with camera(product) as photographer:
        await staff_screens(photographer)
        await client_screens(photographer)
        await photographer.desk("/start-again")
        await not_live(photographer)


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    say("Taking the pictures of docs/screens; this lasts about a minute and a half ...")
    postgres = EmbeddedPostgres(default_home("screens"), environment="demo", keep_running=True)
    # The log must not show the evenings of earlier pictures.
    shutil.rmtree(postgres.home, ignore_errors=True)
    try:
        postgres.start()
        with tempfile.TemporaryDirectory(prefix="handrail-screens-") as folder:
            product = on_free_port(
                home.database(postgres), home.keys(postgres.home), Path(folder) / "product.log"
            )
            try:
                product.start()
                asyncio.run(photograph(product))
            finally:
                product.stop()
    finally:
        postgres.stop()


if __name__ == "__main__":
    main()
