"""A safety plan written with a client, without a mouse; and what they share with a sister, on her own telephone."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, expect

from app.demo.seed import PIN
from tests.browser.screens import PHONE, Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = {
    "What helps me most when it is bad": ["Write to me, I read lips", "Sit where I see your face"],
    "How I notice that it is getting harder": ["I stop reading messages"],
    "What I can do by myself": ["The long way round the lake"],
    "People I can ask for help": ["Piotr, most evenings"],
    "Professionals and services I can call": ["The office, by text"],
    "How we keep the place safer": ["Piotr keeps the spare keys"],
    "What soothes me": ["The dog next door"],
}


def part(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("group", name=name)


async def opens_record(screen: Screen, desk: Desk, name: str) -> Locator:
    await screen.goes_to(f"/clients/{await desk.client_id(name)}")
    card = screen.page.get_by_role("region", name="Safety plan")
    await expect(card).to_be_visible()
    return card


@pytest.mark.row("P10", "P11", "P12", "P13", "P14", "P15", "Q5", "W8")
async def test_a_plan_is_written_together_agreed_and_read_first(building: Building, desk: Desk) -> None:
    maya = await building.staff("Maya")
    # An alarm before anybody has touched this page.
    maya.expects("navigator.vibrate")
    card = await opens_record(maya, desk, "Tomasz K.")
    await expect(card).to_contain_text("No plan yet.")
    # Q5: the eight of a good plan, each there or not.
    await expect(card.get_by_role("listitem").filter(has_text="Warning signs")).to_contain_text("still open")
    await maya.presses("Begin the plan", card)
    for name, lines in WORDS.items():
        for words in lines:
            await part(maya, name).get_by_role("button", name="Add a line").focus()
            await maya.types("Enter")
            await maya.page.keyboard.type(words)
    # The order is theirs, by keyboard as well.
    await part(maya, "What helps me most").get_by_label("Line 2 of").focus()
    await maya.types("Alt+ArrowUp")
    await expect(part(maya, "What helps me most").get_by_label("Line 1 of")).to_have_value(
        "Sit where I see your face"
    )
    # P14: people are linked to the contacts of the record.
    await (
        part(maya, "People I can ask")
        .get_by_label("Who line 1 is about")
        .select_option(label="Piotr Kowal, Brother")
    )
    assert await maya.objections(".plan") == []
    await maya.presses("Save the draft", card)
    # P13: what was done, by whom and when; the class and never a method.
    await maya.presses("Ask: Medicines", card)
    await card.get_by_label("Secured", exact=True).check()
    await card.get_by_label("Locked away", exact=True).check()
    await card.get_by_label("By whom").fill("Piotr")
    await maya.presses("Save", card)
    await expect(card).to_contain_text("locked away by Piotr")
    await maya.presses("Agree on this plan", card)
    await card.get_by_text("I went through this plan with the client").click()
    await card.get_by_label("By video", exact=True).check()
    await card.get_by_role("button", name="Agree on this plan").click()
    await expect(card).to_contain_text("with Maya Reyes, version 1.")
    # P15: the clock and the versions.
    await expect(card).to_contain_text("Read it together again by")
    await expect(card.get_by_role("listitem").filter(has_text="Version 1")).to_be_visible()
    assert await maya.objections(".plan") == []
    # P12: in a crisis it is read first.
    await maya.goes_to("/")
    await desk.drops("Tomasz K.")
    await expect(maya.alert("Tomasz K.")).to_be_visible()
    await maya.types("o")
    first = maya.page.locator(".plan-first")
    await expect(first.get_by_role("listitem").first).to_have_text("Sit where I see your face")
    await expect(first).to_contain_text("The dog next door")
    await expect(first).to_contain_text("Medicines: secured")


async def test_what_was_changed_reads_as_a_sentence_and_typed_words_outlast_the_page(
    building: Building, desk: Desk
) -> None:
    dana = await building.staff("Dana")
    card = await opens_record(dana, desk, "Ruth A.")
    await dana.presses("Change", card)
    signs = part(dana, "How I notice")
    await signs.get_by_label("Line 1 of").fill("I skip the evening walk twice")
    await dana.page.get_by_role("link", name="Clients").first.click()
    await dana.page.get_by_role("link", name="Ruth A.", exact=True).click()
    await dana.presses("Go on writing", card)
    await expect(signs.get_by_label("Line 1 of")).to_have_value("I skip the evening walk twice")
    await dana.presses("Save the draft", card)
    await dana.presses("What changed in the draft", card)
    await expect(card.locator(".changes")).to_contain_text("I skip the evening walk twice")
    assert await dana.objections(".plan") == []


async def test_a_sister_opens_what_was_chosen_with_a_code_to_her_own_number(
    building: Building, desk: Desk
) -> None:
    maya = await building.staff("Maya")
    # The PIN is asked for: the browser writes down that first answer.
    maya.expects("status of 403")
    await opens_record(maya, desk, "Marcus T.")
    card = maya.page.get_by_role("region", name="Shared with family and supporters")
    await maya.presses("Prepare a copy with the client", card)
    await card.get_by_label("Who", exact=True).select_option(label="Elena Tull, Sister")
    await card.get_by_text("Lines of the plan", exact=True).click()
    await maya.presses("Open the plan to choose from, logged", card)
    await card.get_by_text("Use my first name and speak slowly").click()
    await card.get_by_label("When may they be contacted?").fill("When I do not answer twice")
    await card.get_by_text("The client saw this and chose it.").click()
    assert await maya.objections(".plan") == []
    await maya.presses("Make the page", card)
    asked = maya.page.get_by_role("dialog", name="Your PIN, please")
    await asked.get_by_label("PIN").fill(PIN)
    await asked.get_by_role("button", name="Go on").click()
    link = await card.locator(".link-shown").inner_text()
    assert await maya.objections(".plan") == []

    elena = await building.window("Elena", viewport=PHONE)
    elena.expects("status of 404")
    await elena.page.goto(link)
    assert await elena.objections() == []
    await elena.presses("Text me a code")
    await expect(elena.page.get_by_role("heading", name="Your code")).to_be_visible()
    assert await elena.objections() == []
    await elena.page.get_by_label("Code").fill(await code(desk))
    await elena.presses("Open")
    await expect(elena.page.get_by_role("heading", level=1)).to_contain_text("Marcus")
    await expect(elena.page.get_by_text("Use my first name and speak slowly")).to_be_visible()
    await expect(elena.page.get_by_text("When I do not answer twice")).to_be_visible()
    await expect(elena.page.get_by_text("I put the phone face down")).to_have_count(0)
    assert await elena.objections() == []


async def code(desk: Desk) -> str:
    """From the text on Elena's telephone."""
    for _ in range(60):
        for text in (await desk.view())["texts"]:
            if found := re.search(r"your code is (\d{6})", text["words"]):
                assert text["to"].startswith("Elena Tull")
                return found[1]
        await asyncio.sleep(0.25)
    raise AssertionError("no code arrived")
