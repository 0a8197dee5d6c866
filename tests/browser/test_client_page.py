"""What a client's own page and the board say to each other."""

import pytest
from playwright.async_api import expect

from tests.browser.screens import PHONE, Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_private_note_is_read_by_the_two_staff_and_nobody_else(
    building: Building, desk: Desk
) -> None:
    sam, dana = await building.staff("Sam"), await building.staff("Dana")
    leo = await building.window("Leo", viewport=PHONE)
    await leo.page.goto(await desk.page_of("Leo F."))
    await leo.presses("Go on")
    await leo.page.get_by_label("A private note to Sam and Priya").fill("my brother is listening")
    await leo.presses("Send")
    await expect(leo.page.get_by_text("Sent.")).to_be_visible()

    await expect(dana.tile("Leo F.")).to_contain_text("Private note")
    await expect(dana.button("Read the private note")).to_have_count(0)
    await sam.presses("Read the private note", sam.tile("Leo F."))
    await expect(sam.tile("Leo F.")).to_contain_text("“my brother is listening”")
    await expect(dana.tile("Leo F.")).not_to_contain_text("Private note")
    await sam.presses("Close", sam.tile("Leo F."))
    await expect(sam.tile("Leo F.")).not_to_contain_text("my brother is listening")


async def test_another_device_waits_until_staff_let_it_in_with_one_press(
    building: Building, desk: Desk
) -> None:
    sam = await building.staff("Sam")
    link = await desk.page_of("Leo F.")
    laptop = await building.window("Leo's laptop")
    await laptop.page.goto(link)
    await laptop.presses("Go on")
    await expect(laptop.page.get_by_role("heading", name="You’re connected")).to_be_visible()
    tablet = await building.window("Leo's tablet", viewport=PHONE)
    await tablet.page.goto(link)
    await tablet.presses("Go on")
    await expect(tablet.page.get_by_role("heading", name="Please ring us")).to_be_visible()

    await sam.presses("Let the other device in", sam.tile("Leo F."))
    await expect(sam.button("Let the other device in")).to_have_count(0)
    await tablet.page.get_by_role("link", name="Try again").click()
    await expect(tablet.page.get_by_role("heading", name="You’re connected")).to_be_visible()


async def test_a_moment_and_a_new_place_are_on_the_board_at_once(building: Building, desk: Desk) -> None:
    sam = await building.staff("Sam")
    leo = await building.window("Leo", viewport=PHONE)
    await leo.page.goto(await desk.page_of("Leo F."))
    await leo.presses("Go on")
    await leo.presses("I need a moment")
    await expect(sam.tile("Leo F.")).to_contain_text("Asked for a moment")
    await leo.page.get_by_text("I’m somewhere else now").click()
    await leo.page.get_by_label("Street and number, or the name of the place").fill("The library")
    await leo.page.locator("form[action='/c/place']").get_by_role("button", name="Tell us").click()
    await expect(sam.tile("Leo F.")).to_contain_text("The library")
