"""A group session from an empty calendar to its end, by a supervisor, one clinician and one client."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from app.demo.people import TIME_ZONE
from tests.browser.screens import PHONE, Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def adds_a_client(dana: Screen) -> None:
    await dana.presses("Add a client")
    await dana.page.get_by_label("Name used with me").fill("Nora E.")
    await dana.page.get_by_label("Safe to say at home and on voicemail").fill("Nora")
    await dana.page.get_by_label("Legal name, for responders").fill("Nora Example")
    await dana.presses("Add")
    await expect(dana.page.get_by_role("heading", level=1)).to_have_text("Nora E.")


async def schedules_with_one_person(dana: Screen) -> None:
    begins = datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)) + timedelta(minutes=1)
    await dana.goes_to("/groups")
    await dana.presses("New group")
    await dana.page.get_by_label("Name of the group").fill("Late steps")
    await dana.presses("Add the group")
    await dana.page.get_by_label("Group", exact=True).select_option(label="Late steps")
    await dana.page.get_by_label("Day").fill(begins.date().isoformat())
    await dana.page.get_by_label("Begins").fill(f"{begins:%H:%M}")
    await dana.page.get_by_label("Ends").fill(f"{begins + timedelta(hours=1):%H:%M}")
    for place, name in (("Lead", "Luis"), ("Supervisor", "Dana"), ("Backup", "Jon")):
        options = dana.page.get_by_label(place, exact=True)
        await options.select_option(
            value=await options.locator("option", has_text=name).get_attribute("value")
        )
    await dana.page.get_by_label("Why with one person").fill("Priya is ill, and nobody else is free.")
    await dana.presses("Schedule it")


async def fills_the_roster(dana: Screen) -> str:
    """Gives Nora's link, which is shown once."""
    await dana.presses("Add a client")
    for name in ("Nora E.", "Marcus T."):
        await dana.page.get_by_label("Add a client").select_option(label=name)
        await dana.presses("Add")
        await expect(dana.page.get_by_role("row").filter(has_text=name)).to_be_visible()
    await dana.presses("Make a link: Nora E.")
    shown = dana.page.get_by_role("dialog", name="Link for Nora E.")
    link = await shown.locator(".link-shown").inner_text()
    await dana.presses("Close", shown)
    return link


async def checks_in(nora: Screen, link: str) -> None:
    await nora.page.goto(link)
    await nora.presses("Go on")
    await nora.page.get_by_role("radio", name="Somewhere else").click()
    await nora.page.get_by_label("Street and number, or the name of the place").fill("9 Example Street")
    await (
        nora.page.get_by_role("group", name=re.compile("on your own"))
        .get_by_role("radio", name="Yes")
        .click()
    )
    await nora.presses("I’m ready")
    await expect(nora.page.get_by_role("heading", name="You’re connected")).to_be_visible()


async def test_from_an_empty_calendar_to_a_closed_group(building: Building, desk: Desk) -> None:
    assert desk
    dana = await building.staff("Dana", "/clients")
    await adds_a_client(dana)
    await schedules_with_one_person(dana)
    link = await fills_the_roster(dana)

    luis = await building.staff("Luis", "/groups")
    await luis.page.get_by_role("link", name="Late steps").click()
    await expect(luis.page.get_by_text("With one person: Priya is ill")).to_be_visible()
    await luis.button(re.compile("^Open with .* gaps?$")).click()
    await expect(luis.page.get_by_role("region", name="Late steps")).to_be_visible()
    await expect(luis.tile("Nora E.")).to_contain_text("No place today")

    nora = await building.window("Nora", viewport=PHONE)
    await checks_in(nora, link)
    await expect(luis.tile("Nora E.")).to_contain_text("9 Example Street")
    await expect(luis.tile("Nora E.")).to_contain_text("alone")

    # R19: somebody at high who never came needs a word before the group closes.
    await luis.page.get_by_role("link", name="Late steps").click()
    await luis.presses("Close the group")
    await luis.presses("Close it")
    await expect(luis.page.get_by_text("Choose what came of it.")).to_be_visible()
    await (
        luis.page.get_by_role("group", name="What came of it for Marcus T.?").get_by_label("Excused").check()
    )
    await luis.presses("Close it")
    await expect(luis.page.locator(".title")).to_contain_text("Over")
    await luis.goes_to("/")
    await expect(luis.page.get_by_role("region", name="Late steps")).to_have_count(0)
    await nora.page.reload()
    await expect(nora.page.get_by_role("heading", name="That was it for today")).to_be_visible()
