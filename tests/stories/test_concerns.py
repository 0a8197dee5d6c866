"""A person raises a concern: one press, and the incident is there with its protocol; what it is follows."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests.stories.protocols import answers, open_keys, publish, run_of, step_of
from tests.stories.screens import Screen
from tests.stories.world import World


async def raises(screen: Screen, name: str, reason: str = "observed") -> str:
    """One press on the tile."""
    world = screen.world
    path = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients[name]}/concern"
    answer = await screen.browser.post(path, reason=reason)
    assert answer.status_code == 200, answer.text
    await world.settle()
    incident = str(answer.json()["incident_id"])
    world.expected_alerts.add(UUID(incident))
    return incident


async def tries(screen: Screen, incident: str, what: str, **body: Any) -> Any:
    answer = await screen.browser.post(f"/api/incidents/{incident}/{what}", **body)
    await screen.world.settle()
    return answer


async def card_of(screen: Screen, incident: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in await screen.cards("incident") if c["incident_id"] == incident)
    return found


@pytest.mark.parametrize(
    ("reason", "present", "tier", "protocol", "headline"),
    [
        ("distress", "none", "low", "De-escalation in the group", "Ana R. is in distress"),
        ("urges", "low", "moderate", "Private room", "Ana R.: urges reported"),
        ("conflict", "high", "high", "De-escalation in the group", "Ana R.: conflict"),
        ("medical", "low", "moderate", "Private room", "Ana R.: something medical"),
        ("observed", "none", "moderate", "De-escalation in the group", "Ana R.: something seen or said"),
        ("threat", "low", "high", "Serious threat to another person", "Ana R.: a threat to somebody else"),
    ],
)
async def test_one_press_opens_it_with_the_protocol_and_the_tier_of_its_reason(
    world: World, reason: str, present: str, tier: str, protocol: str, headline: str
) -> None:
    await publish(world, "deescalate-group", "breakout-1to1", "duty-to-protect", "medical-emergency")
    await world.client("Ana", tier=present)
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    incident = await raises(jon, "Ana", reason)
    card = await card_of(dana, incident)
    assert (card["what"], card["reason"], card["headline"]) == ("concern", reason, headline)
    assert (card["tier"], card["owner"]) == (tier, None)
    assert [mark["title"] for mark in card["protocols"]] == [protocol]
    assert (await dana.tile("Ana"))["tier"] == tier
    assert (await dana.tile("Ana"))["concern_id"] == incident
    assert card["drop_at"] == card["learned_at"], "zero of its clock is the press"
    page = await jon.page_of(incident)
    assert page["timeline"][0]["text"].startswith("Jon Bell raised a concern: ")
    assert page["runs"][0]["title"] == protocol
    await world.never_rang("Ana")
    await world.may_ring()


async def test_the_words_to_say_name_the_colleague_of_whoever_reads_them(world: World) -> None:
    await publish(world, "breakout-1to1")
    await world.client("Ana")
    jon, maya, dana = await world.screen("Jon"), await world.screen("Maya"), await world.screen("Dana")
    incident = await raises(jon, "Ana", "urges")
    for screen, said in (
        (jon, "Maya will stay"),
        (maya, "Jon will stay"),
        (dana, "{colleague_first_name} will stay"),
    ):
        step = step_of((await screen.page_of(incident))["runs"][0], "say-it")
        assert said in step["scripts"][0]["text"]
        assert step["answers"][0]["word"] == "agreed", "in the order of the file"
    await world.may_ring()


async def test_care_waits_for_no_file(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "distress")
    [run] = (await jon.page_of(incident))["runs"]
    assert (run["title"], run["stands_in"], run["version"]) == ("De-escalation in the group", True, None)
    assert (await card_of(jon, incident))["protocols"] == [
        {"title": "De-escalation in the group", "stands_in": True}
    ]
    assert (await answers(jon, incident, step_of(run, "stay"), "steadier")).status_code == 200
    again = (await jon.page_of(incident))["runs"][0]
    assert (await answers(jon, incident, step_of(again, "agree"), "agreed")).status_code == 200
    [run] = (await jon.page_of(incident))["runs"]
    assert (run["state"], run["end_word"]) == ("ended", "agreed")
    closed = await tries(jon, incident, "close", outcome="nothing_needed")
    assert closed.status_code == 200, closed.text
    await jon.no_alert("Ana")
    assert (await jon.tile("Ana"))["concern_id"] is None


async def test_two_press_at_once_and_both_are_in_one(world: World) -> None:
    await world.client("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    one, two = await asyncio.gather(raises(jon, "Ana", "distress"), raises(maya, "Ana", "threat"))
    assert one == two
    card = await card_of(jon, one)
    assert card["tier"] == "high"
    assert len(card["protocols"]) == 2
    lines = [line["text"] for line in (await jon.page_of(one))["timeline"]]
    assert sum("raised" in line for line in lines) == 2
    await world.may_ring()


async def test_what_it_is_follows_and_takes_the_place_of_what_was_only_seen(world: World) -> None:
    await publish(world, "deescalate-group", "breakout-1to1")
    await world.client("Ana", tier="none")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana")
    assert (await card_of(jon, incident))["tier"] == "moderate"
    await world.pass_time(4)
    assert await raises(jon, "Ana", "distress") == incident
    card = await card_of(jon, incident)
    assert (card["reason"], card["tier"]) == ("distress", "low"), "now it is known, and it is low"
    assert [mark["title"] for mark in card["protocols"]] == ["De-escalation in the group"]
    await raises(jon, "Ana", "urges")
    card = await card_of(jon, incident)
    assert (card["reason"], card["tier"]) == ("distress", "moderate")
    assert {m["title"] for m in card["protocols"]} == {"De-escalation in the group", "Private room"}
    told = [line["text"] for line in (await jon.page_of(incident))["timeline"]]
    assert "Jon Bell says what it is: distress" in told
    assert "Jon Bell raised it too: urges" in told


async def test_saying_what_it_is_replaces_a_protocol_that_nobody_has_touched(world: World) -> None:
    await publish(world, "deescalate-group", "breakout-1to1")
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana")
    await raises(jon, "Ana", "urges")
    first, second = (await jon.page_of(incident))["runs"]
    assert (first["state"], first["end_word"]) == ("ended", "passed_on")
    assert (second["title"], second["state"]) == ("Private room", "running")


@pytest.mark.row("D1")
@pytest.mark.parametrize(
    ("answer", "protocol"),
    [("harm", "Imminent risk and emergency"), ("medical", "Medical emergency")],
)
async def test_any_one_trigger_is_an_emergency_in_one_press(world: World, answer: str, protocol: str) -> None:
    """D2: a person says so; the tier is imminent, its protocol begins, and our own people are rung. Nobody else is."""
    await publish(world, "deescalate-group", "imminent-risk", "medical-emergency")
    await world.client("Ana", tier="low", ends=("01",))
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    incident = await raises(jon, "Ana", "distress")
    assert (await card_of(dana, incident))["triage"] is None
    assert (await tries(jon, incident, "crisis")).status_code == 200
    card = await card_of(dana, incident)
    assert (card["triage"], card["triaged_by"]["name"], card["tier"]) == ("crisis", "Jon Bell", "low")
    path = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/emergency"
    assert (await jon.browser.post(path, trigger=answer)).json() == {"incident_id": incident}
    card = await card_of(dana, incident)
    assert (card["triage"], card["tier"]) == (answer, "imminent")
    assert card["emergency_at"], "declared, with lanes and rings, as by the button"
    assert protocol in [mark["title"] for mark in card["protocols"]]
    await world.pass_time(10)
    await world.rings("Dana")
    refused = await tries(jon, incident, "crisis")
    assert refused.status_code == 409
    assert "Two people stand it down" in refused.json()["detail"]
    await world.never_rang("Ana")
    await world.may_ring()


async def test_choosing_imminent_begins_what_its_file_says_and_silence_never_does(world: World) -> None:
    """R1: the tier is a person's choice; at the other tiers the protocol is offered, not begun."""
    await publish(world, "breakout-1to1", "imminent-risk")
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "distress")
    assert (
        await tries(jon, incident, "tier", tier="moderate", reason="More than it was.")
    ).status_code == 200
    page = await jon.page_of(incident)
    assert len(page["runs"]) == 1
    assert page["offers"][0] == {
        "protocol": "breakout-1to1", "title": "Private room", "approved": True, "fits": True,
    }  # fmt: skip
    assert (await tries(jon, incident, "tier", tier="imminent", reason="Means in hand.")).status_code == 200
    run = await run_of(jon, incident, "imminent-risk")
    assert (run["why"], run["started_by"]) == ("tier", "Jon Bell")
    assert open_keys(run) == ["place", "caller", "stay", "group"]
    await world.may_ring()


