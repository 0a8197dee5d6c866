"""They are back on screen, or somebody says so: who may call it over, and who may not (R3, R7, R9)."""

import pytest

from tests.stories.world import World


@pytest.mark.row("R9")
async def test_a_brief_drop_at_low_ends_with_i_see_them_and_one_attendance_line(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    assert (await jon.alert("Ana"))["brief_drop_allowed"]
    await world.until(25)
    phone = await world.rings("Jon")
    world.comes_back("Ana")
    await world.pass_time(2)
    assert await phone.is_over(), "the ringing ends politely"
    assert (await jon.alert("Ana"))["state"] == "open", "machines end nothing"
    incident_id = await jon.incident_id("Ana")

    await jon.taps("Ana", "seen")

    await jon.no_alert("Ana")
    await jon.shows("Ana", "present")
    page = await jon.page_of(incident_id)
    assert page["outcome"] == "brief_drop"
    assert page["verified_at"] is None
    assert "presence.attendance_line" in [line["kind"] for line in page["timeline"]]
    await world.pass_time(300)
    await world.never_rang("Ana", "Dana")
    await world.no_text_to("Ana")


@pytest.mark.row("R9")
async def test_the_third_brief_drop_in_one_session_asks_for_a_connection_plan(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    for times in (1, 2, 3):
        await world.drops("Ana")
        await jon.alert("Ana")
        world.comes_back("Ana")
        await world.pass_time(1)
        await jon.taps("Ana", "seen")
        marks = [mark["text"] for mark in (await jon.tile("Ana"))["marks"]]
        assert ("Agree a connection plan" in marks) == (times == 3)
        await world.pass_time(30)
    await world.may_ring()


@pytest.mark.row("R9")
async def test_once_somebody_answered_the_phone_a_brief_drop_needs_a_live_check(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(58)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    await ana.hangs_up()
    world.comes_back("Ana")
    await world.pass_time(1)
    assert not (await jon.alert("Ana"))["brief_drop_allowed"]
    await jon.taps("Ana", "seen")
    assert (await jon.alert("Ana"))["state"] == "open"
    assert "rejoin-check" in await jon.stands_at("Ana")
    await world.may_ring()
    await jon.press("Ana", "take")
    await jon.recognises("Ana")
    await jon.press("Ana", "close", outcome="rejoined")


@pytest.mark.row("R9")
@pytest.mark.parametrize("tier", ["moderate", "high"])
async def test_from_moderate_on_coming_back_always_means_a_private_check(world: World, tier: str) -> None:
    await world.client("Ana", tier=tier)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(1)
    card = await jon.alert("Ana")
    assert card["private_check"]
    assert not card["brief_drop_allowed"]
    await jon.taps("Ana", "seen")
    assert (await jon.alert("Ana"))["state"] == "open"
    assert "rejoin-check" in await jon.stands_at("Ana")
    assert "not be answered" in await jon.refused(
        "Ana", f"steps/{(await jon.step('Ana', 'rejoin-check'))['id']}/outcome", outcome="seen_brief_drop"
    )
    await jon.press("Ana", "take")
    await jon.recognises("Ana", tier=tier)
    await jon.press("Ana", "close", outcome="rejoined")
    await world.may_ring()
    await world.never_rang("Ana")


@pytest.mark.row("R9")
async def test_a_rejoin_check_that_nobody_makes_goes_to_the_supervisor_and_never_rings_who_is_on_screen(
    world: World,
) -> None:
    await world.client("Ana", tier="moderate")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(1)
    await jon.alert("Ana")
    await world.pass_time(330)
    assert await world.started("Dana", page=True)
    assert "check-overdue" in await jon.stands_at("Ana")
    await world.pass_time(600)
    await world.never_rang("Ana")
    await world.no_text_to("Ana")
    await world.may_ring()


async def test_lost_again_before_anybody_recognised_them_rings_at_once(world: World) -> None:
    await world.client("Ana", tier="moderate")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(40)
    assert "rejoin-check" in await jon.stands_at("Ana")
    await world.never_rang("Ana")
    world.falls_silent("Ana")
    await world.pass_time(30)
    await world.rings("Ana")
    kinds = [line["kind"] for line in (await jon.page("Ana"))["timeline"]]
    assert kinds.count("incident.client_back") == kinds.count("incident.client_lost_again") == 1
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R7")
async def test_not_responding_is_cleared_by_no_heartbeat_and_no_join_but_by_a_persons_live_check(
    world: World,
) -> None:
    await world.client("Ana", tier="high")
    await world.platform("Ana", "joined")
    jon = await world.screen("Jon")
    await jon.taps("Ana", "not-responding")
    assert (await jon.alert("Ana"))["headline"] == "Ana R. is not responding"
    await world.pass_time(20)
    await world.platform("Ana", "left", "lost")
    await world.platform("Ana", "joined", connection="two")
    world.comes_back("Ana")
    await world.pass_time(60)
    await jon.shows("Ana", "not_responding")
    page = await jon.page("Ana")
    assert page["back_at"] is None
    assert (await world.started("Ana"))[0] <= 30
    await world.may_ring("Ana", *world.people)

    await jon.press("Ana", "take")
    await jon.recognises("Ana", checked=["video"], tier="high")

    await jon.shows("Ana", "verified")
    await jon.press("Ana", "close", outcome="stabilized")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R7")
async def test_i_lost_them_stands_while_their_page_beats(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await jon.taps("Ana", "lost")
    assert (await jon.alert("Ana"))["headline"] == "Ana R.: staff lost sight of them"
    await world.pass_time(120)
    await jon.shows("Ana", "lost")
    assert (await world.started("Ana"))[0] <= 60
    await jon.taps("Ana", "seen")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R3")
async def test_nothing_but_a_person_who_recognised_them_live_makes_it_verified(world: World) -> None:
    await world.client("Ana", tier="moderate")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    phone = await world.rings("Jon")
    await (await phone.answers()).presses("1")
    await world.pass_time(1)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    await world.texts_back("Ana")
    world.comes_back("Ana")
    await world.pass_time(2)
    await jon.press("Ana", "reached", by="voice")
    card = await jon.page("Ana")
    assert card["verified_at"] is None
    assert "verify" in await jon.stands_at("Ana")
    assert "Recognise them live" in await jon.refused("Ana", "close", outcome="rejoined")

    nothing_checked = await jon.tries("Ana", "verified", checked=[], place="Home", alone="yes", tier="low")
    assert nothing_checked.status_code == 422
    by_text = await jon.tries("Ana", "verified", checked=["text"], place="Home", alone="yes", tier="low")
    assert by_text.status_code == 422
    no_place = await jon.tries("Ana", "verified", checked=["voice"], alone="yes", tier="low")
    assert no_place.status_code == 422

    await jon.recognises("Ana", checked=["voice", "question"], place="Home, kitchen", tier="moderate")
    page = await jon.page("Ana")
    assert page["verified_by"]["name"] == "Jon Bell"
    assert "Jon Bell recognised Ana, by voice and question. Tier moderate." in [
        line["text"] for line in page["timeline"]
    ]
    without_outcome = await jon.tries("Ana", "close", note="All well.")
    assert without_outcome.status_code == 422
    await jon.press("Ana", "close", outcome="rejoined")


@pytest.mark.row("R3")
async def test_staff_are_given_the_ordinary_question_and_nobody_asks_for_a_word(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    step = await jon.step("Ana", "verify")
    words = " ".join(script["text"] for script in step["scripts"])
    assert "yes or no" in words
    assert "agreed_ordinary_question" in words
    assert "code word" not in words
    await jon.recognises("Ana", tier="high")
    await world.may_ring("Ana", *world.people)


async def test_lowering_from_high_takes_two_so_one_persons_wish_is_noted(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    assert "Say why less" in await jon.refused("Ana", "tier", tier="low", reason="Sounds calm.")
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana", tier="low")
    page = await jon.page("Ana")
    assert page["tier"] == "high"
    assert any(
        "judged low; the tier stays until that is confirmed" in line["text"] for line in page["timeline"]
    )
    await world.may_ring("Ana", *world.people)
