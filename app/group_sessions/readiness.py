"""What is missing before and during one meeting: of a client, and of the meeting's own staff. Pure.

The five are those of the federal plan for emergencies in telehealth (telehealth.hhs.gov, "Creating an emergency plan
for telebehavioral health"): the place, the local numbers, a contact with consent, what happens if the connection
drops, and support at hand. A gap is never a reason not to open (R8), and the count is of what is there, never a score
of a person (R25).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from app.clients.gaps import Ways, of_record

Part = Literal["place", "local", "contact", "drop", "support"]
PARTS: tuple[Part, ...] = ("place", "local", "contact", "drop", "support")
GapKey = Literal[
    "place",
    "address",
    "local line",
    "line check",
    "contact",
    "release",
    "number",
    "safe number",
    "backup number",
    "test ring",
    "safety plan",
    "plan review",
    "danger word",
    "word due",
    "ordinary question",
]
# Asked at the door; every other gap becomes a task with an owner (R8).
AT_THE_DOOR: frozenset[GapKey] = frozenset({"place", "number"})

# A task is read days later, away from the screen that made it: each gap says there what is to be done.
TO_DO: dict[str, str] = {
    "place": "Ask where they are.",
    "address": "Write down the street address of the usual place.",
    "local line": "Find the ten-digit dispatch line for where they are.",
    "line check": "Ring the local line and check that it still answers for this area.",
    "contact": "Ask whom we may call, or write down that they declined or that nobody is safe.",
    "release": "Ask for a release: nobody they named may be called as it stands.",
    "number": "Ask for a number that reaches them.",
    "safe number": "Ask which number is safe to ring.",
    "backup number": "Ask for a second number.",
    "test ring": "Ring the number once, to see that it reaches them.",
    "safety plan": "Write a safety plan with them, and agree it.",
    "plan review": "Go through the safety plan with them: its review is due.",
    "danger word": "Choose a danger word with them.",
    "word due": "Choose a new danger word with them: the old one is used or worn.",
    "ordinary question": "Agree an ordinary question and its answer with them.",
    "lead": "Name who leads this group.",
    "co-facilitator": "Name a co-facilitator for this group.",
    "supervisor": "Name a supervisor for this group.",
    "backup": "Name a backup for this group.",
    "supervisor's telephone": "Add a telephone for the supervisor of this group.",
    "backup's telephone": "Add a telephone for the backup of this group.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What readiness decides on, about one client. Without a meeting there is no place to say yet: `place` is later.

    `may_call`: contacts whom consent allows as things are. `answered`: "declined" and "none exists" are complete (R8).
    `ring`: of the number that is rung first; `not_allowed` where a test ring could do harm or helps nobody.
    """

    place: Literal["said", "missing", "later"]
    address: bool
    line: Literal["none", "unchecked", "checked"]
    contacts: int
    may_call: int
    answered: Literal["declined", "none_exists"] | None
    phones: int
    safe_phones: int
    unsafe_home: bool
    ring: Literal["due", "fresh", "not_allowed"]
    plan: Literal["none", "overdue", "agreed"]
    danger_word: Literal["none", "due", "set"]
    question: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """The gaps of one client by part; a part without any is ready."""

    gaps: dict[Part, tuple[GapKey, ...]]

    @property
    def ready(self) -> int:
        return sum(not self.gaps[part] for part in PARTS)

    @property
    def all(self) -> list[GapKey]:
        """Place first, then as the parts stand."""
        return [gap for part in PARTS for gap in self.gaps[part]]


def ready(known: Known) -> Ready:
    return Ready(
        {
            "place": _place(known),
            "local": _local(known),
            "contact": _contact(known),
            "drop": _drop(known),
            "support": _support(known),
        }
    )


def _place(known: Known) -> tuple[GapKey, ...]:
    if known.place == "missing":
        return ("place",)
    return () if known.address else ("address",)


def _local(known: Known) -> tuple[GapKey, ...]:
    if known.line == "none":
        return ("local line",)
    return () if known.line == "checked" else ("line check",)


def _contact(known: Known) -> tuple[GapKey, ...]:
    if known.may_call or known.answered:
        return ()
    return ("release",) if known.contacts else ("contact",)


def _drop(known: Known) -> tuple[GapKey, ...]:
    if known.phones == 0:
        return ("number",)
    missing: list[GapKey] = []
    if known.unsafe_home and known.safe_phones == 0:
        missing.append("safe number")
    if known.phones == 1:
        missing.append("backup number")
    if known.ring == "due":
        missing.append("test ring")
    return tuple(missing)


def _support(known: Known) -> tuple[GapKey, ...]:
    missing: list[GapKey] = []
    if known.plan != "agreed":
        missing.append("safety plan" if known.plan == "none" else "plan review")
    if known.danger_word != "set":
        missing.append("danger word" if known.danger_word == "none" else "word due")
    if not known.question:
        missing.append("ordinary question")
    return tuple(missing)


def gaps(known: Ways, *, place_said: bool, line_here: bool) -> list[str]:
    """What a board's tile says of it. The place today comes first; away from the usual place only a local line for
    that place counts."""
    missing = of_record(replace(known, line=line_here))
    return missing if place_said else ["place", *missing]


def staff_gaps(named: Collection[str], with_phone: Collection[str]) -> list[str]:
    """Of a meeting: which of the four places is empty, and who outside the room cannot be rung (R21)."""
    missing = [word for word in ("lead", "co-facilitator", "supervisor", "backup") if word not in named]
    missing += [
        f"{word}'s telephone" for word in ("supervisor", "backup") if word in named and word not in with_phone
    ]
    return missing
