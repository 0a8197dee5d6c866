"""What is missing, in short words."""

from dataclasses import replace

import pytest

from app.clients.gaps import Ways
from app.group_sessions.readiness import AT_THE_DOOR, PARTS, TO_DO, Known, gaps, ready, staff_gaps

COMPLETE = Ways(
    phones=2, safe_phones=0, unsafe_home=False, contacts=1, released=1, line=True, answered_no=False
)
READY = Known(
    place="said",
    address=True,
    line="checked",
    contacts=1,
    may_call=1,
    answered=None,
    phones=2,
    safe_phones=2,
    unsafe_home=False,
    ring="fresh",
    plan="agreed",
    danger_word="set",
    question=True,
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


@pytest.mark.parametrize(
    ("change", "part", "missing"),
    [
        ({"place": "missing"}, "place", ["place"]),
        # Asked once, not twice: who has not said where they are is not asked for its street yet.
        ({"place": "missing", "address": False}, "place", ["place"]),
        ({"address": False}, "place", ["address"]),
        ({"place": "later"}, "place", []),
        ({"line": "none"}, "local", ["local line"]),
        ({"line": "unchecked"}, "local", ["line check"]),
        ({"contacts": 0, "may_call": 0}, "contact", ["contact"]),
        ({"may_call": 0}, "contact", ["release"]),
        ({"contacts": 0, "may_call": 0, "answered": "declined"}, "contact", []),
        ({"contacts": 0, "may_call": 0, "answered": "none_exists"}, "contact", []),
        ({"phones": 0, "safe_phones": 0}, "drop", ["number"]),
        ({"unsafe_home": True, "safe_phones": 0}, "drop", ["safe number"]),
        ({"phones": 1, "ring": "due"}, "drop", ["backup number", "test ring"]),
        ({"ring": "not_allowed"}, "drop", []),
        ({"plan": "none"}, "support", ["safety plan"]),
        ({"plan": "overdue"}, "support", ["plan review"]),
        ({"danger_word": "none"}, "support", ["danger word"]),
        ({"danger_word": "due"}, "support", ["word due"]),
        ({"question": False}, "support", ["ordinary question"]),
    ],
)
def test_each_part_says_what_it_lacks(change: dict[str, object], part: str, missing: list[str]) -> None:
    found = ready(replace(READY, **change))  # type: ignore[arg-type]
    assert {key: list(gaps) for key, gaps in found.gaps.items() if gaps} == (
        {part: missing} if missing else {}
    )
    assert found.ready == (5 - bool(missing))
    assert found.all == missing


def test_with_nothing_known_every_part_is_missing_and_each_gap_has_its_sentence() -> None:
    nothing = ready(
        Known(
            "missing", False, "none", 0, 0, None, 0, 0, False, "not_allowed", "none", "none", question=False
        )
    )
    assert (nothing.ready, len(PARTS)) == (0, 5)
    assert nothing.all == [
        "place",
        "local line",
        "contact",
        "number",
        "safety plan",
        "danger word",
        "ordinary question",
    ]
    assert set(nothing.all) <= set(TO_DO)
    assert set(TO_DO) >= AT_THE_DOOR


def test_a_meeting_says_who_is_missing_and_who_cannot_be_rung() -> None:
    everybody = {"lead", "co-facilitator", "supervisor", "backup"}
    assert staff_gaps(everybody, {"supervisor", "backup"}) == []
    assert staff_gaps(everybody - {"co-facilitator"}, {"supervisor"}) == [
        "co-facilitator",
        "backup's telephone",
    ]
    assert set(staff_gaps((), ())) | set(staff_gaps(everybody, ())) <= set(TO_DO)
