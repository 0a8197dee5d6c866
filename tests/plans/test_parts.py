"""What a plan is made of: when it may be agreed, the eight of a good one, its clock, and what changed. Pure."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.plans import headings
from app.plans.parts import (
    CORE,
    EMPTY,
    Content,
    Item,
    Known,
    Means,
    MeansClass,
    Part,
    changes,
    complete,
    missing_core,
    review_due,
)
from tests.plans import making
from tests.plans.making import of

NOW = datetime(2027, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_crisis_begins_with_what_helps_most() -> None:
    content = of(signs=[(1, "s")], reasons=[(2, "r")], helps_first=[(3, "h")])
    assert [part for part, _ in content.in_order()] == [Part.helps_first, Part.signs, Part.reasons]


def test_each_core_part_needs_a_line() -> None:
    assert missing_core(EMPTY) == list(CORE)
    assert missing_core(Content.model_validate(making.core())) == []
    assert missing_core(of(signs=[(1, "s")])) == [part for part in CORE if part is not Part.signs]


@given(making.contents())
def test_empty_parts_are_left_out_and_order_is_kept(content: Content) -> None:
    assert all(items for _, items in content.in_order())
    again = Content.model_validate_json(content.model_dump_json())
    assert again == content


def test_an_empty_part_is_no_part() -> None:
    assert Content(parts={Part.signs: ()}) == EMPTY


def test_two_lines_never_carry_one_id() -> None:
    with pytest.raises(ValidationError, match="same id"):
        of(signs=[(1, "a")], alone=[(1, "b")])


@pytest.mark.parametrize("words", ["", "   ", "x" * 401])
def test_a_line_says_something_short(words: str) -> None:
    with pytest.raises(ValidationError):
        Item(id=UUID(int=1), words=words)


@given(making.contents())
def test_a_guardian_never_sees_what_was_hidden_from_them(content: Content) -> None:
    shown = [item for items in content.for_guardian().parts.values() for item in items]
    everything = [item for items in content.parts.values() for item in items]
    assert all(not item.hidden_from_guardian for item in shown)
    assert len(shown) == sum(not item.hidden_from_guardian for item in everything)


def test_the_eight_are_there_or_not() -> None:
    nothing = complete(EMPTY, [], Known())
    assert len(nothing) == 8
    assert not any(nothing.values())
    full = of(
        **{part.value: [(number, "words")] for number, part in enumerate(Part, start=1)},
    )
    told = Means(of=MeansClass.firearms, status="none_here")
    assert all(complete(full, [told], Known(danger_word=True)).values())
    assert complete(full, [], Known())["interventions"] is False
    assert complete(full, [], Known())["means"] is False


@pytest.mark.parametrize("part", [Part.alone, Part.around, Part.soothes])
def test_any_tool_is_a_tool(part: Part) -> None:
    assert complete(of(**{part.value: [(1, "words")]}), [], Known())["tools"]


def test_what_the_record_knows_completes_a_plan() -> None:
    known = complete(EMPTY, [], Known(usual_place=True, local_line=True))
    assert (known["place"], known["numbers"], known["mobile"]) == (True, True, False)


def test_the_clock_runs_thirty_days_or_seven_after_an_incident() -> None:
    stated = NOW + 30 * DAY
    assert review_due(stated, NOW, None) == stated
    assert review_due(stated, NOW, NOW - DAY) == stated
    assert review_due(stated, NOW, NOW) == stated
    assert review_due(stated, NOW, NOW + 2 * DAY) == NOW + 9 * DAY
    assert review_due(stated, NOW, NOW + 29 * DAY) == stated


hours = st.integers(min_value=0, max_value=2000).map(lambda n: NOW + timedelta(hours=n))


@given(stated=hours, reviewed=hours, incident=st.none() | hours)
def test_an_incident_never_puts_a_review_off(
    stated: datetime, reviewed: datetime, incident: datetime | None
) -> None:
    assert review_due(stated, reviewed, incident) <= stated


@pytest.mark.parametrize(
    "given_means",
    [
        {"status": "secured"},
        {"status": "secured", "step": "locked", "by": "Ida"},
        {"status": "secured", "step": "locked", "on": date(2027, 1, 1)},
        {"status": "not_secured", "by": "Ida"},
        {"status": "none_here", "step": "locked"},
        {"status": "rather_not_say", "on": date(2027, 1, 1)},
    ],
)
def test_secured_says_how_by_whom_and_when_and_nothing_else_does(given_means: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Means.model_validate({"of": "medicines", **given_means})


def said(before: Content, after: Content) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.part.value, one.what, one.before, one.after) for one in changes(before, after)]


def test_changes_read_as_a_person_would_say_them() -> None:
    before = of(signs=[(1, "I stop answering"), (2, "I sleep all day")], alone=[(3, "Walk")])
    after = of(signs=[(1, "I stop answering Ida"), (4, "I skip meals")], alone=[(3, "Walk")])
    assert said(before, after) == [
        ("signs", "removed", "I sleep all day", None),
        ("signs", "reworded", "I stop answering", "I stop answering Ida"),
        ("signs", "added", None, "I skip meals"),
    ]


def test_moving_one_line_is_one_change() -> None:
    before = of(alone=[(1, "a"), (2, "b"), (3, "c"), (4, "d")])
    after = of(alone=[(4, "d"), (1, "a"), (2, "b"), (3, "c")])
    assert said(before, after) == [("alone", "moved", "d", "d")]


def test_hiding_showing_and_linking_are_changes_too() -> None:
    def one(**more: object) -> Content:
        item = Item.model_validate({"id": UUID(int=1), "words": "Ida", **more})
        return Content(parts={Part.people: (item,)})

    assert said(one(), one(hidden_from_guardian=True)) == [("people", "hidden", "Ida", "Ida")]
    assert said(one(hidden_from_guardian=True), one()) == [("people", "shown", "Ida", "Ida")]
    assert said(one(), one(contact_id=UUID(int=9))) == [("people", "linked", "Ida", "Ida")]


@given(making.contents(), making.contents())
def test_no_change_goes_unsaid(before: Content, after: Content) -> None:
    assert changes(before, before) == []
    assert bool(changes(before, after)) == (before != after)


@given(making.contents(), st.randoms())
def test_a_new_order_moves_no_more_lines_than_it_must(content: Content, random: object) -> None:
    shuffled = {}
    for part, items in content.parts.items():
        order = list(items)
        random.shuffle(order)  # type: ignore[attr-defined]
        shuffled[part] = tuple(order)
    found = changes(content, Content(parts=shuffled))
    assert {one.what for one in found} <= {"moved"}
    for part, items in content.parts.items():
        assert sum(one.part == part for one in found) < max(len(items), 1)


@pytest.mark.parametrize("language", headings.LANGUAGES)
def test_every_part_and_class_has_words_in_every_language(language: str) -> None:
    assert set(headings.PARTS[language]) == set(Part)
    assert set(headings.MEANS[language]) == set(MeansClass)
    assert headings.STATUS[language].keys() == headings.STATUS["en"].keys()
    assert headings.STEPS[language].keys() == headings.STEPS["en"].keys()
    assert headings.PAPER[language].keys() == headings.PAPER["en"].keys()


@pytest.mark.parametrize(("wished", "found"), [("es-MX", "es"), ("en", "en"), ("vi", "en"), ("", "en")])
def test_a_language_without_headings_falls_back_to_english(wished: str, found: str) -> None:
    assert headings.language_of(wished) == found
