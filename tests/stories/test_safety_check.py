"""The collaborative safety check: tapped while talking, seen by colleagues, ended with a tier that a person chooses."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.bring import record
from app.clients.flag_models import RiskFlag
from app.clients.models import Client
from app.journal.models import Entry
from app.tasks.models import Task
from app.triage.models import RiskAssessment
from tests.stories.screens import Screen
from tests.stories.world import World
from tests.triage.test_pure import FILE

WHY = "Says the thought passed, is with her sister, plan is open."


async def asked(world: World, tier: str = "moderate") -> tuple[Screen, Screen]:
    """Ana was lost, is on the line again with Maya, and nothing rings any more."""
    await world.client("Ana", tier=tier)
    await world.drops("Ana")
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await maya.alert("Ana")
    await maya.press("Ana", "take")
    await maya.press("Ana", "reached", by="voice")
    await maya.recognises("Ana", tier=tier)
    await world.may_ring("Ana", *world.people)
    return maya, jon


async def check(screen: Screen) -> dict[str, Any]:
    answer = await screen.looks(f"/api/incidents/{await screen.incident_id('Ana')}/check")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def care(screen: Screen) -> dict[str, dict[str, Any]]:
    answer = await screen.looks(f"/api/incidents/{await screen.incident_id('Ana')}/care")
    return {line["item"]: line for line in answer.json()}


async def taps(screen: Screen, **answers: str | None) -> dict[str, Any]:
    found: dict[str, Any] = await screen.press("Ana", "check", answers=answers)
    return found


@pytest.mark.row("E6", "R23")
async def test_each_tap_is_saved_and_the_suggestion_follows_at_once(world: World) -> None:
    maya, jon = await asked(world)
    empty = await check(maya)
    assert (empty["state"], empty["result"]["tier"], empty["result"]["assessed"]) == ("none", None, False)
    assert (await jon.alert("Ana"))["checking"] is None

    first = await taps(maya, ideation="active")
    assert (first["state"], first["result"]["tier"]) == ("asking", "moderate")
    assert [one["id"] for one in first["result"]["matches"]] == ["M5", "M6", "L1"]
    then = await taps(maya, intent="yes", means="in_hand")
    assert then["result"]["tier"] == "imminent"
    # An answer can be taken back to "not asked": the rest stays.
    back = await taps(maya, intent="no")
    assert back["result"]["tier"] == "high"
    gone = await taps(maya, means=None)
    assert gone["given"]["answers"] == {"ideation": "active", "intent": "no"}

    seen = await jon.alert("Ana")
    assert seen["checking"]["by"]["name"] == "Maya Reyes"
    other = await check(jon)
    assert other["given"]["answers"] == gone["given"]["answers"]
    assert other["begun_by"]["name"] == "Maya Reyes"
    joined = await taps(jon, timeframe="days")
    assert joined["saved_by"]["name"] == "Jon Bell"
    assert (await jon.alert("Ana"))["checking"]["by"]["name"] == "Jon Bell"
    assert joined["given"]["answers"]["intent"] == "no"
    # The suggestion has changed nothing: a person chooses the tier.
    assert (await maya.page("Ana"))["tier"] == "moderate"


@pytest.mark.row("N2", "N10", "N11")
async def test_what_is_seen_and_decided_is_kept_beside_the_answers_and_computes_nothing(
    world: World,
) -> None:
    maya, _ = await asked(world)
    await taps(maya, ideation="none")
    kept = await maya.press(
        "Ana",
        "check",
        observed=["flat", "turned_away"],
        factor="yes",
        help="colleague",
        words="I am just so tired.",
        formulation="Exhausted after a week of nights.",
    )
    assert kept["result"] == {"tier": "none", "assessed": True, "matches": []}
    given = kept["given"]
    assert (given["observed"], given["factor"], given["help"]) == (
        ["flat", "turned_away"],
        "yes",
        "colleague",
    )
    refused = await maya.refused("Ana", "check", observed=["dishonest"])
    assert "no such answer: dishonest" in refused


async def test_the_answers_lead_to_the_level_of_intervention_and_a_clinician_decides(world: World) -> None:
    maya, jon = await asked(world)
    assert (await check(maya))["help_suggested"] is None, "nothing is asked yet"
    kept = await taps(maya, distress="acute")
    assert kept["help_suggested"] is None, "thoughts of suicide were not asked"
    assert (await taps(maya, ideation="none"))["help_suggested"] == "words"
    assert (await taps(maya, ideation="method"))["help_suggested"] == "colleague"
    kept = await taps(maya, medical="unstable")
    assert (kept["help_suggested"], kept["result"]["tier"]) == ("outside", "imminent")
    # The screen says it with the tap, also without a line: from the same table.
    rules = (await jon.looks("/api/triage/rules")).json()
    assert rules["help"]["imminent"] == "outside"
    # They decide otherwise, and nothing has been done for them.
    kept = await maya.press("Ana", "check", help="colleague")
    assert (kept["given"]["help"], kept["help_suggested"]) == ("colleague", "outside")
    assert (await maya.page("Ana"))["tier"] == "moderate"
    await world.never_rang("contact")


@pytest.mark.row("E6", "R15")
async def test_a_clinician_chooses_and_the_flag_is_renewed(world: World) -> None:
    maya, _ = await asked(world)
    await taps(maya, ideation="method", intent="no", means="reachable", protective="strong")
    done = await maya.press("Ana", "check/done", tier="moderate")
    assert (done["state"], done["chosen"], done["direction"]) == ("done", "moderate", "same")
    async with world.house.engine.transaction(None) as db:
        [row] = list(await db.scalars(select(RiskAssessment)))
        [flag] = list(await db.scalars(select(RiskFlag)))
        assert (row.computed_tier, row.rules_version) == ("moderate", "1.0.0")
        assert len(row.rules_sha256) == 64
        assert (flag.assessment_id, flag.until - flag.since) == (row.id, timedelta(hours=72))
        assert b"reachable" not in row.given
    assert (await maya.alert("Ana"))["checking"] is None
    told = [line["text"] for line in (await maya.page("Ana"))["timeline"]]
    assert "Maya Reyes did the safety check: moderate (the answers: moderate)" in told


async def test_a_choice_that_differs_says_why(world: World) -> None:
    maya, _ = await asked(world)
    assert "Nothing has been asked yet" in await maya.refused("Ana", "check/done", tier="moderate")
    await taps(maya, ideation="method", intent="yes")
    assert "Say why less" in await maya.refused("Ana", "check/done", tier="moderate", reason="seems fine")
    assert "Say why in a few words" in await maya.refused("Ana", "check/done", tier="imminent")
    done = await maya.press("Ana", "check/done", tier="imminent", reason="Knife on the table.")
    assert (done["direction"], done["tier"]) == ("higher", "imminent")
    assert done["reason"] == "Knife on the table."
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("R15")
async def test_the_tier_never_falls_while_nobody_has_asked(world: World) -> None:
    maya, _ = await asked(world)
    await taps(maya, distress="acute")
    refused = await maya.refused("Ana", "check/done", tier="low", reason=WHY)
    assert "Thoughts of suicide were not asked" in refused
    # Stopping is always possible: what was answered stays, and so does the tier.
    await maya.press("Ana", "check/stop")
    stopped = await check(maya)
    assert (stopped["state"], stopped["given"]["answers"]) == ("stopped", {"distress": "acute"})
    assert (await maya.page("Ana"))["tier"] == "moderate"
    await maya.press("Ana", "check/stop")


@pytest.mark.row("R15")
async def test_a_check_ends_a_flag_and_its_task(world: World) -> None:
    maya, _ = await asked(world)
    await taps(maya, ideation="passive", protective="strong")
    await maya.press("Ana", "check/done", tier="moderate", reason="It is late, and she is alone.")
    async with world.house.engine.transaction(None) as db:
        until = (await db.scalars(select(RiskFlag.until))).one()
    await world.pass_time(1)
    world.house.clock.move((until - world.now).total_seconds() + 1)
    await world.settle()
    # Days later: everybody signs in anew.
    world.screens.clear()
    maya = await world.screen("Maya")
    assert (await maya.tile("Ana"))["flag"]["overdue"]
    await taps(maya, ideation="none")
    await maya.press("Ana", "check/done", tier="none", reason=WHY)
    tile = await maya.tile("Ana")
    assert (tile["tier"], tile["flag"], tile["assessed"]) == ("none", None, True)
    async with world.house.engine.transaction(None) as db:
        [task] = list(await db.scalars(select(Task)))
        assert (task.outcome, task.done_by) == ("done", world.people["Maya"].id)
        [first] = list(await db.scalars(select(RiskFlag)))
        assert first.ended_why == "assessed"


@pytest.mark.row("R15")
async def test_a_check_that_lowers_from_high_waits_for_a_second_person_and_then_counts(world: World) -> None:
    maya, jon = await asked(world, "high")
    await taps(maya, ideation="active", protective="strong", means="none")
    await maya.press("Ana", "check/done", tier="low", reason=WHY)
    shown = await jon.page("Ana")
    assert (shown["tier"], shown["lowering"]["after"], shown["lowering"]["checked"]) == ("high", "low", True)
    await jon.press("Ana", f"lowering/{shown['lowering']['id']}/accept")
    assert (await maya.tile("Ana"))["tier"] == "low"
    async with world.house.engine.transaction(None) as db:
        flag = (await db.scalars(select(RiskFlag).where(RiskFlag.ended_at.is_(None)))).one()
        assert flag.assessment_id is not None
    # Looked at again at the same tier: nothing waits any more.
    await taps(maya, ideation="active", protective="strong", means="none")
    done = await maya.press("Ana", "check/done", tier="low")
    assert done["direction"] == "same"


async def test_what_handrail_knows_stands_among_the_rules(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    maya = await world.screen("Maya")
    await maya.alert("Ana")
    early = await check(maya)
    assert (early["signal"], early["result"]["tier"], early["result"]["assessed"]) == (
        "lost_after_moderate",
        "high",
        False,
    )
    await world.until(301)
    await world.may_ring("Ana", *world.people)
    late = await check(maya)
    assert [one["id"] for one in late["result"]["matches"]] == ["I8"]
    # R1: the table suggests, and nothing has been raised by it.
    assert (await maya.page("Ana"))["tier"] == "high"


@pytest.mark.row("D6", "D7")
async def test_each_tier_asks_for_its_list_and_what_is_missing_at_the_end_is_a_task(world: World) -> None:
    maya, _ = await asked(world, "moderate")
    before = await care(maya)
    assert set(before) == {
        "private_room", "assessment", "means_talked", "plan_opened", "supervisor_told", "next_contact",
    }  # fmt: skip
    assert not any(line["done"] for line in before.values())
    room = before["private_room"]["due_at"]
    incident = await world.incident("Ana")
    assert room.startswith((incident.learned_at + timedelta(minutes=5)).isoformat()[:19])

    await maya.press("Ana", "care/means_talked")
    await maya.press("Ana", "care/means_talked")
    refused = await maya.refused("Ana", "care/assessment")
    assert "follows from what is written down" in refused
    await maya.press("Ana", "care/private_room")
    dana = await world.screen("Dana")
    await dana.page("Ana")
    await taps(maya, ideation="method")
    await maya.press("Ana", "check/done", tier="moderate")
    after = await care(maya)
    done = {item for item, line in after.items() if line["done"]}
    assert done == {"private_room", "assessment", "means_talked", "supervisor_told"}
    assert after["means_talked"]["by"] == "Maya Reyes"

    await maya.press("Ana", "close", outcome="stabilized", note="Steady.")
    async with world.house.engine.transaction(None) as db:
        tasks = list(await db.scalars(select(Task).order_by(Task.gap)))
        assert [task.gap for task in tasks] == ["care: next_contact", "care: plan_opened"]
        assert {task.owner_id for task in tasks} == {world.people["Maya"].id}


async def test_a_check_that_nobody_finished_is_put_away_when_the_incident_closes(world: World) -> None:
    maya, _ = await asked(world, "low")
    await taps(maya, ideation="none")
    await maya.press("Ana", "close", outcome="rejoined", next_contact_at="2027-03-02T18:00:00+00:00")
    async with world.house.engine.transaction(None) as db:
        row = (await db.scalars(select(RiskAssessment))).one()
        assert (row.state, row.chosen_tier) == ("stopped", None)
        assert list(await db.scalars(select(Task))) == []


async def test_the_programs_own_screener_is_one_input_with_its_copyright_line(world: World) -> None:
    maya, _ = await asked(world)
    dana = await world.screen("Dana")
    assert (await check(maya))["screener"] is None

    async def loads(words: str) -> list[dict[str, Any]]:
        browser = dana.browser
        await browser.http.post("/api/confirm", json={"pin": "480392"})
        answer = await browser.http.post(
            "/api/screeners",
            content=words.encode(),
            headers={"Command-Id": f"{abs(hash(words)):032x}"[:32], "Content-Type": "application/yaml"},
        )
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    [first] = await loads(FILE)
    shown = (await check(maya))["screener"]
    assert shown["copyright"] == "© Invented Holder 2027, used with permission."
    assert (shown["items"][0]["words"], shown["items"][0]["loinc"]) == ("words of one", "93246-7")
    assert "LOINC" in shown["notice"]
    screened = await maya.press("Ana", "check", screener={"6": "yes"}, answers={"ideation": "none"})
    assert [one["id"] for one in screened["result"]["matches"]] == ["S2"]
    [second] = await loads(FILE.replace("words of one", "other words of one"))
    assert second["id"] != first["id"]
    # What is being asked keeps the words it was begun with.
    assert (await check(maya))["screener"]["id"] == first["id"]
    await maya.press("Ana", "check/done", tier="moderate")
    retired = await dana.browser.post(f"/api/screeners/{second['id']}/retire")
    assert retired.json() == []
    gone = await dana.browser.post(f"/api/screeners/{second['id']}/retire")
    assert gone.status_code == 404


async def test_each_look_at_what_was_answered_is_written_down(world: World) -> None:
    maya, jon = await asked(world)
    await taps(maya, ideation="passive")
    await maya.press("Ana", "check", words="I do not want to be here.")
    await maya.press("Ana", "check/done", tier="moderate", reason="Alone tonight.")
    client = world.clients["Ana"]
    listed = await jon.looks(f"/api/clients/{client}/checks")
    [line] = listed.json()
    assert (line["computed"], line["chosen"], line["direction"]) == ("low", "moderate", "higher")
    assert "not want to be here" not in listed.text

    async def looks() -> int:
        async with world.house.engine.transaction(None) as db:
            return len(list(await db.scalars(select(Entry.seq).where(Entry.kind == "incident.check_read"))))

    before = await looks()
    opened = await jon.browser.post(f"/api/clients/{client}/checks/{line['id']}/open")
    assert opened.json()["given"]["words"] == "I do not want to be here."
    assert opened.json()["reason"] == "Alone tonight."
    assert await looks() == before + 1
    elsewhere = await jon.browser.post(f"/api/clients/{client}/checks/{client}/open")
    assert elsewhere.status_code == 404


async def test_a_client_about_whom_nothing_is_open_is_asked_in_no_incident(world: World) -> None:
    await world.client("Ana", tier="none")
    maya = await world.screen("Maya")
    path = f"/api/clients/{world.clients['Ana']}/check"
    answer = await maya.browser.post(path)
    assert answer.json()["code"] == "nothing_open"
    await maya.taps("Ana", "lost")
    incident = await maya.incident_id("Ana")
    answer = await maya.browser.post(path)
    assert answer.json() == {"incident_id": incident}
    await world.may_ring("Ana", *world.people)
    await maya.ends_well("Ana", tier="none")


@pytest.mark.row("R16")
async def test_a_copy_of_the_record_holds_the_checks_and_a_guardians_copy_no_answer(world: World) -> None:
    maya, _ = await asked(world)
    await taps(maya, ideation="method", means="reachable")
    await maya.press("Ana", "check", words="The pills in the kitchen.")
    await maya.press("Ana", "check/done", tier="moderate")

    async def copy(*hidden: str, guardian: bool) -> dict[str, Any]:
        async with world.house.engine.transaction(world.program_id) as db:
            client = await db.get_one(Client, (world.program_id, world.clients["Ana"]))
            client.hidden_from_guardian = list(hidden)
            return await record.gather(db, client, guardian=guardian)

    [own] = (await copy(guardian=False))["safety_checks"]
    assert own["given"]["words"] == "The pills in the kitchen."
    assert own["risk_level"]["answer"] == "LA6751-7"
    whole = await copy(guardian=True)
    assert [set(line) for line in whole["safety_checks"]] == [{"at", "by", "state", "tier"}]
    assert "pills" not in str(whole)
    assert "safety_checks" not in await copy("safety_checks", guardian=True)
    assert "safety_checks" not in await copy("tier", guardian=True)


async def test_a_screeners_file_is_read_before_it_is_used(world: World) -> None:
    maya, _ = await asked(world)
    dana = await world.screen("Dana")

    async def gives(where: str, words: str) -> Any:
        headers = {"Command-Id": uuid4().hex, "Content-Type": "application/yaml"}
        return await dana.browser.http.post(where, content=words.encode(), headers=headers)

    shown = (await gives("/api/screeners/preview", FILE)).json()
    assert (shown["version"], shown["replaces"], shown["same"]) == ("1", None, False)
    assert shown["items"][0]["words"] == "words of one"
    assert (await check(maya))["screener"] is None, "reading it changes nothing"
    await dana.browser.http.post("/api/confirm", json={"pin": "480392"})
    assert (await gives("/api/screeners", FILE)).status_code == 200
    assert (await gives("/api/screeners/preview", FILE)).json()["same"] is True
    newer = (await gives("/api/screeners/preview", FILE.replace("version: 1", "version: 2"))).json()
    assert (newer["version"], newer["replaces"], newer["same"]) == ("2", "1", False)
    refused = await gives("/api/screeners/preview", FILE.replace('  "3": "words of three"\n', ""))
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "The words of these items are missing: 3.",
    )
