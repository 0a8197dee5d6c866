"""What a tier asks to be written down, what of it is done, and until when. Pure (D6, D7).

The list reminds; it never holds up care (R8). What is missing when an incident closes becomes a task.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.triage.schema import Care, Item, Tier, TierRules


@dataclass(frozen=True, slots=True)
class Done:
    """`by`: somebody's name, when it was a person's word."""

    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """`since`: when the tier was chosen, or the incident began. `done`: by item; what is not in it is missing."""

    tier: Tier
    since: datetime
    session_ends_at: datetime
    day_ends_at: datetime
    done: Mapping[Item, Done]


@dataclass(frozen=True, slots=True)
class Line:
    item: Item
    due_at: datetime | None
    done: Done | None


def lines(rules: TierRules, facts: Facts) -> list[Line]:
    """What is still missing comes first, the soonest of it first."""
    found = [
        Line(asked.item, _due(asked, facts), facts.done.get(asked.item)) for asked in rules.care[facts.tier]
    ]
    return sorted(found, key=lambda line: (line.done is not None, line.due_at or facts.day_ends_at))


def _due(asked: Care, facts: Facts) -> datetime | None:
    if asked.within_min is not None:
        return facts.since + timedelta(minutes=asked.within_min)
    return {"session_end": facts.session_ends_at, "today": facts.day_ends_at, None: None}[asked.by]


# What is left of a meeting when it is over is no use as a task: nobody goes into a private room afterwards.
AS_A_TASK: Mapping[Item, str] = {
    "assessment": "Do the safety check.",
    "means_talked": "Talk about means: what is within reach, and the smallest step they accept.",
    "plan_opened": "Open the safety plan together.",
    "supervisor_told": "Tell the supervisor.",
    "next_contact": "Agree on the next contact, and keep it.",
}


def left_over(found: list[Line]) -> list[Line]:
    return [line for line in found if line.done is None and line.item in AS_A_TASK]
