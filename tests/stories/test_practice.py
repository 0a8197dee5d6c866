"""Practice as a clinician and a supervisor meet it: scored by the real rules, kept as their own, and nobody is rung."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.protocols import actions
from app.training import content
from tests.house import Browser
from tests.stories.world import World

WORDS = content.words().module
RIGHT = {one.id: one.right for one in WORDS.questions}
# The first seven are right: 70 of a hundred.
SEVEN = {key: value if n < 7 else value % 3 + 1 for n, (key, value) in enumerate(RIGHT.items())}


async def asks(browser: Browser, path: str = "") -> Any:
    answer = await browser.get(f"/api/practice{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def says(browser: Browser, path: str, status: int = 200, **body: Any) -> Any:
    answer = await browser.post(f"/api/practice{path}", **body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


@pytest.mark.row("M3")
async def test_a_scene_is_answered_and_scored_by_the_rules_in_force(world: World) -> None:
    jon, dana = (await world.screen("Jon")).browser, (await world.screen("Dana")).browser
    home = await asks(jon)
    assert (home["scenes_stand"]["standing"], home["scenes_reviewed"]) == ("never", None)
    assert "tier" not in home["scenes"][0], "the answers are not sent before they are given"
    low = await says(
        jon, "/scenes", scene="calm-with-a-plan", marked={"ideation": "method"}, tier="low", next="words"
    )
    assert (low["tier_is"], low["next_is"], low["points"], low["of"]) == ("too_low", "too_low", 0, 4)
    assert (low["tier"], low["next"], low["own_tier"]) == ("high", "colleague", "moderate")
    assert [one["id"] for one in low["matches"]] == ["H2", "M1"]
    assert [one["input"] for one in low["alike"]] == ["ideation"]
    assert [(one["input"], one["shown"]) for one in low["missed"]] == [
        ("plan", "specific"), ("intent", "no"), ("timeframe", "beyond_week"),
    ]  # fmt: skip
    world.house.clock.move(60)
    command = uuid4()
    body = {"scene": "calm-with-a-plan", "marked": {"plan": "specific"}, "tier": "high", "next": "colleague"}
    for _ in range(2):
        right = await jon.sends("POST", "/api/practice/scenes", body, command)
        assert (right.json()["tier_is"], right.json()["points"]) == ("right", 4)
    home = await asks(jon)
    assert [run["outcome"] for run in home["runs"]] == ["right", "too_low"]
    assert next(one["last"] for one in home["scenes"] if one["id"] == "calm-with-a-plan") == "right"
    await says(jon, "/scenes", 404, scene="gone", marked={}, tier="high", next="words")
    await says(jon, "/scenes", 422, scene="hard-to-wake", marked={"mood": "x"}, tier="high", next="words")

    # A supervisor signs what is practised with, once; how somebody answered stays with them.
    read = await asks(dana, "/to-read")
    assert read["scenes_reviewed"] is None
    await says(dana, "/sign", 409, subject="scenes", sha256="0" * 64)
    for _ in range(2):
        signed = await says(dana, "/sign", subject="scenes", sha256=read["scenes_sha256"])
        assert signed["scenes_reviewed"]["by"] == "Dana Whitlock"
    assert (await asks(jon))["scenes_reviewed"]["by"] == "Dana Whitlock"
    mine = next(one for one in (await asks(dana, "/team"))["people"] if one["name"] == "Jon Bell")
    assert (mine["scenes"], mine["scenes_of"], mine["runs"]) == (1, 11, [])
    assert await world.house.entries("practice.answered", "practice.signed") == [
        ("practice.answered", world.people["Jon"].id),
        ("practice.answered", world.people["Jon"].id),
        ("practice.signed", world.people["Dana"].id),
    ]


@pytest.mark.row("N1")
async def test_words_that_calm_is_read_talked_through_and_passed_and_three_tries_go_to_the_supervisor(
    world: World,
) -> None:
    jon, dana = (await world.screen("Jon")).browser, (await world.screen("Dana")).browser
    assert (await asks(jon, "/words"))["state"] == "not_begun"
    await says(jon, "/words/progress", 409, part="why")
    for _ in range(2):
        assert (await says(jon, "/words/begin"))["state"] == "under_way"
    await says(jon, "/words/answers", 409, answers=RIGHT)
    await reads_and_talks(jon)
    view = await asks(jon, "/words")
    assert all(one["done"] for one in [*view["parts"], *view["talks"]])
    assert view["questions"][0]["why"] is None
    await says(jon, "/words/progress", 404, part="none-such")
    await says(jon, "/words/progress", 422, talk="very-quiet", picks=["nothing"])
    few = await jon.post("/api/practice/words/answers", answers={"first-words": 2})
    assert (few.status_code, few.json()["fields"]["repair"]) == (422, "Choose an answer.")
    for attempt in (1, 2, 3):
        view = await says(jon, "/words/answers", answers=SEVEN)
        assert (view["attempts"], view["reached"]) == (attempt, 7)
        assert all(one["why"] and one["right"] == RIGHT[one["id"]] for one in view["questions"])
    assert view["state"] == "with_supervisor"
    await says(jon, "/words/begin", 409)
    await says(jon, "/words/answers", 409, answers=RIGHT)
    await says(jon, f"/team/{world.people['Jon'].id}/words", 403)
    waits = [one["name"] for one in (await asks(dana, "/team"))["people"] if one["words_with_supervisor"]]
    assert waits == ["Jon Bell"]
    for _ in range(2):
        await says(dana, f"/team/{world.people['Jon'].id}/words", 204)
    await says(dana, f"/team/{world.people['Maya'].id}/words", 404)

    world.house.clock.move(60)
    view = await says(jon, "/words/begin")
    assert (view["attempts"], view["parts"][0]["done"]) == (0, False)
    await reads_and_talks(jon)
    view = await says(jon, "/words/answers", answers={**RIGHT, "repair": 1, "enough": 1})
    assert (view["state"], view["reached"]) == ("passed", 8)
    stands = (await asks(jon))["words_stand"]
    assert (stands["standing"], stands["until"][:10]) == ("valid", "2028-03-01")
    world.house.clock.move(timedelta(days=340).total_seconds())
    stand = next(
        one
        for one in (await asks(await fresh(world, "Dana"), "/team"))["people"]
        if one["name"] == "Jon Bell"
    )
    assert (stand["words_stand"]["standing"], stand["scenes_stand"]["standing"]) == ("soon", "never")


async def reads_and_talks(browser: Browser) -> None:
    for part in WORDS.parts:
        await says(browser, "/words/progress", part=part.id)
    for talk in WORDS.talks:
        turns, at, picks = {turn.id: turn for turn in talk.turns}, talk.turns[0].id, list[str]()
        while at != "end":
            reply = next(one for one in turns[at].replies if one.fits == "helps")
            picks, at = [*picks, reply.id], reply.then
        await says(browser, "/words/progress", talk=talk.id, picks=picks)


async def fresh(world: World, name: str) -> Browser:
    """Signed in anew: the sign-in of before has long ended."""
    world.screens.pop(name, None)
    return (await world.screen(name)).browser


@pytest.mark.row("W1")
async def test_a_protocol_is_walked_as_practice_and_kept_and_no_incident_is_made(world: World) -> None:
    async with world.house.engine.transaction(None) as db:
        version = await actions.publish(db, world.program_id, "deescalate-group", world.people["Dana"].id)
    jon, dana = (await world.screen("Jon")).browser, (await world.screen("Dana")).browser
    [offered] = [one for one in (await asks(jon))["protocols"] if one["protocol"] == "deescalate-group"]
    assert (offered["version_id"], offered["last_at"]) == (str(version), None)
    pressed = [
        {"at_s": 12, "press": "skip", "step": "slow-down"},
        {"at_s": 20, "press": "answer", "step": "name-it", "outcome": "done"},
        {"at_s": 40, "press": "answer", "step": "choice", "outcome": "private_room"},
    ]
    walk = {"tier": "moderate", "until_s": 60, "pressed": pressed}
    path, why = f"/protocols/{version}/walks", "Their voice was slow already"
    refused = await says(jon, path, 422, walk=walk)
    assert refused["fields"] == {"slow-down": "Say why, in a few words."}
    nothing = await says(jon, path, 422, walk={"tier": "moderate"})
    assert nothing["detail"] == "Answer at least one step before you keep it."
    command = uuid4()
    for _ in range(2):
        body = {"walk": walk, "reasons": {"slow-down": why}}
        answer = await jon.sends("POST", f"/api/practice{path}", body, command)
        kept = answer.json()
    assert (answer.status_code, kept["by"]) == (201, "Jon Bell")
    run = kept["run"]
    assert (run["outcome"], run["tier"], run["reached"], run["possible"]) == ("finished", "moderate", 2, 3)
    assert [(one["step"], one["answer"], one["reason"]) for one in kept["steps"]] == [
        ("slow-down", None, why), ("name-it", "Done", None), ("choice", "Private room", None),
    ]  # fmt: skip
    slow = {"at_s": 9, "press": "answer", "step": "slow-down", "outcome": "done"}
    await says(jon, path, 201, walk={"tier": "low", "until_s": 20, "pressed": [slow]})

    # The supervisor reads the drill record; a colleague does not.
    person = next(one for one in (await asks(dana, "/team"))["people"] if one["name"] == "Jon Bell")
    assert person["protocols_stand"]["standing"] == "valid"
    assert [one["outcome"] for one in person["runs"]].count("stopped") == 1
    [line] = [one for one in person["runs"] if one["outcome"] == "finished"]
    assert (await asks(dana, f"/walks/{line['id']}"))["steps"] == kept["steps"]
    maya = (await world.screen("Maya")).browser
    assert (await maya.get(f"/api/practice/walks/{line['id']}")).status_code == 404
    assert (await maya.get("/api/practice/team")).status_code == 403
    async with world.house.engine.transaction(None) as db:
        for table in ("incident", "escalation_step", "contact_attempt", "simulated_call"):
            assert await db.scalar(text(f"select count(*) from {table}")) == 0, table  # noqa: S608
        sealed = await db.scalars(text("select kept from practice_run"))
        assert not any(b"slow" in one for one in sealed)
    world.house.clock.move(timedelta(days=32).total_seconds())
    assert (await asks(await fresh(world, "Jon")))["protocols_stand"]["standing"] == "due"
