"""One state per client from all that is known, by event time (architecture 6; R7, R9, R10, R19). Pure.

Order of authority: a person who says "not responding" or "I lost them"; what client or staff told (away, a
planned leave, dismissed); a person's eyes, for 15 minutes, unless a machine reports something newer; the machines.

Each state has a way out by time (`check_at`), except verified, dismissed, excused and left_planned, which newer
evidence ends, and lost and not_responding, whose incident has the clock. `evidence_at` is zero of that clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeGuard

from app.group_sessions.evidence import (
    SERIOUS,
    Beats,
    Cause,
    Context,
    Fact,
    Reading,
    Source,
    read,
)

__all__ = ["Beats", "Cause", "Context", "Fact", "Fused", "Source", "State", "fuse"]

State = Literal[
    "not_here_yet", "excused", "present", "quiet", "left", "lost", "not_responding", "reached", "verified", "away",
    "leaving", "left_planned", "private_room", "dismissed",
]  # fmt: skip

SEEN_STANDS = timedelta(minutes=15)
ASKED = timedelta(seconds=90)
ASKED_SERIOUS = timedelta(seconds=45)
LEFT_EARLY = timedelta(seconds=60)
NOT_HERE = timedelta(minutes=10)
# "I need a moment" and a staff tap of "away" without minutes.
AWAY = timedelta(minutes=5)
# A departure this much before the told time still is the told one, and so is one this much after it.
LEAVES_BEFORE = timedelta(minutes=5)
LEAVES_AFTER = timedelta(minutes=15)

_TAPS = frozenset({"lost", "not_responding"})
_LIVE_CHECKS = frozenset({"seen", "recognised"})
_SIGHTS = _LIVE_CHECKS | {"reached", "back", "leaving", "moment", "away", "private_room"}
_TOLD = _LIVE_CHECKS | {"reached", "back", "moment", "away", "private_room", "dismissed", "excused"}


@dataclass(frozen=True, slots=True)
class Fused:
    """`until`: when a person may expect the end of this state. `ask_since`: since when the board asks a person."""

    state: State
    since: datetime
    until: datetime | None = None
    evidence_at: datetime | None = None
    ask_since: datetime | None = None
    check_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _People:
    """What people said: the standing tap, the newest word of where the client is, and when staff last saw them."""

    tap: Fact | None
    told: Fact | None
    sight: Fact | None
    plan: Fact | None


def fuse(facts: Sequence[Fact], beats: Beats, context: Context, now: datetime) -> Fused:
    """A function of the set of facts: their order, delay and repetition change nothing once they are all here."""
    if context.group_opened_at is not None:
        facts = [fact for fact in facts if not _before_opening(fact, context.group_opened_at)]
    sight = _newest((fact for fact in facts if fact.source == "staff"), _SIGHTS)
    machine = read(facts, beats, context, now, sight.at if sight else None)
    people = _people(facts, machine, sight)
    if people.tap is not None:
        return _tapped(people.tap, people, machine, now)
    if context.group_state == "closed":
        return _closed(people, machine, context, now)
    if context.group_state == "scheduled":
        return _before(people, machine, context)
    return (
        _told(people, machine, context, now)
        or _as_planned(people, machine)
        or _seen(people, machine, context, now)
        or _by_machine(people, machine, context, now)
    )


def _people(facts: Iterable[Fact], machine: Reading, sight: Fact | None) -> _People:
    words = [fact for fact in facts if fact.source in ("staff", "client")]
    staff = [fact for fact in words if fact.source == "staff"]
    tap = _newest(staff, _TAPS)
    check = _newest(staff, _LIVE_CHECKS)
    if tap is not None and check is not None and check.at > tap.at:
        tap = None
    plan = _newest(words, {"leaving"})
    back = _newest(words, {"back"})
    if plan is not None and ((back and back.at > plan.at) or _came_back(machine, plan.until or plan.at)):
        plan = None
    return _People(tap, _newest(words, _TOLD), sight, plan)


def _before_opening(fact: Fact, opened_at: datetime) -> bool:
    """Words that had run out when the group opened: nobody who was greeted an hour early is missed for it."""
    return fact.kind in _SIGHTS and (fact.until or fact.at + SEEN_STANDS) <= opened_at


def _newest(facts: Iterable[Fact], kinds: Iterable[str]) -> Fact | None:
    chosen = [fact for fact in facts if fact.kind in kinds]
    return max(chosen, key=_by_time) if chosen else None


def _by_time(fact: Fact) -> tuple[datetime, str, datetime]:
    """Ties by kind and by the later end, so that the answer does not hang on the order of arrival."""
    return fact.at, fact.kind, fact.until or fact.at


def _came_back(machine: Reading, after: datetime) -> bool:
    return machine.returned_at is not None and machine.returned_at > after


def _tapped(tap: Fact, people: _People, machine: Reading, now: datetime) -> Fused:
    """R7: no heartbeat, join or rejoin clears it. Zero is the tap, or the earlier drop that machines had seen."""
    told = people.told
    if told is not None and told.kind == "reached" and tap.at < told.at and now < told.at + SEEN_STANDS:
        end = told.at + SEEN_STANDS
        return Fused("reached", told.at, end, told.at, None, end, "reached")
    evidence_at = tap.at
    if machine.word in ("gone", "silent") and machine.at and machine.at <= tap.at:
        evidence_at = machine.evidence_at or tap.at
    state: State = "lost" if tap.kind == "lost" else "not_responding"
    reason = "staff_lost" if tap.kind == "lost" else "not_responding"
    return Fused(state, tap.at, evidence_at=min(evidence_at, tap.at), reason=reason)


def _closed(people: _People, machine: Reading, context: Context, now: datetime) -> Fused:
    """Nothing new alarms after the end; who is still there, or was recognised since, may still be said."""
    told = people.told
    if told is not None and told.kind in ("recognised", "excused"):
        return Fused(
            "verified" if told.kind == "recognised" else "excused", told.at, None, told.at, reason=told.kind
        )
    if machine.word == "here":
        return Fused("present", machine.at or now, evidence_at=machine.evidence_at, reason="closed")
    return Fused(
        "dismissed", machine.at or context.starts_at, evidence_at=machine.evidence_at, reason="closed"
    )


def _before(people: _People, machine: Reading, context: Context) -> Fused:
    """Who is early is shown; nobody is missed before the group opens."""
    if machine.word == "here":
        return Fused(
            "present",
            machine.at or context.starts_at,
            None,
            machine.evidence_at,
            None,
            machine.next_at,
            "early",
        )
    if people.told is not None and people.told.kind == "excused":
        return Fused("excused", people.told.at, reason="excused")
    return Fused("not_here_yet", context.starts_at)


def _told(people: _People, machine: Reading, context: Context, now: datetime) -> Fused | None:
    told = people.told
    if told is None:
        return None
    if told.kind == "dismissed" and not _came_back(machine, told.at):
        return Fused("dismissed", told.at, None, told.at, reason="dismissed")
    if told.kind == "excused" and machine.word != "here" and not _newer(machine, told.at):
        return Fused("excused", told.at, reason="excused")
    if told.kind in ("away", "moment"):
        return _away(told, machine, context, now)
    return None


def _newer(machine: Reading, than: datetime) -> bool:
    return machine.event_at is not None and machine.event_at > than


def _away(told: Fact, machine: Reading, context: Context, now: datetime) -> Fused | None:
    """Past the told time they are lost (R19), and that time is zero. Having been connected all along proves nothing.

    "I need a moment" names no time and is said by people who stay in the room: past it a person is asked first.
    """
    until = told.until or told.at + AWAY
    if _came_back(machine, told.at):
        return None
    if now < until:
        return Fused("away", told.at, until, told.at, None, until, told.kind)
    if machine.word == "here" and told.kind == "moment":
        return _ask(until, until, context, now)
    return Fused("lost", until, evidence_at=until, reason="past_time")


def _as_planned(people: _People, machine: Reading) -> Fused | None:
    """A departure near the told time. Before it only one that the person made; from it on, any."""
    plan, event_at = people.plan, machine.event_at
    if plan is None or plan.until is None or event_at is None or machine.word in ("none", "here"):
        return None
    made = machine.word in ("left", "unclear", "between", "ended")
    starts = plan.until - LEAVES_BEFORE if made else plan.until
    if max(starts, plan.at) <= event_at <= plan.until + LEAVES_AFTER and not _seen_after(people, event_at):
        return Fused("left_planned", event_at, None, machine.evidence_at, reason="planned")
    return None


def _seen_after(people: _People, moment: datetime) -> bool:
    return people.sight is not None and people.sight.at > moment


def _seen(people: _People, machine: Reading, context: Context, now: datetime) -> Fused | None:
    """A person's eyes outrank what machines reported before; what they report afterwards is news: also that somebody
    left one room for another and never arrived."""
    sight = people.sight
    if sight is None or not _outranks(sight, machine):
        return None
    end = _stands_until(sight, people.plan)
    soon = min((time for time in (end, machine.next_at) if time is not None and time > now), default=None)
    if sight.kind == "recognised" and (
        now < end or not (machine.word == "here" or _newer(machine, sight.at))
    ):
        return Fused("verified", sight.at, None, sight.at, None, soon, "recognised")
    if sight.kind == "private_room" and now < end:
        return Fused("private_room", sight.at, end, sight.at, None, soon, "private_room")
    if machine.word == "here":
        return None
    if now >= end:
        asked = max(end, machine.at) if machine.word in ("unclear", "between") and machine.at else end
        return _ask(asked, max(end, machine.evidence_at or end), context, now)
    if _still_to_leave(people.plan, now):
        return _leaving(people.plan, sight.at, end)
    return Fused(
        "reached" if sight.kind == "reached" else "present", sight.at, None, sight.at, None, end, sight.kind
    )


def _outranks(sight: Fact, machine: Reading) -> bool:
    if machine.word in ("none", "here", "unclear"):
        return True
    return not _newer(machine, sight.at) and machine.event_at != sight.at


def _stands_until(sight: Fact, plan: Fact | None) -> datetime:
    """What was seen before a told leave does not stand past it."""
    end = sight.at + SEEN_STANDS
    if sight.kind == "private_room" and sight.until is not None:
        end = sight.until
    if plan is not None and plan.until is not None and sight.at < plan.until:
        end = min(end, plan.until)
    return end


def _by_machine(people: _People, machine: Reading, context: Context, now: datetime) -> Fused:
    at = machine.at or now
    evidence_at = machine.evidence_at
    if machine.word == "none":
        return _not_here(context, now)
    if machine.word == "here":
        if _still_to_leave(people.plan, now):
            return _leaving(people.plan, evidence_at, machine.next_at)
        return Fused("present", at, None, evidence_at, None, machine.next_at, "machine")
    if machine.word == "ended":
        return Fused("dismissed", at, None, evidence_at, reason="ended")
    if machine.word == "left":
        return _left(at, evidence_at, context, now)
    if machine.word in ("unclear", "between", "doubted"):
        return _ask(at, evidence_at or at, context, now)
    if people.sight is not None and people.sight.at < at and evidence_at is not None:
        evidence_at = max(evidence_at, people.sight.at)
    return Fused(
        "lost", at, None, evidence_at, reason="page_silent" if machine.word == "silent" else "platform_left"
    )


def _still_to_leave(plan: Fact | None, now: datetime) -> TypeGuard[Fact]:
    return plan is not None and plan.until is not None and now < plan.until


def _leaving(plan: Fact, evidence_at: datetime | None, check_at: datetime | None) -> Fused:
    until = plan.until or plan.at
    return Fused("leaving", plan.at, until, evidence_at, None, min(until, check_at or until), "leaving")


def _left(at: datetime, evidence_at: datetime | None, context: Context, now: datetime) -> Fused:
    """Pressed Leave and told nobody: below high the board asks "expected?" for a minute first."""
    limit = at if context.tier in SERIOUS else at + LEFT_EARLY
    if now < limit:
        return Fused("left", at, limit, evidence_at, at, limit, "left_early")
    return Fused("lost", limit, None, evidence_at, reason="left_early")


def _ask(since: datetime, evidence_at: datetime, context: Context, now: datetime) -> Fused:
    """The board asks a person once; silence of the board's people is not proof that somebody is there."""
    limit = since + (ASKED_SERIOUS if context.tier in SERIOUS else ASKED)
    if now < limit:
        return Fused("quiet", since, limit, evidence_at, since, limit, "unclear")
    return Fused("lost", limit, None, evidence_at, reason="unanswered")


def _not_here(context: Context, now: datetime) -> Fused:
    """A task at +10 minutes (R19); whoever follows the transition makes it an alert at moderate and above."""
    expected_at = max(context.starts_at, context.group_opened_at or context.starts_at)
    late_at = expected_at + NOT_HERE
    if now < late_at:
        return Fused("not_here_yet", expected_at, check_at=late_at)
    return Fused("not_here_yet", expected_at, ask_since=late_at, reason="not_here")
