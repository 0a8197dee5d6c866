"""Several protocols in one incident: begun by people, each with its own clock and its own pinned version."""

import asyncio
from typing import Any

import pytest

from tests.protocols import people
from tests.stories.protocols import answers, approve, open_keys, run_of, step_of
from tests.stories.screens import Screen
from tests.stories.world import World


async def calmed(world: World, tier: str = "moderate", **client: Any) -> tuple[Screen, str]:
    """Ana is lost and Jon has it; he begins to calm things down as well."""
    await approve(world)
    await world.client("Ana", tier=tier, **client)
    jon = await world.screen("Jon")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(1)
    await jon.press("Ana", "take")
    await jon.press("Ana", "protocols", protocol="calm-together", reason="They looked frightened.")
    await world.may_ring("Ana", *world.people)
    return jon, await jon.incident_id("Ana")


async def test_a_person_begins_another_protocol_and_both_run(world: World) -> None:
    jon, incident = await calmed(world)
    run = await run_of(jon, incident, "calm-together")
    assert (run["title"], run["version"], run["started_by"]) == ("Calm together", "1.0.0", "Jon Bell")
    assert open_keys(run) == ["breathe", "eyes-on", "group"]
    assert await jon.stands_at("Ana") == {"rejoin-check"}
    assert step_of(run, "breathe")["scripts"][0]["text"] == "Ana, I'm here."
    told = [(line["text"], line["note"]) for line in (await jon.page("Ana"))["timeline"]]
    assert ("Jon Bell began “Calm together” (version 1.0.0)", "They looked frightened.") in told
    done = await answers(jon, incident, step_of(run, "breathe"), "done")
    assert done.status_code == 200, done.text
    again = await jon.browser.post(f"/api/incidents/{incident}/protocols", protocol="calm-together")
    assert again.status_code == 200
    assert len((await jon.page("Ana"))["runs"]) == 1, "nothing begins twice"
    run = await run_of(jon, incident, "calm-together")
    assert step_of(run, "eyes-on")["beside"]
    assert open_keys(run) == ["eyes-on", "group", "offer"]


async def test_both_press_different_branches_one_wins_and_the_other_reads_who_was_first(world: World) -> None:
    jon, incident = await calmed(world)
    maya = await world.screen("Maya")
    await answers(jon, incident, step_of(await run_of(jon, incident, "calm-together"), "breathe"), "done")
    offer = step_of(await run_of(jon, incident, "calm-together"), "offer")
    path = f"/api/incidents/{incident}/steps/{offer['id']}/outcome"
    said = await asyncio.gather(
        jon.browser.post(path, outcome="stays"), maya.browser.post(path, outcome="private_room")
    )
    assert sorted(answer.status_code for answer in said) == [200, 409]
    won, lost = ("Jon Bell", said[1]) if said[0].status_code == 200 else ("Maya Reyes", said[0])
    assert f"{won} was first, just now" in lost.json()["detail"]
    run = await run_of(maya, incident, "calm-together")
    assert {"again", "check"} & set(open_keys(run)) == {"again" if won == "Jon Bell" else "check"}


async def test_a_protocol_approved_anew_changes_nothing_for_one_under_way(world: World) -> None:
    jon, incident = await calmed(world)
    changed = people.body()
    next(s for s in changed["steps"] if s["id"] == "offer").update(title="Something else", due_s=3000)
    changed["steps"][0]["next"]["done"] = "check"
    await approve(world, changed, version="2.0.0")
    await answers(jon, incident, step_of(await run_of(jon, incident, "calm-together"), "breathe"), "done")
    run = await run_of(jon, incident, "calm-together")
    assert run["version"] == "1.0.0"
    assert step_of(run, "offer")["title"] == "Offer Ana a choice"
    await world.client("Ben")
    await jon.taps("Ben", "lost")
    await jon.press("Ben", "protocols", protocol="calm-together")
    assert (await run_of(jon, await jon.incident_id("Ben"), "calm-together"))["version"] == "2.0.0"
    await world.may_ring("Ana", "Ben", *world.people)


