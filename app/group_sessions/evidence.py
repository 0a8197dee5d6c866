"""What each source said about one client, and what the machines among them add up to. Pure.

Facts are a set: they may arrive in any order, twice, or a minute late. Only event times order them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Source = Literal["page", "platform", "staff", "phone", "client"]
Cause = Literal["deliberate", "lost", "moved", "removed", "ended", "unknown"]

# Two missed beats of 5 s and a bit; at high and imminent one missed beat and most of the second.
GRACE = timedelta(seconds=12)
GRACE_HIGH = timedelta(seconds=9)
# Browsers wake a page that has been hidden for five minutes once a minute only: a page that has shown that it
# speaks while hidden is given that minute. Not at high and imminent, where a person is asked early instead.
HIDDEN_GRACE = timedelta(seconds=75)
SPEAKS_WHILE_HIDDEN = timedelta(seconds=30)
# Every web process says each second that it hears; two missed words are our deafness, not the client's silence.
DEAF_AFTER = timedelta(seconds=2)
# A goodbye beacon and the last beat race each other on the way.
GOODBYE_SLACK = timedelta(seconds=1)
# The leave of the old room and the join of the new one come as two deliveries, 1 to 3 s late each.
MOVE_TIME = timedelta(seconds=30)
# An unexpected leave that comes this soon after a visible page fell silent was the same drop, noticed later
# (a media server notices a pulled cable after 20 s).
SAME_DROP = timedelta(seconds=60)
# Two clocks, and a press that comes a moment after what it is about.
MOVE_SLACK = timedelta(seconds=5)
# A room that staff have just opened, or left, with somebody: a departure within this is the move.
MOVING = timedelta(minutes=2)

SERIOUS = frozenset({"high", "imminent"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that one source said. `delivery_id` names the delivery: repeats of it say nothing new."""

    source: Source
    kind: str
    occurred_at: datetime
    received_at: datetime
    cause: Cause | None = None
    connection: str | None = None
    until: datetime | None = None
    by_staff_id: UUID | None = None
    delivery_id: str = ""

    @property
    def at(self) -> datetime:
        """A sender whose clock runs ahead cannot outrank what is said after it."""
        return min(self.occurred_at, self.received_at)


@dataclass(frozen=True, slots=True)
class Beats:
    """What the companion page's heartbeat row says. `page_visible` None: never known, as without JavaScript."""

    last_beat_at: datetime | None = None
    page_visible: bool | None = None
    page_changed_at: datetime | None = None
    goodbye_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """`deaf` are times in which no web process could hear; `hearing_until` the latest word that one could."""

    tier: str
    group_opened_at: datetime | None
    starts_at: datetime
    group_state: str
    deaf: Sequence[tuple[datetime, datetime]] = ()
    hearing_until: datetime | None = None


