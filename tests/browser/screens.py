"""A person in front of a browser, and the desk that is everybody's telephone: so that tests read as sentences."""

import asyncio
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Scheme = Literal["light", "dark"]
CORNERS: tuple[tuple[dict[str, int], Scheme, Scheme], ...] = (
    (LAPTOP, "light", "dark"),
    (PHONE, "dark", "light"),
)
COLOURS = ["color-contrast", "link-in-text-block"]
# What the browser itself writes when somebody asks who is signed in, and nobody is.
NOBODY_YET = re.compile(r"status of 401 .*/api/me$")
# A page that is left while its socket is being opened.
CUT_SHORT = re.compile("WebSocket is closed before the connection is established")
# Blocked by us (see `window`), and the browser says so.
NO_WORKER = re.compile("Service Worker registration blocked")
_TELL_OF_POLICY = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sourceFile ?? ''}`));
"""
_TOO_WIDE = """
document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth)
    .map((one) => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`).slice(-4)
"""
# A busy machine of two cores; no test waits this long for what it expects.
PATIENCE_MS = 15_000
# For whoever mends a failing test: a folder for a picture of each screen.
PICTURES = os.environ.get("HANDRAIL_PICTURES")

expect.set_options(timeout=PATIENCE_MS)


# What happens to lie under a bar that stays in place is scrolled from under it by a person; axe takes it for too small.
_LET_GO = """() => { for (const one of document.querySelectorAll("*"))
  if (getComputedStyle(one).position === "sticky") { one.dataset.held = ""; one.style.position = "static"; } }"""
_HOLD_AGAIN = """() => { for (const one of document.querySelectorAll("[data-held]"))
  { delete one.dataset.held; one.style.removeProperty("position"); if (!one.getAttribute("style")) one.removeAttribute("style"); } }"""


@dataclass
class Screen:
    """One person's browser window. Whatever the browser complains about must be `expected`."""

    page: Page
    base: str
    who: str
    complaints: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=lambda: [NOBODY_YET, NO_WORKER, CUT_SHORT])

    @property
    def unexpected(self) -> list[str]:
        return [said for said in self.complaints if not any(one.search(said) for one in self.expected)]

    def expects(self, pattern: str) -> None:
        self.expected.append(re.compile(pattern))

    def hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(f"{said.text} {said.location.get('url', '')}")

    def hear_failure(self, request: Request) -> None:
        """A fetch that nothing answered writes no line in every version of Chromium."""
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.complaints.append(f"{request.failure} {request.url}")

    async def goes_to(self, path: str) -> None:
        await self.page.goto(self.base + path)

    def button(self, name: str | re.Pattern[str], within: Locator | None = None, **how: Any) -> Locator:
        return (within or self.page).get_by_role("button", name=name, **how)

    async def presses(self, name: str, within: Locator | None = None) -> None:
        await self.button(name, within, exact=True).click()

    async def types(self, key: str) -> None:
        await self.page.keyboard.press(key)

    def alert(self, name: str) -> Locator:
        """The card of a client who is lost, on the board."""
        return self.page.locator("article.alert").filter(
            has=self.page.get_by_role("heading", name=f"{name} lost connection")
        )

    def tile(self, name: str) -> Locator:
        return self.page.locator("li.tile").filter(
            has=self.page.get_by_role("heading", name=name, exact=True)
        )

    async def axe(self, within: str = "html", *, colours: bool = False) -> list[str]:
        """What axe objects to under WCAG 2.2 AA, each with the first place. `colours`: about these alone."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text())
        found = await self.page.evaluate(
            """([within, runOnly]) => axe.run(within, {runOnly, resultTypes: ['violations']}).then((result) => result.violations.map(
                 (one) => `${one.id} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 160)} `
                   + one.nodes[0].failureSummary))""",
            [within, {"type": "rule", "values": COLOURS} if colours else {"type": "tag", "values": WCAG}],
        )
        return [str(each) for each in found]

    async def objections(self, within: str = "html") -> list[str]:
        """What axe objects to, and what is wider than the screen: on a laptop and on a phone, in light and in dark. What
        the colours cannot change is asked once for each size."""
        found: list[str] = []
        await self.page.evaluate(_LET_GO)
        for size, scheme, other in CORNERS:
            await self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            await self._in(scheme)
            found += [f"{size['width']} {scheme}: {one}" for one in await self.axe(within)]
            found += [f"{size['width']}: too wide: {one}" for one in await self.page.evaluate(_TOO_WIDE)]
            await self._in(other)
            found += [f"{size['width']} {other}: {one}" for one in await self.axe(within, colours=True)]
        await self.page.evaluate(_HOLD_AGAIN)
        await self.page.set_viewport_size({"width": LAPTOP["width"], "height": LAPTOP["height"]})
        await self.page.emulate_media(color_scheme="light")
        return found

    async def is_whole(self) -> None:
        """Waits for what comes right after the board: a test presses sooner than any person."""
        until = asyncio.get_running_loop().time() + 10
        while not await self.page.evaluate(_SECOND):
            assert asyncio.get_running_loop().time() < until, "what comes second did not come"
            await asyncio.sleep(0.02)

    async def _in(self, scheme: Scheme) -> None:
        """A colour on its way from one to the other has neither contrast: waits until all are there."""
        await self.page.emulate_media(color_scheme=scheme)
        await self.page.evaluate(
            "Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime"
            " !== Infinity).map((one) => one.finished.catch(() => 0)))"
        )


# The file itself is asked, not only whether its bytes came. By way of the protocol: the page's policy forbids `eval`.
_SECOND = """async () => {
  const one = performance.getEntriesByType("resource").find((each) => /\\/second-[^/]*\\.js$/.test(each.name));
  return one ? import(one.name).then(() => true, () => false) : false;
}"""


async def comes_true(page: Page, expression: str, within: float = 30) -> None:
    """Asked from outside, again and again: the page's own rules let nothing wait inside it for words to be evaluated."""
    async with asyncio.timeout(within):
        while not await page.evaluate(expression):  # noqa: ASYNC110  what is asked is in another process
            await asyncio.sleep(0.1)


