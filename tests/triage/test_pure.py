"""What surrounds the tier rules: signals, the screener's logic, what was given, and what a tier asks for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.clients.tier_rules import ORDER, Verdict, lasts_until, may_choose
from app.errors import NotValid
from app.triage import care_rules, given, level, library, screeners, screening, signals
from app.triage.rules import Result, evaluate
from app.triage.schema import ORDER as TIERS
from app.triage.schema import UNKNOWN, Input, Tier

NOW = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
RULES = library.current().rules
LOGIC = screening.logic()


# --- signals


def facts(**known: Any) -> signals.Facts:
    return signals.Facts(**{"lost": True, "tier": "low", "began_at": NOW, "verified": False, **known})


@pytest.mark.parametrize(
    ("tier", "after", "expected"),
    [
        ("none", 0, "lost_plain"),
        ("low", 0, "lost_after_low"),
        ("moderate", 900, "lost_after_moderate"),
        ("high", 299, "lost_after_moderate"),
        ("high", 300, "lost_high_unverified"),
        ("imminent", 301, "lost_high_unverified"),
    ],
)
def test_what_a_loss_says_depends_on_the_tier_and_how_long_nobody_recognised_them(
    tier: str, after: int, expected: str
) -> None:
    assert signals.signals(facts(tier=tier), NOW + timedelta(seconds=after)) == {expected}


def test_a_danger_word_says_more_after_two_minutes_without_a_live_check() -> None:
    used = facts(lost=False, danger_used_at=NOW)
    assert signals.signals(used, NOW + timedelta(seconds=119)) == {"danger_word"}
    assert signals.signals(used, NOW + timedelta(seconds=120)) == {"danger_word_unverified"}
    assert signals.signals(facts(lost=False, pause_used=True), NOW) == {"pause_word"}


def test_a_live_check_ends_every_signal() -> None:
    assert signals.signals(facts(verified=True, danger_used_at=NOW, pause_used=True), NOW) == set()


# --- the screener


def test_the_screener_asks_three_to_five_only_after_a_yes_to_two_and_six_always() -> None:
    assert screening.asked(LOGIC, {}) == ["1", "2", "6"]
    assert screening.asked(LOGIC, {"2": "yes"}) == ["1", "2", "3", "4", "5", "6"]
    assert screening.asked(LOGIC, {"2": "no", "6": "yes"}) == ["1", "2", "6", "6b"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, None),
        ({"1": "no", "2": "no"}, None),
        ({"1": "no", "2": "no", "6": "no"}, "none"),
        ({"1": "yes"}, "low"),
        ({"2": "yes", "3": "yes"}, "moderate"),
        ({"2": "yes", "4": "yes"}, "high"),
        ({"2": "yes", "5": "yes", "1": "yes"}, "high"),
        ({"6": "yes"}, "moderate"),
        ({"6": "yes", "6b": "yes"}, "high"),
        # An answer to an item that is not asked any more counts for nothing.
        ({"1": "no", "2": "no", "4": "yes", "6": "no"}, "none"),
    ],
)
def test_the_screener_comes_to_its_highest_yes(answers: dict[str, str], expected: str | None) -> None:
    assert screening.comes_to(LOGIC, answers) == expected


def test_the_codes_are_those_of_the_domain_and_say_nothing_of_none() -> None:
    assert {one.item: one.loinc for one in LOGIC.items} == {
        "1": "93246-7", "2": "93247-5", "3": "93248-3", "4": "93249-1", "5": "93250-9", "6": "93267-3", "6b": "93269-9",
    }  # fmt: skip
    assert (LOGIC.panel, LOGIC.derived.loinc) == ("93373-9", "93374-7")
    assert {tier: screening.answer_code(LOGIC, tier) for tier in TIERS} == {
        "none": None, "low": "LA9194-7", "moderate": "LA6751-7", "high": "LA9193-9", "imminent": "LA9193-9",
    }  # fmt: skip
    assert "Regenstrief" in LOGIC.notice


def test_no_words_of_the_instrument_are_shipped() -> None:
    """Its wording is somebody's property: our files hold codes and logic, and an item has no words."""
    assert set(screening.Item.model_fields) == {"item", "loinc", "suggests", "window", "only_after"}


