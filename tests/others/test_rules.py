"""Who is looked at, and until when somebody rings them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.others.rules import Hours, due, hours_of, was_there, wrong

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


def test_whoever_had_come_also_who_has_left_since() -> None:
    assert [
        state
        for state in ("present", "left", "lost", "dismissed", "not_here_yet", "excused")
        if was_there(state)
    ] == [
        "present",
        "left",
        "lost",
        "dismissed",
    ]


@pytest.mark.parametrize(("state", "hours"), [("open", 24), ("word", 24), ("not_reached", 24), ("fine", 72)])
def test_silence_is_rung_as_soon_as_who_needs_a_word(state: str, hours: int) -> None:
    assert due(state, NOW, Hours()) == NOW + timedelta(hours=hours)  # type: ignore[arg-type]


@given(
    st.dictionaries(st.sampled_from(["soon", "later"]), st.integers() | st.booleans() | st.text()) | st.text()
)
def test_a_program_chooses_within_24_and_72_hours(own: object) -> None:
    found = hours_of({"follow_up_hours": own})
    assert 24 <= found.soon <= found.later <= 72


@pytest.mark.parametrize(
    ("soon", "later", "fields"),
    [
        (24, 72, set()),
        (30, 30, set()),
        (23, 72, {"soon"}),
        (24, 73, {"later"}),
        (0, -1, {"soon", "later"}),
        (48, 36, {"later"}),
    ],
)
def test_hours_that_a_person_chose_are_read_before_they_hold(soon: int, later: int, fields: set[str]) -> None:
    assert set(wrong(soon, later)) == fields
    if not fields:
        assert hours_of({"follow_up_hours": {"soon": soon, "later": later}}) == Hours(soon, later)
