"""The board in the hands of people: two at once, a mis-press, a server that is gone, a screen that is shared."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.screens import PHONE, Building, Desk, Screen, comes_true
from tools.product import Product

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.row("T2")
async def test_who_is_here_and_whose_place_and_number_are_known_as_it_changes(
    building: Building, desk: Desk
) -> None:
    sam, dana = await building.staff("Sam"), await building.staff("Dana")
    for one in (sam, dana):
        group = one.page.get_by_role("region", name="Teen evening")
        await expect(group).to_contain_text("4 of 5 here · 1 not here yet")
        await expect(one.tile("Caleb N.")).to_contain_text("Not here yet +")
        await expect(one.tile("Caleb N.")).to_contain_text("No place today")
        await expect(one.tile("Caleb N.")).to_contain_text("6 gaps: place, backup number")
        await expect(one.tile("Leo F.")).to_contain_text("backup number")
    await desk.press(f"/clients/{await desk.client_id('Caleb N.')}/come-in")
    for one in (sam, dana):
        group = one.page.get_by_role("region", name="Teen evening")
        await expect(group).to_contain_text("5 of 5 here")
        await expect(group).not_to_contain_text("not here yet")
        await expect(one.tile("Caleb N.")).to_contain_text("Present")
        await expect(one.tile("Caleb N.")).to_contain_text("Home")
        await expect(one.tile("Caleb N.")).to_contain_text("confirmed")
        await expect(one.tile("Caleb N.")).to_contain_text("5 gaps: backup number")


async def test_two_press_at_once_and_the_second_reads_who_was_first(building: Building, desk: Desk) -> None:
    jon, maya = await building.staff("Jon"), await building.staff("Maya")
    both = asyncio.Barrier(2)

    async def hold(route: Route) -> None:
        """Neither press has reached the server before the other was made."""
        async with asyncio.timeout(10):
            await both.wait()
        await route.continue_()

    for one in (jon, maya):
        await one.page.route("**/api/incidents/*/take", hold)
        one.expects(r"status of 409 .*/take$")
    await desk.drops("Ana R.")
    for one in (jon, maya):
        await expect(one.alert("Ana R.")).to_contain_text("Nobody has this yet")
    await asyncio.gather(jon.types("t"), maya.types("t"))

    await expect(jon.alert("Ana R.")).to_contain_text(re.compile("You have this|Maya Reyes has this"))
    won, lost = (jon, maya) if "You have this" in await jon.alert("Ana R.").inner_text() else (maya, jon)
    first = "Jon Bell" if won is jon else "Maya Reyes"
    await expect(lost.page.get_by_text(f"{first} took it")).to_be_visible()
    await expect(won.alert("Ana R.")).to_contain_text("You have this")
    await expect(lost.alert("Ana R.")).to_contain_text(f"{first} has this")


async def test_a_mis_press_is_undone_for_everybody(building: Building, desk: Desk) -> None:
    jon, dana = await building.staff("Jon"), await building.staff("Dana")
    await desk.drops("Ana R.")
    await jon.presses("Take it T", jon.alert("Ana R."))
    await expect(dana.alert("Ana R.")).to_contain_text("Jon Bell has this")
    await jon.presses("Undo")
    await expect(dana.alert("Ana R.")).to_contain_text("Nobody has this yet")
    await expect(jon.alert("Ana R.")).to_contain_text("Nobody has this yet")


@pytest.mark.row("R9")
async def test_a_brief_drop_ends_with_a_look(building: Building, desk: Desk) -> None:
    """R9: low tier, back and seen before anybody answered a telephone."""
    jon, dana = await building.staff("Jon"), await building.staff("Dana")
    await desk.drops("Josephine W.")
    await expect(dana.alert("Josephine W.")).to_be_visible()
    await desk.comes_back("Josephine W.")
    await jon.presses("I see her", jon.alert("Josephine W."))
    for one in (jon, dana):
        await expect(one.alert("Josephine W.")).to_have_count(0)
        await expect(one.tile("Josephine W.")).to_contain_text(re.compile("Present|Seen live"))


async def test_three_lost_at_once_are_one_card_until_a_person_says_whose_side(
    building: Building, desk: Desk
) -> None:
    dana = await building.staff("Dana")
    await desk.press("/drop-three")
    outage = dana.page.locator("article.outage")
    await expect(outage).to_contain_text("3 people lost at once. Is it our side?")
    await expect(outage).to_contain_text("held until a person says it is not our side")
    await dana.presses("It is not our side", outage)
    await expect(outage).to_contain_text("held until")
    await dana.presses("Press again: let contact steps go on", outage)
    await expect(outage).to_contain_text("Dana Whitlock said it is not our side. Contact steps go on.")


async def test_a_board_that_is_not_live_says_so_and_comes_back_by_itself(
    building: Building, desk: Desk, product: Product
) -> None:
    jon = await building.staff("Jon")
    await desk.drops("Ana R.")
    await expect(jon.alert("Ana R.")).to_be_visible()
    await jon.types("t")
    await expect(jon.alert("Ana R.")).to_contain_text("You have this")
    await jon.page.evaluate("window.sameWindow = true")
    jon.expects(r"ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_ABORTED|WebSocket|ERR_SOCKET")

    await asyncio.to_thread(product.stop)
    try:
        banner = jon.page.get_by_text(re.compile("Not live since"))
        await expect(banner.first).to_be_visible(timeout=30_000)
        await expect(jon.page.get_by_text("Call by phone.").first).to_be_visible()
        # What was true then, told as of then; nothing that could not be done may be pressed.
        await expect(jon.alert("Ana R.")).to_contain_text("as of")
        await expect(jon.button("I see her")).to_have_count(0)
        await expect(jon.button("I see everyone")).to_have_count(0)
    finally:
        await asyncio.to_thread(product.start, same_evening=True)
    await expect(banner).to_have_count(0, timeout=30_000)
    await expect(jon.alert("Ana R.")).to_contain_text("You have this")
    assert await jon.page.evaluate("window.sameWindow"), "it came back without being loaded again"


@pytest.mark.row("R14")
async def test_names_become_initials_with_one_key(building: Building, desk: Desk) -> None:
    jon = await building.staff("Jon")
    await desk.drops("Marcus T.")
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await jon.types("i")
    await expect(jon.page.get_by_text("Names are initials now.")).to_be_visible()
    shown = await jon.page.locator("main").inner_text()
    for name in ("Marcus", "Josephine", "Tomasz", "Imani", "Skye"):
        assert name not in shown
    await jon.types("i")
    await expect(jon.tile("Marcus T.")).to_be_visible()


async def focused(screen: Screen) -> str:
    return str(await screen.page.evaluate("document.activeElement?.textContent?.trim() ?? ''"))


async def test_everything_with_the_keyboard_alone(building: Building, desk: Desk) -> None:
    jon = await building.staff("Jon")
    await jon.types("Tab")
    assert await focused(jon) == "Skip to the page"
    await jon.types("Enter")
    assert await jon.page.evaluate("document.activeElement?.id") == "main"
    await jon.types("?")
    await expect(jon.page.get_by_role("dialog", name="Keys on this screen")).to_be_visible()
    await jon.types("Escape")
    await expect(jon.page.get_by_role("dialog")).to_have_count(0)

    await desk.drops("Ana R.")
    await desk.drops("Marcus T.")
    await expect(jon.alert("Ana R.")).to_be_visible()
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await jon.types("j")
    assert await focused(jon) == "Marcus T. lost connection", "the higher tier comes first"
    await jon.types("j")
    assert await focused(jon) == "Ana R. lost connection"
    await jon.types("k")
    await jon.types("Enter")
    await expect(jon.page.get_by_role("heading", level=1)).to_have_text("Marcus T.")
    await jon.types("t")
    await expect(jon.page.get_by_text("You have this.")).to_be_visible()
    # Two keys from anywhere on the page to the card that is read to responders.
    await jon.types("e")
    await jon.types("e")
    await expect(jon.page).to_have_url(re.compile("/dispatch$"))
    await expect(jon.page.get_by_text("Read this aloud")).to_be_visible()


# Every tone that a speaker would play, and every time a telephone would shake.
LISTENS = """
window.tones = 0; window.shakes = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
navigator.vibrate = () => { window.shakes += 1; return true; };
"""


@pytest.mark.row("R14")
async def test_no_sound_enters_the_room(building: Building, desk: Desk) -> None:
    """Staff in a group hear nothing by default: their screen is loud, their telephone shakes; the supervisor outside may hear it."""
    assert desk, "a new evening, with no alert that waits for a sound"
    jon, dana = await building.staff("Jon"), await building.staff("Dana")
    await expect(jon.page.get_by_text("Sound: none while you are in a group")).to_be_visible()
    await expect(jon.button("Mute 5 min")).to_have_count(0)
    await expect(dana.page.get_by_text("Sound: on for you, repeats until owned")).to_be_visible()
    for screen in (jon, dana):
        await screen.page.evaluate(LISTENS)
        # A browser plays nothing before the first press in its window.
        await screen.page.get_by_text(re.compile("^Sound: ")).first.click()

    await desk.drops("Marcus T.")
    await comes_true(dana.page, "window.tones > 0")
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await comes_true(jon.page, "window.shakes > 0")
    assert await jon.page.evaluate("window.tones") == 0

    await jon.types("t")
    await expect(dana.alert("Marcus T.")).to_contain_text("Jon Bell has this")
    heard = await dana.page.evaluate("window.tones")
    await dana.page.wait_for_timeout(4500)
    assert await dana.page.evaluate("window.tones") == heard, "it is quiet once somebody has it"


async def test_the_whole_first_minute_on_a_phone(building: Building, desk: Desk) -> None:
    sam = await building.staff("Sam", viewport=PHONE, has_touch=True)
    await desk.drops("Imani B.")
    await expect(sam.alert("Imani B.")).to_be_visible()
    take = sam.button(re.compile("^Take it"), sam.alert("Imani B."))
    # The next right act is in the first view, and large enough for a thumb.
    box = await take.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]
    assert box["height"] >= 56
    await take.click()
    await expect(sam.alert("Imani B.")).to_contain_text("You have this")
    assert await sam.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
