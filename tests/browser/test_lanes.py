"""Who has what on the screens: taken, offered, empty and alarmed; and a private room from the press to the way back."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.screens import Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


def lane(screen: Screen, name: str) -> Locator:
    return screen.alert("Marcus T.").locator(f'[data-lane="{name}"]')


@pytest.mark.row("B9")
async def test_lanes_are_seen_by_everybody_handed_over_and_never_silently_empty(
    building: Building, desk: Desk
) -> None:
    jon, maya, dana = [await building.staff(name) for name in ("Jon", "Maya", "Dana")]
    await desk.drops("Marcus T.")
    await expect(jon.alert("Marcus T.")).to_be_visible()
    await jon.types("t")
    await expect(lane(dana, "caller")).to_contain_text("Jon Bell")
    await desk.comes_back("Marcus T.")
    await expect(lane(dana, "eyes")).to_contain_text("Jon Bell")
    await expect(lane(maya, "group")).to_contain_text("You")

    await maya.page.get_by_label("The group: hand over, pause, let go").click()
    await maya.presses("Offer it to Dana")
    await expect(lane(dana, "group")).to_contain_text("offered to Dana")
    await dana.types("y")
    await expect(lane(maya, "group")).to_contain_text("Dana Whitlock")

    await jon.page.get_by_label("Eyes on Marcus: hand over, pause, let go").click()
    await jon.presses("I cannot go on")
    await jon.presses("Press again: nobody has it then")
    for one in (maya, dana):
        await expect(lane(one, "eyes")).to_contain_text("Nobody has eyes on Marcus")
    assert await dana.objections() == []
    # From any other screen as well, and with one key.
    await jon.goes_to("/incidents")
    await expect(jon.page.get_by_text("Nobody has eyes on Marcus", exact=True)).to_be_visible()
    await jon.types("g")
    await expect(lane(dana, "eyes")).to_contain_text("Jon Bell")


@pytest.mark.row("E7", "N9")
@pytest.mark.usefixtures("desk")
async def test_a_private_room_from_the_press_to_the_way_back(building: Building) -> None:
    jon, maya = await building.staff("Jon"), await building.staff("Maya")
    await jon.page.get_by_label("What happened with Ana R.").click()
    await jon.presses("Private room")
    for one in (jon, maya):
        await expect(one.tile("Ana R.")).to_contain_text("On the way to a private room with Jon")
    await jon.page.get_by_label("More about the private room with Ana").click()
    await expect(jon.tile("Ana R.")).to_contain_text("Maya will stay with everyone")
    await jon.presses("Maya, de-escalator", jon.tile("Ana R."))
    await expect(maya.tile("Ana R.")).to_contain_text("with Maya")
    assert await jon.objections() == []
    await maya.presses("We are in it", maya.tile("Ana R."))
    for one in (jon, maya):
        await expect(one.tile("Ana R.")).to_contain_text(re.compile(r"Private room\s+with Maya"))
    await maya.presses("Back to the group", maya.tile("Ana R."))
    for one in (jon, maya):
        await expect(one.tile("Ana R.")).to_contain_text("Present")
        await expect(one.alert("Ana R.")).to_have_count(0)
