"""A second alert that nobody takes: when it is alarmed, when phones ring again, when it is over."""

from datetime import UTC, datetime, timedelta

from app.lanes.second import Second, look

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
AGAIN = timedelta(seconds=60)


def test_it_is_alarmed_after_five_seconds_and_rings_again_until_somebody_has_it() -> None:
    first = look(Second(), unheeded=True, again=AGAIN, now=NOW)
    assert (first.alarms, first.rings, first.second.due_at) == (False, False, NOW + timedelta(seconds=5))
    at = NOW + timedelta(seconds=5)
    alarmed = look(first.second, unheeded=True, again=AGAIN, now=at)
    assert (alarmed.alarms, alarmed.rings, alarmed.second.due_at) == (True, True, at + AGAIN)
    still = look(alarmed.second, unheeded=True, again=AGAIN, now=at + timedelta(seconds=1))
    assert (still.alarms, still.rings, still.second) == (False, False, alarmed.second)
    again = look(alarmed.second, unheeded=True, again=AGAIN, now=at + AGAIN)
    assert (again.alarms, again.rings) == (False, True)
    over = look(again.second, unheeded=False, again=AGAIN, now=at + AGAIN)
    assert (over.over, over.second, over.second.due_at) == (True, Second(), None)


def test_what_was_taken_in_time_was_no_alarm() -> None:
    first = look(Second(), unheeded=True, again=AGAIN, now=NOW)
    assert not look(first.second, unheeded=False, again=AGAIN, now=NOW).over
