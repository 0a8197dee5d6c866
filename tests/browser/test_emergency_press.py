"""Emergency from any screen: held or by two keys, whom it is about, and what stands there until the server has answered."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import PHONE, Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")
STANDING = re.compile("^Emergency")
# A laptop's screen at 200 %.
ZOOMED = {"width": 640, "height": 400}
# Whatever can have the focus, and what covers it once it has: bars that stay in place, alerts; not what
# goes by itself within seconds. And a page wider than the screen.
UNDER_SOMETHING = """() => {
  const all = document.querySelectorAll(":is(main, header) :is(button, a[href], input, select, textarea, summary)");
  const under = [...all].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled).map((one) => {
    one.focus();
    const box = one.getBoundingClientRect();
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const seen = at && (one.contains(at) || at.contains(one) || one.closest("label")?.contains(at) || at.closest(".toast"));
    return seen ? "" : `${one.textContent.trim()} under ${at?.className}`;
  });
  const wide = document.documentElement.scrollWidth - innerWidth;
  return [...under.filter(Boolean), ...(wide > 0 ? [`${wide} px too wide`] : [])];
}"""


@pytest.mark.usefixtures("desk")
async def test_held_it_asks_about_whom_and_let_go_early_it_is_nothing(building: Building) -> None:
    jon = await building.staff("Jon", "/incidents")
    page = jon.page
    button = jon.button(STANDING, page.get_by_role("banner"))
    choice = page.get_by_role("dialog", name="Emergency: about whom?")
    await button.hover()
    await page.mouse.down()
    await expect(button).to_contain_text("Keep holding")
    await page.mouse.up()
    await page.wait_for_timeout(1000)
    await expect(choice).to_be_hidden()
    await page.mouse.down()
    await expect(choice).to_be_visible()
    await page.mouse.up()
    await jon.types("Escape")
    # A screen reader's press cannot be held: a click without a pointer before it.
    await page.wait_for_timeout(800)
    await button.dispatch_event("click")
    await expect(choice).to_be_visible()
    await expect(choice.get_by_role("button", name="Declare for Ana R.")).to_contain_text("similar name")
    assert await jon.objections() == []


@pytest.mark.usefixtures("desk")
async def test_the_bar_says_how_it_is_pressed_and_holds_every_link_at_each_width(building: Building) -> None:
    jon = await building.staff("Jon")
    bar, button = jon.page.get_by_role("banner"), jon.button(STANDING, jon.page.get_by_role("banner"))
    links = {"Places", "Protocols", "Program"}
    for width in (1280, 1440, 1600, 390):
        await jon.page.set_viewport_size({"width": width, "height": 800})
        await expect(button.get_by_text("hold 1 s")).to_be_visible()
        # A telephone has no such key.
        await expect(button.locator("kbd")).to_be_visible(visible=width > 390)
        opens = bar.locator("summary.more" if width > 390 else "summary.me")
        await opens.click()
        assert links <= set(await bar.locator("details[open] a").all_inner_texts())
        await expect(bar.get_by_role("link", name="Program")).to_be_visible()
        await jon.types("Escape")
        await expect(opens).to_be_focused()
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert await jon.page.evaluate(wide) == 0, width


async def test_by_two_keys_and_a_number_from_any_screen_and_mended_in_one_press(
    building: Building, desk: Desk
) -> None:
    jon, maya = await building.staff("Jon", "/incidents"), await building.staff("Maya")
    page = jon.page
    choice = page.get_by_role("dialog", name="Emergency: about whom?")
    # Nothing answers: it is not declared, it says so, and there is a number to dial.
    jon.expects("ERR_|net::|Failed to load resource")
    await page.route("**/api/group-sessions/*/clients/*/emergency", lambda route: route.abort())
    await jon.types("e")
    await jon.types("e")
    josephine = choice.get_by_role("button", name="Declare for Josephine W.")
    await jon.types(await josephine.locator("kbd").inner_text())
    await expect(page.get_by_role("heading", name="Josephine W.: emergency")).to_be_visible()
    await expect(page.get_by_text("nobody is rung until it does")).to_be_visible()
    await expect(page.get_by_text("Nobody can say whether it was declared.")).to_be_visible()
    await expect(page.get_by_role("link", name="406-555-0111")).to_be_visible()
    assert await jon.objections() == []
    await expect(maya.page.get_by_text("Josephine W.: emergency")).to_have_count(0)
    await page.unroute("**/api/group-sessions/*/clients/*/emergency")
    await jon.presses("Send it again")
    await expect(page.get_by_text("You declared this")).to_be_visible()
    await expect(maya.page.get_by_role("heading", name="Josephine W.: emergency")).to_be_visible()
    await expect(maya.page.locator('[data-lane="caller"]')).to_contain_text("Nobody is making the calls")
    await expect(page.get_by_text(re.compile("Dana Whitlock's phone"))).to_be_visible()
    assert {phone["kind"] for phone in (await desk.view())["phones"]} == {"staff"}, "nobody outside"
    for size in (ZOOMED, dict(PHONE)):
        await page.set_viewport_size(size)
        await expect(jon.button(STANDING, page.get_by_role("banner"))).to_be_visible()
        assert await page.evaluate(UNDER_SOMETHING) == []
        await page.get_by_role("link", name="Back to the incident").click()
        await expect(jon.button(STANDING, page.locator(".action-bar"))).to_be_visible()
        assert await page.evaluate(UNDER_SOMETHING) == []
        await page.get_by_role("link", name="Open the card to read aloud").first.click()
        await expect(page.get_by_text("You declared this")).to_be_visible()
    assert await jon.objections() == []
    await page.set_viewport_size({"width": 1440, "height": 900})
    # The wrong one, mended with one press: everybody sees the right one.
    await jon.presses("Wrong client")
    await page.get_by_role("dialog").get_by_role("button", name="Marcus T.").click()
    await expect(page.get_by_role("heading", name="Marcus T.", exact=True)).to_be_visible()
    await expect(maya.page.get_by_role("heading", name="Marcus T.: emergency")).to_be_visible()
    await expect(maya.page.get_by_role("heading", name="Josephine W.: emergency")).to_have_count(0)
    # And by mistake altogether.
    await jon.presses("Wrong client")
    await jon.presses("It was a mistake, there is no emergency")
    await expect(maya.page.get_by_role("heading", name="Marcus T.: emergency")).to_have_count(0)
