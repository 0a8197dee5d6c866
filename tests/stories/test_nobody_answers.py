"""Nobody answers: the chain runs by itself up to the people, asks them again and again, and acts for nobody (R1)."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.stories.world import World

# The clinicians' table, seconds from the drop by tier: first call, neutral text, second number, supervisor, and when
# a person has been asked about contacts and about responders.
LIMITS = {
    "low": (60, 90, 180, 600, 900, 1800),
    "moderate": (45, 75, 120, 240, 360, 900),
    "high": (30, 60, 75, 120, 180, 300),
    "imminent": (20, 45, 60, 60, 120, 120),
}


@pytest.mark.row("T3", "Q3")
@pytest.mark.parametrize("tier", LIMITS)
async def test_each_act_starts_within_the_limit_of_its_tier_and_the_last_two_wait_for_a_person(
    world: World, tier: str
) -> None:
    call, text, second, supervisor, contact, decide = LIMITS[tier]
    await world.client("Ana", tier=tier, ends=("01", "02"))
    await world.contact("Ana", "Rosa Ramsey")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.alert("Ana")

    await world.until(contact + 1)
    steps = {step["key"] for step in (await jon.page("Ana"))["steps"] if step["id"]}
    assert "contact" in steps
    await world.until(decide + 1)
    steps = {step["key"] for step in (await jon.page("Ana"))["steps"] if step["id"]}
    assert "decide" in steps

    assert (await world.started("Ana"))[0] <= call
    assert (await world.started("Ana", "text"))[0] <= text
    assert (await world.started("Ana"))[1] <= second
    assert (await world.started("Dana"))[0] <= supervisor
    page = await jon.page("Ana")
    assert [step["key"] for step in page["steps"] if step["late_s"]] == []
    await world.never_rang("contact")
    assert [(step["key"], step["done_by"]) for step in page["steps"] if step["done_by"]] == []
    log = await jon.looks("/api/incidents")
    assert log.json()["rows"][0]["first_outreach_s"] == (await world.started("Ana"))[0]
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R1")
async def test_for_an_hour_nobody_decides_and_handrail_only_asks_again(world: World) -> None:
    await world.client("Ana", tier="moderate", first_outreach="do_not_ring")
    await world.contact("Ana", "Rosa Ramsey")
    await world.dispatch_line("Ana")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(900)

    await world.pass_time(3600)

    dana, robin = [
        [at for at in await world.started(name, page=True) if at >= 900] for name in ("Dana", "Robin")
    ]
    assert len(dana) >= 12
    assert len(robin) >= 12
    asked = sorted(dana + robin)
    assert max(later - earlier for earlier, later in pairwise(asked)) <= 300
    card = await jon.alert("Ana")
    assert card["tier"] == "moderate"
    assert card["owner"] is None
    page = await jon.page("Ana")
    assert not [line for line in page["timeline"] if line["kind"] in ("incident.decided", "client.disclosed")]
    await world.never_rang("contact", "Ana")
    await world.no_text_to("Ana")
    await world.may_ring()


@pytest.mark.row("R1")
async def test_at_high_supervisor_and_backup_are_asked_every_minute_together(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.alert("Ana")
    await world.until(300 + 30)
    await world.pass_time(5 * 60)
    for name in ("Dana", "Robin"):
        asked = [at for at in await world.started(name, page=True) if at >= 330]
        assert len(asked) >= 4, asked
        assert max(later - earlier for earlier, later in pairwise(asked)) <= 61
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R1")
async def test_at_low_a_reply_from_their_own_number_holds_contact_and_responders_and_asks_to_see_them(
    world: World,
) -> None:
    await world.client("Ana", tier="low")
    await world.contact("Ana", "Rosa Ramsey")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(95)
    assert "Ana" not in await world.text_to("Ana")
    await world.texts_back("Ana")
    assert "see-live" in await jon.stands_at("Ana")
    limit = (await jon.step("Ana", "see-live"))["limit_at"]
    assert limit == (world.now + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    assert (await jon.alert("Ana"))["state"] == "open"
    await world.pass_time(14 * 60)
    assert not {"contact", "decide", "page-decider"} & await jon.stands_at("Ana")
    await world.pass_time(2 * 60)
    assert {"contact", "decide"} & await jon.stands_at("Ana")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R1")
async def test_above_low_a_reply_holds_nothing(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(70)
    await world.texts_back("Ana")
    assert "see-live" not in await jon.stands_at("Ana")
    await world.until(301)
    assert {"decide", "page-decider"} & await jon.stands_at("Ana")
    await world.may_ring("Ana", *world.people)


async def test_the_supervisor_says_wait_and_the_wait_ends_with_a_question(world: World) -> None:
    await world.client("Ana", tier="moderate")
    await world.contact("Ana", "Rosa Ramsey")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await world.until(150)
    await dana.says("Ana", "supervisor", "wait")
    assert "wait-agreed" in await dana.stands_at("Ana")
    await world.pass_time(601)
    assert "decide" in await dana.stands_at("Ana")
    await world.may_ring("Ana", *world.people)
