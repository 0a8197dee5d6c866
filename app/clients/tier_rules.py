"""How a tier may change, and how long a flag lasts. Pure.

Raising is one press of anybody. Lowering says why; from high or imminent it takes two people; and a flag ends, which is
tier none, only by an assessment (R15).
"""

from datetime import datetime, timedelta
from enum import Enum

ORDER: tuple[str, ...] = ("none", "low", "moderate", "high", "imminent")
SERIOUS = frozenset({"high", "imminent"})
# Fewer characters say nothing of this moment.
LOWER_REASON = 20
# (d) A flag of tier low ends with the group session; where there is none, after so long.
LOW_LASTS = timedelta(hours=24)
LASTS = {"moderate": timedelta(hours=72), "high": timedelta(days=7), "imminent": timedelta(days=7)}


class Verdict(Enum):
    SET = "set"
    REASON = "reason"
    SECOND = "second"
    CHECK = "check"


def is_lower(before: str, after: str) -> bool:
    return ORDER.index(after) < ORDER.index(before)


def may_choose(before: str, after: str, *, reason: str, checked: bool = False) -> Verdict:
    """`checked`: a safety check stands behind it. What is missing, the most serious last: a check, a reason, a second
    person."""
    if not is_lower(before, after):
        return Verdict.SET
    if after == "none" and not checked:
        return Verdict.CHECK
    if len(reason.strip()) < LOWER_REASON:
        return Verdict.REASON
    return Verdict.SECOND if before in SERIOUS else Verdict.SET


def lasts_until(tier: str, now: datetime, session_ends_at: datetime | None) -> datetime | None:
    """None for tier none, which is no flag."""
    if tier == "none":
        return None
    if tier == "low":
        return session_ends_at if session_ends_at and session_ends_at > now else now + LOW_LASTS
    return now + LASTS[tier]