Word = Literal["none", "here", "unclear", "between", "doubted", "silent", "gone", "left", "ended"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the machines say together.

    none: never came. here: in the room, or the page speaks. unclear: only a person can say. between: left one room
    for another and did not arrive there. doubted: the platform says here, but a page in full view fell silent. silent: such a page, and nothing else speaks. gone: the platform
    lost them. left: pressed Leave. ended: the room was closed.
    `event_at` is the newest thing a machine reported, and what a person must have seen the client after.
    `evidence_at` is the last evidence that the person was there. `next_at`: when the reading changes by itself.
    """

    word: Word
    at: datetime | None = None
    event_at: datetime | None = None
    evidence_at: datetime | None = None
    next_at: datetime | None = None
    returned_at: datetime | None = None


NOTHING = Reading("none")


def read(
    facts: Sequence[Fact], beats: Beats, context: Context, now: datetime, seen_at: datetime | None = None
) -> Reading:
    """`seen_at`: when a person last saw the client. A departure before it is settled; a page that falls silent since is not."""
    page = _page(facts, beats, context, now)
    platform = _platform(facts, context)
    if platform is None:
        return page
    if platform.word == "here":
        return _in_the_room(platform, page)
    left_at = platform.at or now
    if seen_at and page.event_at and left_at < seen_at < page.event_at and page.word in ("silent", "unclear"):
        return page
    if platform.word == "unclear":
        return _moved(platform, left_at, page, now)
    if platform.word == "gone":
        return _same_drop(platform, left_at, page)
    return platform


def _platform(facts: Sequence[Fact], context: Context) -> Reading | None:
    """The set of live connections. Each connection's newest word holds; at one instant its end outranks its start."""
    newest: dict[str | None, tuple[datetime, bool, Fact]] = {}
    joined_at: datetime | None = None
    was_there = False
    for fact in facts:
        if fact.source != "platform":
            continue
        if fact.kind == "joined":
            joined_at = _latest(joined_at, fact.at)
        # Somebody who left was there, though the join may come later; an attempt that never connected proves nothing.
        was_there = was_there or fact.kind != "aborted"
        rank = (fact.at, fact.kind != "joined", _weight(fact))
        known = newest.get(fact.connection)
        if known is None or rank > (known[0], known[1], _weight(known[2])):
            newest[fact.connection] = (*rank[:2], fact)
    if not was_there:
        return None
    live = [at for at, ended, _ in newest.values() if not ended]
    if live:
        return Reading("here", min(live), max(live), max(live), returned_at=max(live))
    last = max((fact for _, _, fact in newest.values()), key=lambda fact: (fact.at, _weight(fact)))
    if context.group_opened_at is None or last.at < context.group_opened_at:
        return None
    word = "unclear" if _is_a_move(last, facts) else _DEPARTURES[last.cause or "unknown"]
    return Reading(word, last.at, last.at, last.at, returned_at=joined_at)


def _is_a_move(departure: Fact, facts: Sequence[Fact]) -> bool:
    """Staff opened a private room, or led somebody back from one: whatever the platform calls it, the leave that
    follows is the move. Once they say that they are in the room, a leave is a leave again."""
    said = [fact for fact in facts if fact.source == "staff"]
    for moving in (fact for fact in said if fact.kind == "moving"):
        ends = moving.until or moving.at + MOVING
        inside = [fact.at for fact in said if fact.kind == "private_room" and fact.at >= moving.at]
        ends = min([ends, *(at + MOVE_SLACK for at in inside)])
        if moving.at - MOVE_SLACK <= departure.at <= ends:
            return True
    return False


_DEPARTURES: dict[str, Word] = {
    "deliberate": "left",
    "removed": "left",
    "moved": "unclear",
    "ended": "ended",
    "lost": "gone",
    "unknown": "gone",
}
# Two ends at one instant: the more alarming one counts, whichever came first.
_WEIGHTS = {"ended": 0, "moved": 1, "removed": 2, "deliberate": 3, "unknown": 4, "lost": 5}


def _weight(fact: Fact) -> int:
    return _WEIGHTS[fact.cause or "unknown"]


def _in_the_room(platform: Reading, page: Reading) -> Reading:
    """A hidden or closed page of someone in the room means nothing (R10).

    A page in full view that fell silent after they joined contradicts the platform, which may need 20 s to
    notice and whose webhook may be lost: a person is asked.
    """
    heard = _latest(platform.evidence_at, page.evidence_at)
    if page.word == "silent" and page.event_at and platform.event_at and page.event_at > platform.event_at:
        return Reading("doubted", page.at, page.event_at, page.evidence_at, returned_at=platform.returned_at)
    return Reading("here", platform.at, platform.event_at, heard, page.next_at, platform.returned_at)


def _moved(platform: Reading, left_at: datetime, page: Reading, now: datetime) -> Reading:
    """Between two rooms: nothing is wrong until the second join is overdue, or a page in full view falls silent."""
    if page.word == "silent" and page.event_at and page.event_at >= left_at - SAME_DROP:
        return page
    there_by = left_at + MOVE_TIME
    if now < there_by:
        return Reading("here", left_at, left_at, left_at, there_by, platform.returned_at)
    return Reading("between", there_by, left_at, left_at, returned_at=platform.returned_at)


def _same_drop(platform: Reading, left_at: datetime, page: Reading) -> Reading:
    if page.word != "silent" or page.evidence_at is None:
        return platform
    if not left_at - SAME_DROP <= page.evidence_at <= left_at:
        return platform
    return Reading("gone", left_at, left_at, page.evidence_at, returned_at=platform.returned_at)


def _page(facts: Sequence[Fact], beats: Beats, context: Context, now: datetime) -> Reading:
    heard_at, visible, changed_at, bye_at = _heard(facts, beats)
    if heard_at is None:
        return NOTHING
    grace = GRACE_HIGH if context.tier in SERIOUS else GRACE
    if visible is False and changed_at and heard_at - changed_at > SPEAKS_WHILE_HIDDEN and grace is GRACE:
        grace = HIDDEN_GRACE
    said_bye = bye_at is not None and bye_at >= heard_at - GOODBYE_SLACK
    last_at = max(heard_at, bye_at) if bye_at and said_bye else heard_at
    left = grace - _listened(last_at, now, context)
    turned = changed_at if visible and changed_at else None
    if left > timedelta(0):
        return Reading("here", changed_at or heard_at, heard_at, heard_at, now + left, turned)
    if context.group_opened_at is None or last_at + grace < context.group_opened_at:
        return NOTHING
    fell_at = now + left
    word: Word = "silent" if visible and not said_bye else "unclear"
    return Reading(word, fell_at, heard_at, heard_at, returned_at=turned)


def _heard(
    facts: Iterable[Fact], beats: Beats
) -> tuple[datetime | None, bool | None, datetime | None, datetime | None]:
    """The beat row, and what the page or the client said through it. A press without beats leaves visibility open."""
    heard_at, visible, changed_at = beats.last_beat_at, beats.page_visible, beats.page_changed_at
    bye_at = beats.goodbye_at
    for fact in sorted(facts, key=lambda fact: (fact.at, fact.kind)):
        if fact.source not in ("page", "client") or fact.kind == "closed":
            continue
        if fact.kind == "goodbye":
            bye_at = _latest(bye_at, fact.at)
            continue
        if heard_at is not None and fact.at <= heard_at:
            continue
        heard_at = fact.at
        if fact.kind in ("visible", "hidden"):
            visible, changed_at = fact.kind == "visible", fact.at
    return heard_at, visible, changed_at, bye_at


def _listened(since: datetime, now: datetime, context: Context) -> timedelta:
    """How much of the time since then somebody could hear: our own silence is not theirs."""
    spans = list(context.deaf)
    if context.hearing_until is None:
        return timedelta(0)
    if now - context.hearing_until > DEAF_AFTER:
        spans.append((context.hearing_until, now))
    deaf, covered = timedelta(0), since
    for start, end in sorted(spans):
        start, end = max(start, covered), min(end, now)
        if end > start:
            deaf += end - start
            covered = end
    return max(now - since, timedelta(0)) - deaf


def _latest(*times: datetime | None) -> datetime | None:
    known = [time for time in times if time is not None]
    return max(known) if known else None
