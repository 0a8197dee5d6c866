"""The pages in a real browser: three taps, offline and back, leaving, no script, and nothing that axe objects to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from app.group_sessions.signals import ClientSignal
from app.group_sessions.told import EquipmentCheck
from tests.client_pages.conftest import Room
from tests.client_pages.serving import served
from tools import chromium as browsers

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SMALL_PHONE = {"width": 390, "height": 844}
# A lost line shows after 10 s without an answer; a missed beat may add its 5 s, and this machine may be busy.
LOST_MS = 30_000
# The usual five seconds are too few for a browser beside a dozen other tests on two cores.
expect.set_options(timeout=15_000)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        yield chromium
        await chromium.close()


async def until(what: Callable[[], object], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110  the page's doings come from another process
            await asyncio.sleep(0.05)


async def signalled(room: Room, times: int) -> None:
    async with asyncio.timeout(15):
        while len(await room.rows(ClientSignal)) < times:  # noqa: ASYNC110  written by the server
            await asyncio.sleep(0.1)


async def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """The link's page with its button pressed, and whatever the browser complained about."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    await page.goto(address)
    await page.get_by_role("button", name="Go on").click()
    return page, complaints


async def checks_in(page: Page) -> None:
    """Three taps, and one to be ready."""
    for question in ("Are you at Home, as usual?", "Are you on your own?", "Same phone number as last time?"):
        await page.get_by_role("group", name=question).get_by_role("radio", name="Yes").click()
    await page.get_by_role("button", name="I’m ready").click()
    await expect(page.get_by_role("heading", name="You’re connected")).to_be_visible()


