"""The only place that knows what time it is.

Every due time is compared inside the database with `sql_now()`: in production the database's own
`clock_timestamp()`, in tests a bound value that the test moves. A lint refuses any other source of time.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, DateTime, bindparam, cast, func

# Two presses this close together are one moment to the people who made them.
JUST_NOW_S = 2
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class Clock(Protocol):
    def now(self) -> datetime: ...

    def sql_now(self) -> ColumnElement[datetime]: ...


class SystemClock:
    """Wall time; for SQL the database's clock, so that machines need not agree with each other."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sql_now(self) -> ColumnElement[datetime]:
        return func.clock_timestamp(type_=DateTime(timezone=True))


class MovableClock:
    """Stands still until told to move; both faces show the same time."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def sql_now(self) -> ColumnElement[datetime]:
        # Looked up when the statement runs: one that was built before the clock moved must not be late.
        return cast(bindparam(None, callable_=lambda: self._now, unique=True), DateTime(timezone=True))

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def ago(seconds: float) -> str:
    """For a sentence that a person reads or hears: just now, 4 seconds ago, 1 minute ago, 2 hours ago."""
    if seconds < JUST_NOW_S:
        return "just now"
    size, word = next(unit for unit in _UNITS if seconds >= unit[0])
    count = int(seconds // size)
    return f"{count} {word}{'' if count == 1 else 's'} ago"
