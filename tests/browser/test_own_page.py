"""A client's quiet signal, PIN and card, between their own page and the staff app."""

import pytest
from playwright.async_api import expect

from tests.browser.screens import PHONE, Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.row("B8")
async def test_a_quiet_signal_and_a_tap_open_their_protocol_and_nothing_shows_beside_the_client(
    building: Building, desk: Desk
) -> None:
    sam, dana = await building.staff("Sam"), await building.staff("Dana")
    leo = await building.window("Leo", viewport=PHONE)
    await leo.page.goto(await desk.page_of("Leo F."))
    await leo.presses("Go on")
    tick = leo.page.locator("#tick")
    before = await leo.page.locator("body").inner_text()
    await tick.click()
    await tick.click()
    signal = sam.page.locator("section.signals")
    await expect(signal).to_contain_text("A possible quiet signal")
    await expect(signal).to_contain_text("Leo F.")
    await expect(dana.page.locator("section.signals")).to_contain_text("people outside the room were told")
    assert await sam.objections("section.signals") == []
    await sam.button("It is danger: Leo F.", signal).click()
    await expect(signal).to_have_count(0)
    alert = dana.page.locator("article.alert").filter(has_text="Leo F. used their danger word")
    await expect(alert).to_contain_text("Do not react on screen")
    await expect(dana.page.locator("section.signals")).to_have_count(0)
    await expect(alert).to_contain_text("Code word")
    await expect(alert).to_contain_text("May not be free to talk")
    assert await dana.objections("article.alert") == []
    assert await leo.page.locator("body").inner_text() == before
    assert await leo.axe() == []

    # By hand from the tile, on a telephone; taken back with one press, and raised anew with two keys.
    await sam.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    skye = sam.tile("Skye M.")
    await skye.get_by_label("What happened with Skye M.").click()
    assert await sam.axe("li.tile .menu-list") == []
    await sam.presses("Code word: pause", skye)
    toast = sam.page.locator(".toast").filter(has_text="A private moment for Skye")
    pause = sam.page.locator("article.alert").filter(has_text="Skye M. asks for a private moment")
    await expect(pause).to_be_visible()
    await sam.presses("Undo", toast)
    await expect(pause).to_have_count(0)
    await skye.get_by_role("link", name="Skye M.").focus()
    await sam.types("g")
    await sam.types("x")
    await expect(
        sam.page.locator("article.alert").filter(has_text="Skye M. used their danger word")
    ).to_be_visible()


async def test_staff_set_a_pin_with_the_client_and_talk_over_what_they_ask(
    building: Building, desk: Desk
) -> None:
    client = await desk.client_id("Leo F.")
    sam = await building.staff("Sam", f"/clients/{client}")
    card = sam.page.get_by_role("region", name="Their own page")
    await expect(card).to_contain_text("They have not signed it yet.")
    await sam.button("Type it here together", card).click()
    await card.get_by_label("New PIN").fill("1234")
    await sam.button("Keep this PIN", card).click()
    await expect(card).to_contain_text("not counted up or down")
    await card.get_by_label("New PIN").fill("8520")
    await sam.button("Keep this PIN", card).click()
    await expect(card).to_contain_text("typed together with staff")

    leo = await building.window("Leo", viewport=PHONE)
    await leo.page.goto(await desk.page_of("Leo F."))
    await leo.presses("Go on")
    await leo.page.get_by_role("link", name="Just for you").click()
    await leo.page.get_by_label("Your PIN").fill("8520")
    await leo.presses("Open")
    await expect(leo.page.get_by_role("heading", name="What happens if I drop?")).to_be_visible()
    assert await leo.objections() == []
    await leo.page.get_by_text("I would like something to be different").click()
    await leo.page.get_by_label("What should be different?").fill("Text me first, please")
    await leo.presses("Ask for it")
    await expect(leo.page.get_by_text("We will talk about it with you.")).to_be_visible()

    await sam.page.reload()
    await expect(card).to_contain_text("They asked for a change")
    await sam.button("Read it, logged", card).click()
    await expect(card).to_contain_text("“Text me first, please”")
    assert await sam.objections("section[aria-labelledby='own-page-title']") == []
    await sam.button("We talked it over", card).click()
    await expect(card).to_contain_text("Talked over")
    sam.expects(r"status of 422")
