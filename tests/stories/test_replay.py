"""Before an edited protocol is published, a supervisor sees what it would have done in incidents that are over (B12)."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import administration
from app.protocols import library
from tests.stories.screens import Screen
from tests.stories.world import World

LOST = library.SHIPPED / "connection-lost.yaml"


SOONER = {"first-call": 20, "assign": 10, "supervisor": 60}


def edited(**limits: int) -> str:
    """The shipped file with other limits at low tier, under a new number, as clinicians would bring it."""
    body: dict[str, Any] = yaml.safe_load(LOST.read_text(encoding="utf-8"))
    body["version"] = "1.1.0"
    for step in body["steps"]:
        if step["id"] in limits:
            step["due_s"] = dict.fromkeys(("low", "moderate", "high", "imminent"), limits[step["id"]])
            step.pop("not_before_s", None)
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)


async def brings(screen: Screen, text: str) -> str:
    answer = await screen.browser.post("/api/protocols/files", name="connection-lost.yaml", text=text)
    assert answer.status_code == 200, answer.text
    assert answer.json()["faults"] == []
    return str(answer.json()["version"]["id"])


async def running(screen: Screen) -> str:
    versions = (await screen.looks("/api/protocols")).json()["versions"]
    return str(next(one["id"] for one in versions if one["protocol"] == "connection-lost" and one["current"]))


async def replay(screen: Screen, version: str) -> dict[str, Any]:
    answer = await screen.looks(f"/api/protocols/{version}/replay")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rows(incident: dict[str, Any], words: str) -> list[tuple[float | None, float | None, str]]:
    return [(row["then_s"], row["now_s"], row["change"]) for row in incident["rows"] if words in row["text"]]


@pytest.mark.row("B12")
async def test_a_supervisor_sees_what_an_edited_version_would_have_done(world: World, tmp_path: Path) -> None:
    await world.client("Ana", tier="moderate", ends=("01", "02"))
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.drops("Ana")
    await world.pass_time(150)
    await jon.alert("Ana")
    supervisor = next(s for s in (await jon.page("Ana"))["steps"] if s["key"] == "supervisor")
    incident = await jon.incident_id("Ana")
    await world.pass_time(60)
    path = f"/api/incidents/{incident}/steps/{supervisor['id']}/outcome"
    assert (await dana.browser.post(path, outcome="decide")).status_code == 200
    await world.settle()
    await world.pass_time(40)
    await jon.ends_well("Ana", tier="moderate")
    await world.may_ring("Ana", *world.people)

    same = await replay(dana, await running(dana))
    [as_it_was] = same["incidents"]
    assert as_it_was["faithful"] == as_it_was["steps"] > 6, "the stage repeats the record step by step"
    assert not as_it_was["changed"]
    assert {row["change"] for row in as_it_was["rows"]} == {"same"}

    version = await brings(dana, edited(**SOONER))
    found = await replay(dana, version)
    [one] = found["incidents"]
    assert (one["number"], one["tier"], one["then_version"], one["changed"]) == (1, "moderate", "1.0.0", True)
    first = rows(one, "Rings the client, number ends 01")[0]
    assert first[0] is not None
    assert first[1] is not None
    assert 20 < first[0] <= 45
    assert first[1] <= 21
    assert first[2] == "sooner"
    [asked] = rows(one, "Decide about responders")
    assert asked[2] == "sooner", "Dana answers as fast after being asked as she did then"
    measures = {measure["label"]: measure for measure in one["measures"]}
    assert measures["First call to the client"]["now"] < measures["First call to the client"]["then"]
    assert found["changed"] == 1
    assert any(sentence.startswith("First call to the client: 1 sooner") for sentence in found["summary"])

    path = tmp_path / "connection-lost.yaml"
    path.write_text(edited(**SOONER), encoding="utf-8")
    settings = world.house.app.state.settings
    lines = await administration.replay_protocol(settings, path=path, program_name="Harbor drill", most=5)
    assert lines[0] == found["summary"][0]
    assert any(line.startswith("<") and "Decide about responders" in line for line in lines)

    told = json.dumps(found) + "".join(lines)
    for secret in ("Ana", "Dana", incident, str(world.clients["Ana"]), "+1406"):
        assert secret not in told, secret
    assert (await jon.looks(f"/api/protocols/{version}/replay")).status_code == 403


async def test_nothing_to_replay_says_so_and_steps_that_come_and_go_are_shown(world: World) -> None:
    dana = await world.screen("Dana")
    nothing = await replay(dana, await running(dana))
    assert nothing["incidents"] == []
    assert "nothing to replay" in nothing["summary"][0]

    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.pass_time(20)
    await jon.press("Ana", "take")
    await world.pass_time(110)
    await jon.ends_well("Ana")
    await world.may_ring("Ana", *world.people)
    body = yaml.safe_load(LOST.read_text(encoding="utf-8"))
    body["version"] = "2.0.0"
    body["steps"] = [step for step in body["steps"] if step["id"] not in ("text", "voicemail")]
    for step in body["steps"]:
        step["next"] = {
            outcome: "backup" if goal in ("text", "voicemail") else goal
            for outcome, goal in step["next"].items()
        }
    body["variants"] = {"unsafe_home": body["variants"]["unsafe_home"]}
    del body["variants"]["unsafe_home"]["remove"]
    del body["variants"]["unsafe_home"]["change"]["text"]
    found = await replay(dana, await brings(dana, yaml.safe_dump(body)))
    [one] = found["incidents"]
    assert [row["change"] for row in one["rows"] if "Sends the client the neutral text" in row["text"]] == [
        "gone"
    ]
    texts = next(measure for measure in one["measures"] if measure["label"] == "Texts to the client")
    assert (texts["then"], texts["now"]) == (1, 0)
    assert "Texts to the client: 1 fewer." in found["summary"]
