"""What is missing before and during one meeting: of a client, and of the meeting's own staff. Pure.

The five are those of the federal plan for emergencies in telehealth (telehealth.hhs.gov, "Creating an emergency plan
for telebehavioral health"): the place, the local numbers, a contact with consent, what happens if the connection
drops, and support at hand. A gap is never a reason not to open (R8), and the count is of what is there, never a score
of a person (R25).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from app.clients import gaps as of_record
from app.clients.gaps import RecordGap, Ways

Part = Literal["place", "local", "contact", "drop", "support"]
PARTS: tuple[Part, ...] = ("place", "local", "contact", "drop", "support")
GapKey = (
    RecordGap
    | Literal[
        "place",
        "safety plan",
        "plan review",
        "danger word",
        "word due",
        "word to rehearse",
        "ordinary question",
    ]
)
# Asked at the door; every other gap becomes a task with an owner (R8).
AT_THE_DOOR: frozenset[GapKey] = frozenset({"place", "number"})
# Mended for everybody at once by the two who are here, in one press, before or during the group.
NO_TASK: frozenset[GapKey] = AT_THE_DOOR | {"word to rehearse"}

# A task is read days later, away from the screen that made it: each gap says there what is to be done.
TO_DO: dict[str, str] = {
    "place": "Ask where they are.",
    "address": "Write down the street address of the usual place.",
    "local line": "Find the ten-digit dispatch line for where they are.",
    "line check": "Ring the local line and check that it still answers for this area.",
    "contact": "Ask whom we may call, or write down that they declined or that nobody is safe.",
    "release": "Ask for a release: nobody they named may be called as it stands.",
    "contact due": "Ask whether the contact is still right: nobody has for 30 days.",
    "number": "Ask for a number that reaches them.",
    "safe number": "Ask which number is safe to ring.",
    "backup number": "Ask for a second number.",
    "test ring": "Ring the number once, to see that it reaches them.",
    "safety plan": "Write a safety plan with them, and agree it.",
    "plan review": "Go through the safety plan with them: its review is due.",
    "danger word": "Choose a danger word with them.",
    "word due": "Choose a new danger word with them: the old one is used or worn.",
    "word to rehearse": "Look at their danger word and rehearse it: the two who run the group have to know it.",
    "ordinary question": "Agree an ordinary question and its answer with them.",
    "lead": "Name who leads this group.",
    "co-facilitator": "Name a co-facilitator for this group.",
    "supervisor": "Name a supervisor for this group.",
    "backup": "Name a backup for this group.",
    "lead's telephone": "Add a telephone for whoever leads this group.",
    "co-facilitator's telephone": "Add a telephone for the co-facilitator of this group.",
    "supervisor's telephone": "Add a telephone for the supervisor of this group.",
    "backup's telephone": "Add a telephone for the backup of this group.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What readiness decides on, about one client. Without a meeting there is no place to say yet: `place` is later, and
    nobody has to have rehearsed a word."""

    ways: Ways
    place: Literal["said", "missing", "later"]
    plan: Literal["none", "overdue", "agreed"]
    danger_word: Literal["none", "due", "to_rehearse", "set"]
    question: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """The gaps of one client by part; a part without any is ready. `all`: place first, then as the parts stand."""

    gaps: dict[Part, tuple[GapKey, ...]]
    ready: int
    all: tuple[GapKey, ...]


def ready(known: Known) -> Ready:
    ways = known.ways
    gaps: dict[Part, tuple[GapKey, ...]] = {
        # Asked once, not twice: who has not said where they are is not asked for its street yet.
        "place": ("place",) if known.place == "missing" else of_record.address(ways),
        "local": of_record.local(ways),
        "contact": of_record.contact(ways),
        "drop": of_record.drop(ways),
        "support": _support(known),
    }
    return Ready(
        gaps=gaps,
        ready=sum(not missing for missing in gaps.values()),
        all=tuple(gap for part in PARTS for gap in gaps[part]),
    )


WORD_GAPS: dict[str, tuple[GapKey, ...]] = {
    "none": ("danger word",),
    "due": ("word due",),
    "to_rehearse": ("word to rehearse",),
    "set": (),
}


def _support(known: Known) -> tuple[GapKey, ...]:
    missing: list[GapKey] = []
    if known.plan != "agreed":
        missing.append("safety plan" if known.plan == "none" else "plan review")
    missing += WORD_GAPS[known.danger_word]
    if not known.question:
        missing.append("ordinary question")
    return tuple(missing)


def staff_gaps(named: Collection[str], with_phone: Collection[str]) -> list[str]:
    """Of a meeting: which of the four places is empty, and who of them cannot be rung (R21, B6)."""
    places = ("lead", "co-facilitator", "supervisor", "backup")
    missing = [word for word in places if word not in named]
    missing += [f"{word}'s telephone" for word in places if word in named and word not in with_phone]
    return missing
