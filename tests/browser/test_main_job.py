"""The main job, as the people of one evening do it: from silence to a ringing telephone to a written record."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Download, expect

from app.demo.seed import PIN
from tests.browser.screens import Building

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def read(saved: Download) -> str:
    return await asyncio.to_thread(Path(await saved.path()).read_text)


@pytest.mark.usefixtures("desk")
async def test_from_silence_to_verified_contact_to_the_log(building: Building) -> None:
    jon = await building.staff("Jon")
    dana = await building.staff("Dana")
    telephones = await building.window("the desk")
    await telephones.goes_to("/desk")
    await telephones.button("Drop: Marcus T.").click()

    # Everybody sees it, nobody has it; one key, and everybody sees who does.
    await expect(jon.alert("Marcus T.")).to_contain_text("Nobody has this yet")
    await expect(dana.alert("Marcus T.")).to_contain_text("Nobody has this yet")
    await jon.types("t")
    await expect(dana.alert("Marcus T.")).to_contain_text("Jon Bell has this")
    await expect(jon.alert("Marcus T.")).to_contain_text("You have this")

    await jon.types("o")
    await expect(jon.page.get_by_role("heading", level=1)).to_have_text("Marcus T.")

    # Jon's own telephone first, then Marcus's: they meet, and nobody heard a robot.
    await telephones.presses("Answer as Jon")
    await telephones.presses("Press 1")
    await telephones.presses("Answer as Marcus")
    await expect(telephones.page.get_by_text("with somebody on the other end").first).to_be_visible()
    await jon.presses("by voice")
    await expect(jon.page.get_by_text("Nobody has recognised them live yet.")).to_be_visible()
    await expect(dana.tile("Marcus T.")).to_contain_text("Reached by phone")

    # R3: nothing is chosen beforehand, and what is missing is asked for by name.
    await jon.types("r")
    form = jon.page.locator("form").filter(has=jon.button("Recognised", exact=True))
    await jon.presses("Recognised", form)
    await expect(form.get_by_text("Say how you recognised them.")).to_be_visible()
    await form.get_by_label("Voice, live").check()
    await jon.presses("Still at Home", form)
    await form.get_by_label("Alone", exact=True).check()
    await form.get_by_label("High", exact=True).check()
    await jon.presses("Recognised", form)
    await expect(jon.page.get_by_text("Recognised live by Jon Bell")).to_be_visible()
    await expect(dana.tile("Marcus T.")).to_contain_text("Seen live")

    await jon.button("Close with an outcome").first.click()
    form = jon.page.locator("form").filter(has=jon.button("Close it", exact=True))
    await form.get_by_label("Outcome").select_option(label="Reached, and steady")
    await form.get_by_label("Note for the record").fill("His router restarted. He is well and goes on.")
    await jon.presses("Close it", form)
    await expect(dana.alert("Marcus T.")).to_have_count(0)

    # The log has it all by itself, and gives it as a file.
    await dana.page.get_by_role("link", name="Incidents").click()
    row = dana.page.get_by_role("row").filter(has_text="Marcus T.").first
    await expect(row).to_contain_text("Reached, and steady")
    await expect(row).to_contain_text("Jon Bell")
    await row.get_by_role("link").first.click()
    story = dana.page.get_by_role("region", name="Timeline")
    for line in (
        "Marcus T. lost connection",
        "Jon Bell took it",
        "Rings Jon Bell's phone",
        "Jon Bell recognised Marcus",
    ):
        await expect(story).to_contain_text(line)
    await dana.goes_to("/incidents")
    # An export asks for the PIN again.
    dana.expects(r"status of 403 .*/incidents\.csv")
    async with dana.page.expect_download() as saved:
        await dana.presses("CSV")
        await dana.page.get_by_role("dialog").get_by_label("PIN").fill(PIN)
        await dana.types("Enter")
    assert "Marcus" in await read(await saved.value)
