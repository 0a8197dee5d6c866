"""R24: everyone's channel. Text or relay first where that is how they are reached, words in their language, and a
telephone number for the group itself, printed where a connection is lost."""

from typing import Any

import pytest

from tests.house import Browser
from tests.stories.world import World

DIAL_IN = "503-555-0100, code 4471"


async def group_of(browser: Browser) -> dict[str, Any]:
    [group] = (await browser.get("/api/groups")).json()
    found: dict[str, Any] = group
    return found


@pytest.mark.row("R24")
async def test_each_client_is_reached_by_their_channel_in_their_language_with_the_groups_number_at_hand(
    world: World,
) -> None:
    await world.client("Ana", first_outreach="text_first", language="es", interpreter_needed=True)
    await world.client("Ben", first_outreach="relay", ends=("03",))
    dana, jon = await world.screen("Dana"), await world.screen("Jon")
    group = await group_of(dana.browser)
    saved = await dana.browser.sends("PUT", f"/api/groups/{group['id']}/dial-in", {"dial_in": DIAL_IN})
    assert saved.json()["dial_in"] == DIAL_IN

    # Text first counts for the one minute, and it is in her language.
    await world.drops("Ana")
    alert = await jon.alert("Ana")
    assert (alert["client_first_outreach"], alert["dial_in"]) == ("text_first", DIAL_IN)
    await world.until(58)
    assert "Responda este mensaje" in await world.text_to("Ana")
    assert (await world.started("Ana", "text"))[0] <= 60
    await world.never_rang("Ana")
    page = await jon.page("Ana")
    assert page["meeting"]["dial_in"] == DIAL_IN
    assert page["person"]["interpreter_needed"]
    await world.may_ring("Ana", *world.people)
    await jon.ends_well("Ana")

    # Through his relay service: staff are told so, and nothing rings around it.
    await world.drops("Ben")
    assert (await jon.alert("Ben"))["client_first_outreach"] == "relay"
    await world.pass_time(5)
    await world.may_ring("Ben", *world.people)
    await jon.ends_well("Ben")

    # Where there is no screen it stands on paper.
    sheet = await jon.looks(f"/api/group-sessions/{world.group_session_id}/sheet")
    assert sheet.json()["dial_in"] == DIAL_IN
