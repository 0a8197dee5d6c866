"""Somebody rings the office and nobody answers: seen on every board, until a person has handled it."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_missed_caller_stands_on_the_board_until_somebody_says_what_came_of_it(
    building: Building, desk: Desk
) -> None:
    jon, dana = await building.staff("Jon"), await building.staff("Dana")
    await desk.press(f"/clients/{await desk.client_id('Ana R.')}/ring-us")
    card = jon.page.get_by_role("region", name="Somebody rang us, and nobody has handled it")
    await expect(card.get_by_role("heading", name="Ana R.")).to_be_visible()
    await expect(card).to_contain_text(re.compile(r"Rang \d+:\d\d, and nobody answered\."))
    await expect(card.get_by_role("link", name=re.compile("^Ring back"))).to_have_attribute(
        "href", re.compile(r"^tel:")
    )
    assert await jon.objections() == []

    await desk.press(f"/clients/{await desk.client_id('Ana R.')}/ring-us")
    await expect(card).to_contain_text("Rang twice since")
    await jon.presses("Rang back, nobody answered, Ana R.", card)
    for one in (jon, dana):
        await expect(
            one.page.get_by_text(re.compile("Jon Bell rang back .* nobody answered"))
        ).to_be_visible()
    await dana.presses("I spoke with them, Ana R.")
    for one in (jon, dana):
        await expect(one.page.get_by_text("nobody has handled it")).to_have_count(0)
