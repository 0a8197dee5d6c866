"""What a client's record lacks to reach and help them: one counting for lists, tiles, Prepare and tasks. Pure.

A gap is a task with an owner, never a reason not to open a group (R8).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

# Domain section 3, a default: after so long somebody asks whether a contact is still right.
CONFIRM_AFTER = timedelta(days=30)
RecordGap = Literal[
    "address",
    "local line",
    "line check",
    "contact",
    "release",
    "contact due",
    "number",
    "safe number",
    "backup number",
    "test ring",
]


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody can be reached, and who can be told. Counts leave out what has ended; `phones` hold today's number too.

    `line`: the ten-digit dispatch line for where they are. `may_call`: contacts whom consent allows as things are, and
    `confirmed` those of them of whom somebody has said within 30 days that they are still right. `answered`: "declined" and
    "none exists" are complete (R8). `ring`: of the number that is rung first; `not_allowed` where a test ring could do harm
    or helps nobody.
    """

    address: bool
    line: Literal["none", "unchecked", "checked"]
    contacts: int
    may_call: int
    confirmed: int
    answered: Literal["declined", "none_exists"] | None
    phones: int
    safe_phones: int
    unsafe_home: bool
    ring: Literal["due", "fresh", "not_allowed"]


def address(known: Ways) -> tuple[RecordGap, ...]:
    return () if known.address else ("address",)


def local(known: Ways) -> tuple[RecordGap, ...]:
    if known.line == "none":
        return ("local line",)
    return () if known.line == "checked" else ("line check",)


def contact(known: Ways) -> tuple[RecordGap, ...]:
    if known.may_call:
        return () if known.confirmed else ("contact due",)
    if known.answered:
        return ()
    return ("release",) if known.contacts else ("contact",)


def drop(known: Ways) -> tuple[RecordGap, ...]:
    if known.phones == 0:
        return ("number",)
    missing: list[RecordGap] = []
    if known.unsafe_home and known.safe_phones == 0:
        missing.append("safe number")
    if known.phones == 1:
        missing.append("backup number")
    if known.ring == "due":
        missing.append("test ring")
    return tuple(missing)


def of_record(known: Ways) -> list[str]:
    """Whatever the day: in the order of weight."""
    return [*drop(known), *contact(known), *local(known), *address(known)]
