"""The main job: from silence to a ringing phone to a written record."""

from tests.stories.world import World


async def test_a_client_whose_page_falls_silent_is_rung_within_the_minute_and_recognised(
    world: World,
) -> None:
    await world.client("Ana", tier="low")
    sam = await world.screen("Jon")
    await world.pass_time(20)
    await sam.shows("Ana", "present")

    world.falls_silent("Ana")
    await world.pass_time(16)
    alert = await sam.alert("Ana")
    assert alert["owner"] is None
    assert alert["tier"] == "low"

    await world.pass_time(14)
    jon = await world.rings("Jon")
    await jon.answers()
    await jon.presses("1")
    await world.pass_time(1)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    assert (await sam.alert("Ana"))["presence"]["state"] == "lost"

    await sam.press("Ana", "take")
    await sam.press("Ana", "reached", by="voice")
    await sam.press("Ana", "verified", checked=["voice"], place="Home", alone="yes", tier="low")
    await sam.press("Ana", "close", outcome="rejoined", note="Router restarted")
    await world.nothing_open("Ana")
