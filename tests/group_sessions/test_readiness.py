"""What is missing, in short words: one counting for tiles, lists, Prepare and tasks."""

from dataclasses import fields, replace

import pytest

from app.clients.gaps import Ways, of_record
from app.group_sessions.readiness import AT_THE_DOOR, PARTS, TO_DO, Known, ready, staff_gaps

WAYS = Ways(
    address=True,
    line="checked",
    contacts=1,
    may_call=1,
    confirmed=1,
    answered=None,
    phones=2,
    safe_phones=2,
    unsafe_home=False,
    ring="fresh",
)
READY = Known(ways=WAYS, place="said", plan="agreed", danger_word="set", question=True)
OF_WAYS = {one.name for one in fields(Ways)}


def changed(change: dict[str, object]) -> Known:
    ways = {name: value for name, value in change.items() if name in OF_WAYS}
    other = {name: value for name, value in change.items() if name not in OF_WAYS}
    return replace(READY, ways=replace(WAYS, **ways), **other)  # type: ignore[arg-type]


def test_a_record_that_lacks_nothing_has_no_gap_and_what_weighs_most_comes_first() -> None:
    assert of_record(WAYS) == []
    assert of_record(replace(WAYS, address=False, line="none", contacts=0, may_call=0, phones=0)) == [
        "number", "contact", "local line", "address",
    ]  # fmt: skip


@pytest.mark.row("B6")
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
        ({"contacts": 0, "may_call": 0, "confirmed": 0}, "contact", ["contact"]),
        ({"may_call": 0, "confirmed": 0}, "contact", ["release"]),
        ({"confirmed": 0}, "contact", ["contact due"]),
        # R8: "declined" and "none exists" are complete answers.
        ({"contacts": 0, "may_call": 0, "confirmed": 0, "answered": "declined"}, "contact", []),
        ({"contacts": 0, "may_call": 0, "confirmed": 0, "answered": "none_exists"}, "contact", []),
        ({"phones": 0, "safe_phones": 0}, "drop", ["number"]),
        ({"phones": 0, "safe_phones": 0, "unsafe_home": True}, "drop", ["number"]),
        ({"unsafe_home": True, "safe_phones": 0}, "drop", ["safe number"]),
        ({"unsafe_home": True, "safe_phones": 1}, "drop", []),
        ({"phones": 1, "ring": "due"}, "drop", ["backup number", "test ring"]),
        ({"ring": "not_allowed"}, "drop", []),
        ({"plan": "none"}, "support", ["safety plan"]),
        ({"plan": "overdue"}, "support", ["plan review"]),
        ({"danger_word": "none"}, "support", ["danger word"]),
        ({"danger_word": "due"}, "support", ["word due"]),
        ({"danger_word": "to_rehearse"}, "support", ["word to rehearse"]),
        ({"question": False}, "support", ["ordinary question"]),
    ],
)
def test_each_part_says_what_it_lacks(change: dict[str, object], part: str, missing: list[str]) -> None:
    found = ready(changed(change))
    assert {key: list(gaps) for key, gaps in found.gaps.items() if gaps} == (
        {part: missing} if missing else {}
    )
    assert found.ready == (5 - bool(missing))
    assert list(found.all) == missing


def test_with_nothing_known_every_part_is_missing_and_each_gap_has_its_sentence() -> None:
    nothing = ready(
        Known(
            Ways(False, "none", 0, 0, 0, None, 0, 0, unsafe_home=False, ring="not_allowed"),
            "missing",
            "none",
            "none",
            question=False,
        )
    )
    assert (nothing.ready, len(PARTS)) == (0, 5)
    assert nothing.all == (
        "place",
        "local line",
        "contact",
        "number",
        "safety plan",
        "danger word",
        "ordinary question",
    )
    assert set(nothing.all) <= set(TO_DO)
    assert set(TO_DO) >= AT_THE_DOOR


def test_a_meeting_says_who_is_missing_and_who_cannot_be_rung() -> None:
    everybody = {"lead", "co-facilitator", "supervisor", "backup"}
    assert staff_gaps(everybody, everybody) == []
    assert staff_gaps(everybody - {"co-facilitator"}, {"lead", "supervisor"}) == [
        "co-facilitator",
        "backup's telephone",
    ]
    assert staff_gaps(everybody, {"supervisor", "backup"}) == [
        "lead's telephone",
        "co-facilitator's telephone",
    ]
    assert set(staff_gaps((), ())) | set(staff_gaps(everybody, ())) <= set(TO_DO)
