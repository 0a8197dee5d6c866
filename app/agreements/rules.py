"""An agreement's clock: when its re-check is asked, when it has lapsed, when the supervisor is paged. Pure.

Time alone asks and pages (R1): it raises no tier, rings nobody outside, and ends nothing. Only a person's answer does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from app.protocols.schema import Tier

LEAST_MINUTES: Final = 20
MOST_MINUTES: Final = 60

# (d) How long the re-check may take once it is asked, before it counts as missed.
GRACE: Final[dict[Tier, timedelta]] = {
    "none": timedelta(minutes=5),
    "low": timedelta(minutes=5),
    "moderate": timedelta(minutes=3),
    "high": timedelta(minutes=2),
    "imminent": timedelta(minutes=1),
}
# (d) How soon a new safety check follows an agreement that was not kept.
CHECK_WITHIN: Final[dict[Tier, timedelta]] = {
    "none": timedelta(minutes=15),
    "low": timedelta(minutes=15),
    "moderate": timedelta(minutes=10),
    "high": timedelta(minutes=5),
    "imminent": timedelta(minutes=2),
}
# R1: the supervisor, the backup and on-call are paged again this often, from high on, until somebody answers.
AGAIN: Final = timedelta(seconds=60)
PAGED: Final = frozenset({"high", "imminent"})

Outcome = Literal["kept", "partly", "not_kept", "changed", "replaced"]
# After these a person looks anew at how safe it is; nobody is blamed.
ASKS_FOR_CHECK: Final = frozenset({"partly", "not_kept"})


@dataclass(frozen=True, slots=True)
class Clock:
    """What is known of one agreement. `check_wanted_at`: since when a new safety check is asked for."""

    until: datetime
    asked_at: datetime | None = None
    lapsed_at: datetime | None = None
    ended_at: datetime | None = None
    check_wanted_at: datetime | None = None
    check_done_at: datetime | None = None

    @property
    def checking(self) -> bool:
        return self.check_wanted_at is not None and self.check_done_at is None


@dataclass(frozen=True, slots=True)
class Turn:
    """What its time has come for. `page`: supervisor, backup and on-call are rung. `next_at`: look again then."""

    what: Literal["ask", "lapse", "still"]
    page: bool
    next_at: datetime | None


def lapses_at(until: datetime, tier: Tier) -> datetime:
    return until + GRACE[tier]


def turn(clock: Clock, tier: Tier, now: datetime) -> Turn | None:
    """None: its time has not come, or a person has answered everything."""
    if clock.ended_at is None and clock.lapsed_at is None:
        return _standing(clock, tier, now)
    if clock.checking and clock.check_wanted_at is not None:
        since = clock.check_wanted_at + (CHECK_WITHIN[tier] if clock.lapsed_at is None else timedelta(0))
        return Turn("still", tier in PAGED, now + AGAIN) if now >= since else None
    return None


def _standing(clock: Clock, tier: Tier, now: datetime) -> Turn | None:
    if now < clock.until:
        return None
    if clock.asked_at is None:
        return Turn("ask", False, max(now, lapses_at(clock.until, tier)))
    if now < lapses_at(clock.until, tier):
        return None
    return Turn("lapse", tier in PAGED, now + AGAIN)


def next_look(clock: Clock, tier: Tier, now: datetime) -> datetime | None:
    """When the engine looks at it again, after a person's press."""
    if clock.ended_at is None and clock.lapsed_at is None:
        return clock.until if clock.asked_at is None else lapses_at(clock.until, tier)
    if clock.checking and clock.check_wanted_at is not None:
        return now + AGAIN if clock.lapsed_at is not None else clock.check_wanted_at + CHECK_WITHIN[tier]
    return None
