"""Grounding and an agreement, as the two staff of a group and the client meet them on their screens."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.screens import PHONE, Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def told(screen: Screen, path: str, **body: object) -> None:
    """What is shown elsewhere, said to the server as the page would."""
    headers = {"Origin": screen.base, "Command-Id": str(uuid4())}
    answer = await screen.page.context.request.post(f"{screen.base}/api{path}", data=body, headers=headers)
    assert answer.ok, await answer.text()


@pytest.mark.row("E1", "E2", "E3", "E4", "E5")
async def test_an_exercise_from_the_tile_to_the_clients_page_and_back(building: Building, desk: Desk) -> None:
    jon = await building.staff("Jon")
    ruth = await building.window("Ruth", viewport=PHONE)
    await ruth.page.goto(await desk.page_of("Ruth A."))
    await ruth.presses("Go on")
    await expect(ruth.page.get_by_role("heading", name="You’re connected")).to_be_visible()

    tile = jon.tile("Ruth A.")
    await tile.get_by_label("What happened with Ruth A.").click()
    await jon.presses("Grounding", tile)
    await expect(tile.get_by_role("heading", name="Grounding with Ruth")).to_be_focused()
    # Name and normalise first (E1), and nothing towards harm while nobody has asked (R23).
    await expect(tile).to_contain_text("What you feel makes sense.")
    await expect(tile).to_contain_text(
        "3 steps are left out that may lead towards heights, water and medicines"
    )
    await expect(jon.button("They picked: Walk Biscuit and Plum round the block", tile)).to_be_visible()
    assert await jon.objections("li.tile[data-grounding-open]") == []

    await jon.presses("Show it on their page: Longer breath out", tile)
    await expect(ruth.page.get_by_text("A longer breath out")).to_be_visible()
    await expect(ruth.page).to_have_title("Connected")
    await expect(ruth.page.locator(".pace")).to_be_hidden()
    await expect(
        ruth.page.get_by_text("Breathe out through your mouth, slowly, and count to six.")
    ).to_be_visible()
    assert await ruth.axe() == []
    await ruth.presses("Put this away")
    await expect(ruth.page.get_by_text("A longer breath out")).to_have_count(0)
    await expect(tile).to_contain_text("They have put it away on their page.")

    # Motion is unwanted here: words and counts, and the circle is not there at all.
    await tile.get_by_role("radio", name="7", exact=True).check()
    await jon.presses("Start now, aloud", tile)
    await expect(tile.locator(".pacer-words")).to_have_text(re.compile(r"Breathe (in|out) [1-6]"))
    await expect(tile.locator(".pacer i")).to_have_count(0)
    assert await jon.objections("li.tile[data-grounding-open]") == []
    await jon.page.emulate_media(reduced_motion="no-preference")
    await expect(tile.locator(".pacer i")).to_have_count(1)
    await jon.presses("Words and counts only", tile)
    await expect(tile.locator(".pacer i")).to_have_count(0)
    await tile.get_by_role("radio", name="4", exact=True).check()
    await jon.presses("Done", tile)
    await expect(tile).to_contain_text("Longer breath out, done together, distress 7 to 4")


@pytest.mark.row("E9", "B4")
async def test_an_agreement_counts_down_on_both_boards_and_is_looked_at_again(
    building: Building, desk: Desk
) -> None:
    jon, maya = await building.staff("Jon"), await building.staff("Maya")
    jon.expects(r"status of 422")
    await desk.drops("Marcus T.")
    await jon.presses("Take it T", jon.alert("Marcus T."))
    await jon.alert("Marcus T.").get_by_role("link", name="Marcus T. lost connection").click()
    await expect(jon.page.locator("[data-incident-page]")).to_be_visible()
    incident = jon.page.url.rpartition("/")[2]
    await told(jon, f"/incidents/{incident}/reached", by="voice")
    found = {"checked": ["voice"], "place": "Home", "alone": "yes", "tier": "high"}
    await told(jon, f"/incidents/{incident}/verified", **found)

    await jon.presses("Agreement")
    page = jon.page
    await page.get_by_label("Distance to what could do harm").fill("He promises not to hurt himself")
    await page.get_by_role("radio", name="20 min").check()
    await jon.presses("Agreed")
    await expect(page.get_by_text("This reads like a promise not to come to harm.")).to_be_visible()
    await expect(page.get_by_label("Distance to what could do harm")).to_be_focused()
    assert await jon.objections(".panel") == []
    await page.get_by_label("Distance to what could do harm").fill("The tablets go to the neighbour")
    await jon.presses("Use: Elena, she knows")
    await page.get_by_label("Does anybody hold something meanwhile?").select_option(label="Somebody else")
    await page.get_by_label("Who? A first name").fill("Lou next door")
    await page.get_by_label("What do they hold?").fill("the tablets")
    await expect(page.get_by_text("a person tells them aloud")).to_be_visible()
    await jon.presses("Agreed")

    card = page.locator("section.agreed")
    await expect(card).to_contain_text("The tablets go to the neighbour")
    await expect(card).to_contain_text("Lou next door holds the tablets.")
    await expect(card.locator(".countdown .n")).to_have_text(re.compile(r"^(20:00|19:\d\d)$"))
    assert await jon.objections("section.agreed") == []
    line = maya.tile("Marcus T.").locator("[data-agreement]")
    await expect(line).to_have_text(re.compile(r"Agreement, look again in 19:\d\d · Jon Bell"))
    assert await maya.objections("main") == []

    await jon.presses("Look at it again", card)
    await page.get_by_role("radio", name="Kept in part").check()
    await jon.presses("Write it down")
    await expect(card).to_contain_text("A new safety check is asked for")
    await expect(maya.tile("Marcus T.")).to_contain_text("A new safety check is asked for")
    await jon.presses("The new check is done", card)
    await jon.presses("Press again: it was done with them", card)
    await expect(maya.tile("Marcus T.").locator("[data-agreement]")).to_have_count(0)