def test_logic_in_the_wrong_order_is_refused() -> None:
    body = LOGIC.model_dump(by_alias=True)
    body["items"] = list(reversed(body["items"]))
    with pytest.raises(ValidationError, match="does not come before it"):
        screening.Logic.model_validate(body)


FILE = """
schema: handrail.screener/1
instrument: c-ssrs-screener
title: The screener of this program
version: 1
copyright: © Invented Holder 2027, used with permission.
items:
  1: "words of one"
  "2": "words of two"
  "3": "words of three"
  "4": "words of four"
  "5": "words of five"
  "6": "words of six"
  6b: "words of six b"
"""


def test_a_file_of_words_is_read_as_it_is() -> None:
    found, _ = screeners.read(FILE.encode())
    assert found.items["1"] == "words of one"
    assert (found.version, found.language) == ("1", "en")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("copyright: © Invented Holder 2027, used with permission.\n", "", "no copyright line"),
        ('  "3": "words of three"\n', "", "items are missing: 3"),
        ('  6b: "words of six b"', '  6b: "words of six b"\n  "9": "more words"', "no such items: 9"),
        ("c-ssrs-screener", "other-screener", "names another"),
        ("title: The screener of this program\n", "", '"title" is missing'),
        ("version: 1", "version: 1\nextra: x", '"extra" is nothing that a screener file has'),
        ("items:", "items: [", "cannot be read"),
        ("version: 1", "version: 1\nlanguage: English", '"language" in this file is not right'),
    ],
)
def test_a_file_with_a_fault_is_refused_with_a_sentence(old: str, new: str, says: str) -> None:
    with pytest.raises(NotValid, match=says):
        screeners.read(FILE.replace(old, new).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe\x00", b"x" * 300_000, b"&a [*a]"])
def test_a_file_that_is_no_screener_is_refused(data: bytes) -> None:
    with pytest.raises(NotValid):
        screeners.read(data)


# --- what was given


def test_a_save_changes_what_it_carries_and_nothing_else() -> None:
    before = given.Given(answers={"intent": "no", "means": "none"}, observed=["tearful"], words="Tired.")
    after = given.merged(before, given.Save.model_validate({"answers": {"intent": None, "plan": "vague"}}))
    assert after.answers == {"means": "none", "plan": "vague"}
    assert (after.observed, after.words) == (["tearful"], "Tired.")
    cleared = given.merged(after, given.Save.model_validate({"words": None, "observed": None}))
    assert (cleared.words, cleared.observed) == (None, [])
    screened = given.merged(after, given.Save.model_validate({"screener": {"1": "yes", "2": None}}))
    assert screened.screener == {"1": "yes"}


def test_words_that_the_rules_do_not_have_are_found() -> None:
    save = given.Save.model_validate(
        {
            "answers": {"intent": "maybe", "means": UNKNOWN, "signal": "danger_word", "plan": None},
            "observed": ["tearful", "green"],
            "screener": {"1": "yes", "9": "no"},
        }
    )
    assert given.unknown_words(RULES, save) == ["intent", "signal", "green", "9"]
    assert given.unknown_words(RULES, given.Save()) == []


def test_what_handrail_knows_and_what_the_screener_comes_to_stand_beside_the_answers() -> None:
    held = given.Given(answers={"ideation": "none"}, screener={"6": "yes"})
    assert given.evaluated(held, "lost_plain") == {
        "ideation": "none", "signal": "lost_plain", "screener": "moderate",
    }  # fmt: skip
    assert given.evaluated(given.Given(screener={"1": "no"}), "none") == {}


# --- how a tier may change


@pytest.mark.parametrize("before", ORDER)
@pytest.mark.parametrize("after", ORDER)
@pytest.mark.parametrize("reason", ["", "short", "twenty characters long"])
@pytest.mark.parametrize("checked", [True, False])
def test_raising_is_one_press_and_lowering_takes_what_it_takes(
    before: str, after: str, reason: str, checked: bool
) -> None:
    verdict = may_choose(before, after, reason=reason, checked=checked)
    if ORDER.index(after) >= ORDER.index(before):
        assert verdict is Verdict.SET
    elif after == "none" and not checked:
        assert verdict is Verdict.CHECK
    elif len(reason) < 20:
        assert verdict is Verdict.REASON
    else:
        assert verdict is (Verdict.SECOND if before in ("high", "imminent") else Verdict.SET)


def test_how_long_a_flag_lasts() -> None:
    end = NOW + timedelta(hours=2)
    assert lasts_until("none", NOW, end) is None
    assert lasts_until("low", NOW, end) == end
    assert lasts_until("low", NOW, NOW) == NOW + timedelta(hours=24)
    assert lasts_until("low", NOW, None) == NOW + timedelta(hours=24)
    assert lasts_until("moderate", NOW, end) == NOW + timedelta(hours=72)
    assert lasts_until("high", NOW, end) == lasts_until("imminent", NOW, end) == NOW + timedelta(days=7)


# --- what a tier asks for


def asked(tier: Tier, **done: care_rules.Done) -> list[care_rules.Line]:
    known: dict[Any, care_rules.Done] = dict(done)
    return care_rules.lines(
        RULES,
        care_rules.Facts(tier, NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=9), known),
    )


