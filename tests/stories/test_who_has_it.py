"""Who has it: taken by one, given back, run out, renewed; and every pending step can be stopped, skipped or hurried."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.stories.world import World


async def test_two_take_it_at_once_and_the_second_reads_who_was_first(world: World) -> None:
    await world.client("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await world.drops("Ana")
    incident_id = await jon.incident_id("Ana")
    path = f"/api/incidents/{incident_id}/take"
    answers = await asyncio.gather(jon.browser.post(path), maya.browser.post(path))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner, loser = ("Jon Bell", answers[1]) if answers[0].status_code == 200 else ("Maya Reyes", answers[0])
    assert loser.json()["detail"].startswith(f"{winner} took it ")
    assert (await jon.alert("Ana"))["owner"]["name"] == winner
    await world.may_ring()


async def test_a_press_undone_within_eight_seconds_leaves_it_as_it_was(world: World) -> None:
    await world.client("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    await world.pass_time(5)
    assert "do not have this one" in await maya.refused("Ana", "release")
    await jon.press("Ana", "release")
    assert (await maya.alert("Ana"))["owner"] is None
    await world.until(60)
    assert (await world.started("Ana"))[0] <= 60
    await maya.press("Ana", "take")
    assert (await maya.alert("Ana"))["mine"]
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R15")
@pytest.mark.parametrize(("tier", "minutes"), [("low", 15), ("moderate", 10), ("high", 5), ("imminent", 3)])
async def test_an_acknowledgement_ends_and_the_alert_is_everybodys_again(
    world: World, tier: str, minutes: int
) -> None:
    await world.client("Ana", tier=tier)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    world.comes_back("Ana")  # on screen again: nothing rings the client while the check waits
    await world.pass_time(1)
    await jon.press("Ana", "take")
    until = datetime.fromisoformat((await jon.alert("Ana"))["owned_until"])
    assert until == world.now + timedelta(minutes=minutes)
    await world.pass_time(minutes * 60 - 1)
    assert (await jon.alert("Ana"))["owner"]["name"] == "Jon Bell"
    await world.pass_time(2)
    card = await jon.alert("Ana")
    assert card["owner"] is None
    assert card["state"] == "open"
    assert "The acknowledgement ended. Nobody has it now" in [
        line["text"] for line in (await jon.page("Ana"))["timeline"]
    ]
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R15")
async def test_any_logged_act_of_its_owner_renews_it_and_so_does_a_live_call(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    await world.pass_time(10)
    await jon.press("Ana", "note", words="Their phone goes to voicemail.")
    assert await owned_for(world, "Ana") == 300
    await world.pass_time(1)
    phone = await world.rings("Jon")
    await phone.answers()
    await phone.presses("1")
    await world.pass_time(5)
    ana = await world.rings("Ana")
    await ana.answers("themselves")
    assert await owned_for(world, "Ana") == 300
    await world.may_ring("Ana", *world.people)
    await jon.ends_well("Ana", tier="high")
    await world.may_ring("Ana", *world.people)


async def owned_for(world: World, name: str) -> float:
    card = await (await world.screen("Jon")).alert(name)
    return (datetime.fromisoformat(card["owned_until"]) - world.now).total_seconds()


@pytest.mark.row("R15")
async def test_nothing_closes_itself(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana")
    await world.pass_time(3 * 60 * 60)
    card = await jon.alert("Ana")
    assert card["state"] == "open"
    await jon.press("Ana", "close", outcome="rejoined")
    await jon.no_alert("Ana")
    await world.may_ring()


async def test_closing_without_a_live_check_takes_the_supervisor_and_a_reason(world: World) -> None:
    await world.client("Ana", tier="low")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.drops("Ana")
    assert "Nobody has recognised" in await jon.refused("Ana", "close", outcome="stood_down")
    assert "in a sentence" in await dana.refused("Ana", "close", outcome="stood_down", note="ok")
    await dana.press("Ana", "close", outcome="stood_down", note="Was wheeled into surgery; her ward told us.")
    await dana.no_alert("Ana")
    await world.pass_time(600)
    await world.never_rang("Ana", "Dana")
    await world.may_ring()


async def test_a_step_that_is_stopped_is_a_persons_to_decide_with_a_time_to_it(world: World) -> None:
    await world.client("Ana", tier="moderate")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(21)
    step = await jon.step("Ana", "first-call")
    await jon.press("Ana", f"steps/{step['id']}/stop", reason="Her sister is on my phone.")
    await world.pass_time(60)
    await world.never_rang("Ana")
    assert "staff-hold" in await jon.stands_at("Ana")
    assert "Her sister is on my phone." in [line["note"] for line in (await jon.page("Ana"))["timeline"]]
    await world.pass_time(70)
    assert "supervisor" in await jon.stands_at("Ana")
    assert await world.started("Dana", page=True)
    await world.may_ring("Ana", *world.people)


async def test_a_step_that_is_skipped_makes_way_for_the_next(world: World) -> None:
    await world.client("Ana", tier="low", ends=("01", "02"))
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.until(21)
    step = await jon.step("Ana", "first-call")
    empty = await jon.tries("Ana", f"steps/{step['id']}/skip", reason="")
    assert empty.status_code == 422
    await jon.press("Ana", f"steps/{step['id']}/skip", reason="That number is switched off.")
    await world.text_to("Ana")
    await world.pass_time(20)
    await world.rings("Ana", ends="02")
    second = await jon.tries("Ana", f"steps/{step['id']}/skip", reason="Again.")
    assert second.status_code == 409
    assert "over already" in second.json()["detail"]
    await world.may_ring("Ana", *world.people)


async def test_do_it_now_does_it_now(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    step = await jon.step("Ana", "assign")
    await jon.press("Ana", f"steps/{step['id']}/now")
    await world.rings("Jon")
    assert "first-call" in await jon.stands_at("Ana")
    await world.may_ring()


async def test_an_answer_that_the_step_does_not_know_is_refused(world: World) -> None:
    await world.client("Ana", tier="moderate")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "reached", by="voice")
    step = await jon.step("Ana", "verify")
    for outcome in ("timeout", "responders", "seen_brief_drop", "verified"):
        assert "cannot be answered like that" in await jon.refused(
            "Ana", f"steps/{step['id']}/outcome", outcome=outcome
        )
    assert "verify" in await jon.stands_at("Ana")
    await jon.recognises("Ana", tier="moderate")
    await world.may_ring()


async def test_the_same_press_sent_twice_counts_once(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    path, command = f"/api/incidents/{await jon.incident_id('Ana')}/note", uuid4()
    for _ in range(2):
        answer = await jon.browser.sends("POST", path, {"words": "Rang the ward."}, command=command)
        assert answer.status_code == 200
    notes = [line for line in (await jon.page("Ana"))["timeline"] if line["kind"] == "incident.noted"]
    assert len(notes) == 1
    await world.may_ring()