async def axe(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    return [str(each) for each in found]


async def test_three_taps_and_the_page_is_heard(room: Room, browser: Browser) -> None:
    path = await room.link_for("Ana")
    async with served(room.house.app) as base:
        context = await browser.new_context(viewport=SMALL_PHONE)
        page, complaints = await opened(context, base + path)
        assert page.url == f"{base}/c/here"
        await checks_in(page)
        assert [place["label"] for place in await room.places()] == ["Home"]
        await until(lambda: room.ear.words)
        await page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        await until(lambda: room.ear.words[-1] == "hidden")

        await page.get_by_role("button", name="Back in 5").click()
        await expect(page.get_by_text("We know: back by")).to_be_visible()
        await page.get_by_role("button", name="I’m back").click()
        await expect(page.get_by_role("button", name="I’m back")).to_be_hidden()
        assert [kind for kind, _ in await room.told()] == ["away", "back"]

        await page.get_by_role("link", name="Leave this page").click()
        await page.wait_for_url("about:blank")
        await until(lambda: room.ear.words[-1] == "goodbye")
        assert complaints == []
        await context.close()


async def test_offline_and_back_keeps_what_was_typed(room: Room, browser: Browser) -> None:
    path = await room.link_for("Ana")
    context = await browser.new_context(viewport=SMALL_PHONE)
    async with served(room.house.app) as base:
        page, complaints = await opened(context, base + path)
        await page.get_by_role("radio", name="Somewhere else").click()
        await page.get_by_label("Street and number, or the name of the place").fill("9 Example Street")
        await context.set_offline(True)
        await page.get_by_role("button", name="I’m ready").click()
        await expect(page.get_by_text("Not sent yet.")).to_be_visible()
        await page.get_by_label("Town").fill("Harrow")
        await context.set_offline(False)
        await expect(page.get_by_role("heading", name="You’re connected")).to_be_visible(timeout=15_000)
        [place] = await room.places()
        assert place["address"] == {"street": "9 Example Street", "town": "Harrow"}
        await until(lambda: room.ear.words)
        port = int(base.rpartition(":")[2])

    await page.get_by_label("A private note to Maya and Jon").fill("the wifi went away")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Not sent yet.")).to_be_visible()
    lost = page.get_by_role("alert")
    await expect(lost).to_contain_text("We lost each other", timeout=LOST_MS)
    await expect(lost).to_contain_text("We call you within a minute. Please pick up: it will be Maya or Jon.")
    await expect(page.get_by_label("A private note to Maya and Jon")).to_have_value("the wifi went away")

    room.ear.heard.clear()
    async with served(room.house.app, port):
        await expect(page.get_by_text("Sent.")).to_be_visible(timeout=15_000)
        await expect(lost).to_be_hidden(timeout=15_000)
        assert await room.notes() == ["the wifi went away"]
        await until(lambda: room.ear.words)
        assert complaints == []
        await context.close()


async def test_the_quiet_way_shows_nothing_on_the_screen_and_nothing_on_the_network(
    room: Room, browser: Browser
) -> None:
    """Two quick taps on the tick, or Enter twice: the very next beat says another word of the same length."""
    path = await room.link_for("Ana")
    async with served(room.house.app) as base:
        context = await browser.new_context(viewport=SMALL_PHONE, has_touch=True)
        page, complaints = await opened(context, base + path)
        frames: list[str] = []
        requests: list[str] = []
        page.on("websocket", lambda line: line.on("framesent", lambda sent: frames.append(str(sent))))
        await checks_in(page)
        # The tab's picture is the browser's own business: it asks for it when it likes, the page never does.
        icon = await page.locator("link[rel=icon]").get_attribute("href")
        page.on("request", lambda asked: None if asked.url == f"{base}{icon}" else requests.append(asked.url))
        await until(lambda: len(frames) > 1)
        before = await page.screenshot()
        sent = len(frames)
        tick = page.locator("#tick")
        await tick.tap()
        await tick.tap()
        assert await page.screenshot() == before, "nothing on the screen betrays it"
        assert await room.rows(ClientSignal) == []
        await until(lambda: len(frames) > sent)
        assert {len(frame) for frame in frames} == {1}
        assert frames[-1] == "3"
        await signalled(room, 1)
        await until(lambda: len(frames) > sent + 1)
        assert frames[-1] == "1", "said once, when it was heard"
        assert requests == []
        assert await page.screenshot() == before

        staff = await room.staff(room.maya)
        staff.http.headers["Origin"] = base
        answer = await staff.post(room.staff_path("Ana", "signal"), answer="not_meant")
        assert answer.status_code == 200, answer.text
        room.house.clock.move(60)
        await tick.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await signalled(room, 2)
        await tick.tap()
        await asyncio.sleep(2.2)
        await tick.tap()
        await until(lambda: len(frames) > sent + 4, 20)
        assert "3" not in frames[-2:], "two slow taps are nothing"
        assert complaints == []
        await context.close()


async def test_half_filled_forms_outlive_a_reload_and_a_change_of_language_but_not_a_quick_exit(
    room: Room, browser: Browser
) -> None:
    path = await room.link_for("Ana")
    async with served(room.house.app) as base:
        context = await browser.new_context(viewport=SMALL_PHONE)
        page, complaints = await opened(context, base + path)
        await page.get_by_role("radio", name="Somewhere else").click()
        await page.get_by_label("Street and number, or the name of the place").fill("9 Example Street")
        await page.reload()
        await expect(page.get_by_label("Street and number, or the name of the place")).to_have_value(
            "9 Example Street"
        )
        await page.get_by_role("link", name="Español").click()
        await expect(page.get_by_role("radio", name="En otro lugar")).to_be_checked()
        await expect(page.locator("#where")).to_have_value("9 Example Street")
        await page.get_by_role("link", name="English").click()
        await page.get_by_role("button", name="I’m ready").click()
        await expect(page.get_by_role("heading", name="You’re connected")).to_be_visible()
        assert [place["label"] for place in await room.places()] == ["9 Example Street"]
        assert await page.evaluate("sessionStorage.length") == 0, "what was sent is let go"
        note = page.get_by_label("A private note to Maya and Jon")
        await note.fill("not yet sent")
        await page.get_by_role("link", name="A quiet minute").click()
        await page.get_by_role("link", name="Back").click()
        await expect(note).to_have_value("not yet sent")
        await page.get_by_role("link", name="Leave this page").click()
        await page.wait_for_url("about:blank")
        await page.goto(f"{base}/c/here")
        await expect(note).to_have_value("")
        assert complaints == []
        await context.close()


async def test_a_pin_is_given_and_kept_nowhere(room: Room, browser: Browser) -> None:
    path = await room.link_for("Ana")
    staff = await room.staff(room.maya)
    given = await staff.post(f"/api/clients/{room.clients['Ana']}/own-page/pin", pin="2580")
    assert given.status_code == 200
    async with served(room.house.app) as base:
        context = await browser.new_context(viewport=SMALL_PHONE, bypass_csp=True)
        page, _ = await opened(context, base + path)
        await checks_in(page)
        await page.get_by_role("link", name="Just for you").click()
        assert await axe(page) == []
        await page.get_by_label("Your PIN").fill("1111")
        assert await page.evaluate("sessionStorage.length") == 0
        await page.get_by_role("button", name="Open").click()
        await expect(page.get_by_role("heading", name="A quiet minute")).to_be_visible()
        await page.get_by_text("Breathe in a square").click()
        assert await page.evaluate("document.getAnimations().length") > 0
        await page.emulate_media(reduced_motion="reduce")
        assert await page.evaluate("document.getAnimations().length") == 0
        await expect(page.get_by_text("Breathe in and count to four.")).to_be_visible()
        await page.get_by_role("link", name="Back").click()
        await page.get_by_role("link", name="Just for you").click()
        await page.get_by_label("Your PIN").fill("2580")
        await page.get_by_role("button", name="Open").click()
        await expect(page.get_by_role("heading", name="What happens if I drop?")).to_be_visible()
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == SMALL_PHONE["width"]
        await page.get_by_role("button", name="Close this").click()
        await expect(page.get_by_role("heading", name="You’re connected")).to_be_visible()
        await context.close()


async def test_the_battery_is_read_where_the_browser_allows_and_asked_elsewhere(
    room: Room, browser: Browser
) -> None:
    """P18."""
    path = await room.link_for("Ana")
    async with served(room.house.app) as base:
        context = await browser.new_context(viewport=SMALL_PHONE)
        page, _ = await opened(context, base + path)
        await checks_in(page)
        question = page.get_by_role("group", name="Is this device charged, or plugged in?")
        await page.add_init_script("navigator.getBattery = undefined")
        await page.goto(f"{base}/c/kit")
        await expect(question).to_be_visible()
        await page.add_init_script(
            "navigator.getBattery = () => Promise.resolve({level: 0.83, charging: false})"
        )
        await page.reload()
        await expect(question).to_be_hidden()
        await expect(page.get_by_text("Battery: 83 %")).to_be_visible()
        await page.get_by_role("button", name="Done").click()
        await expect(page.get_by_role("heading", name="You’re connected")).to_be_visible()
        [row] = await room.rows(EquipmentCheck)
        assert (row.battery, row.charged) == (83, True)
        await context.close()


async def test_everything_but_the_heartbeat_works_without_script(room: Room, browser: Browser) -> None:
    path = await room.link_for("Ana")
    async with served(room.house.app) as base:
        context = await browser.new_context(viewport=SMALL_PHONE, java_script_enabled=False)
        page, _ = await opened(context, base + path)
        await checks_in(page)
        assert "the page cannot tell us that you are here" in await page.content()
        await page.get_by_role("button", name="I need a moment").click()
        await expect(page.get_by_text("We know. Maya or Jon will come to you.")).to_be_visible()
        await page.get_by_role("button", name="I’m back").click()
        await page.get_by_text("I’m somewhere else now").click()
        await page.get_by_label("Street and number, or the name of the place").fill("The library")
        await page.locator("form[action='/c/place']").get_by_role("button", name="Tell us").click()
        await expect(page.get_by_text("Thank you, we have it.")).to_be_visible()
        await page.get_by_label("A private note to Maya and Jon").fill("all good")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("Sent.")).to_be_visible()
        await context.close()
    assert [kind for kind, _ in await room.told()] == ["moment", "back"]
    assert [place["label"] for place in await room.places()] == ["Home", "The library"]
    assert await room.notes() == ["all good"]
    assert room.ear.heard == [], "a page without script must never start a silence that looks like a loss"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_has_nothing_to_object_to(room: Room, browser: Browser, scheme: str) -> None:
    path = await room.link_for("Ana")
    async with served(room.house.app) as base:
        context = await browser.new_context(
            viewport=SMALL_PHONE, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
        )
        page = await context.new_page()
        await page.goto(base + path)
        assert await axe(page) == []
        await page.get_by_role("button", name="Go on").click()
        await expect(page.get_by_role("button", name="I’m ready")).to_be_visible()
        assert await axe(page) == []
        await page.get_by_role("radio", name="Somewhere else").click()
        await page.get_by_role("radio", name="Another one").click()
        assert await axe(page) == []
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width == SMALL_PHONE["width"]
        await page.reload()
        await checks_in(page)
        for folded in await page.locator("summary").all():
            await folded.click()
        await page.evaluate("lost.hidden = over.hidden = back.hidden = false")
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == SMALL_PHONE["width"]
        stranger = await browser.new_context(viewport=SMALL_PHONE, bypass_csp=True)
        other = await stranger.new_page()
        await other.goto(base + path)
        await other.get_by_role("button", name="Go on").click()
        await expect(other.get_by_role("heading", name="Please ring us")).to_be_visible()
        assert await axe(other) == []
        staff = await room.staff(room.maya)
        staff.http.headers["Origin"] = base
        assert (await staff.post(room.staff_path("Ana", "admit-device"))).status_code == 200
        await other.get_by_role("link", name="Try again").click()
        await expect(other.get_by_role("heading", name="You’re connected")).to_be_visible()
        await stranger.close()
        await context.close()