@pytest.mark.parametrize(
    ("tier", "items"),
    [
        ("none", set()),
        ("low", {"assessment", "next_contact"}),
        (
            "moderate",
            {"private_room", "assessment", "means_talked", "plan_opened", "supervisor_told", "next_contact"},
        ),
        (
            "high",
            {
                "private_room",
                "assessment",
                "means_talked",
                "plan_opened",
                "supervisor_told",
                "next_contact",
                "two_people",
            },
        ),
    ],
)
def test_each_tier_asks_for_its_own_list(tier: Tier, items: set[str]) -> None:
    assert {line.item for line in asked(tier)} == items


def test_limits_are_no_longer_the_higher_the_tier() -> None:
    moderate = {line.item: line.due_at for line in asked("moderate")}
    high = {line.item: line.due_at for line in asked("high")}
    for item in moderate.keys() & high.keys():
        assert (high[item] or NOW) <= (moderate[item] or NOW)


def test_what_is_missing_and_due_first_stands_first() -> None:
    found = asked("high", private_room=care_rules.Done(NOW), means_talked=care_rules.Done(NOW, "Jon"))
    assert [line.item for line in found][:2] == ["supervisor_told", "assessment"]
    assert [line.item for line in found if line.done] == [line.item for line in found][-2:]
    assert [line.item for line in found if line.due_at == NOW + timedelta(minutes=5)] == ["supervisor_told"]


def test_only_what_is_of_use_afterwards_is_left_as_a_task() -> None:
    left = care_rules.left_over(asked("high", plan_opened=care_rules.Done(NOW)))
    assert {line.item for line in left} == {"supervisor_told", "assessment", "means_talked", "next_contact"}


def test_every_input_has_a_mildest_answer_that_no_rule_speaks_of() -> None:
    named: set[tuple[Input, str]] = {
        (name, value) for rule in RULES.rules for name, values in rule.when.items() for value in values
    }
    assert not [name for name, values in RULES.inputs.items() if (name, values[0]) in named]


# --- the level of intervention


def test_help_never_falls_while_the_tier_rises_and_words_alone_are_never_a_guess() -> None:
    order = ["words", "colleague", "outside"]
    asked = [order.index(level.fits(Result(tier, True, ())) or "") for tier in TIERS]
    assert asked == sorted(asked)
    assert level.fits(Result(None, False, ())) is None
    assert level.fits(Result("low", False, ())) is None, "thoughts of suicide were not asked"
    assert level.fits(Result("imminent", False, ())) == "outside"


@pytest.mark.parametrize(
    ("answers", "help_"),
    [
        ({"ideation": "none", "distress": "acute"}, "words"),
        ({"ideation": "method"}, "colleague"),
        ({"ideation": "active", "plan": "specific"}, "colleague"),
        ({"medical": "unstable"}, "outside"),
    ],
)
def test_the_answers_lead_to_it(answers: dict[Input, str], help_: str) -> None:
    assert level.fits(evaluate(RULES, answers)) == help_
