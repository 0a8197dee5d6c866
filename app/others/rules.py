"""Who is looked at after something happened in a group, and until when somebody rings them. Pure.

Silence says nothing: nobody counts as looked at before a person has said so, and whoever was not is rung as soon as one
who needs a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

Answer = Literal["fine", "word", "not_reached"]
State = Literal["open", "fine", "word", "not_reached"]

# They had not come today.
NOT_THERE: Final = frozenset({"not_here_yet", "excused"})
# B10: a follow-up is due 24 to 72 hours after it began; a program chooses within them.
LEAST_H: Final = 24
MOST_H: Final = 72
# Where a program keeps its own.
SETTING: Final = "follow_up_hours"


@dataclass(frozen=True, slots=True)
class Hours:
    """`soon`: for who needs a word, was not reached, or was not looked at. `later`: for who was fine."""

    soon: int = LEAST_H
    later: int = MOST_H


def was_there(presence: str) -> bool:
    """Whoever had come, also somebody who has left since: they may have left because of it."""
    return presence not in NOT_THERE


def hours_of(settings: Mapping[str, Any]) -> Hours:
    """The program's own, where they can be read and lie within the bounds; else the bounds themselves."""
    own = settings.get(SETTING)
    known = own if isinstance(own, dict) else {}
    soon = _within(known.get("soon"), LEAST_H)
    return Hours(soon, max(soon, _within(known.get("later"), MOST_H)))


def wrong(soon: int, later: int) -> dict[str, str]:
    """By field: what is wrong with hours that a person chose, as a sentence that says what would be right."""
    found = {
        name: f"Choose between {LEAST_H} and {MOST_H} hours."
        for name, hours in (("soon", soon), ("later", later))
        if not LEAST_H <= hours <= MOST_H
    }
    if not found and later < soon:
        found["later"] = "Who was fine is rung no sooner than who needs a word."
    return found


def _within(value: object, otherwise: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return otherwise
    return min(max(value, LEAST_H), MOST_H)


def due(state: State, begun_at: datetime, hours: Hours) -> datetime:
    return begun_at + timedelta(hours=hours.later if state == "fine" else hours.soon)
