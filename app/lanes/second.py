"""A second alert of one group that nobody takes, while its people look after the first (B10, R5). Pure.

Time alone rings people outside the room again (R1): it takes nothing, raises nothing and rings nobody outside the program.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.lanes.values import ALARM


@dataclass(frozen=True, slots=True)
class Second:
    """`since`: nobody has it from here on, and others of the group are busy. `ring_at`: phones ring again then."""

    since: datetime | None = None
    alarmed_at: datetime | None = None
    ring_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        if self.since is None:
            return None
        return self.since + ALARM if self.alarmed_at is None else self.ring_at


@dataclass(frozen=True, slots=True)
class Looked:
    """`alarms`: now for the first time. `rings`: phones ring now. `over`: it was alarmed, and is so no more."""

    second: Second
    alarms: bool = False
    rings: bool = False
    over: bool = False


def look(before: Second, *, unheeded: bool, again: timedelta, now: datetime) -> Looked:
    """`unheeded`: nobody has it, and somebody has another alert of its group. `again`: how soon phones ring again."""
    if not unheeded:
        return Looked(Second(), over=before.alarmed_at is not None)
    second = before if before.since is not None else Second(since=now)
    due_at = second.due_at
    if due_at is None or due_at > now:
        return Looked(second)
    first = second.alarmed_at is None
    second = replace(second, alarmed_at=second.alarmed_at or now, ring_at=now + again)
    return Looked(second, alarms=first, rings=True)