@dataclass
class Building:
    """Everybody's browsers. A window that complained unexpectedly fails the test when it is closed."""

    browser: Browser
    base: str
    contexts: list[BrowserContext] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)

    async def window(self, who: str = "somebody", **options: Any) -> Screen:
        context = await self.browser.new_context(
            **{
                "viewport": LAPTOP,
                "color_scheme": "light",
                "reduced_motion": "reduce",
                # What a browser keeps for when the line is dead has a test of its own.
                "service_workers": "block",
            }
            | options
        )
        self.contexts.append(context)
        await context.add_init_script(_TELL_OF_POLICY)
        return await self.tab(context, who)

    async def tab(self, context: BrowserContext, who: str) -> Screen:
        page = await context.new_page()
        screen = Screen(page, self.base, who)
        page.on("console", screen.hear)
        page.on("pageerror", lambda error: screen.complaints.append(str(error)))
        page.on("requestfailed", screen.hear_failure)
        self.screens.append(screen)
        return screen

    async def staff(
        self, first_name: str, path: str = "/", *, hands_off: bool = False, **options: Any
    ) -> Screen:
        """Signed in with the demo's one press, on the page asked for. `hands_off`: the test moves the browser's clock."""
        screen = await self.window(first_name, **options)
        if hands_off:
            await screen.page.clock.install()
        call = screen.page.context.request
        people = await (await call.get(f"{self.base}/api/demo/staff")).json()
        [person] = [one for one in people if one["name"].startswith(first_name)]
        answer = await call.post(
            f"{self.base}/api/demo/sign-in",
            data={"staff_id": person["id"]},
            headers={"Origin": self.base, "Command-Id": str(uuid4())},
        )
        assert answer.ok, await answer.text()
        await screen.goes_to(path)
        await expect(screen.page.get_by_role("banner")).to_contain_text(person["name"])
        if not hands_off:
            # A clock that stands takes the browser's own record of what came with it.
            await screen.is_whole()
        return screen

    async def close(self) -> list[str]:
        if PICTURES:
            for number, screen in enumerate(self.screens):
                await screen.page.screenshot(path=f"{PICTURES}/{number}-{screen.who}.png", full_page=True)
        for context in self.contexts:
            await context.close()
        return [f"{screen.who}: {one}" for screen in self.screens for one in screen.unexpected]


@dataclass
class Desk:
    """The demo's desk without its screen: what clients do, and who picks up."""

    http: httpx.AsyncClient

    async def view(self) -> dict[str, Any]:
        return await self._asked("GET", "/api/desk")

    async def press(self, path: str, **body: Any) -> dict[str, Any]:
        return await self._asked("POST", f"/api/desk{path}", body or None)

    async def client_id(self, name: str) -> str:
        [one] = [one["client_id"] for one in (await self.view())["cast"] if one["name"] == name]
        return str(one)

    async def drops(self, name: str) -> None:
        await self.press(f"/clients/{await self.client_id(name)}/drop")

    async def comes_back(self, name: str) -> None:
        await self.press(f"/clients/{await self.client_id(name)}/come-back")

    async def page_of(self, name: str) -> str:
        """A link to this client's own page."""
        return str((await self.press(f"/clients/{await self.client_id(name)}/page"))["url"])

    async def _asked(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self.http.request(method, path, json=body, headers={"Command-Id": str(uuid4())})
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json()
        return told
