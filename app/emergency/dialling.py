"""Which number a person dials next, and why. Pure.

Nobody but a person dials any of these. A line that answers for another place is not tried again; a call that was cut off
is, once, because the dispatcher knows of it already. When no local line is left, the caller's own emergency number reaches
a dispatch centre that can transfer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Outcome = Literal["dispatched", "not_needed", "could_not", "wrong_place", "cut_off", "no_answer"]
OVER: tuple[Outcome, ...] = ("dispatched", "not_needed", "could_not", "wrong_place", "cut_off", "no_answer")
# On hold for longer than this, a second person dials the next number on another phone (d).
HOLD = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Call:
    """`line_id` is None for a number that is not in the directory. `outcome` is None while somebody is on it."""

    id: UUID
    line_id: UUID | None
    outcome: Outcome | None
    held_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """`first`: nobody has dialled. `again`: the same line. `line`: the next one. `own`: the caller's own emergency
    number, asking for a transfer. `talking`: somebody is on a line; with `line_id`, on hold too long. `done`."""

    what: Literal["first", "again", "line", "own", "talking", "done"]
    line_id: UUID | None = None


def following(lines: Sequence[UUID], calls: Sequence[Call], now: datetime) -> Next:
    """`lines`: those that send somebody to this place, best first. `calls`: oldest first."""
    if any(call.outcome == "dispatched" for call in calls):
        return Next("done")
    untried = [line for line in lines if all(call.line_id != line for call in calls)]
    standing = [call for call in calls if call.outcome is None]
    if standing:
        waiting = all(call.held_since is not None and now - call.held_since >= HOLD for call in standing)
        return Next("talking", untried[0] if waiting and untried else None)
    last = calls[-1] if calls else None
    if last is not None and last.outcome == "not_needed":
        return Next("done")
    if (
        last is not None
        and last.outcome == "cut_off"
        and last.line_id is not None
        and _first_cut(last, calls)
    ):
        return Next("again", last.line_id)
    if untried:
        return Next("line" if calls else "first", untried[0])
    return Next("own")


def _first_cut(last: Call, calls: Sequence[Call]) -> bool:
    cut = [call for call in calls if call.line_id == last.line_id and call.outcome == "cut_off"]
    return len(cut) == 1
