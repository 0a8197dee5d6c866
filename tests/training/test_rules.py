"""What practice comes to: scenes beside the real rules, the check at the end, what is due, and files that are refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.protocols.library import RefusedFile
from app.training import content, due, scoring
from app.training.schema import LEVELS, NEXTS, Scene
from app.triage import library

RULES = library.current().rules
PACK, WORDS = content.scenes(), content.words().module
NOW = datetime(2027, 3, 31, 20, 0, tzinfo=UTC)


def scene(name: str) -> Scene:
    found = PACK.find(name)
    assert found is not None
    return found


def test_what_ships_holds_and_every_level_and_next_step_is_practised() -> None:
    assert content.check([content.SHIPPED]) == []
    assert {one.tier for one in PACK.scenes} == set(LEVELS)
    assert {one.next for one in PACK.scenes} == set(NEXTS)
    assert [one.title for one in PACK.scenes] == sorted(one.title for one in PACK.scenes)


@pytest.mark.parametrize("one", PACK.scenes, ids=lambda one: one.id)
def test_marked_as_it_shows_a_scene_is_whole_and_strengths_are_named(one: Scene) -> None:
    told = scoring.judge(one, RULES, one.shows, one.tier, one.next)
    assert (told.points, told.tier_is, told.next_is) == (scoring.OF, "right", "right")
    assert (told.missed, told.otherwise, told.read_in) == ((), (), ())
    assert told.own == told.expected
    assert [match.id for match in told.matches] == [match.id for match in told.own.result.matches]


def test_too_low_weighs_more_than_too_high() -> None:
    plan = scene("calm-with-a-plan")
    low = scoring.judge(plan, RULES, plan.shows, "low", "words")
    high = scoring.judge(plan, RULES, plan.shows, "imminent", "outside")
    assert (low.tier_is, low.next_is, low.points) == ("too_low", "too_low", 0)
    assert (high.tier_is, high.next_is, high.points) == ("too_high", "too_high", 2)
    assert low.points < high.points < scoring.OF


def test_what_was_missed_read_in_or_marked_otherwise_is_told_with_what_the_rules_make_of_it() -> None:
    cupboard = scene("thought-of-the-cupboard")
    told = scoring.judge(
        cupboard, RULES, {"ideation": "method", "intent": "yes", "plan": "specific"}, "moderate", "colleague"
    )
    assert (told.alike, told.missed, told.otherwise, told.read_in) == (
        ("ideation",),
        ("means",),
        ("intent",),
        ("plan",),
    )
    # The open question is read with suspicion, as in earnest: within reach, within a day.
    assert (told.own.tier, told.expected.tier) == ("imminent", "moderate")


def test_no_answer_says_as_little_as_not_asked_and_a_signal_is_known_to_handrail() -> None:
    hand, black = scene("something-in-hand"), scene("screen-goes-black")
    told = scoring.judge(hand, RULES, {"ideation": "active", "means": "in_hand"}, "imminent", "outside")
    assert (told.missed, told.points) == ((), scoring.OF)
    assert scoring.judge(black, RULES, {}, "high", "colleague").own.tier == "high"


def test_not_assessed_is_never_none() -> None:
    quick = scene("nobody-asked")
    assert scoring.judge(quick, RULES, {}, "none", "words").tier_is == "too_low"
    assert scoring.judge(quick, RULES, {}, "not_assessed", "ask").points == scoring.OF
    assert scoring.judge(quick, RULES, {}, "high", "colleague").tier_is == "too_high"


def test_marks_that_the_check_does_not_have_are_named() -> None:
    assert scoring.unknown_marks(RULES, {"ideation": "method", "intent": "unknown"}) == []
    assert scoring.unknown_marks(RULES, {"mood": "low", "means": "near", "signal": "danger_word"}) == [
        "mood",
        "means",
        "signal",
    ]


def test_four_in_five_pass_the_short_check() -> None:
    right = {one.id: one.right for one in WORDS.questions}
    assert len(scoring.right_answers(WORDS, right)) == len(WORDS.questions) == 10
    assert (scoring.passes(WORDS, 8), scoring.passes(WORDS, 7)) == (True, False)
    assert scoring.right_answers(WORDS, {}) == []


def test_a_conversation_is_walked_to_its_end_whatever_is_replied() -> None:
    for talk in WORDS.talks:
        whole = 0
        ways: list[list[str]] = [[]]
        while ways:
            picks = ways.pop()
            state = scoring.walked(WORDS, talk.id, picks) if picks else "part"
            whole += state == "whole"
            if state == "part":
                ways += [[*picks, reply.id] for reply in _turn(talk.id, picks).replies]
        assert whole >= 9
    assert scoring.walked(WORDS, "nobody-listens", []) == "wrong"
    assert scoring.walked(WORDS, "none-such", ["heard"]) == "wrong"
    assert scoring.walked(WORDS, "nobody-listens", ["name-it"]) == "wrong"
    ended = ["heard", "name-it", "two-choices", "heard"]
    assert scoring.walked(WORDS, "nobody-listens", ended) == "wrong"


def _turn(talk_id: str, picks: list[str]) -> Any:
    talk = WORDS.talk(talk_id)
    assert talk is not None
    at = talk.turns[0]
    for pick in picks:
        then = next(reply.then for reply in at.replies if reply.id == pick)
        at = next(turn for turn in talk.turns if turn.id == then)
    return at


def test_what_is_due_is_a_hint_with_its_day() -> None:
    assert due.of_months(None, 12, NOW) == due.Stands("never", None)
    ago = NOW.replace(year=2026)
    assert due.of_months(ago + timedelta(days=1), 12, NOW).standing == "soon"
    assert due.of_months(ago + timedelta(days=40), 12, NOW).standing == "valid"
    assert due.of_months(ago, 12, NOW) == due.Stands("due", NOW)
    assert due.of_protocols(None, NOW).standing == "never"
    assert due.of_protocols(NOW - timedelta(days=30), NOW).standing == "valid"
    assert due.of_protocols(NOW - timedelta(days=31), NOW).standing == "due"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2027-01-31", 1, "2027-02-28"), ("2028-02-29", 12, "2029-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2027-12-31", 6, "2028-06-30")],
)  # fmt: skip
def test_months_end_with_the_last_day_of_a_shorter_one(day: str, months: int, then: str) -> None:
    assert due.after_months(datetime.fromisoformat(day), months) == datetime.fromisoformat(then)


# --- files that are refused

SCENE = (content.SCENES / "thought-of-the-cupboard.yaml").read_text("utf-8")
MODULE = content.MODULE.read_text("utf-8")


def faults(tmp_path: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return [(fault.line, fault.sentence) for fault in content.check([tmp_path])]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("tier: moderate", "tier: low", 'The rules give "moderate" for what this scene shows, not "low".'),
        ("next: colleague", "next: words", 'At this level the next step is "colleague", not "words".'),
        ("means: reachable", "means: near", '"near" is no answer to "means".'),
        ("means: reachable", "signal: pause_word", '"signal" is nothing that anybody is asked'),
        ("shows:", "signal: thunder\nshows:", '"thunder" is no signal that Handrail knows.'),
        ("vignette: V05", "vignette: V99", "There is no situation V99"),
        ("vignette: V05", "vignette: V09", "V09 also says ideation, intent, plan, timeframe"),
        ('intent: "no"', "intent: no", "put it in quotes"),
        ("title: The", "titel: The", '"titel" is not a key that practice has.'),
        ("title: The cupboard in the hall\n", "", '"title" is missing.'),
        ("next: colleague", "next: soon", '"next" is not right'),
        ("id: thought-of-the-cupboard", "id: other-name", "so its id must be that"),
        ("Lena speaks slowly", "Lena committed suicide", "“committed suicide”"),
        ("sources:", "sources: [", "This is not YAML text."),
    ],
)
def test_a_scene_with_a_fault_is_refused_with_its_line_and_a_sentence(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in SCENE
    found = faults(tmp_path, "thought-of-the-cupboard", SCENE.replace(old, new, 1))
    assert [line for line, sentence in found if says in sentence and line >= 1], found
    with pytest.raises(RefusedFile, match=r"thought-of-the-cupboard\.yaml:\d+: "):
        content._whole(tmp_path / "thought-of-the-cupboard.yaml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("then: softer", "then: nowhere", '"heard" leads nowhere: "nowhere".'),
        ("then: choice", "then: loud", '"name-it" leads back: "loud".'),
        ("then: walks-off", "then: softer", None),
        ("id: repair\n            words", "id: wait-out\n            words", 'Two are called "wait-out".'),
        ("right: 2", "right: 4", '"first-words" has 3 answers'),
        ("scenario: true", "scenario: false", None),
        ("- id: very-quiet", "- id: nobody-listens", 'Two are called "nobody-listens".'),
        ("Breathe out before you speak.", "Calm down before you speak.", "“Calm down”"),
    ],
)
def test_a_module_with_a_fault_is_refused(tmp_path: Path, old: str, new: str, says: str | None) -> None:
    """Without a sentence the first change alone does no harm, and all of them together do."""
    assert old in MODULE
    found = faults(tmp_path, "words-that-calm", MODULE.replace(old, new, 1))
    if says is None:
        assert found == []
        assert faults(tmp_path, "words-that-calm", MODULE.replace(old, new))
    else:
        assert [line for line, sentence in found if says in sentence and line > 1], found


def test_a_turn_needs_a_reply_that_helps_and_files_must_be_there(tmp_path: Path) -> None:
    [(line, sentence)] = faults(tmp_path, "words-that-calm", MODULE.replace("fits: helps", "fits: partly", 1))
    assert sentence == 'No reply to "loud" helps: there must be one.'
    assert MODULE.splitlines()[line - 1].strip() == "- id: loud"
    (tmp_path / "words-that-calm.yaml").write_text(yaml.safe_dump(["a list"]))
    assert [one.sentence for one in content.check([tmp_path])] == ["The file holds nothing to practise."]
    assert content.check([tmp_path / "gone.yaml"])[0].sentence.startswith("The file cannot be read")
