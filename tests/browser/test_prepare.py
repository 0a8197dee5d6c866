"""Prepare and Still to do: a gap stands beside the press that mends it, is handed on, done, and taken back."""

import re

import pytest
from playwright.async_api import expect

from app.demo.seed import PIN
from tests.browser.screens import Building, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_gap_is_handed_on_done_and_taken_back(building: Building, desk: Desk) -> None:
    assert desk, "one evening is open"
    maya = await building.staff("Maya", "/prepare")
    await expect(maya.page.get_by_role("columnheader", name="Contact and consent")).to_be_visible()
    await expect(maya.page.get_by_text(re.compile(r"^\d of 5 ready$")).first).to_be_visible()
    ana = maya.page.get_by_role("row").filter(has_text="Ana R.")
    await maya.presses("Hand on “Nobody may be called yet”: Ana R.", ana)
    asked = maya.page.get_by_role("dialog", name="Hand it on")
    await expect(asked.get_by_label("What is to be done")).to_have_value(re.compile("Ask for a release"))
    await asked.get_by_label("To whom").select_option(label="Jon Bell")
    assert await maya.objections("dialog") == []
    await maya.presses("Hand it to Jon Bell", asked)
    await expect(ana).to_contain_text("Jon Bell has it")

    jon = await building.staff("Jon", "/tasks")
    task = jon.page.get_by_role("listitem").filter(has_text="Ask for a release")
    await expect(task).to_contain_text("from Maya Reyes")
    assert await jon.objections() == []
    await task.get_by_role("button", name=re.compile("^Done")).click()
    await expect(task).to_have_count(0)
    await jon.presses("Done", jon.page.get_by_role("group", name="Which tasks"))
    await task.get_by_role("button", name=re.compile("^Not done after all")).click()
    await expect(task).to_have_count(0)
    await jon.page.get_by_role("group", name="Which tasks").get_by_role("button", name="Mine").click()
    await expect(task).to_have_count(1)
    # The press beside a task leads to where the record mends it.
    await task.get_by_role("link", name="Open the record: Ana R.").click()
    await expect(jon.page.get_by_role("heading", level=1)).to_have_text("Ana R.")
    assert jon.page.url.endswith("#release")


async def test_a_number_is_rung_by_hand_and_what_came_of_it_is_kept(building: Building, desk: Desk) -> None:
    assert desk
    maya = await building.staff("Maya", "/prepare")
    ruth = maya.page.get_by_role("row").filter(has_text="Ruth A.")
    await maya.presses("Ring to test: Ruth A.", ruth)
    asked = maya.page.get_by_role("dialog", name="Ring Ruth A. once")
    await maya.presses("Show the number", asked)
    await expect(asked.get_by_role("link", name=re.compile("Call 503-555-01"))).to_be_visible()
    assert await maya.objections("dialog") == []
    await maya.presses("They answered", asked)
    await expect(ruth.get_by_text("Not rung yet, or long ago")).to_have_count(0)


async def test_a_file_is_read_before_it_is_taken(building: Building, desk: Desk) -> None:
    assert desk
    dana = await building.staff("Dana", "/bring")
    rows = (
        "Name used,Name safe at home,Legal name,Birth date\n"
        "Nila Q.,Nila,Nila Invented Quist,1991-04-30\nOtto V.,Otto,Otto Invented Vale,31.02.1990\n"
    )
    given = {"name": "clients.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    await dana.page.get_by_label("The file", exact=True).set_input_files([given])  # type: ignore[list-item]
    await expect(dana.page.get_by_text("1 line would be added")).to_be_visible()
    await expect(dana.page.get_by_text("is not a day in the calendar")).to_be_visible()
    assert await dana.objections() == []
    # The PIN is asked for: the browser writes down that first answer.
    dana.expects(r"status of 403 .*/api/bring/clients$")
    await dana.presses("Take the 1 good line")
    asked = dana.page.get_by_role("dialog", name="Your PIN, please")
    await asked.get_by_label("PIN").fill(PIN)
    await dana.page.keyboard.press("Enter")
    await expect(dana.page.get_by_text("1 line added.")).to_be_visible()
