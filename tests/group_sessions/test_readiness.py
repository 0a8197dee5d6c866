"""What is missing, in short words."""

from dataclasses import replace

import pytest

from app.clients.gaps import Ways
from app.group_sessions.readiness import gaps, staff_gaps

COMPLETE = Ways(
    phones=2, safe_phones=0, unsafe_home=False, contacts=1, released=1, line=True, answered_no=False
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"phones": 0, "unsafe_home": True}, ["number"]),
        ({"phones": 1}, ["backup number"]),
        ({"unsafe_home": True}, ["safe number"]),
        ({"unsafe_home": True, "safe_phones": 1}, []),
        ({"contacts": 0, "released": 0}, ["contact"]),
        ({"released": 0}, ["release"]),
        # R8: "declined" and "none exists" are complete answers.
        ({"contacts": 0, "released": 0, "answered_no": True}, []),
    ],
)
def test_each_gap_of_a_record_has_its_word(change: dict[str, object], words: list[str]) -> None:
    known = replace(COMPLETE, **change)  # type: ignore[arg-type]
    assert gaps(known, place_said=True, line_here=True) == words


def test_the_place_today_comes_first_and_the_line_is_of_where_they_are() -> None:
    assert gaps(COMPLETE, place_said=False, line_here=True) == ["place"]
    assert gaps(COMPLETE, place_said=True, line_here=False) == ["local line"]


def test_a_meeting_says_who_is_missing_and_who_cannot_be_rung() -> None:
    everybody = {"lead", "co-facilitator", "supervisor", "backup"}
    assert staff_gaps(everybody, {"supervisor", "backup"}) == []
    assert staff_gaps(everybody - {"co-facilitator"}, {"supervisor"}) == [
        "co-facilitator",
        "backup's telephone",
    ]
