"""The silent questions to whoever is in a private room with a client (E7, domain 4.2). Pure.

A question that nobody answers goes on to people, one after the other; nothing else follows from it (R1).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Stage = Literal["opening", "inside", "asked", "colleague", "supervisor"]

# (d) Opened, and nobody has said that they are in.
OPENING = timedelta(minutes=2)
EVERY = timedelta(minutes=5)
ANSWER = timedelta(seconds=60)
# Return, stay, leave with a plan, or escalate: asked after this, and again when they stay.
DECIDE = timedelta(minutes=20)
STAY = timedelta(minutes=10)
# Nothing more follows: it stands in front of the supervisor until somebody has answered.
NEVER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Private:
    """`asked_at`: since when an answer is waited for. `colleague`: somebody else is with the group, and is asked second."""

    stage: Stage
    opened_at: datetime
    due_at: datetime
    joined_at: datetime | None = None
    asked_at: datetime | None = None
    decide_at: datetime | None = None
    colleague: bool = True


def opened(now: datetime) -> Private:
    return Private("opening", now, now + OPENING)


def joined(room: Private, now: datetime) -> Private:
    return replace(
        room, stage="inside", joined_at=room.joined_at or now, asked_at=None, due_at=now + EVERY,
        decide_at=room.decide_at or now + DECIDE,
    )  # fmt: skip


def answered(room: Private, now: datetime) -> Private:
    """By whoever is inside, or by somebody who looked in. Before they are in, it is asked again a little later."""
    if room.joined_at is None:
        return replace(room, stage="opening", asked_at=None, due_at=now + OPENING)
    return replace(room, stage="inside", asked_at=None, due_at=now + EVERY)


def stays(room: Private, now: datetime) -> Private:
    return replace(joined(room, now), decide_at=now + STAY)


def due(room: Private, now: datetime) -> Private:
    """What the passing of time asks, and of whom. The same room when nothing is due."""
    if room.due_at > now:
        return room
    match room.stage:
        case "opening" | "inside":
            return replace(room, stage="asked", asked_at=now, due_at=now + ANSWER)
        case "asked" if room.colleague:
            return replace(room, stage="colleague", due_at=now + ANSWER)
        case "asked" | "colleague":
            return replace(room, stage="supervisor", due_at=now + NEVER)
        case _:
            return replace(room, due_at=now + NEVER)
