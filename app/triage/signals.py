"""What Handrail itself knows of an incident that the tier rules ask for: lost, danger word, pause word. Pure.

Rules I8 and I9 come from here. They suggest like all the others: no tier rises by itself (R1).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# (d) How long nobody has recognised a client of tier high or above before the table says so.
UNVERIFIED = timedelta(minutes=5)
DANGER_UNVERIFIED = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Facts:
    """`lost`: this incident is about a lost connection. `verified`: a person recognised the client, live."""

    lost: bool
    tier: str
    began_at: datetime
    verified: bool
    danger_used_at: datetime | None = None
    pause_used: bool = False


def signals(facts: Facts, now: datetime) -> set[str]:
    """All that hold now. A live check ends every one of them."""
    if facts.verified:
        return set()
    found = {"pause_word"} if facts.pause_used else set()
    if facts.danger_used_at is not None:
        late = now - facts.danger_used_at >= DANGER_UNVERIFIED
        found.add("danger_word_unverified" if late else "danger_word")
    if facts.lost:
        found.add(_lost(facts, now))
    return found


def _lost(facts: Facts, now: datetime) -> str:
    if facts.tier in ("high", "imminent"):
        return "lost_high_unverified" if now - facts.began_at >= UNVERIFIED else "lost_after_moderate"
    return {"none": "lost_plain", "low": "lost_after_low"}.get(facts.tier, "lost_after_moderate")
