"""R17 on the screen: an alert about the wrong client is moved, and a mis-press is taken back."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def loses(jon: Screen, name: str) -> None:
    """A press on the tile, which opens an alert at once; then its page."""
    tile = jon.tile(name)
    await tile.locator("summary").click()
    await tile.get_by_role("button", name=re.compile("^I lost")).click()
    await opens(jon, name)


async def opens(jon: Screen, name: str) -> None:
    alert = jon.page.locator("article.alert").filter(has_text=name)
    await alert.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    await expect(jon.page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.row("R17")
@pytest.mark.usefixtures("desk")
async def test_an_alert_about_the_wrong_client_is_moved_and_a_press_is_taken_back(building: Building) -> None:
    jon, dana = await building.staff("Jon"), await building.staff("Dana")
    await loses(jon, "Ana R.")
    await expect(dana.page.locator("article.alert").filter(has_text="Ana R.")).to_have_count(1)
    await jon.presses("Not this client")
    panel = jon.page.get_by_role("region", name="Was this about somebody else?")
    await expect(panel).to_contain_text("you say that you see Ana")
    assert await jon.objections() == []
    # Those of this group about whom nothing is open, each by name.
    right = panel.get_by_role("group", name="It is about").get_by_role("button")
    names = await right.all_inner_texts()
    assert "Ana R." not in names
    assert "Josephine W." in names

    await jon.presses("Josephine W.", panel)
    await expect(jon.page.get_by_text("Moved. Read the name and the place")).to_be_visible()
    await expect(dana.page.locator("article.alert").filter(has_text="Josephine W.")).to_have_count(1)
    await expect(dana.page.locator("article.alert").filter(has_text="Ana R.")).to_have_count(0)
    await expect(dana.tile("Ana R.")).to_contain_text("Present")

    # Nothing has gone out: whoever pressed takes it back, and nobody is lost.
    await jon.goes_to("/")
    await opens(jon, "Josephine W.")
    await jon.presses("Not this client")
    await jon.presses("I pressed by mistake", panel)
    await expect(jon.page.get_by_text("Taken back.")).to_be_visible()
    await expect(dana.page.locator("article.alert")).to_have_count(0)
    await expect(dana.tile("Josephine W.")).to_contain_text("Present")
    await dana.goes_to("/incidents")
    for name, ended in (("Ana R.", "It was about somebody else"), ("Josephine W.", "Pressed by mistake")):
        row = dana.page.get_by_role("row").filter(has_text=name).first
        await expect(row).to_contain_text(ended)
