"""Who is here: what silence means, what people tell us, and whom a machine must not call lost (R10, R19, T2)."""

from datetime import datetime, timedelta

import pytest

from tests.stories.world import World


@pytest.mark.row("R10")
async def test_a_hidden_page_is_present_while_the_platform_says_so(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.platform("Ana", "joined")
    world.hides_page("Ana")
    await world.pass_time(15 * 60)
    await jon.shows("Ana", "present")
    assert not (await jon.tile("Ana"))["presence"]["ask"]
    await jon.no_alert("Ana")


@pytest.mark.row("R10")
async def test_without_a_platform_a_hidden_page_asks_staff_once_and_i_see_everyone_stands_for_fifteen_minutes(
    world: World,
) -> None:
    await world.client("Ana", ends=("01",))
    await world.client("Ben", ends=("02",))
    jon = await world.screen("Jon")
    await world.pass_time(5)
    world.hides_page("Ana")
    await world.pass_time(20)
    await jon.shows("Ana", "quiet")
    assert (await jon.tile("Ana"))["presence"]["ask"]
    assert not (await jon.tile("Ben"))["presence"]["ask"]

    await jon.sees_everyone()

    await jon.shows("Ana", "present")
    await world.pass_time(14 * 60)
    await jon.shows("Ana", "present")
    await jon.sees_everyone()
    await world.pass_time(14 * 60)
    await jon.shows("Ana", "present")
    assert not (await jon.tile("Ana"))["presence"]["ask"]
    await world.pass_time(2 * 60)
    await jon.shows("Ana", "quiet")
    await jon.no_alert("Ana")


@pytest.mark.row("R10")
@pytest.mark.parametrize(("tier", "asked_for"), [("low", 90), ("high", 45)])
async def test_a_question_that_nobody_answers_is_not_an_answer(
    world: World, tier: str, asked_for: int
) -> None:
    await world.client("Ana", tier=tier)
    jon = await world.screen("Jon")
    await world.pass_time(5)
    world.hides_page("Ana")
    await world.pass_time(20)
    await jon.shows("Ana", "quiet")
    await world.pass_time(asked_for)
    alert, tile = await jon.alert("Ana"), await jon.tile("Ana")
    assert alert["presence"]["state"] == tile["presence"]["state"] == "lost"
    assert alert["drop_at"] == alert["presence"]["since"] == tile["presence"]["since"], "one age of one loss"
    assert datetime.fromisoformat(alert["learned_at"]) > datetime.fromisoformat(alert["drop_at"])
    await world.may_ring("Ana", *world.people)


async def test_a_page_in_view_that_falls_silent_is_lost_within_its_grace_unless_the_platform_has_them(
    world: World,
) -> None:
    await world.client("Ana", ends=("01",))
    await world.client("Ben", ends=("02",))
    await world.platform("Ben", "joined")
    jon = await world.screen("Jon")
    world.falls_silent("Ana", "Ben")
    await world.pass_time(14)
    assert await jon.alerts() == ["Ana"]
    await jon.alert("Ana")
    await jon.shows("Ben", "present")
    await world.may_ring("Ana")


async def test_moving_to_a_breakout_room_raises_no_alarm(world: World) -> None:
    await world.client("Ana", tier="high", page=False)
    jon = await world.screen("Jon")
    await world.platform("Ana", "joined", connection="main")
    await world.pass_time(60)
    await world.platform("Ana", "left", "moved", connection="main")
    await world.pass_time(3)
    await world.platform("Ana", "joined", connection="breakout")
    await world.pass_time(300)
    await jon.shows("Ana", "present")


async def test_a_join_that_arrives_before_the_leave_and_a_late_leave_lose_nobody(world: World) -> None:
    await world.client("Ana", tier="high", page=False)
    jon = await world.screen("Jon")
    await world.platform("Ana", "joined", connection="one")
    await world.pass_time(60)
    await world.platform("Ana", "joined", connection="two")
    await world.platform("Ana", "left", "lost", connection="one", ago=1)
    await world.pass_time(60)
    await jon.shows("Ana", "present")
    await world.platform("Ana", "left", "lost", connection="one", ago=61)
    await world.pass_time(60)
    await jon.shows("Ana", "present")


async def test_the_platform_says_that_the_connection_broke(world: World) -> None:
    await world.client("Ana", page=False)
    jon = await world.screen("Jon")
    await world.platform("Ana", "joined")
    await world.pass_time(60)
    await world.platform("Ana", "aborted", "lost")
    assert (await jon.alert("Ana"))["headline"] == "Ana R. lost connection"
    await world.until(60)
    assert (await world.started("Ana"))[0] <= 60
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R19")
@pytest.mark.parametrize(("tier", "waits"), [("low", True), ("high", False)])
async def test_pressing_leave_and_telling_nobody_asks_for_a_minute_below_high(
    world: World, tier: str, waits: bool
) -> None:
    await world.client("Ana", tier=tier, page=False)
    jon = await world.screen("Jon")
    await world.platform("Ana", "joined")
    await world.pass_time(60)
    await world.platform("Ana", "left", "deliberate")
    if waits:
        await jon.shows("Ana", "left")
        assert (await jon.tile("Ana"))["presence"]["ask"]
        await jon.no_alert("Ana")
        await world.pass_time(61)
    assert (await jon.alert("Ana"))["headline"] == "Ana R. left early"
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R19")
async def test_a_told_leave_near_its_time_is_a_planned_one(world: World) -> None:
    await world.client("Ana", tier="high", page=False)
    jon = await world.screen("Jon")
    await world.platform("Ana", "joined")
    at = world.now + timedelta(minutes=30)
    await jon.taps("Ana", "leaving", at=at.isoformat())
    await world.pass_time(29 * 60)
    await jon.shows("Ana", "leaving")
    await world.platform("Ana", "left", "deliberate")
    await jon.shows("Ana", "left_planned")
    await world.pass_time(30 * 60)
    await jon.no_alert("Ana")


@pytest.mark.row("R19")
async def test_back_in_five_that_is_not_kept_is_lost_from_the_told_time_on(world: World) -> None:
    await world.client("Ana", tier="moderate")
    ana = await world.companion("Ana")
    jon = await world.screen("Jon")
    await ana.taps("away")
    await jon.shows("Ana", "away")
    told = world.now + timedelta(minutes=5)
    world.falls_silent("Ana")
    await world.pass_time(4.5 * 60)
    await jon.no_alert("Ana")
    await world.pass_time(45)
    card = await jon.alert("Ana")
    assert card["headline"] == "Ana R. is not back at the time they told us"
    assert abs((datetime.fromisoformat(card["drop_at"]) - told).total_seconds()) < 1
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R19")
async def test_back_before_the_time_is_simply_present(world: World) -> None:
    await world.client("Ana", tier="moderate")
    ana = await world.companion("Ana")
    jon = await world.screen("Jon")
    await ana.taps("away")
    await world.pass_time(120)
    await ana.taps("back")
    await jon.shows("Ana", "present")
    await world.pass_time(1)
    await ana.taps("moment")
    assert "Asked for a moment" in [mark["text"] for mark in (await jon.tile("Ana"))["marks"]]
    await world.pass_time(1)
    await ana.taps("back")
    await world.pass_time(600)
    await jon.no_alert("Ana")


@pytest.mark.row("R19")
async def test_a_goodbye_beacon_alone_is_no_planned_leave(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.pass_time(5)
    world.says_goodbye("Ana")
    await world.pass_time(15)
    tile = await jon.tile("Ana")
    assert tile["presence"]["state"] in ("quiet", "left")
    assert tile["presence"]["ask"]
    await world.pass_time(120)
    assert (await jon.alert("Ana"))["presence"]["state"] == "lost"
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R19")
async def test_ten_minutes_in_who_has_not_come_is_listed_and_the_group_ends_with_a_word_about_them(
    world: World,
) -> None:
    await world.client("Ana", tier="moderate", page=False, ends=("01",))
    await world.client("Ben", tier="low", page=False, ends=("02",))
    await world.client("Cleo", tier="moderate", page=False, ends=("03",))
    jon = await world.screen("Jon")
    await world.pass_time(9 * 60)
    assert not (await jon.tile("Ana"))["presence"]["ask"]
    await world.pass_time(70)
    [group] = await jon.cards("group")
    assert len(group["not_here_yet"]) == 3
    assert (await jon.tile("Ana"))["presence"]["ask"]
    await jon.taps("Cleo", "excuse")
    await jon.shows("Cleo", "excused")
    [group] = await jon.cards("group")
    assert len(group["not_here_yet"]) == 2
    path = f"/api/group-sessions/{world.group_session_id}/close"
    refused = await jon.browser.post(path)
    assert refused.status_code == 409
    assert list(refused.json()["fields"]) == [str(world.clients["Ana"])]
    ana = {"client_id": str(world.clients["Ana"]), "outcome": "rung", "note": "Will come on Thursday."}
    closed = await jon.browser.post(path, outcomes=[ana])
    assert closed.status_code == 200, closed.text


@pytest.mark.row("R19")
async def test_who_has_not_come_is_rung_with_one_press(world: World) -> None:
    await world.client("Ana", tier="moderate", page=False)
    jon = await world.screen("Jon")
    await world.pass_time(11 * 60)
    await jon.taps("Ana", "lost")
    await jon.alert("Ana")
    await world.pass_time(45)
    assert (await world.started("Ana"))[0] <= 45
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("T2")
async def test_one_board_shows_who_is_here_and_whose_place_and_number_are_known_as_it_changes(
    world: World,
) -> None:
    await world.client("Ana", ends=("01",))
    await world.client("Ben", ends=("02",), page=False, checked_in=False)
    await world.client("Cleo", ends=(), page=False)
    jon = await world.screen("Jon")
    ana, ben, cleo = [await jon.tile(name) for name in ("Ana", "Ben", "Cleo")]
    assert (ana["presence"]["state"], ana["place"]["state"], ana["place"]["label"]) == (
        "present",
        "confirmed",
        "Home",
    )
    assert (ben["presence"]["state"], ben["place"]["state"]) == ("not_here_yet", "missing")
    assert any("number" in gap.lower() or "telephone" in gap.lower() for gap in cleo["gaps"]), cleo["gaps"]
    assert any("place" in gap.lower() for gap in ben["gaps"])
    [group] = await jon.cards("group")
    assert (group["here"], group["expected"]) == (1, 3)

    told = await jon.browser.post(
        f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ben']}/told-place"
    )
    assert told.status_code == 204, told.text
    world.comes_back("Ben")
    await world.pass_time(1)

    ben = await jon.tile("Ben")
    assert (ben["presence"]["state"], ben["place"]["state"]) == ("present", "told_privately")
    assert not any("place" in gap.lower() for gap in ben["gaps"])
    [group] = await jon.cards("group")
    assert (group["here"], group["expected"]) == (2, 3)
    yesterday = world.now - timedelta(days=1)
    assert datetime.fromisoformat(ben["place"]["at"]) > yesterday


async def test_our_own_silence_is_not_theirs(world: World) -> None:
    await world.client("Ana", ends=("01",))
    jon = await world.screen("Jon")
    await world.we_go_deaf(60)
    await world.pass_time(5)
    await jon.shows("Ana", "present")
    await world.pass_time(60)
    await jon.no_alert("Ana")
