"""When a word has to be chosen anew: after it was used, after somebody else heard or saw it, or after 90 days. Pure (R12)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.code_words.choosing import Kind

Spent = Literal["used", "exposed"]
Why = Literal[Spent, "age"]

LASTS = timedelta(days=90)  # (d)
# Only a danger word is spent by its use: a pause that works every week is the point of a pause.
SPENT_BY_USE: frozenset[Kind] = frozenset({"danger"})


@dataclass(frozen=True, slots=True)
class Kept:
    kind: Kind
    set_at: datetime
    used_at: datetime | None = None
    exposed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    why: Why
    since: datetime


def lasts_until(word: Kept) -> datetime:
    return word.set_at + LASTS


def due(word: Kept, now: datetime) -> Due | None:
    """The most pressing reason first; None while the word is fresh."""
    if word.exposed_at is not None:
        return Due("exposed", word.exposed_at)
    if word.used_at is not None and word.kind in SPENT_BY_USE:
        return Due("used", word.used_at)
    return Due("age", lasts_until(word)) if now >= lasts_until(word) else None
