"""Everybody else of a group on the screens: offered, read aloud, each looked at with one tap, and a second alert beside."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.row("B10", "Q6")
async def test_the_group_is_secured_and_each_of_the_others_is_looked_at(
    building: Building, desk: Desk
) -> None:
    jon, maya = await building.staff("Jon"), await building.staff("Maya")
    await jon.page.get_by_label("What happened with Ana R.").click()
    await jon.presses("Private room")
    offer = maya.page.get_by_text("The others need somebody too.")
    await expect(offer).to_be_visible()
    await maya.presses("Secure the group")
    card = maya.page.locator("[data-care]")
    await expect(card).to_contain_text("I won't share details")
    await expect(card).not_to_contain_text("Ana")
    assert await maya.objections() == []
    await maya.presses("Done", card)
    other = jon.page.locator("[data-care]")
    await expect(other.locator(".said")).to_contain_text("Maya Reyes")
    marcus = card.locator("[data-other]", has_text="Marcus T.")
    await maya.presses("Needs a word", marcus)
    mine = other.locator("[data-other]", has_text="Marcus T.")
    await expect(mine).to_have_attribute("data-said", "word")
    await expect(mine).to_contain_text("needs a word")
    # Whoever rings has a name, and the call is on their list.
    await marcus.get_by_label("Who rings Marcus").select_option("Jon Bell")
    await expect(mine.get_by_label("Who rings Marcus")).to_have_value(re.compile(r".+"))
    await expect(jon.button("Marcus was rung", mine)).to_be_visible()

    # Jon is inside the first incident when somebody else is lost.
    await jon.page.get_by_role("link", name=re.compile("Ana R")).first.click()
    await expect(jon.page.locator("[data-incident-page]")).to_be_visible()
    await expect(jon.page.locator("[data-care]")).to_be_visible()
    await desk.drops("Marcus T.")
    strip = jon.page.locator(".alert-strip")
    await expect(strip).to_contain_text("Second alert of this group")
    await expect(strip).to_contain_text("Marcus T. lost connection")
    assert await jon.objections() == []
    await jon.presses("Take it", strip)
    await expect(strip).to_have_count(0)
