"""Steadying comes first (E0, N1): one with the client, one with the group, words for each step, and nobody outside rung."""

import pytest

from tests.stories.protocols import answers, open_keys, publish, run_of, step_of
from tests.stories.test_concerns import raises
from tests.stories.test_grounding import looks, presses
from tests.stories.world import World


@pytest.mark.row("E0")
async def test_grounding_and_connection_come_first_while_the_group_is_kept(world: World) -> None:
    await publish(world, "deescalate-group", "breakout-1to1", "safety-check")
    await world.client("Ana", tier="moderate")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    incident = await raises(jon, "Ana", "distress")
    await jon.press("Ana", "take")
    # Two lanes, each with its owner, on both screens.
    for screen in (jon, maya):
        assert await screen.has("Ana", "eyes") == "Jon"
        assert await screen.has("Ana", "group") == "Maya"
        assert await screen.alarmed("Ana") == set()
    # The steps: slow down, name it, a choice, an exercise together. Whoever keeps the group watches it beside each of them.
    told = []
    for outcome in ("done", "done", "stays", "done", "chosen", "said", "go_on"):
        run = await run_of(jon, incident, "deescalate-group")
        assert "watch" in open_keys(run)
        assert step_of(run, "watch")["role"] == "cofacilitator"
        [chain] = [s for s in run["steps"] if s["status"] == "pending" and not s["beside"]]
        told.append(chain["key"])
        if chain["key"] == "ground":
            await presses(world, maya, None, exercise="exhale", act="start")
            assert (await looks(world, jon, None))["standing"]["exercise"] == "exhale"
            assert await maya.has("Ana", "group") == "Maya", "the group is kept while it breathes"
        assert (await answers(jon, incident, chain, outcome)).status_code == 200
    assert told == ["slow-down", "name-it", "choice", "ground", "small-step", "how-strong", "go-on"]
    await world.never_rang("Ana")
    await world.never_rang("contact")
    await world.may_ring()


async def test_for_each_step_there_are_words_to_say_in_the_clients_language_that_order_nobody(
    world: World,
) -> None:
    await publish(world, "deescalate-group", "breakout-1to1", "safety-check")
    await world.client("Ana", tier="low", language="es")
    jon = await world.screen("Jon")
    incident = await raises(jon, "Ana", "distress")
    said: dict[str, list[tuple[str, str]]] = {}
    for outcome in ("done", "done", "stays", "done", "chosen"):
        run = await run_of(jon, incident, "deescalate-group")
        [chain] = [s for s in run["steps"] if s["status"] == "pending" and not s["beside"]]
        said[chain["key"]] = [(one["language"], one["text"]) for one in chain["scripts"]]
        assert (await answers(jon, incident, chain, outcome)).status_code == 200
    for key in ("name-it", "choice", "ground", "small-step"):
        assert any(language == "es" for language, _ in said[key]), key
    assert any("Cualquiera está bien" in text for _, text in said["choice"]), (
        "a choice, and any of them is fine"
    )
    # The last step asks for a decision: words were enough, a private room, or a safety check.
    run = await run_of(jon, incident, "deescalate-group")
    [chain] = [s for s in run["steps"] if s["status"] == "pending" and not s["beside"]]
    assert (await answers(jon, incident, chain, "said")).status_code == 200
    last = step_of(await run_of(jon, incident, "deescalate-group"), "go-on")
    assert {"go_on", "private_room", "safety_check"} <= set(last["outcomes"])
    await world.never_rang("Ana")
    await world.may_ring()
