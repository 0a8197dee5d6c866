"""Two people change one record at once: whose words stand, and where both have to look. Pure.

Nobody's words are lost: what only one of them touched is kept, what both touched is refused with names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Earlier:
    """One change that happened after the version the person had before their eyes. `before`: what stood there then."""

    version: int
    by: str
    seconds_ago: float
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """`changes`: what is to be written. `clashes`: fields that both changed, to the latest change that touched them."""

    changes: dict[str, Any]
    clashes: dict[str, Earlier]


def merge(given: Mapping[str, Any], current: Mapping[str, Any], since: list[Earlier]) -> Merged:
    """`since`: oldest first. A form sends what it shows, so a field the person left alone must not undo a colleague."""
    changes: dict[str, Any] = {}
    clashes: dict[str, Earlier] = {}
    for name, value in given.items():
        if value == current.get(name):
            continue
        touched = [change for change in since if name in change.before]
        if not touched:
            changes[name] = value
        elif value != touched[0].before[name]:
            clashes[name] = touched[-1]
    return Merged(changes, clashes)


def to_put_back(
    before: Mapping[str, Any], after: Mapping[str, Any], current: Mapping[str, Any]
) -> dict[str, Any]:
    """What an entry made in error gives back: only where nobody has written anything else since."""
    return {
        name: value
        for name, value in before.items()
        if current.get(name) == after.get(name) and current.get(name) != value
    }
