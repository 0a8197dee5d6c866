"""A client's record in the browser: found, read, changed by two people at once, reloaded half typed, put right."""

import re

import pytest
from playwright.async_api import Locator, expect

from app.demo.seed import PIN
from tests.browser.screens import Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def opens(screen: Screen, name: str) -> None:
    """By typing part of the name, as people do."""
    await screen.page.get_by_label("Find by name or telephone").fill(name[:5])
    await screen.page.get_by_role("link", name=name).click()
    await expect(screen.page.get_by_role("heading", level=1)).to_have_text(name)


def card(screen: Screen, title: str) -> Locator:
    return screen.page.get_by_role("region", name=title, exact=True)


async def changes(screen: Screen, section: str) -> None:
    await screen.presses(f"Change: {section}")


async def test_somebody_is_found_by_the_number_that_rings_and_what_matters_stands_first(
    building: Building, desk: Desk
) -> None:
    assert desk
    dana = await building.staff("Dana", "/clients")
    await dana.page.get_by_label("Find by name or telephone").fill("(503) 555-0144")
    await expect(dana.page.get_by_text("number of a contact")).to_be_visible()
    await dana.page.get_by_role("link", name="Ruth A.").click()
    crisis = card(dana, "In a crisis")
    await expect(crisis).to_contain_text("sealed")
    await dana.presses("Show, logged")
    await expect(crisis).to_contain_text("Biscuit: Leash him and shut the kitchen door")
    assert await dana.objections() == []
    await changes(dana, "Animals")
    await dana.presses("Add an animal")
    await expect(dana.page.get_by_role("group", name="Animal 3")).to_be_visible()
    assert await dana.objections() == []


async def test_two_people_write_the_same_answer_and_both_see_both(building: Building, desk: Desk) -> None:
    assert desk
    dana, maya = await building.staff("Dana", "/clients"), await building.staff("Maya", "/clients")
    maya.expects("status of 409 ")
    for screen in (dana, maya):
        await opens(screen, "Dev P.")
        await changes(screen, "What they asked for")
    await dana.page.get_by_label("What helps", exact=True).fill("Tea first, then talk.")
    await maya.page.get_by_label("What helps", exact=True).fill("Silence, then talk.")
    await maya.page.get_by_label("For whoever comes").fill("Ring twice.")
    await dana.presses("Save")
    await expect(card(dana, "What they asked for")).to_contain_text("One logged press shows it.")
    await maya.presses("Save")
    both = maya.page.get_by_role("group", name="Both of you wrote: What helps")
    await expect(both).to_contain_text("Tea first, then talk.")
    await expect(both).to_contain_text("Silence, then talk.")
    await expect(
        maya.page.get_by_text("Dana Whitlock changed this just now", exact=False).first
    ).to_be_visible()
    assert await maya.objections() == []
    await maya.presses("Keep mine")
    await maya.presses("Save")
    await expect(card(maya, "What they asked for")).to_contain_text("Silence, then talk.")
    await expect(card(maya, "What they asked for")).to_contain_text("Ring twice.")

    await maya.presses("Show the history")
    await maya.page.get_by_role("button", name=re.compile("What stood there, logged: version")).first.click()
    await expect(card(maya, "History")).to_contain_text("Tea first, then talk.")
    assert await maya.objections() == []
    await maya.page.get_by_role("button", name=re.compile("Entered in error: version")).first.click()
    await maya.page.get_by_label("Why was this wrong?").fill("Meant for somebody else.")
    await maya.presses("Mark it")
    await expect(card(maya, "History")).to_contain_text("Entered in error, said Maya Reyes")
    await expect(card(maya, "What they asked for")).to_contain_text("Tea first, then talk.")


async def test_half_a_sentence_survives_a_reload_and_a_lock(building: Building, desk: Desk) -> None:
    assert desk
    dana = await building.staff("Dana", "/clients")
    dana.expects("status of 423 ")
    # A page that is loaded again leaves a socket half open.
    dana.expects("WebSocket is closed before the connection is established")
    await opens(dana, "Leo F.")
    await changes(dana, "People at home")
    await dana.presses("Add somebody who lives there")
    await card(dana, "People at home").get_by_label("Name", exact=True).fill("Invented Uncle")
    await dana.page.get_by_label("About the house").fill("The walls are th")
    async with dana.page.expect_response(re.compile("/drafts/house")):
        pass
    await dana.page.reload()
    await expect(card(dana, "People at home")).to_contain_text("You began a change here")
    await dana.presses("Go on with: People at home")
    await expect(dana.page.get_by_label("About the house")).to_have_value("The walls are th")
    await expect(card(dana, "People at home").get_by_label("Name", exact=True)).to_have_value(
        "Invented Uncle"
    )
    await dana.page.locator("summary.me").click()
    await dana.presses("Cover this screen")
    await expect(dana.page.get_by_role("dialog", name="Covered")).to_be_visible()
    await dana.page.get_by_role("textbox", name="Your PIN").fill(PIN)
    await dana.types("Enter")
    await expect(dana.page.get_by_role("dialog", name="Covered")).to_have_count(0)
    await expect(dana.page.get_by_label("About the house")).to_have_value("The walls are th")
    await dana.page.get_by_label("About the house").fill("The walls are thin.")
    await dana.presses("Save")
    await expect(card(dana, "People at home")).to_contain_text("The walls are thin.")
    await dana.page.reload()
    await expect(dana.page.get_by_text("You began a change here")).to_have_count(0)
