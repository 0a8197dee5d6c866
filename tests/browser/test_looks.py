"""Every staff screen in its main states, on a laptop and a phone, light and dark: nothing that axe objects to."""

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def looks_well(screen: Screen, what: str, within: str = "html") -> None:
    __tracebackhide__ = True
    await expect(screen.page.locator("main")).to_be_visible()
    assert await screen.objections(within) == [], what


async def test_the_doors(building: Building) -> None:
    somebody = await building.window()
    await somebody.goes_to("/")
    await expect(somebody.page.get_by_role("heading", name="Who are you tonight?")).to_be_visible()
    await looks_well(somebody, "the demo's people")
    await somebody.presses("Sign in with a passphrase instead")
    await looks_well(somebody, "the passphrase")
    await somebody.goes_to("/enrol")
    await expect(somebody.page.get_by_text("Part of this invitation is missing.")).to_be_visible()
    await looks_well(somebody, "an invitation of which a part is missing")
    await somebody.goes_to("/desk")
    await expect(somebody.page.get_by_text("11 clients, two groups")).to_be_visible()
    await looks_well(somebody, "the desk at rest")


SCREENS = {
    "/prepare": "Group session",
    "/incidents": "Incident log",
    "/clients": "Find by name or telephone",
    "/groups": "Open now",
    "/places": "Larch County dispatch",
    "/program": "Luis Romero",
}


@pytest.mark.parametrize("path", SCREENS)
async def test_the_screens_at_rest(building: Building, path: str) -> None:
    dana = await building.staff("Dana", path)
    await expect(dana.page.get_by_text(SCREENS[path]).first).to_be_visible()
    await looks_well(dana, path)


async def test_the_records(building: Building, desk: Desk) -> None:
    assert desk, "one evening is open"
    dana = await building.staff("Dana", "/clients")
    await dana.page.get_by_role("link", name="Skye M.").click()
    await expect(dana.page.get_by_role("heading", level=1)).to_have_text("Skye M.")
    await looks_well(dana, "a client's record")
    await dana.goes_to("/groups")
    # Evenings before this one are listed too.
    await dana.page.get_by_role("region", name="Open now").get_by_role("link", name="Teen evening").click()
    await expect(dana.page.get_by_text("Who is expected").first).to_be_visible()
    await looks_well(dana, "a group session")
    await dana.page.get_by_role("link", name="Group sheet").click()
    await expect(dana.page.get_by_text("Caleb N.").first).to_be_visible()
    await looks_well(dana, "the group sheet")


async def test_the_board_calm_alarmed_and_owned(building: Building, desk: Desk) -> None:
    dana = await building.staff("Dana")
    await expect(dana.tile("Marcus T.")).to_be_visible()
    await looks_well(dana, "the board, calm")
    await desk.drops("Marcus T.")
    await desk.drops("Skye M.")
    await expect(dana.alert("Skye M.")).to_be_visible()
    await looks_well(dana, "two alerts nobody has")
    await dana.types("t")
    await expect(dana.page.locator("article.owned")).to_be_visible()
    await looks_well(dana, "one of them owned")
    await dana.types("?")
    await looks_well(dana, "the keys")
    await dana.types("Escape")


async def test_the_board_with_three_lost_at_once(building: Building, desk: Desk) -> None:
    dana = await building.staff("Dana")
    await desk.press("/drop-three")
    await expect(dana.page.locator("article.outage")).to_be_visible()
    await looks_well(dana, "an outage")
    desked = await building.window("the desk")
    await desked.goes_to("/desk")
    await expect(desked.page.get_by_role("heading", name="Waiting")).to_be_visible()
    await looks_well(desked, "the desk under way")


async def test_an_incident_from_alert_to_dispatch(building: Building, desk: Desk) -> None:
    dana = await building.staff("Dana")
    await desk.drops("Marcus T.")
    await expect(dana.alert("Marcus T.")).to_be_visible()
    await dana.types("o")
    await expect(dana.page.get_by_role("region", name="Timeline")).to_be_visible()
    await looks_well(dana, "an incident nobody has")
    await dana.types("t")
    await expect(dana.page.get_by_text("You have this.")).to_be_visible()
    await dana.types("r")
    await expect(dana.page.get_by_text("How did you recognise them?")).to_be_visible()
    await looks_well(dana, "the live check")
    await dana.button("Not yet").click()
    await dana.types("e")
    await dana.types("e")
    await expect(dana.page.get_by_text("Read this aloud")).to_be_visible()
    writing = dana.page.get_by_role("region", name="In writing")
    await writing.get_by_text("Give it in writing").click()
    await expect(writing.get_by_text("They get:")).to_contain_text("They get:")
    await looks_well(dana, "the dispatch card")
    await writing.get_by_label("To whom").fill("Larch County dispatch, Officer Moss")
    await dana.presses("I give it to Larch County dispatch, Officer Moss", writing)
    await expect(writing.get_by_text("Given to Larch County dispatch, Officer Moss.")).to_be_visible()
    async with dana.page.expect_download() as saved:
        await writing.get_by_role("link", name="Paper").click()
    assert (await saved.value).suggested_filename == "for-responders.pdf"


async def test_a_covered_screen(building: Building) -> None:
    dana = await building.staff("Dana")
    dana.expects("status of 423 ")
    await dana.page.locator("summary.me").click()
    # What an open menu lies over is half covered for as long as its owner wants it.
    await looks_well(dana, "the menu", within=".menu")
    await dana.presses("Cover this screen")
    await expect(dana.page.get_by_role("dialog", name="Covered")).to_be_visible()
    assert await dana.objections() == []
    # The largest figures of the product stand in one of its narrowest cards.
    for width in (1440, 390):
        await dana.page.set_viewport_size({"width": width, "height": 844})
        card = await dana.page.locator(".cover .card").bounding_box()
        clock = await dana.page.locator(".cover .now").bounding_box()
        assert card
        assert clock
        assert clock["x"] + clock["width"] < card["x"] + card["width"], width
