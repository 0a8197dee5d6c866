"""The tier rules: the domain's situations, what is not known, and that a worse answer never lowers the tier."""

import json
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.triage import library, rules
from app.triage.schema import DERIVED, UNKNOWN, Input, TierRules

RULES = library.current().rules
VIGNETTES: list[dict[str, Any]] = yaml.safe_load((library.FILES / "vignettes.yaml").read_text("utf-8"))
# Of each version that was ever shipped: such a file does not change, it gets a new version.
SHIPPED = {"1.0.0": "aca1fd8cf4d8db3c9910328999bb2f21984e9ec70f24c4101fb284ef58c4e8ab"}


def tier(**answers: str) -> str | None:
    return rules.evaluate(RULES, answers).tier  # type: ignore[arg-type]


@pytest.mark.row("Q2")
@pytest.mark.parametrize("case", VIGNETTES, ids=lambda case: str(case["id"]))
def test_a_situation_of_the_domain_gives_its_tier(case: dict[str, Any]) -> None:
    assert tier(**case["answers"]) == case["tier"], case["about"]


def test_all_twenty_three_situations_are_told() -> None:
    assert [case["id"] for case in VIGNETTES] == [f"V{n:02}" for n in range(1, 24)]


@pytest.mark.row("D2")
@pytest.mark.parametrize("trigger", ["danger_now", "medical", "intoxication", "psychosis"])
def test_any_one_of_the_four_triggers_suffices(trigger: str) -> None:
    answers = RULES.emergency[trigger]  # type: ignore[index]
    assert tier(**answers) == "imminent"
    assert tier(**answers, ideation="none", intent="no", means="none") == "imminent"


def test_nothing_asked_is_not_assessed_and_never_none() -> None:
    assert rules.evaluate(RULES, {}) == rules.Result(None, False, ())
    assert rules.evaluate(RULES, {"ideation": UNKNOWN}).tier is None
    assert tier(intent="no", means="none", protective="strong") is None
    assert rules.evaluate(RULES, {"ideation": "none"}) == rules.Result("none", True, ())


def test_without_the_one_question_a_tier_is_the_least_there_is() -> None:
    found = rules.evaluate(RULES, {"distress": "acute"})
    assert (found.tier, found.assessed) == ("low", False)


def test_an_unanswered_question_is_read_with_suspicion_only_beside_active_thoughts() -> None:
    assert tier(ideation="active", protective="strong") == "moderate"
    assert tier(ideation="passive") == "low"
    assert tier(ideation="method", intent="yes", plan="specific") == "imminent"
    assert tier(ideation="method", intent="yes", plan="specific", timeframe="days") == "high"


def test_what_holds_a_person_never_lowers_what_the_other_answers_say() -> None:
    held = {"protective": "strong", "collaborates": "yes"}
    assert tier(ideation="method", intent="yes", **held) == "high"
    assert tier(behaviour="past_3_months", **held) == "high"


def test_all_matching_rules_are_told_with_their_sentences() -> None:
    found = rules.evaluate(RULES, {"ideation": "active", "intent": "ambivalent", "means": "reachable"})
    assert [one.id for one in found.matches] == ["M5", "M6", "M8", "L1"]
    assert all(one.say for one in found.matches)


def test_every_rule_can_match_and_wins_alone_or_beside_worse_ones() -> None:
    for rule in RULES.rules:
        answers = {name: values[0] for name, values in rule.when.items() if values[0] != UNKNOWN}
        found = rules.evaluate(RULES, answers)
        assert rule.id in [one.id for one in found.matches]
        assert found.tier is not None
        assert rules.RANK[found.tier] >= rules.RANK[rule.tier]


# --- a worse answer never lowers the tier

TOGETHER: tuple[Input, ...] = tuple(
    name for name in RULES.inputs if any(name in rule.when and len(rule.when) > 1 for rule in RULES.rules)
)
ALONE = [name for name in RULES.inputs if name not in TOGETHER]


def _rank(answers: dict[Input, str]) -> int:
    return rules.RANK[rules.evaluate(RULES, answers).tier or "none"]


def _worse(name: Input, value: str) -> Iterator[str]:
    """What is worse than this answer; nothing known is only surely better than the worst."""
    values = RULES.inputs[name]
    yield from values[-1:] if value == UNKNOWN else values[values.index(value) + 1 :]


def test_a_worse_answer_never_lowers_the_tier_in_any_combination() -> None:
    """All of them: eight inputs meet in rules with one another, and each other one stands in rules of its own alone,
    so that the highest of both is monotone when each is. 72,000 sets of answers, 614,400 single changes."""
    assert TOGETHER == (
        "ideation", "intent", "means", "timeframe", "plan", "protective", "collaborates", "intoxication",
    )  # fmt: skip
    choices = [(UNKNOWN, *RULES.inputs[name]) for name in TOGETHER]
    ranks = {values: _rank(dict(zip(TOGETHER, values, strict=True))) for values in product(*choices)}
    changes = 0
    for values, before in ranks.items():
        for place, name in enumerate(TOGETHER):
            for worse in _worse(name, values[place]):
                changes += 1
                after = ranks[*values[:place], worse, *values[place + 1 :]]
                assert after >= before, (dict(zip(TOGETHER, values, strict=True)), name, worse)
    assert (len(ranks), changes) == (72_000, 614_400)


@pytest.mark.parametrize("name", ALONE)
def test_a_worse_answer_to_a_question_that_stands_alone_never_lowers_the_tier(name: Input) -> None:
    ranks = [_rank({name: value}) for value in (UNKNOWN, *RULES.inputs[name])]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("name", TOGETHER)
