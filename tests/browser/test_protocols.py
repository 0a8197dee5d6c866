"""Protocols on screen: read, drawn, walked through, compared, replayed, signed and put on paper."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from app.protocols import library
from tests.browser.screens import Building, Desk, Screen
from tests.browser.test_looks import looks_well

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOST = (library.SHIPPED / "connection-lost.yaml").read_text(encoding="utf-8")
# Another first step and a sooner first call, under a new number.
EDITED = (
    LOST.replace("version: 1.0.0", "version: 1.1.0", 1)
    .replace("assign", "who-takes-it")
    .replace(
        "due_s: {low: 60, moderate: 45, high: 30, imminent: 20}",
        "due_s: {low: 45, moderate: 40, high: 30, imminent: 20}",
        1,
    )
)


async def opens(screen: Screen, title: str) -> None:
    await screen.goes_to("/protocols")
    await screen.page.get_by_role("link", name=title, exact=True).first.click()
    await expect(screen.page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.row("I1")
async def test_any_clinician_reads_a_protocol_draws_it_and_walks_through_it(building: Building) -> None:
    jon = await building.staff("Jon", "/protocols")
    await expect(jon.page.get_by_role("region", name="In use").get_by_role("listitem")).to_have_count(18)
    await looks_well(jon, "the list")
    # The one with a limit for each of five tiers is the widest.
    await opens(jon, "Connection lost")
    await expect(jon.page.locator(".protocol-step").first).to_be_visible()
    await looks_well(jon, "the widest protocol, read")

    await jon.goes_to("/protocols")
    await opens(jon, "Imminent risk and emergency")
    steps = jon.page.locator(".protocol-step")
    dispatch = steps.filter(has=jon.page.get_by_role("heading", name="Dial the ten-digit line"))
    await expect(dispatch).to_contain_text("by 2 min")
    await expect(dispatch).to_contain_text("A person dials, and reads the card")
    await expect(jon.page.get_by_text("no siren if possible")).to_have_count(0)
    await jon.presses("Unsafe home")
    await expect(jon.page.get_by_text("no siren if possible").first).to_be_visible()
    await expect(dispatch.get_by_text("different here")).to_be_visible()
    await jon.presses("Read aloud")
    shown = jon.page.get_by_role("dialog")
    await expect(shown).to_contain_text("by 2 min: Dial the ten-digit line for the place, and read the card.")
    await jon.types("Escape")
    await looks_well(jon, "a protocol, read")

    await jon.presses("Drawing")
    drawn = jon.page.get_by_role("group", name="Drawing of Imminent risk and emergency")
    await drawn.get_by_role("link", name="Dial the ten-digit line").click()
    chosen = jon.page.get_by_role("region", name="Chosen step")
    await expect(chosen).to_contain_text("The next line; at last your own emergency number")
    await chosen.get_by_label("Show a step").select_option(
        label="Hand over to responders or to whoever receives the client"
    )
    await expect(chosen).to_contain_text("Over: treated at home")
    await looks_well(jon, "the drawing")

    await jon.presses("Dry run")
    asked = jon.page.get_by_role("region", name="Open now")
    await jon.button("Confirmed: Read back the place", asked).click()
    await expect(asked).to_contain_text("Dial the ten-digit line for the place, and read the card")
    await jon.button("Let 5 min pass").click()
    happened = jon.page.get_by_role("region", name="What happened")
    await expect(happened).to_contain_text("Rings supervisor, then backup, then on call")
    await expect(happened).to_contain_text("A person says “Confirmed”")
    await jon.presses("Take back the last press")
    await expect(asked).to_contain_text("Read back the place, unit, way in")
    await looks_well(jon, "a dry run")
    await expect(jon.button("Approve", exact=True)).to_have_count(0)
    await expect(jon.button("Replay", exact=True)).to_have_count(0)


async def test_a_protocol_is_put_on_paper(building: Building) -> None:
    jon = await building.staff("Jon")
    await opens(jon, "Medical emergency")
    async with jon.page.expect_download() as download:
        await jon.presses("PDF for the folder")
    assert (await download.value).suggested_filename == "medical-emergency.pdf"
    await jon.page.get_by_role("link", name="Print").click()
    await expect(jon.button("Print")).to_be_visible()
    await jon.page.emulate_media(media="print")
    await expect(jon.page.get_by_role("heading", name="Step by step")).to_be_visible()
    await expect(jon.button("Print")).not_to_be_visible()
    await expect(jon.page.get_by_role("banner")).not_to_be_visible()
    await jon.page.emulate_media(media="screen")
    await looks_well(jon, "the sheet")


@pytest.mark.row("B12")
async def test_a_supervisor_brings_a_file_sees_what_it_changes_replays_it_and_publishes_it(
    building: Building, desk: Desk, tmp_path: Path
) -> None:
    dana = await building.staff("Dana")
    await _one_incident(dana, desk)
    bad, good = tmp_path / "bad.yaml", tmp_path / "connection-lost.yaml"
    bad.write_text(EDITED.replace("timeout: page-decider}", 'timeout: "protocol:imminent-risk"}', 1))
    good.write_text(EDITED)
    await dana.goes_to("/protocols")
    await dana.presses("Bring a file")
    chooser = dana.page.get_by_label("Choose a file").last
    await chooser.set_input_files(str(bad))
    refused = dana.page.get_by_role("alert").filter(has_text="was refused")
    await expect(refused).to_contain_text("silence never starts another protocol")
    await expect(refused).to_contain_text("Line ")
    await looks_well(dana, "a file that was refused")
    await chooser.set_input_files(str(good))
    await expect(dana.page.get_by_text("Connection lost, version 1.1.0, is a draft now.")).to_be_visible()

    drafts = dana.page.get_by_role("region", name="To read and approve")
    await drafts.get_by_role("link", name="Connection lost").click()
    await expect(dana.page.get_by_text("version 1.1.0, Draft")).to_be_visible()
    await dana.presses("Differences")
    changed = dana.page.get_by_role("listitem").filter(has_text="low 1 min, moderate 45 s").first
    await expect(changed).to_contain_text("Ring the client")
    await expect(changed).to_contain_text("low 45 s, moderate 40 s, high 30 s, imminent 20 s")
    await looks_well(dana, "what is different")

    await dana.presses("Replay")
    await expect(
        dana.page.get_by_text(re.compile(r"^In (\d+) of \1 something would have been different"))
    ).to_be_visible()
    newest = dana.page.get_by_role("region", name=re.compile("^Incident 1:"))
    asked = newest.get_by_role("row").filter(has_text="Somebody takes the call")
    await expect(asked.filter(has_text="no longer")).to_have_count(1)
    await expect(asked.filter(has_text="new")).to_have_count(1)
    await expect(dana.page.get_by_text("Marcus")).to_have_count(0)
    await looks_well(dana, "a replay")

    for word, sure, done in (
        ("Approve", "Press again: you sign this version", "Approved, with your name."),
        ("Publish", "Press again: new incidents use it", "Published. New incidents use it."),
    ):
        await dana.presses(word)
        await dana.presses(sure)
        await expect(dana.page.get_by_text(done)).to_be_visible()
    await expect(dana.page.get_by_text("version 1.1.0, In use")).to_be_visible()
    await dana.goes_to("/protocols")
    await dana.presses("Show the retired one")
    retired = dana.page.get_by_role("region", name="Retired")
    await expect(retired).to_contain_text("replaced by a newer one, Dana Whitlock")
    await looks_well(dana, "the list with a retired version")
    await _as_it_was(dana)


async def _as_it_was(dana: Screen) -> None:
    """For the tests that follow: the shipped steps, under one more number."""
    text = LOST.replace("version: 1.0.0", "version: 1.2.0", 1)
    brought = await _asked(dana, "/protocols/files", {"name": "connection-lost.yaml", "text": text})
    for what in ("approve", "publish"):
        await _asked(dana, f"/protocols/{brought['version']['id']}/{what}", {})


async def _asked(dana: Screen, path: str, body: dict[str, Any]) -> Any:
    headers = {"Origin": dana.base, "Command-Id": str(uuid4())}
    answer = await dana.page.context.request.post(f"{dana.base}/api{path}", data=body, headers=headers)
    assert answer.ok, await answer.text()
    return await answer.json() if await answer.text() else None


async def _one_incident(dana: Screen, desk: Desk) -> None:
    """Marcus is lost, spoken with, recognised; the incident is closed. How that is pressed is told elsewhere."""
    await desk.drops("Marcus T.")
    await expect(dana.alert("Marcus T.")).to_be_visible()
    await dana.alert("Marcus T.").get_by_role("link").first.click()
    await expect(dana.page.get_by_role("heading", level=1, name="Marcus T.")).to_be_visible()
    path = dana.page.url.removeprefix(dana.base)
    found = {"checked": ["voice"], "place": "Home", "alone": "yes", "tier": "high"}
    for what, body in (
        ("reached", {"by": "voice"}),
        ("verified", found),
        ("close", {"outcome": "rejoined", "note": "Spoken with and recognised."}),
    ):
        await _asked(dana, f"{path}/{what}", body)
