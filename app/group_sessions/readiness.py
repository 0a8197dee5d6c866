"""What is missing to reach and help somebody, in the short words that tiles show. Pure.

A gap is a task with an owner, never a reason not to open (R8); "declined" and "none exists" are complete answers.
"""

from collections.abc import Collection
from dataclasses import dataclass

PLACE, NUMBER, SAFE_NUMBER, CONTACT, RELEASE, LINE = (
    "place",
    "number",
    "safe number",
    "contact",
    "release",
    "local line",
)


@dataclass(frozen=True, slots=True)
class Known:
    """`place`: said for this meeting. `line`: ten-digit dispatch for where they are. Counts leave out what has ended."""

    place: bool
    numbers: int
    safe_numbers: int
    unsafe_home: bool
    contacts: int
    released: int
    no_safe_contact: bool
    line: bool


def gaps(known: Known) -> list[str]:
    missing = []
    if not known.place:
        missing.append(PLACE)
    if not known.numbers:
        missing.append(NUMBER)
    elif known.unsafe_home and not known.safe_numbers:
        missing.append(SAFE_NUMBER)
    if not known.no_safe_contact:
        if not known.contacts:
            missing.append(CONTACT)
        elif not known.released:
            missing.append(RELEASE)
    if not known.line:
        missing.append(LINE)
    return missing


def staff_gaps(named: Collection[str], with_phone: Collection[str]) -> list[str]:
    """Of a meeting: which of the four places is empty, and who outside the room cannot be rung (R21)."""
    missing = [word for word in ("lead", "co-facilitator", "supervisor", "backup") if word not in named]
    missing += [
        f"{word}'s telephone" for word in ("supervisor", "backup") if word in named and word not in with_phone
    ]
    return missing
