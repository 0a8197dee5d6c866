"""A record, run again by the version that ran and by an edited one: people answer as fast as they did, and no faster."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml

from app.incidents.situation import Decided, Released, Taken, TierChanged, Verified
from app.journal.kinds import Kind
from app.protocols import library
from app.protocols.facts import Facts
from app.protocols.schema import Protocol
from app.replays import lines, recorded, report
from app.replays.comparing import ReplayedIncident, compare
from app.replays.kinds import FIRST, SECOND
from app.replays.recorded import FOR_GOOD_S, Heard, Recorded, Said, Told, WasDone
from app.replays.replaying import Replayed, as_it_was, by_another
from app.replays.stage import Answer, Endless, Happened, Stage, at

LOST: dict[str, Any] = yaml.safe_load((library.SHIPPED / "connection-lost.yaml").read_text(encoding="utf-8"))
# Jon took it at 40 s, nobody answered, and Dana decided 50 s after she was asked.
RECORD = Recorded(
    protocol="connection-lost",
    month="March 2027",
    tier="moderate",
    learned_s=0,
    facts=Facts(numbers=(FIRST, SECOND), has_contacts=True),
    brief_possible=True,
    said=(),
    heard=(Heard(40, Taken(at(FOR_GOOD_S))), Heard(600, Verified())),
    calls={FIRST.id: (Answer("busy", 4), Answer("answered", 9, talks_s=30)), SECOND.id: (Answer("voicemail", 20),)},
    done=(),
    ends_s=610,
)  # fmt: skip


def protocol(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Protocol:
    body = copy.deepcopy(LOST)
    change(body)
    return Protocol.model_validate({**body, "version": "1.1.0"})


def limit(seconds: int, *keys: str) -> Callable[[dict[str, Any]], object]:
    def change(body: dict[str, Any]) -> None:
        for step in body["steps"]:
            if step["id"] in keys:
                step["due_s"] = dict.fromkeys(("low", "moderate", "high", "imminent"), seconds)
                step.pop("not_before_s", None)

    return change


def waits(seconds: int, key: str) -> Callable[[dict[str, Any]], object]:
    def change(body: dict[str, Any]) -> None:
        step = next(one for one in body["steps"] if one["id"] == key)
        step["wait_s"] = dict.fromkeys(("low", "moderate", "high", "imminent"), seconds)

    return change


def compared(record: Recorded, change: Callable[[dict[str, Any]], object]) -> ReplayedIncident:
    return compare(1, record, Protocol.model_validate(LOST), protocol(change))


def changes(found: ReplayedIncident, words: str) -> list[str]:
    return [row.change for row in found.rows if words in row.text]


def test_by_the_version_that_ran_everything_is_as_it_was() -> None:
    found = compared(RECORD, lambda _: None)
    assert {row.change for row in found.rows} == {"same"}
    assert not found.changed
    text = list(report.lines([found], ["One incident."]))
    assert text[0] == "One incident."
    assert "  Nothing would have been different." in text


def test_a_shorter_limit_rings_sooner_and_a_longer_one_later() -> None:
    sooner = compared(RECORD, limit(5, "first-call"))
    assert changes(sooner, "Rings the client")[0] == "sooner"
    later = compared(RECORD, limit(90, "first-call"))
    assert changes(later, "Rings the client")[0] == "later"
    text = "\n".join(report.lines([later], []))
    assert "later by" in text
    assert "First call to the client:" in text


def test_an_answer_to_a_question_that_is_not_asked_any_more_is_told_as_not_asked() -> None:
    keys = [step["id"] for step in LOST["steps"]]
    pressed = replace(
        RECORD,
        said=(
            Said(60, "stop", keys[0]),
            Said(200, "answer", "no-such-step", "wait"),
            Said(300, "answer", "supervisor", "no_such_answer"),
        ),
        done=(WasDone(keys[0], 1, 60, "done", "stopped", True), WasDone("gone", 1, 1, "done", "sent", False)),
    )
    found = compared(pressed, limit(5, "first-call"))
    assert found.steps == 2
    assert found.faithful <= 1


def moment(replayed: Replayed, what: str, key: str) -> float:
    return next(one.at_s for one in replayed.happened if (one.what, one.key) == (what, key))


def test_an_answer_that_comes_when_its_question_has_just_passed_on_is_told_as_not_asked() -> None:
    shorter = protocol(waits(60, "supervisor"))
    alone = by_another(shorter, RECORD, {})
    open_for = moment(alone, "goes_on", "supervisor") - moment(alone, "opens", "supervisor")
    asked_at = moment(as_it_was(protocol(), RECORD), "opens", "supervisor")
    said = Said(asked_at + open_for, "answer", "supervisor", "decide")
    pressed = replace(RECORD, said=(said,))
    was = as_it_was(protocol(), pressed)
    assert was.delays == {said: open_for}
    assert by_another(shorter, pressed, was.delays).unasked == [said]


def test_an_answer_that_an_edited_step_does_not_take_is_told_as_not_asked() -> None:
    pressed = replace(RECORD, said=(Said(200, "answer", "supervisor", "decide"),))

    def asks_otherwise(body: dict[str, Any]) -> None:
        step = next(one for one in body["steps"] if one["id"] == "supervisor")
        step["next"] = {**step["next"], "wait": step["next"]["decide"]}
        step["next"].pop("decide")

    found = compared(pressed, asks_otherwise)
    assert found.unasked == ["Decide: The supervisor comes in and chooses the next step"]
    assert "  Nobody would have been asked:" in "\n".join(report.lines([found], []))


def test_a_record_that_ends_before_anybody_was_recognised_is_compared_up_to_its_end() -> None:
    found = compared(
        replace(RECORD, heard=(Heard(40, Taken(at(FOR_GOOD_S))), Heard(400, Verified())), ends_s=400),
        lambda _: None,
    )
    assert not found.changed
    assert compared(replace(RECORD, heard=(), ends_s=300), limit(5, "first-call")).changed


def test_what_was_said_after_it_was_over_changes_nothing() -> None:
    heard = (Heard(40, Taken(at(FOR_GOOD_S))), Heard(300, Verified()), Heard(350, Released()))
    assert not compared(replace(RECORD, heard=heard), lambda _: None).changed


def test_a_call_rings_once_whoever_takes_it_has_picked_up_their_own_telephone() -> None:
    def first_ring(waits_s: float | None) -> float:
        stage = Stage(protocol(), "high", RECORD.facts, lambda _call: Answer("busy", 4, waits_s=waits_s))
        stage.say(Taken(at(FOR_GOOD_S)))
        stage.pass_until(60)
        return next(one.at_s for one in stage.told() if one.what == "rings")

    assert first_ring(2) == 2
    assert first_ring(None) > 2


def test_how_a_step_went_on_is_a_line_only_where_a_person_answered() -> None:
    read = protocol()
    decided = lines.line(Happened(200, "goes_on", "supervisor", "decide"), read, {})
    assert decided == "Decide: The supervisor comes in and chooses the next step"
    assert lines.line(Happened(200, "goes_on", "supervisor", "timeout"), read, {}) is None


def test_without_a_number_a_person_is_asked_to_do_it_by_hand() -> None:
    stage = Stage(protocol(), "high", Facts())
    stage.pass_until(120)
    assert "by_hand" in {one.what for one in stage.told()}


def test_a_protocol_that_goes_round_at_one_moment_is_stopped_and_named() -> None:
    def round_and_round(body: dict[str, Any]) -> None:
        call = next(one for one in body["steps"] if one["id"] == "first-call")
        call["due_s"] = dict.fromkeys(("low", "moderate", "high", "imminent"), 0)
        call["next"] = dict.fromkeys(call["next"], "first-call")

    stage = Stage(protocol(round_and_round), "high", RECORD.facts, lambda _call: Answer("busy", 0))
    with pytest.raises(Endless, match="connection-lost goes round"):
        stage.pass_until(60)


@pytest.mark.parametrize("to", ["answer", "skip", "stop", "hurry"])
def test_each_press_comes_as_long_after_its_step_opened_as_it_did(to: Any) -> None:
    pressed = replace(RECORD, said=(Said(200, to, "supervisor", "decide"),))
    found = compared(pressed, limit(30, "supervisor"))
    assert found.rows


def test_what_the_journal_holds_becomes_what_the_rules_heard() -> None:
    def told(kind: Kind, **detail: Any) -> Heard | None:
        return recorded.heard(Told(7, kind, detail))

    assert told(Kind.incident_released) == Heard(7, Released())
    assert told(Kind.incident_taken) == Heard(7, Taken(at(7 + FOR_GOOD_S)))
    assert told(Kind.incident_tier_changed, after="high") == Heard(7, TierChanged("high"))
    assert told(Kind.incident_tier_changed, after="mild") is None
    assert told(Kind.decided, decision="wait") == Heard(7, Decided("wait"))
    assert told(Kind.decided, decision="fly") is None
    assert told(Kind.client_noted) is None
    assert recorded.hurried(Told(7, Kind.step_hurried, {"by_person": True, "step": "call"})) == Said(
        7, "hurry", "call"
    )
    assert recorded.hurried(Told(7, Kind.step_hurried, {"step": "call"})) is None
    assert recorded.hurried(Told(7, Kind.client_noted, {"by_person": True})) is None


def test_what_people_did_with_steps_is_read_from_how_the_steps_went_on() -> None:
    done = [
        WasDone("a", 1, 10, "done", "agreed", True),
        WasDone("b", 1, 20, "done", "timeout", True),
        WasDone("c", 1, 30, "skipped", "", True),
        WasDone("d", 1, 40, "stopped", "stopped", True),
        WasDone("e", 1, 50, "stopped", "voided", True),
        WasDone("f", 1, 60, "done", "sent", False),
        WasDone("g", 1, 70, "done", "decide", True),
    ]
    found = recorded.said(done, [Heard(70, Verified())])
    assert [(one.to, one.key) for one in found] == [("answer", "a"), ("skip", "c"), ("stop", "d")]
