"""What the phones do: staff first, a person always speaks, and nobody who is frightened meets a machine (R6, R11)."""

import pytest

from app.errors import Conflict
from tests.house import PIN
from tests.stories.world import World


@pytest.mark.row("R6", "T3")
async def test_the_colleague_is_rung_first_and_the_client_by_the_limit_all_the_same(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.alert("Ana")
    await world.until(21)
    await world.rings("Jon")
    await world.does_not_ring("Ana")

    await world.until(59)

    await world.rings("Ana")
    assert (await world.started("Ana"))[0] <= 60
    await world.may_ring()


@pytest.mark.row("R6")
async def test_the_client_is_rung_at_once_when_a_colleague_is_on_the_line(world: World) -> None:
    await world.client("Ana")
    screen = await world.screen("Jon")
    await world.drops("Ana")
    await screen.alert("Ana")
    await world.until(22)
    jon = await world.rings("Jon")
    await jon.answers()
    assert "Press 1" in await jon.heard()
    await world.does_not_ring("Ana")
    await jon.presses("1")
    await world.pass_time(1)

    ana = await world.rings("Ana")
    await ana.answers("themselves")

    assert await ana.heard() == ""
    assert (await ana.row()).conference == (await jon.row()).conference
    assert not (await screen.alert("Ana"))["somebody_answered"]
    await jon.hangs_up()
    await screen.ends_well("Ana")


@pytest.mark.row("R6")
async def test_somebody_answers_before_any_colleague_and_hears_one_neutral_line_and_no_menu(
    world: World,
) -> None:
    await world.client("Ana")
    screen = await world.screen("Maya")
    await world.drops("Ana")
    await world.until(59)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    assert (await screen.alert("Ana"))["somebody_answered"]
    await world.pass_time(2)
    assert (await ana.heard()).startswith("Please stay on, ")
    assert (await ana.heard()).endswith(" is joining.")
    with pytest.raises(Conflict):
        await ana.presses("1")
    card = await screen.alert("Ana")
    assert card["owner"] is None
    assert card["presence"]["state"] == "lost"

    await world.pass_time(3)
    robin = await world.rings("Robin")
    await robin.answers()
    await robin.presses("1")

    assert (await robin.row()).conference == (await ana.row()).conference
    assert not (await screen.alert("Ana"))["somebody_answered"]
    await world.pass_time(60)
    assert not await ana.is_over()
    assert "reached" not in [line["kind"] for line in (await screen.page("Ana"))["timeline"]]
    await screen.ends_well("Ana")
    await world.may_ring()


@pytest.mark.row("R6")
async def test_nobody_of_us_speaks_for_twenty_seconds_so_we_ring_straight_back_and_the_next_colleague_is_rung(
    world: World,
) -> None:
    await world.client("Ana")
    screen = await world.screen("Maya")
    await world.drops("Ana")
    await world.until(59)
    ana = await world.rings("Ana")
    await ana.answers("themselves")

    await world.pass_time(20.5)

    assert await ana.heard() == "We'll ring straight back."
    await world.pass_time(8)
    assert await ana.is_over()
    await world.pass_time(12)
    again = await world.rings("Ana")
    await again.answers("themselves")
    ringing = [name for name in world.people if await _rings(world, name)]
    assert ringing
    colleague = await world.rings(ringing[0])
    await colleague.answers()
    await colleague.presses("1")
    assert (await colleague.row()).conference == (await again.row()).conference
    await screen.ends_well("Ana")
    await world.may_ring()


async def _rings(world: World, name: str) -> bool:
    try:
        await world.does_not_ring(name)
    except AssertionError:
        return True
    return False


async def test_a_pin_on_the_keypad_takes_it_and_a_wrong_one_three_times_ends_the_call(world: World) -> None:
    await world.client("Ana")
    screen = await world.screen("Maya")
    await world.drops("Ana")
    await world.until(22)
    jon = await world.rings("Jon")
    await jon.answers()
    await jon.presses("111111")
    assert (await jon.heard()).startswith("That is not your PIN.")
    assert (await screen.alert("Ana"))["owner"] is None
    await jon.presses("222222")
    await jon.presses("333333")
    assert (await screen.alert("Ana"))["owner"] is None
    await world.pass_time(10)
    assert await jon.is_over()
    dana = await world.rings("Dana")
    await dana.answers()
    await dana.presses(PIN)
    assert (await screen.alert("Ana"))["owner"]["name"] == "Dana Whitlock"
    await world.may_ring("Ana", *world.people)
    await screen.ends_well("Ana")
    await world.may_ring("Ana", *world.people)


async def test_whoever_is_second_on_the_keypad_hears_who_was_first(world: World) -> None:
    await world.client("Ana")
    screen = await world.screen("Maya")
    await world.drops("Ana")
    await world.until(22)
    jon = await world.rings("Jon")
    await screen.press("Ana", "take")
    await jon.answers()
    await jon.presses(PIN)
    assert "Maya Reyes took it" in await jon.heard()
    assert (await screen.alert("Ana"))["owner"]["name"] == "Maya Reyes"
    await world.may_ring("Ana", *world.people)
    await screen.ends_well("Ana")
    await world.may_ring("Ana", *world.people)


async def test_a_voicemail_is_nobody_and_gets_the_neutral_message(world: World) -> None:
    await world.client("Ana")
    screen = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(59)
    ana = await world.rings("Ana")
    await ana.answers("voicemail")
    await world.pass_time(2)
    message = await ana.heard()
    assert message.startswith("Hello Ana, this is ")
    assert "returning to our call" in message
    assert not {"group", "session", "crisis", "clinic", "therapy"} & set(message.lower().split())
    card = await screen.alert("Ana")
    assert not card["somebody_answered"]
    assert card["presence"]["state"] == "lost"
    await world.until(95)
    text = await world.text_to("Ana")
    assert text.startswith("Hi, it's ")
    assert "Ana" not in text
    assert "503-555-0100" in text
    await world.until(160)
    assert len(await world.started("Ana")) >= 2
    await world.may_ring("Ana", *world.people)


async def test_where_no_message_is_allowed_the_voicemail_hears_nothing(world: World) -> None:
    await world.client("Ana", voicemail=False)
    screen = await world.screen("Jon")
    await world.drops("Ana")
    await screen.alert("Ana")
    await world.until(59)
    ana = await world.rings("Ana")
    await ana.answers("voicemail")
    await world.pass_time(3)
    assert await ana.heard() == ""
    assert await ana.is_over()
    await world.may_ring("Ana", *world.people)


async def test_where_no_text_is_allowed_none_is_sent(world: World) -> None:
    await world.client("Ana", text=False)
    screen = await world.screen("Jon")
    await world.drops("Ana")
    await screen.alert("Ana")
    await world.until(200)
    await world.no_text_to("Ana")
    await world.may_ring("Ana", *world.people)


async def test_a_room_mate_answers_and_nobody_says_why_we_call(world: World) -> None:
    await world.client("Ana", ends=("01", "02"))
    screen = await world.screen("Jon")
    await world.drops("Ana")
    await screen.press("Ana", "take")
    jon = await world.rings("Jon")
    await (await jon.answers()).presses("1")
    await world.pass_time(1)
    ana = await world.rings("Ana", ends="01")
    await ana.answers("room_mate")
    await screen.press("Ana", "other-person")
    step = await screen.step("Ana", "other-answers")
    said = " ".join(script["text"] for script in step["scripts"])
    assert "personal call" in said
    assert "group" not in said
    await screen.says("Ana", "other-answers", "not_available")
    await ana.hangs_up()
    await world.pass_time(30)
    await world.rings("Ana", ends="02")
    await world.may_ring("Ana", *world.people)


async def test_the_line_is_broken_so_a_person_is_given_the_number_to_dial(world: World) -> None:
    await world.client("Ana")
    screen = await world.screen("Jon")
    await world.the_line_breaks()
    await world.drops("Ana")
    await world.until(45)
    [by_hand] = (await screen.alert("Ana"))["by_hand"]
    assert "by hand" in by_hand["sentence"]
    assert by_hand["number"] == "+14065550101"
    await world.never_rang("Ana", "Jon")
    await screen.ends_well("Ana")


async def test_a_client_who_does_not_hear_is_texted_within_the_minute_and_rung_later(world: World) -> None:
    await world.client("Ana", first_outreach="text_first")
    screen = await world.screen("Jon")
    await world.drops("Ana")
    assert (await screen.alert("Ana"))["client_first_outreach"] == "text_first"
    await world.until(58)
    assert "answer here" in await world.text_to("Ana")
    assert (await world.started("Ana", "text"))[0] <= 60
    await world.never_rang("Ana")
    await world.until(95)
    assert 60 < (await world.started("Ana"))[0] <= 90
    await world.may_ring("Ana", *world.people)


async def test_the_words_are_in_the_clients_language(world: World) -> None:
    await world.client("Ana", language="es")
    screen = await world.screen("Jon")
    await world.drops("Ana")
    await screen.alert("Ana")
    await world.until(59)
    ana = await world.rings("Ana")
    await ana.answers("silent")
    await world.pass_time(2)
    assert (await ana.heard()).startswith("Por favor, no cuelgue")
    await world.pass_time(30)
    await world.may_ring("Ana", *world.people)
