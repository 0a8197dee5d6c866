"""What is missing, in short words."""

from dataclasses import replace

import pytest

from app.group_sessions.readiness import Known, gaps, staff_gaps

COMPLETE = Known(
    place=True,
    numbers=2,
    safe_numbers=0,
    unsafe_home=False,
    contacts=1,
    released=1,
    no_safe_contact=False,
    line=True,
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"place": False}, ["place"]),
        ({"numbers": 0, "unsafe_home": True}, ["number"]),
        ({"unsafe_home": True}, ["safe number"]),
        ({"unsafe_home": True, "safe_numbers": 1}, []),
        ({"contacts": 0, "released": 0}, ["contact"]),
        ({"released": 0}, ["release"]),
        # R8: "declined" and "none exists" are complete answers.
        ({"contacts": 0, "released": 0, "no_safe_contact": True}, []),
        ({"line": False}, ["local line"]),
    ],
)
def test_each_gap_has_its_word(change: dict[str, object], words: list[str]) -> None:
    assert gaps(replace(COMPLETE, **change)) == words  # type: ignore[arg-type]


def test_a_meeting_says_who_is_missing_and_who_cannot_be_rung() -> None:
    everybody = {"lead", "co-facilitator", "supervisor", "backup"}
    assert staff_gaps(everybody, {"supervisor", "backup"}) == []
    assert staff_gaps(everybody - {"co-facilitator"}, {"supervisor"}) == [
        "co-facilitator",
        "backup's telephone",
    ]
