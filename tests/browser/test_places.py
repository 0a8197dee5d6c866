"""Whom to ring where people are: one key on the board, one press to check a line, and a file that somebody brings."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk
from tests.browser.test_looks import looks_well

pytestmark = pytest.mark.asyncio(loop_scope="session")

FILE = """Kind,Agency,Number,Counties,Police
Dispatch,Elm County dispatch,503-555-0170,"Elm County, OR",yes
Dispatch,Oak County dispatch,911,"Oak County, OR",yes
"""


@pytest.mark.row("P9")
async def test_one_key_shows_whom_to_ring_for_everybody_and_on_an_incident_for_its_client(
    building: Building, desk: Desk
) -> None:
    dana = await building.staff("Dana")
    await expect(dana.tile("Marcus T.")).to_be_visible()
    await dana.types("q")
    shown = dana.page.get_by_role("dialog")
    await expect(shown.get_by_role("heading", name="Whom to ring, where they are")).to_be_visible()
    marcus = shown.get_by_role("row").filter(has_text="Marcus T.")
    await expect(marcus.get_by_role("link", name="406-555-0110")).to_be_visible()
    await expect(marcus.get_by_role("link", name="406-555-0112")).to_be_visible()
    await expect(shown.get_by_text("988 follows the phone that calls")).to_be_visible()
    await expect(shown.get_by_text("14 Invented Lane")).to_have_count(0)
    await expect(marcus.get_by_text("Licence for Montana?").first).to_be_visible()
    await looks_well(dana, "the quick reference on the board", "dialog[open]")
    await dana.types("Escape")
    await expect(shown).to_have_count(0)
    await desk.drops("Marcus T.")
    await expect(dana.alert("Marcus T.")).to_be_visible()
    await dana.types("o")
    await expect(dana.page.get_by_role("heading", level=1, name="Marcus T.")).to_be_visible()
    await dana.types("q")
    rows = dana.page.get_by_role("dialog").get_by_role("row")
    await expect(rows.filter(has_text="406-555-0110")).to_have_count(1)
    await expect(rows.filter(has_text="Ana R.")).to_have_count(0)
    await looks_well(dana, "the quick reference on an incident", "dialog[open]")


@pytest.mark.row("M11")
async def test_the_directory_is_checked_in_one_press_and_keeps_partners_and_their_agreements(
    building: Building,
) -> None:
    sam = await building.staff("Sam", "/places")
    team = sam.page.get_by_role("row").filter(has_text="Harbor mobile crisis team")
    await expect(team.get_by_text("never checked")).to_be_visible()
    await sam.presses("It answers: Harbor mobile crisis team")
    await expect(team.get_by_text("by Sam Okafor")).to_be_visible()
    await sam.presses("Undo")
    await expect(team.get_by_text("never checked")).to_be_visible()
    partner = sam.page.get_by_role("row").filter(has_text="Harbor peer support")
    await expect(partner.get_by_text("agreement until Dec 31, 2027")).to_be_visible()
    await expect(partner.get_by_text("Partner organisation")).to_be_visible()
    await expect(sam.button("Add a line")).to_have_count(0)


async def test_every_part_of_places_looks_well(building: Building) -> None:
    dana = await building.staff("Dana", "/places")
    await expect(dana.page.get_by_text("Larch County dispatch").first).to_be_visible()
    await dana.presses("Add a line")
    await dana.page.get_by_text("More about this line").click()
    await looks_well(dana, "a new line")
    await dana.presses("Cancel")
    await dana.page.get_by_label("ZIP code", exact=True).fill("97201")
    await expect(dana.page.get_by_text("Likely Portland, Multnomah County, Oregon.")).to_be_visible()
    await dana.page.get_by_label("Town", exact=True).fill("Harbor City")
    await dana.presses("Show the lines")
    found = dana.page.get_by_role("region", name="Whom to ring for a place")
    await expect(found.get_by_text("Harbor City communications centre")).to_be_visible()
    await looks_well(dana, "lines for a place", "section[aria-labelledby=for-place]")
    await dana.presses("Emergency numbers")
    await expect(dana.page.get_by_role("heading", name="New Zealand")).to_be_visible()
    await looks_well(dana, "emergency numbers")
    await dana.presses("State cards")
    await expect(dana.page.get_by_text("Invented for practice. Not law.").first).to_be_visible()
    await dana.presses("Add a card")
    await looks_well(dana, "state cards")


async def test_a_file_is_explained_before_it_is_taken_and_the_rest_comes_back(
    building: Building, tmp_path: Path
) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(FILE)
    dana = await building.staff("Dana", "/places")
    await dana.page.get_by_label("Choose a CSV file").set_input_files(str(path))
    await expect(dana.page.get_by_text("1 new, 0 changed, 0 there already.")).to_be_visible()
    row = dana.page.get_by_role("row").filter(has_text="Oak County dispatch")
    await expect(row.get_by_text("emergency number")).to_be_visible()
    await looks_well(dana, "a file that would be brought", "section[aria-labelledby=bring-title]")
    async with dana.page.expect_download() as download:
        await dana.presses("Save the lines to mend")
    await (await download.value).save_as(tmp_path / "rest.csv")
    rest = (tmp_path / "rest.csv").read_text("utf-8-sig")
    assert '"3"' in rest
    assert "Oak County dispatch" in rest
    assert "Elm" not in rest
    await dana.presses("Take the 1 line that is right")
    await expect(dana.page.get_by_text("Done: 1 added, 0 changed.")).to_be_visible()
    await expect(dana.page.get_by_role("row").filter(has_text="Elm County dispatch")).to_be_visible()


@pytest.mark.row("P8", "N8")
async def test_the_dispatch_card_puts_a_team_without_police_before_dispatch(
    building: Building, desk: Desk
) -> None:
    dana = await building.staff("Dana")
    await desk.drops("Marcus T.")
    await dana.alert("Marcus T.").get_by_role("link").first.click()
    await expect(dana.page.get_by_role("heading", level=1, name="Marcus T.")).to_be_visible()
    await dana.goes_to(dana.page.url.removeprefix(dana.base) + "/dispatch")
    await expect(dana.page.get_by_role("link", name="406-555-0110")).to_be_visible()
    await looks_well(dana, "the dispatch card")
