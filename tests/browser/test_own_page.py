"""A client's quiet signal, PIN and card, between their own page and the staff app."""

import pytest
from playwright.async_api import expect

from tests.browser.screens import PHONE, Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_quiet_signal_stands_on_the_board_until_a_person_has_seen_to_it(
    building: Building, desk: Desk
) -> None:
    sam, dana = await building.staff("Sam"), await building.staff("Dana")
    leo = await building.window("Leo", viewport=PHONE)
    await leo.page.goto(await desk.page_of("Leo F."))
    await leo.presses("Go on")
    tick = leo.page.locator("#tick")
    await tick.click()
    await tick.click()
    alert = sam.page.locator("section.signals")
    await expect(alert).to_contain_text("A possible quiet signal")
    await expect(alert).to_contain_text("Leo F.")
    await expect(dana.page.locator("section.signals")).to_contain_text("Leo F.")
    assert await sam.objections("section.signals") == []
    await sam.button("I saw to it privately: Leo F.", alert).click()
    await expect(alert).to_have_count(0)
    await expect(dana.page.locator("section.signals")).to_have_count(0)


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
