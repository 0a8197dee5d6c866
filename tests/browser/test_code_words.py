"""Code words on staff's screens: chosen on the record, looked at for a minute in Prepare, rehearsed, covered again."""

import re

import pytest
from playwright.async_api import Locator, expect

from app.demo.seed import PIN
from tests.browser.screens import Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What stands under a bar that stays in place is half covered while somebody scrolls: the card alone is looked at.
CARD = ".words-card"


def section(screen: Screen) -> Locator:
    return screen.page.get_by_role("region", name="Code words", exact=True)


async def opens_record(screen: Screen, name: str) -> None:
    await screen.goes_to("/clients")
    await screen.page.get_by_role("link", name=name, exact=True).click()
    await expect(section(screen).get_by_text("Ordinary", exact=False).first).to_be_visible()


async def looks(screen: Screen) -> None:
    """The PIN is asked for: the browser writes down that first answer."""
    screen.expects("status of 403")
    await screen.presses("Show for a minute, logged", section(screen))
    asked = screen.page.get_by_role("dialog", name="Your PIN, please")
    await asked.get_by_label("PIN").fill(PIN)
    await asked.get_by_role("button", name="Go on").click()


async def chooses(screen: Screen, phrase: str) -> None:
    await screen.page.get_by_label("Two to five everyday words").fill(phrase)
    await screen.presses("We chose it together")


@pytest.mark.row("P16")
async def test_a_word_is_chosen_rehearsed_and_chosen_anew_after_use(building: Building, desk: Desk) -> None:
    assert desk
    maya = await building.staff("Maya", "/")
    maya.expects("status of 422")
    await opens_record(maya, "Dev P.")
    await maya.presses("Choose: danger word", section(maya))
    # Alike by sound with somebody else's: refused, and nobody is told whose.
    await chooses(maya, "marvel parade")
    await expect(section(maya)).to_contain_text("too like another word in this group")
    assert "Marcus" not in await section(maya).inner_text()
    await chooses(maya, "turtle parade")
    await expect(section(maya)).to_contain_text("Known by Maya Reyes")
    assert "turtle" not in await maya.page.content()
    assert await maya.objections(CARD) == []

    jon = await building.staff("Jon", "/prepare")
    await expect(section(jon)).to_contain_text("6 of 6 have a danger word")
    await expect(section(jon)).to_contain_text("Jon Bell, co-facilitator")
    await looks(jon)
    await expect(section(jon).locator(".shown")).to_contain_text("turtle parade")
    assert await jon.objections(CARD) == []
    await jon.presses("I have them", section(jon))
    await expect(section(jon)).to_contain_text("rehearsed")
    await expect(section(jon)).not_to_contain_text("turtle parade")

    # It was used: due, on the list, until a new one is chosen, which the two rehearse anew.
    await maya.presses("Used, overheard or not wanted: danger word", section(maya))
    await maya.presses("It was used", section(maya))
    await expect(section(maya)).to_contain_text("It was used: choose a new one")
    await expect(section(maya)).to_contain_text("Looked at once")
    await maya.goes_to("/code-words")
    await expect(maya.page.get_by_role("row").filter(has_text="Dev P.")).to_contain_text("It was used")
    assert await maya.objections() == []
    await opens_record(maya, "Dev P.")
    await maya.presses("Choose anew: danger word", section(maya))
    await chooses(maya, "yellow canoe")
    await expect(section(maya)).not_to_contain_text("It was used")
    await jon.goes_to("/prepare")
    await expect(section(jon)).to_contain_text("1 word not rehearsed yet")


async def test_words_are_covered_again_by_themselves_and_on_a_shared_screen(
    building: Building, desk: Desk
) -> None:
    assert desk
    jon = await building.staff("Jon", "/prepare", hands_off=True)
    await looks(jon)
    shown = section(jon).locator(".shown")
    await expect(shown).to_contain_text("marble staircase")
    await expect(shown).to_contain_text(re.compile(r"Covered again in [01]:\d\d"))
    await jon.page.clock.run_for(61_000)
    await expect(shown).to_have_count(0)
    assert "marble" not in await jon.page.content()

    await jon.presses("Show for a minute, logged", section(jon))
    await expect(shown).to_contain_text("marble staircase")
    await jon.page.locator("summary.me").click()
    await jon.presses("Initials")
    await expect(shown).to_have_count(0)
    await expect(section(jon)).to_contain_text("Switch Initials off")
    assert "marble" not in await jon.page.content()


async def test_a_supervisor_sees_what_is_set_and_is_shown_no_word(building: Building, desk: Desk) -> None:
    assert desk
    dana = await building.staff("Dana", "/prepare")
    await expect(section(dana)).to_contain_text("have a danger word")
    await expect(section(dana)).to_contain_text("Only the two who run this group are shown them.")
    await expect(dana.button("Show for a minute, logged")).to_have_count(0)


async def test_whoever_has_the_incident_looks_at_the_words_and_the_wish_with_one_press(
    building: Building, desk: Desk
) -> None:
    await desk.drops("Skye M.")
    sam = await building.staff("Sam", "/")
    await sam.alert("Skye M.").get_by_role("link").first.click()
    words = section(sam)
    await sam.presses("Show code words, logged", words)
    await expect(words).to_contain_text("Danger: paper lanterns")
    await expect(words).to_contain_text("Talk about homework")
    assert await sam.objections(CARD) == []
    await sam.presses("Cover now", words)
    await expect(words).not_to_contain_text("paper lanterns")


async def test_a_caregiver_may_know_the_words_only_under_a_release_for_it(
    building: Building, desk: Desk
) -> None:
    assert desk
    maya = await building.staff("Maya", "/")
    await opens_record(maya, "Marcus T.")
    row = section(maya).get_by_role("listitem").filter(has_text="Elena Tull, Sister")
    await expect(row).to_contain_text("does not cover this")
    await expect(maya.button("They were told: Elena Tull")).to_have_count(0)
    releases = maya.page.get_by_role("region", name="Releases", exact=True)
    await maya.presses("Write down a release", releases)
    await releases.get_by_label("Which contact").select_option(label="Elena Tull")
    await releases.get_by_label("The code words").check()
    await releases.get_by_label("What may be told").fill("The words, and what they mean.")
    await releases.get_by_label("Signed by").select_option(label="The client")
    await maya.presses("Save", releases)
    await maya.presses("They were told: Elena Tull")
    await expect(row).to_contain_text("knows the words in force")
    assert await maya.objections(CARD) == []
