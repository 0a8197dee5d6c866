"""Everybody else of a group on the screens: offered, read aloud, each looked at with one tap, and a second alert beside."""

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.row("B10", "Q6")
async def test_the_group_is_secured_and_each_of_the_others_is_looked_at(
    building: Building, desk: Desk
) -> None:
    jon, maya = await building.staff("Jon"), await building.staff("Maya")
    await desk.drops("Marcus T.")
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await jon.types("t")
    offer = maya.page.get_by_text("The others need somebody too.")
    await expect(offer).to_be_visible()
    await maya.presses("Secure the group")
    card = maya.page.locator("[data-care]")
    await expect(card).to_contain_text("I won't share details")
    await expect(card).not_to_contain_text("Marcus")
    assert await maya.objections() == []
    await maya.presses("Done", card)
    other = jon.page.locator("[data-care]")
    await expect(other.locator(".said")).to_contain_text("Maya Reyes")
    hers = card.locator("[data-other]", has_text="Josephine W.")
    await maya.presses("Needs a word", hers)
    mine = other.locator("[data-other]", has_text="Josephine W.")
    await expect(mine).to_have_attribute("data-said", "word")
    await expect(mine).to_contain_text("needs a word")
    # Whoever rings has a name, and the call is on their list.
    await hers.get_by_label("Who rings Josephine").select_option("Jon Bell")
    await expect(mine.locator("option:checked")).to_have_text("Jon Bell")

    # Jon is inside the first incident when somebody else is lost.
    await jon.page.locator("[data-incident] h2 a").first.click()
    await expect(jon.page.locator("[data-incident-page]")).to_be_visible()
    await expect(jon.page.locator("[data-care]")).to_be_visible()
    await desk.drops("Ana R.")
    strip = jon.page.locator(".alert-strip")
    await expect(strip).to_contain_text("Second alert of this group")
    await expect(strip).to_contain_text("Ana R. lost connection")
    assert await jon.objections() == []
    await jon.presses("Take it", strip)
    await expect(strip).to_have_count(0)
