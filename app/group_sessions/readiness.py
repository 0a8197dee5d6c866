"""What is missing before and during one meeting: of a client, and of the meeting's own staff. Pure."""

from collections.abc import Collection
from dataclasses import replace

from app.clients.gaps import Ways, of_record


def gaps(known: Ways, *, place_said: bool, line_here: bool) -> list[str]:
    """The place today comes first; away from the usual place only a local line for that place counts."""
    missing = of_record(replace(known, line=line_here))
    return missing if place_said else ["place", *missing]


def staff_gaps(named: Collection[str], with_phone: Collection[str]) -> list[str]:
    """Of a meeting: which of the four places is empty, and who outside the room cannot be rung (R21)."""
    missing = [word for word in ("lead", "co-facilitator", "supervisor", "backup") if word not in named]
    missing += [
        f"{word}'s telephone" for word in ("supervisor", "backup") if word in named and word not in with_phone
    ]
    return missing
