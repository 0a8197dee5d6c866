"""Practice on the screens: a scene answered, words talked through, a protocol walked and kept, and the supervisor's look."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.screens import Building, Desk, Screen

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def answers_a_scene(jon: Screen) -> None:
    """Too low first: said plainly, with what would have lifted it."""
    page = jon.page
    await page.get_by_role("link", name="Calm, and worked out").click()
    await jon.presses("See what the rules say")
    await expect(page.get_by_text("Choose a tier, or “Not assessed”.")).to_be_visible()
    await jon.presses("Has thought how")
    await jon.presses("Low")
    await page.get_by_label("Words are enough for now").check()
    await jon.presses("See what the rules say")
    told = page.get_by_role("region", name="What the rules say")
    await expect(told).to_contain_text("Too low. The rules give High")
    await expect(told).to_contain_text("Plan: Specific")
    await expect(told).to_contain_text("A specific plan")
    assert await jon.objections() == []


async def talks_it_through(jon: Screen) -> None:
    """The first part, then a reply with its why; both are there again after a reload."""
    page = jon.page
    await jon.goes_to("/practice/words")
    await jon.presses("Begin")
    await jon.presses("Read. Go on")
    await expect(page.get_by_role("heading", name=re.compile("^Listening"))).to_be_focused()
    await jon.button(re.compile("Nobody listens to me here")).click()
    await jon.button(re.compile("Calm down first")).click()
    await expect(page.get_by_text("An order to be calm makes almost nobody calm.")).to_be_visible()
    await expect(page.get_by_text("1 of 9 done")).to_be_visible()
    await page.reload()
    await jon.button(re.compile("Nobody listens to me here")).click()
    await expect(page.get_by_text("He throws his headphones on the desk.")).to_be_visible()
    assert await jon.objections() == []


async def walks_a_protocol(jon: Screen) -> None:
    """By the rules that run; one step left out with its reason."""
    page = jon.page
    await jon.goes_to("/practice")
    await page.get_by_role("link", name="De-escalation in the group").click()
    await jon.button(re.compile("^Leave it out: Take one slow breath")).click()
    await jon.presses("Leave it out")
    await expect(page.get_by_text("Say why, in a few words.")).to_be_visible()
    await page.get_by_label("Why do you leave it out?").fill("My voice was slow already")
    await jon.presses("Leave it out")
    await jon.button(re.compile("^Done: ")).first.click()
    assert await jon.objections() == []
    await jon.presses("Keep it as it is")
    steps = page.get_by_role("list", name="Steps, in their order")
    await expect(steps.get_by_role("listitem").first).to_contain_text("left out: My voice was slow already")


@pytest.mark.row("M3", "N1", "W1")
async def test_a_clinician_practises_and_the_supervisor_sees_what_and_when(
    building: Building, desk: Desk
) -> None:
    assert desk
    jon = await building.staff("Jon", "/practice")
    page = jon.page
    await expect(page.get_by_role("region", name="This is practice")).to_contain_text("PRACTICE")
    await expect(page.get_by_text("Read and signed by Dana Whitlock")).to_be_visible()
    await expect(page.get_by_text("For clinical review")).to_be_visible()
    assert await jon.objections() == []
    await answers_a_scene(jon)
    await talks_it_through(jon)
    await walks_a_protocol(jon)

    dana = await building.staff("Dana", "/practice/team")
    mine = dana.page.get_by_role("listitem").filter(
        has=dana.page.get_by_role("heading", name="Jon Bell", exact=True)
    )
    await expect(mine).to_contain_text("2 walks")
    await mine.get_by_text("2 walks").last.click()
    await dana.button(re.compile("^Open: De-escalation"), mine).first.click()
    await expect(mine).to_contain_text("My voice was slow already")
    assert await dana.objections() == []
    await dana.goes_to("/practice/to-read")
    sign = dana.button("I read all of it: it is right for our program")
    await sign.click()
    await dana.presses("Press again: you sign it with your name")
    await expect(dana.page.get_by_text("Read and signed by Dana Whitlock")).to_have_count(2)
    assert await dana.objections("section:has(#read-scenes)") == []