async def test_silence_rings_staff_and_the_missed_step_stays_late(world: World) -> None:
    jon, incident = await calmed(world)
    await world.pass_time(400)
    run = await run_of(jon, incident, "calm-together")
    keys = open_keys(run)
    assert {"eyes-on", "group"} < set(keys)
    assert "decide" in keys or "ask-supervisor" in keys
    missed = next(step for step in run["steps"] if step["key"] == "offer")
    assert (missed["status"], missed["outcome"]) == ("done", "timeout")
    late = [line for line in (await jon.page("Ana"))["timeline"] if line["kind"] == "step.overdue"]
    assert {line["text"] for line in late} >= {"Not answered in time, and still open: Stay with Ana"}
    await world.may_ring("Ana", *world.people)
    await world.never_rang("Rosa")


async def test_an_answer_begins_the_next_protocol_and_a_missing_file_keeps_nobody_waiting(
    world: World,
) -> None:
    """R8: nothing is approved under that name, so the barest steps stand in, and say so."""
    jon, incident = await calmed(world)
    for key, word in (("breathe", "done"), ("offer", "private_room"), ("check", "risk")):
        step = step_of(await run_of(jon, incident, "calm-together"), key)
        assert (await answers(jon, incident, step, word)).status_code == 200
    over = await run_of(jon, incident, "calm-together")
    assert (over["state"], over["end_word"], over["ended_by"]) == ("ended", "passed_on", "Jon Bell")
    run = await run_of(jon, incident, "safety-check")
    assert (run["title"], run["stands_in"], run["version"]) == ("Collaborative safety check", True, None)
    assert "has not approved this protocol" in run["purpose"]
    assert open_keys(run) == ["stay"]
    for key, word in (("stay", "steadier"), ("agree", "agreed")):
        step = step_of(await run_of(jon, incident, "safety-check"), key)
        assert (await answers(jon, incident, step, word)).status_code == 200
    assert (await run_of(jon, incident, "safety-check"))["end_word"] == "agreed"
    await world.may_ring("Ana", *world.people)


async def test_lost_from_beside_is_looked_for_as_everybody_is(world: World) -> None:
    """Eyes on says "lost": presence opens the search, and the protocol that said so goes on."""
    jon, incident = await calmed(world)
    run = await run_of(jon, incident, "calm-together")
    assert (await answers(jon, incident, step_of(run, "eyes-on"), "lost")).status_code == 200
    assert "first-call" in await jon.stands_at("Ana")
    assert "eyes-on" not in open_keys(await run_of(jon, incident, "calm-together"))
    await world.may_ring("Ana", *world.people)


async def test_stop_skip_and_hurry_work_for_every_protocol(world: World) -> None:
    jon, incident = await calmed(world)
    run = await run_of(jon, incident, "calm-together")
    breathe, group = step_of(run, "breathe"), step_of(run, "group")
    await jon.press("Ana", f"steps/{breathe['id']}/skip", reason="Done already.")
    await jon.press("Ana", f"steps/{group['id']}/stop", reason="Maya has the group.")
    run = await run_of(jon, incident, "calm-together")
    assert open_keys(run) == ["eyes-on", "offer"]
    await jon.press("Ana", f"steps/{step_of(run, 'offer')['id']}/now")
    assert "ask-supervisor" in open_keys(await run_of(jon, incident, "calm-together"))
    assert "is over already" in await jon.refused("Ana", f"steps/{breathe['id']}/now")
    await world.may_ring("Ana", *world.people)


async def test_closing_ends_every_protocol_and_its_pages(world: World) -> None:
    jon, incident = await calmed(world)
    await world.pass_time(200)
    dana = await world.screen("Dana")
    await dana.press("Ana", "close", outcome="rejoined", note="Spoken with in the private room.")
    page = await jon.page_of(incident)
    assert {run["state"] for run in page["runs"]} == {"ended"}
    await world.may_ring("Ana", *world.people)
    rang = {name: len(await world.calls(name)) for name in world.people}
    await world.pass_time(400)
    assert {name: len(await world.calls(name)) for name in world.people} == rang


@pytest.mark.parametrize("protocol", ["knitting", "calm-together"])
async def test_what_nobody_has_heard_of_is_refused_in_a_sentence(world: World, protocol: str) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    await jon.taps("Ana", "lost")
    assert "no protocol of that name" in await jon.refused("Ana", "protocols", protocol=protocol)
    await world.may_ring("Ana", *world.people)