async def test_a_press_about_the_wrong_one_of_two_of_the_same_name_is_moved(world: World) -> None:
    """R17: the clock goes along, and the wrong one is as before."""
    await world.client("Ana", tier="none")
    await world.client("Ana B", surname="M.", tier="low")
    world.clients["Ana M"] = world.clients["Ana B"]
    jon = await world.screen("Jon")
    wrong = await raises(jon, "Ana", "urges")
    zero = (await card_of(jon, wrong))["drop_at"]
    assert (await jon.tile("Ana R"))["tier"] == "moderate"
    await world.pass_time(7)
    moved = await tries(jon, wrong, "wrong-client", client_id=str(world.clients["Ana M"]))
    assert moved.status_code == 200, moved.text
    assert ((await jon.tile("Ana R"))["tier"], (await jon.tile("Ana R"))["concern_id"]) == ("none", None)
    right = (await jon.tile("Ana B"))["concern_id"]
    world.expected_alerts.add(UUID(right))
    card = await card_of(jon, right)
    assert (card["drop_at"], card["reason"], card["tier"]) == (zero, "urges", "moderate")
    assert (await jon.page_of(wrong))["outcome"] == "wrong_client"


async def test_a_mispress_is_taken_back_by_its_author_alone(world: World) -> None:
    await world.client("Ana", tier="none")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    incident = await raises(jon, "Ana", "threat")
    refused = await tries(maya, incident, "mispress")
    assert refused.status_code == 403
    assert (await tries(jon, incident, "mispress")).status_code == 200
    await jon.no_alert("Ana")
    assert (await jon.tile("Ana"))["tier"] == "none"
    again = await raises(jon, "Ana", "distress")
    assert again != incident
    await raises(maya, "Ana", "distress")
    joined = await tries(jon, again, "mispress")
    assert joined.status_code == 409
    assert "A colleague raised it too" in joined.json()["detail"]
    await world.may_ring()


