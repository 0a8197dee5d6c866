"""What a client's record lacks to reach and help them, in the short words that lists and tiles show. Pure.

A gap is a task with an owner, never a reason not to open a group (R8).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ways:
    """How many ways there are to reach somebody. Counts leave out what has ended; `phones` hold today's number too.

    `line`: a ten-digit dispatch line for where they are. `answered_no`: "declined" and "none exists" are complete answers.
    """

    phones: int
    safe_phones: int
    unsafe_home: bool
    contacts: int
    released: int
    line: bool
    answered_no: bool


def of_record(known: Ways) -> list[str]:
    """In the order of weight."""
    missing = []
    if known.phones == 0:
        missing.append("number")
    elif known.unsafe_home and known.safe_phones == 0:
        missing.append("safe number")
    elif known.phones == 1:
        missing.append("backup number")
    if not known.answered_no:
        if known.contacts == 0:
            missing.append("contact")
        elif known.released == 0:
            missing.append("release")
    if not known.line:
        missing.append("local line")
    return missing
