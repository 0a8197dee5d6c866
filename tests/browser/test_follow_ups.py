"""What is owed after a crisis, on the screens: missed on the board, made on the record, with what was agreed written down."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.row("S8", "F9")
async def test_what_is_owed_is_seen_on_the_board_and_made_on_the_record(
    building: Building, desk: Desk
) -> None:
    assert desk
    dana = await building.staff("Dana")
    page = dana.page
    await expect(page.get_by_text("A call after a crisis was not made in its time.")).to_be_visible()
    board = page.locator("#owed")
    await expect(board.get_by_role("listitem").first).to_contain_text("Sam Okafor has it")
    await expect(board.get_by_role("listitem").first).to_contain_text("late")
    assert await dana.objections("#owed") == []

    # Skye's home is not safe: only the number that is marked safe can be shown.
    await board.get_by_role("link", name="Open: Check-in, Skye M.").first.click()
    card = page.locator("#follow-ups")
    await expect(card.get_by_text("Missed: the supervisor has been told.")).to_be_visible()
    await expect(card.get_by_text("Not rung: home is not safe")).to_have_count(1)
    await card.get_by_role("button", name="Show the number that ends 61").click()
    await expect(card.get_by_role("link", name="Ring 503-555-0161")).to_be_visible()
    await dana.presses("They were reached", card)
    await dana.presses("Keep it", card)
    await expect(card.get_by_text("Write a sentence.")).to_be_visible()
    await card.get_by_label("How are they?").fill("Tired, and with the aunt tonight.")
    await dana.presses("Keep it", card)
    await expect(card.get_by_text("Missed: the supervisor has been told.")).to_have_count(0)
    await expect(card.get_by_role("listitem").first).to_contain_text("Reached")
    # Times a person chooses anew, with what cannot be kept explained.
    await dana.presses("Change the times", card)
    await card.get_by_label("What did they tell us, and what are these for?").fill("The nights are hard.")
    await card.get_by_label("Check-in 1, day").fill("2020-01-01")
    await dana.presses("Plan these", card)
    await expect(card.get_by_text("The first check-in lies in the past.")).to_be_visible()
    assert await dana.objections("#follow-ups") == []
    dana.expects("status of 422")

    # Still to do leads to the call, not to a press that ends it.
    maya = await building.staff("Maya", "/tasks")
    await maya.page.get_by_role("link", name=re.compile("^Open the call: Ring somebody they trust")).click()
    card = maya.page.locator("#follow-ups")
    await expect(card.get_by_text("A release they signed")).to_be_visible()
    await card.get_by_role("button", name="Show the number of Elena Tull").click()
    await expect(card.get_by_text("Speak of them as “Marcus”.")).to_be_visible()
    await dana.presses("Write down the call", card)
    await card.get_by_label("Whom did you speak with?").select_option("Elena Tull, Sister")
    for label, words in (
        ("How safe is it at home?", "Calm. She is there until Friday."),
        ("Next steps", "She drives him on Thursday, and rings us if the nights get worse."),
        ("What you told them about the client", "That the days after are watched closely."),
    ):
        await card.get_by_label(label).fill(words)
    assert await maya.objections("#follow-ups") == []
    await dana.presses("Keep the call", card)
    await card.get_by_text("Earlier").click()
    await expect(card.locator("details li").first).to_contain_text("Reached")
    await card.get_by_role("button", name=re.compile("^Show what was said: Call")).first.click()
    await expect(card.get_by_text("Calm. She is there until Friday.")).to_be_visible()
