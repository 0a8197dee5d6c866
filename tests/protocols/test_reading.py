"""What a protocol says, what a newer one says otherwise, and the same on paper."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from app.protocols import library, reading
from app.protocols.difference import Difference, differences
from app.protocols.paper import _sheet
from app.protocols.schema import Protocol
from app.typeset import pdf
from tests.pdf_text import words_of

LOST = yaml.safe_load((library.SHIPPED / "connection-lost.yaml").read_text(encoding="utf-8"))
EMERGENCY = yaml.safe_load((library.SHIPPED / "imminent-risk.yaml").read_text(encoding="utf-8"))

Change = Callable[[dict[str, Any]], object]


def protocol(body: dict[str, Any]) -> Protocol:
    return Protocol.model_validate(body)


def step(body: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in body["steps"] if one["id"] == key)
    return found


def found(change: Change, body: dict[str, Any] = LOST) -> list[Difference]:
    changed = copy.deepcopy(body)
    change(changed)
    return differences(protocol(body), protocol(changed))


def said(one: Difference) -> tuple[str, str, str | None, str | None]:
    return one.where, one.about, one.before, one.after


def test_a_reading_says_who_does_what_by_when_at_one_tier() -> None:
    made = reading.read(protocol(LOST), "high")
    first = next(one for one in made.steps if one.id == "first-call")
    assert (first.title, first.role, first.kind, first.limit) == (
        "Ring the client",
        "Handrail",
        "automatic",
        "by 30 s",
    )
    assert first.limits == {
        "low": "by 1 min",
        "moderate": "by 45 s",
        "high": "by 30 s",
        "imminent": "by 20 s",
    }
    decide = next(one for one in made.steps if one.id == "decide")
    assert (decide.kind, decide.waits) == ("person", "a person does this")
    silent = next(one for one in decide.branches if one.silent)
    assert (silent.answer, silent.leads_to) == (
        "Nobody does anything",
        "Ring supervisor, backup and on-call until somebody decides",
    )
    assert made.alone[:4] == ["alert", "assign", "first-call", "text"]
    assert "A client's connection is lost" in made.starts_when
    assert made.zero == "the drop"


def test_a_reading_shows_what_each_variant_makes_of_it() -> None:
    plain = reading.read(protocol(EMERGENCY), "imminent")
    assert not [one for one in plain.steps if one.change]
    both = reading.read(protocol(EMERGENCY), "imminent", ["unsafe_home", "adolescent", "nonsense"])
    assert {one.id: one.change for one in both.steps if one.change}["contact"] == "changed"
    assert "guardian" not in {one.id for one in both.steps}, "who may be part of the danger is not rung"
    young = reading.read(protocol(EMERGENCY), "imminent", ["adolescent"])
    assert {one.id: one.change for one in young.steps}["guardian"] == "added"
    assert [one.name for one in both.variants if one.chosen] == ["adolescent", "unsafe_home"]
    assert any("Nobody says to the client that help is coming" in one for one in both.reminders)
    quiet = next(one for one in both.scripts if one.id == "dispatch-card-quiet")
    assert "no siren if possible" in quiet.text["en"]
    removed = reading.read(protocol(LOST), "low", ["unsafe_home"]).removed
    assert [(one.title, one.instead) for one in removed] == [
        ("Leave the neutral message, where the client allows it", "Send the client the neutral text")
    ]


def test_variants_that_never_hold_together_are_not_read_together() -> None:
    made = reading.read(protocol(LOST), "low", ["relay", "text_first", "do_not_ring"])
    assert [one.name for one in made.variants if one.chosen] == ["relay"]
    relay = next(one for one in made.variants if one.name == "relay")
    assert relay.excludes == ["do_not_ring", "text_first"]


CASES: list[tuple[str, Change, tuple[str, str, str | None, str | None]]] = [
    ("a limit", lambda b: step(b, "decide").update(due_s=120), ("Decide about responders; nothing is sent unless you choose it", "Limit", "low 30 min, moderate 15 min, high 5 min, imminent 2 min", "2 min")),
    ("where an answer leads", lambda b: step(b, "contact")["next"].update(no_answer="wait-agreed"), ("Decide whether to ring someone the client named; you press, you speak", "When nobody answers", "Decide about responders; nothing is sent unless you choose it", "Wait as agreed, and look again when the time is up")),
    ("who does it", lambda b: step(b, "contact").update(role="lead"), ("Decide whether to ring someone the client named; you press, you speak", "Who", "Co-facilitator", "Lead")),
    ("words", lambda b: b["scripts"]["text-quiet"]["text"].update(en="Please ring {callback_number}."), ("Words “text-quiet”", "en", "Hi, it's [staff first name]. Can you call me back when you have a minute? [callback number]", "Please ring [callback number].")),
    ("a condition", lambda b: step(b, "backup").update(guard=["no_recording"]), ("Ring the client's other number", "Conditions", "nothing is recorded, the neutral number is shown", "nothing is recorded")),
    ("a tier", lambda b: b.update(tiers=["low", "high"]), ("The protocol", "Tiers", "none, low, moderate, high, imminent", "low, high")),
    ("its review", lambda b: b["review"].update(due="2028-01-01"), ("The protocol", "Read again by", "2027-05-22", "2028-01-01")),
    ("skipping", lambda b: step(b, "text").update(skippable=False), ("Send the client the neutral text", "May be skipped", "yes", "no")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_different_is_said_in_words(
    change: Change, wanted: tuple[str, str, str | None, str | None]
) -> None:
    assert wanted in [said(one) for one in found(change) if one.only_with is None]


def test_words_and_variants_that_come_and_go_are_told() -> None:
    def change(body: dict[str, Any]) -> None:
        body["scripts"]["softly"] = {**body["scripts"]["text-quiet"], "text": {"en": "It is fine to wait."}}
        body["variants"].pop("rural")

    made = found(change)
    assert ("Words “softly”", "en", None, "It is fine to wait.") in [said(one) for one in made]
    assert ("removed", "Variant") in [(one.what, one.about) for one in made]
    lost, without = protocol(LOST), copy.deepcopy(LOST)
    without["variants"].pop("rural")
    assert ("added", "Variant") in [(one.what, one.about) for one in differences(protocol(without), lost)]


def test_steps_are_read_as_they_stand_at_one_tier() -> None:
    lost = protocol(LOST)
    assert [one.id for one in reading.read_steps(lost, "high")] == [one.id for one in lost.steps]


def test_a_step_that_comes_round_is_told_with_how_often() -> None:
    def add(body: dict[str, Any]) -> None:
        body["steps"].append({**step(body, "page-decider"), "id": "again-decider", "title": "Ring on"})

    added = next(one for one in found(add) if one.where == "Ring on")
    assert added.after is not None
    assert "every " in added.after


def test_nothing_is_different_from_itself() -> None:
    for body in (LOST, EMERGENCY):
        assert differences(protocol(body), protocol(copy.deepcopy(body))) == []


def test_steps_that_come_and_go_are_told_whole() -> None:
    def add(body: dict[str, Any]) -> None:
        body["steps"].append({**step(body, "home"), "id": "lights", "title": "Lights on"})

    [added] = [one for one in found(add, EMERGENCY) if one.only_with is None]
    assert (added.where, added.what) == ("Lights on", "added")
    assert added.after is not None
    assert "Lead, by 10 min" in added.after

    def leave_out(body: dict[str, Any]) -> None:
        body["steps"].remove(step(body, "place-not-known"))
        step(body, "place")["next"]["not_known"] = "dispatch"

    gone = found(leave_out, EMERGENCY)
    assert ("removed", "Step") in [(one.what, one.about) for one in gone]


def test_what_shows_only_for_some_clients_says_for_whom() -> None:
    def change(body: dict[str, Any]) -> None:
        body["variants"]["adolescent"]["add"][0]["due_s"] = 90

    [only] = found(change, EMERGENCY)
    assert only.only_with == "Under 18"
    assert (only.about, only.before, only.after) == ("Limit", "3 min", "1 min 30 s")
    gone = found(lambda body: body["variants"].pop("rural"), EMERGENCY)
    assert [(one.what, one.only_with) for one in gone] == [("removed", "Far from help")]


async def test_the_sheet_holds_all_that_a_facilitator_needs_without_a_screen() -> None:
    data = {
        "title": "Imminent risk and emergency",
        "language": "en",
        "footer": "Harbor",
        "sheets": [_sheet(protocol(EMERGENCY), ())],
    }
    words = " ".join(words_of(await pdf("protocols", data)).split())
    for wanted in (
        "Read back the place, unit, way in, and a number to call back",
        "by 2 min",
        "I'm staying right here with you",
        "Me quedo aquí con usted",
        "Nobody answers: The next line",
        "Unsafe home: home is not safe, or the danger word was used",
        "A second person at high and imminent tier",
    ):
        assert wanted in words, wanted
