"""When a step may start and when it is late. Zero is the drop: detection and grace spend from the limit."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.incidents.situation import Active, PlannedStep, Retime, Situation
from app.protocols.schema import OUTREACH, Protocol, Seconds, Step, Tier

# A step that is put off to its limit starts this much before it, and a round that repeats has this much until it is
# late: more than the 10 s before a limit at which every board is warned.
AHEAD_S = 15
# Past its limit by this, nothing outside happens by itself any more: a person decides.
VOID_S = 600
# How long after the latest ring we wait to hear how a call went, beyond the time that it rings.
HEAR_S = 20
# A waiting step is looked at again this much later while staff are talking with the client, at most TALK_MAX_S over.
TALK_S = 15
TALK_MAX_S = 300

_FIRST: dict[Tier, int] = {"none": 3, "low": 3, "moderate": 2, "high": 1, "imminent": 0}
_REPEAT: dict[Tier, int] = {"none": 6, "low": 6, "moderate": 5, "high": 4, "imminent": 0}


def seconds(value: Seconds | None, tier: Tier) -> timedelta:
    return timedelta(seconds=0 if value is None else value.of(tier))


def owned(situation: Situation, now: datetime) -> bool:
    return situation.owned_until is not None and situation.owned_until > now


def urgency(protocol: Protocol, step: Step, tier: Tier) -> int:
    """Architecture 4: imminent, then everyone's first attempt by tier, then repeats by tier."""
    table = _FIRST if step.id == protocol.first_outreach else _REPEAT
    return table[tier]


def first_times(step: Step, situation: Situation, now: datetime, visit: int = 1) -> tuple[datetime, datetime]:
    """(run_at, limit_at) of a step that opens now. One that has come round again starts its clock anew."""
    tier = situation.tier
    zero = now if step.counts_from == "step" or visit > 1 else situation.drop_at
    limit = zero + seconds(step.due_s, tier)
    if step.waits_for_person:
        end = max(limit, now + seconds(step.wait_s, tier))
        return end, end
    if step.alongside:
        return limit, limit_of_round(limit)
    return _start(step, situation, limit, now), limit


def _start(step: Step, situation: Situation, limit: datetime, now: datetime) -> datetime:
    """Normally at once. What was learned with less than 10 s left starts at once too: `protocols.checks` lets nobody
    be waited for into the last 10 s before the first outreach."""
    earliest = max(now, situation.drop_at + seconds(step.not_before_s, situation.tier))
    if step.widens and owned(situation, now):
        return max(earliest, limit - timedelta(seconds=AHEAD_S))
    return earliest


def again_in(step: Step, tier: Tier) -> timedelta:
    """How long until a step that nobody answered in time is looked at again."""
    urgent = tier in ("high", "imminent")
    return seconds(step.every_s, tier) or timedelta(seconds=60 if urgent else 300)


def limit_of_round(run_at: datetime) -> datetime:
    return run_at + timedelta(seconds=AHEAD_S)


def plan(protocol: Protocol, step: Step, situation: Situation, now: datetime, rounds: int = 0) -> PlannedStep:
    visit = situation.visits.get(step.id, 0) + 1
    run_at, limit_at = first_times(step, situation, now, visit)
    return PlannedStep(
        key=step.id,
        action=step.action,
        run_at=run_at,
        limit_at=limit_at,
        void_after=void(run_at, limit_at),
        waits_for_person=step.waits_for_person,
        urgency=urgency(protocol, step, situation.tier),
        rounds=rounds,
        visit=visit,
    )


def void(run_at: datetime, limit_at: datetime) -> datetime:
    return max(run_at, limit_at) + timedelta(seconds=VOID_S)


def voided(step: Step, active: Active, now: datetime) -> bool:
    """Of a call under way too: one of which nothing was heard for so long is not followed by the next by itself."""
    return step.action in OUTREACH and now >= (active.void_after or void(active.run_at, active.limit_at))


def retimed(protocol: Protocol, situation: Situation, now: datetime) -> Iterator[Retime]:
    """Pending steps whose times or urgency differ now. Nothing already running is restarted, and nothing is put off
    but a widening step that somebody's taking it has made less pressing."""
    for active in situation.active:
        step = protocol.find(active.key)
        if step is None or active.status != "pending":
            continue
        run_at, limit_at = _new_times(step, active, situation, now)
        yield Retime(
            active.step_id,
            run_at,
            limit_at,
            void(run_at, limit_at),
            urgency(protocol, step, situation.tier),
            active.rounds,
        )


def _new_times(step: Step, active: Active, situation: Situation, now: datetime) -> tuple[datetime, datetime]:
    late = step.waits_for_person and active.limit_at <= now
    if active.run_at <= now or late:
        return active.run_at, active.limit_at
    tier = situation.tier
    if step.counts_from == "step" or active.visit > 1:
        soonest = min(active.run_at, now + seconds(step.every_s or step.due_s, tier))
        return soonest, active.limit_at - (active.run_at - soonest)
    limit = min(active.limit_at, situation.drop_at + seconds(step.due_s, tier))
    if step.waits_for_person:
        end = min(active.run_at, max(limit, now + seconds(step.wait_s, tier)))
        return end, end
    start = _start(step, situation, limit, now)
    return (start if step.widens else min(active.run_at, start)), limit