async def test_somebody_with_a_concern_who_drops_is_looked_for_at_their_tier_of_now(world: World) -> None:
    await world.client("Ana", tier="none")
    jon = await world.screen("Jon")
    concern = await raises(jon, "Ana", "urges")
    await world.drops("Ana")
    lost = str((await world.incident("Ana")).id)
    world.expected_alerts.add(UUID(lost))
    assert lost != concern
    card = await card_of(jon, lost)
    assert (card["what"], card["tier"]) == ("connection_lost", "moderate")
    assert card["also"] == [{"incident_id": concern, "what": "concern", "reason": "urges"}]
    assert (await card_of(jon, concern))["also"][0]["incident_id"] == lost
    await world.may_ring("Ana", *world.people)


async def test_two_incidents_at_once_in_one_group_go_on_beside_each_other(world: World) -> None:
    await publish(world, "deescalate-group")
    await world.client("Ana", tier="low")
    await world.client("Ben", tier="high", ends=("02",))
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    concern = await raises(maya, "Ana", "distress")
    await tries(maya, concern, "take")
    await world.drops("Ben")
    await jon.press("Ben", "take")
    assert sorted(await jon.alerts()) == ["Ana", "Ben"]
    run = await run_of(maya, concern, "deescalate-group")
    done = await answers(maya, concern, step_of(run, "slow-down"), "done")
    assert done.status_code == 200, done.text
    assert "name-it" in open_keys(await run_of(maya, concern, "deescalate-group"))
    assert {"Jon Bell", "Maya Reyes"} == {c["owner"]["name"] for c in await jon.cards("incident")}
    await world.may_ring("Ben", *world.people)


async def test_a_tier_raised_while_it_is_being_lowered_stays_raised(world: World) -> None:
    await world.client("Ana", tier="moderate")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    incident = await raises(jon, "Ana", "distress")
    lowered, raised = await asyncio.gather(
        tries(jon, incident, "tier", tier="low", reason="They are steadier than a moment ago."),
        tries(maya, incident, "tier", tier="high", reason="They have a plan."),
    )
    assert raised.status_code == 200, raised.text
    assert lowered.status_code in (200, 409)
    assert (await card_of(jon, incident))["tier"] == "high"
    await world.may_ring()


async def test_somebody_who_is_not_here_or_not_ours_is_refused(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    path = f"/api/group-sessions/{world.group_session_id}/clients/{UUID(int=5)}/concern"
    answer = await jon.browser.post(path, reason="distress")
    assert answer.status_code == 404
    assert "not on the list" in answer.json()["detail"]


async def test_what_still_runs_is_closed_with_a_sentence(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "distress")
    refused = await tries(jon, incident, "close", outcome="stabilized", note="ok")
    assert refused.status_code == 422
    closed = await tries(jon, incident, "close", outcome="stabilized", note="Talked it through with Maya.")
    assert closed.status_code == 200, closed.text
    [run] = (await jon.page_of(incident))["runs"]
    assert (run["state"], run["end_word"]) == ("ended", "stopped")
