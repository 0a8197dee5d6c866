"""Whom we may tell, whom we told, reports by law, emergency access and the second look, on a screen."""

import pytest
from playwright.async_api import expect

from app.demo.seed import PIN
from tests.browser.screens import Building, Desk
from tests.browser.test_looks import looks_well

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_release_is_written_down_and_revoked_and_the_answers_follow(
    building: Building, desk: Desk
) -> None:
    dana = await building.staff("Dana", f"/clients/{await desk.client_id('Ana R.')}")
    page = dana.page
    answers = page.get_by_role("region", name="Whom we may tell what, now")
    await expect(answers.get_by_text("has expired").first).to_be_visible()
    releases = page.get_by_role("region", name="Releases")
    await dana.presses("Write down a release", releases)
    await releases.get_by_label("Being called when we cannot reach them").check()
    await releases.get_by_label("What may be told").fill("That we lost touch.")
    await looks_well(dana, "a release being written", within=".record")
    await dana.presses("Save", releases)
    await expect(releases.get_by_text("in force")).to_be_visible()
    await expect(answers.get_by_text("A release they signed")).to_be_visible()
    await dana.button("Revoke: Lucía Robledo", releases).click()
    await releases.get_by_label("They said so").check()
    await dana.presses("Revoke", releases)
    await expect(answers.get_by_text("A release they signed")).to_have_count(0)
    await expect(answers.get_by_text("choose the tier").first).to_be_visible()


async def test_what_was_told_is_listed_and_an_office_is_asked_about_first(
    building: Building, desk: Desk
) -> None:
    marcus = await desk.client_id("Marcus T.")
    dana = await building.staff("Dana", f"/clients/{marcus}/disclosures")
    page = dana.page
    await expect(page.get_by_text("1 line belongs to the accounting")).to_be_visible()
    await dana.presses("Write down something told")
    await page.get_by_label("A hospital or other medical personnel").check()
    await page.get_by_label("Office, and the person’s name").fill("Invented Hospital, Nurse Testperson")
    await dana.presses("May I?")
    await expect(page.get_by_text("Yes. You may tell this much:")).to_be_visible()
    await looks_well(dana, "what was told, and a question")
    await page.get_by_role("textbox", name="What was told").fill("That he may come in tonight.")
    await page.get_by_role("textbox", name="What for").fill("Treatment")
    await dana.presses("Write it down")
    await expect(page.get_by_role("cell", name="Invented Hospital, Nurse Testperson")).to_be_visible()


async def test_a_report_is_begun_and_made(building: Building, desk: Desk) -> None:
    marcus = await desk.client_id("Marcus T.")
    dana = await building.staff("Dana", f"/clients/{marcus}/reports")
    page = dana.page
    await dana.presses("Begin a report")
    await page.get_by_label("A child", exact=True).check()
    await page.get_by_label("What was seen or heard").fill("A little brother is left alone at night.")
    await looks_well(dana, "a report being begun")
    await dana.presses("Begin it")
    await expect(page.get_by_text("not reported yet")).to_be_visible()
    await dana.presses("I have reported it")
    await page.get_by_label("Agency", exact=True).fill("Invented Child Line")
    await page.get_by_label("What was reported").fill("As it was said.")
    await looks_well(dana, "a report being made")
    await dana.presses("Write it down")
    await expect(page.get_by_text("to Invented Child Line")).to_be_visible()


async def test_emergency_access_is_opened_seen_and_looked_at(building: Building, desk: Desk) -> None:
    assert desk, "a new evening"
    sam = await building.staff("Sam", "/emergency-access")
    # The door asks for the PIN, and answers the press when it was given.
    sam.expects("status of 403 ")
    page = sam.page
    await page.get_by_label("Name used with us, whole").fill("Marcus T.")
    await page.get_by_label("They reached me, or somebody about them did").check()
    await page.get_by_label("What happened, in a sentence").fill("He rang my own number and wept.")
    await looks_well(sam, "emergency access being asked for")
    await sam.presses("Open this client for an hour")
    await sam.presses("Press again: open it, and tell the supervisors")
    await page.get_by_role("textbox", name="Your PIN").fill(PIN)
    await sam.presses("Go on")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Marcus T.")
    await expect(page.get_by_text("You have emergency access to Marcus T. until")).to_be_visible()

    dana = await building.staff("Dana", "/prepare")
    await expect(dana.page.get_by_text("for a supervisor’s second look.")).to_be_visible()
    await dana.page.get_by_role("link", name="Look at it").click()
    await expect(dana.page.get_by_text("He rang my own number and wept.")).to_be_visible()
    await dana.presses("Look at it")
    await dana.page.get_by_label("Yes, it was fitting").check()
    await dana.page.get_by_label("What you found").fill("Spoke with Sam: right to do so.")
    await looks_well(dana, "a second look")
    await dana.presses("Looked at")
    await expect(dana.button("Looked at")).to_have_count(0)
    await sam.presses("Give it back")
    await expect(page.get_by_text("You have emergency access")).to_have_count(0)


async def test_two_guardians_have_different_rights_and_one_is_barred(building: Building, desk: Desk) -> None:
    dana = await building.staff("Dana", f"/clients/{await desk.client_id('Imani B.')}")
    page = dana.page
    guardians = page.get_by_role("region", name="Guardians")
    await expect(guardians.get_by_text("decides on care", exact=True)).to_be_visible()
    await expect(guardians.get_by_text("gets no copies")).to_be_visible()
    await expect(guardians.get_by_text("Sole legal custody")).to_have_count(0)
    await dana.presses("Write down the rights of Terrence Blake", guardians)
    await expect(guardians.get_by_label("Custody note")).to_have_value("Every other weekend.")
    await looks_well(dana, "a guardian's rights being written", within=".record")
    await guardians.get_by_label("May have no contact: on the do-not-contact list").check()
    await guardians.get_by_label("What says so").fill("No-contact order 22-115.")
    await dana.presses("Keep it", guardians)
    await expect(guardians.get_by_text("Take their rights away first")).to_be_visible()
    await guardians.get_by_label("Is told in a crisis").uncheck()
    dana.expects("403")
    await dana.presses("Keep it", guardians)
    await page.get_by_role("textbox", name="Your PIN").fill(PIN)
    await dana.presses("Go on")
    await expect(guardians.get_by_text("do not contact", exact=True)).to_be_visible()
    never = page.get_by_role("region", name="Never call")
    await expect(never.get_by_text("Terrence Blake")).to_be_visible()
    answers = page.get_by_role("region", name="Whom we may tell what, now")
    await expect(answers.get_by_text("do-not-contact list").first).to_be_visible()