def test_no_answer_is_never_better_than_the_mildest_one(name: Input) -> None:
    others = [other for other in TOGETHER if other != name]
    for values in product(*[(UNKNOWN, RULES.inputs[other][0], RULES.inputs[other][-1]) for other in others]):
        answers = dict(zip(others, values, strict=True))
        # Without the first question there is no tier to compare: it reads "not assessed".
        if name == RULES.must_ask:
            continue
        assert _rank(answers) >= _rank({**answers, name: RULES.inputs[name][0]})


ANSWERS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([UNKNOWN, *values]) for name, values in RULES.inputs.items()}
)


@settings(max_examples=400, deadline=None)
@given(ANSWERS, st.sampled_from(list(RULES.inputs)), st.data())
def test_a_worse_answer_never_lowers_the_tier_beside_all_the_others(
    answers: dict[Input, str], name: Input, data: st.DataObject
) -> None:
    worse = list(_worse(name, answers.get(name, UNKNOWN)))
    if worse:
        assert _rank({**answers, name: data.draw(st.sampled_from(worse))}) >= _rank(answers)


# --- what the clinician chooses


@pytest.mark.parametrize(
    ("chosen", "suggested", "expected"),
    [("high", "high", "same"), ("high", "low", "higher"), ("low", "high", "lower"), ("none", None, "same")],
)
def test_a_choice_is_told_from_the_suggestion(chosen: Any, suggested: Any, expected: str) -> None:
    assert rules.direction(chosen, suggested) == expected


def test_a_choice_that_differs_or_rests_on_nothing_needs_a_reason() -> None:
    asked = rules.Result("moderate", True, ())
    assert not rules.needs_reason(asked, "moderate")
    assert rules.needs_reason(asked, "high")
    assert rules.needs_reason(asked, "low")
    assert rules.needs_reason(rules.Result(None, False, ()), "none")


def test_the_worst_of_several_signals_counts() -> None:
    assert RULES.worst_signal({"lost_plain", "danger_word"}) == "danger_word"
    assert RULES.worst_signal(set()) == "none"
    assert {"signal", "screener"} == DERIVED


# --- the same table in the browser

CASES = Path(__file__).parents[2] / "frontend" / "tests" / "fixture" / "tier-cases.json"


def cases() -> dict[str, Any]:
    """The rules and answers as they come in a check, with what they suggest: frontend/tests/check.test.ts reads it."""
    choice = random.Random(20_270_301)  # noqa: S311 - the same answers in every run
    names = list(RULES.inputs)
    made = []
    for _ in range(300):
        some = choice.sample(names, choice.randint(0, len(names)))
        answers: dict[Any, str] = {name: choice.choice([UNKNOWN, *RULES.inputs[name]]) for name in some}
        found = rules.evaluate(RULES, answers)
        made.append(
            {
                "answers": answers,
                "tier": found.tier,
                "assessed": found.assessed,
                "rules": [one.id for one in found.matches],
            }
        )
    return {"rules": RULES.model_dump(mode="json", by_alias=True), "cases": made}


def test_the_browsers_table_is_held_to_what_this_one_says() -> None:
    """`python -m tests.triage.test_rules` writes the file anew after a change of the rules."""
    assert json.loads(CASES.read_text("utf-8")) == cases()


# --- the file


def test_a_version_that_was_shipped_never_changes() -> None:
    assert {version: one.sha256 for version, one in library.shipped().items()} == SHIPPED


def _file(tmp_path: Path, old: str, new: str) -> Path:
    words = (library.FILES / "tiers-1.0.0.yaml").read_text("utf-8")
    assert old in words
    made = tmp_path / "tiers-9.0.0.yaml"
    made.write_text(words.replace(old, new, 1), encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('intent: ["no", ambivalent, "yes"]', "intent: [no, ambivalent, yes]", "put the word in quotes"),
        ("inputs:", "on: 1\ninputs:", "put the word in quotes"),
        ("{medical: [unstable]}", "{medical: [wobbly]}", '"wobbly" is no value of medical'),
        ("{id: I2,", "{id: I1,", "two rules have one name: I1"),
        ("order: [none, low,", "order: [low, none,", "the order of tiers must be"),
        ("version: 1.0.0", "version: 1.0.0\nfurther: x", "Extra inputs are not permitted"),
        ("  distress: [none, acute]\n", "", "inputs without values: distress"),
        ("  none: []\n  low:", "  low:", "care must say something of every tier"),
        ("  psychosis: {psychosis: uncontrolled}\n", "", "emergency must hold exactly the four"),
        ("reads: {means: reachable", "reads: {means: near", '"near" is no value of means'),
        ("{distress: [acute]}", "{distress: [acute, unknown]}", "match when nothing was answered: L2"),
        ("schema: handrail.tiers/1", "schema: handrail.tiers/2", "handrail.tiers/1"),
        ("\nrules:\n", "\nrules: [\n", "cannot be read"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_a_sentence(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(library.RefusedRules, match=says):
        library.load(_file(tmp_path, old, new))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(library.RefusedRules, match="cannot be read"):
        library.load(tmp_path / "nothing.yaml")


def test_everything_that_can_be_observed_is_listed_once() -> None:
    assert len(RULES.observed.all) == len(
        [*RULES.observed.body, *RULES.observed.voice, *RULES.observed.stance]
    )


def test_care_names_each_thing_once_for_a_tier() -> None:
    for asked in RULES.care.values():
        assert len({one.item for one in asked}) == len(asked)


def test_the_rules_are_a_type_of_their_own() -> None:
    assert isinstance(RULES, TierRules)
    with pytest.raises(Exception, match="frozen"):
        RULES.version = "2.0.0"  # type: ignore[misc]


if __name__ == "__main__":
    CASES.write_text(json.dumps(cases(), separators=(",", ":")) + "\n", encoding="utf-8")
