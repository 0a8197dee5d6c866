"""The decisions of an escalation: from what is known and what was just heard to what happens next.

Pure: values in, values out. R1 is kept by construction: no order here can reach a third party; the steps towards
contacts and responders only ever wait for a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.incidents import ringing
from app.incidents.chain import Chain, IllegalMove, target_of
from app.incidents.situation import (
    Active,
    AttemptOutcome,
    Back,
    ByHand,
    CancelCalls,
    DangerUsed,
    Decided,
    Hurried,
    LostAgain,
    Move,
    OtherPerson,
    OutageCleared,
    OutageLocked,
    PersonOutcome,
    PlannedStep,
    Reached,
    Released,
    Replied,
    Retime,
    SeenByStaff,
    Signal,
    Situation,
    Skipped,
    StaffLegSilent,
    StepDue,
    Stopped,
    Taken,
    Task,
    TierChanged,
    Verified,
)
from app.incidents.timing import TALK_MAX_S, TALK_S, plan, retimed, seconds, urgency, void, voided
from app.protocols import variants
from app.protocols.schema import LOCKABLE, OUTREACH, PAGES, Protocol, Step

__all__ = ["IllegalMove", "advance", "forecast", "open_run", "outcomes", "replan"]


def open_run(protocol: Protocol, situation: Situation, now: datetime) -> Move:
    """What follows the alert; the alert itself is the incident's being there."""
    chain = _chain(protocol, situation, now)
    chain.open(target_of(chain.protocol.entry, "sent"))
    return chain.move()


def advance(protocol: Protocol, situation: Situation, signal: Signal, now: datetime) -> Move:
    """A signal about a step that is no longer open changes nothing. Raises IllegalMove for a person's impossible answer."""
    situation = _with(situation, signal)
    chain = _chain(protocol, situation, now)
    _HANDLERS[type(signal)](chain, signal)
    return chain.move()


def replan(protocol: Protocol, situation: Situation, now: datetime) -> Move:
    """New times for pending steps after a change of tier, owner or facts; steps that facts forbid now are replaced."""
    chain = _chain(protocol, situation, now)
    _replan(chain)
    return chain.move()


def outcomes(protocol: Protocol, situation: Situation, key: str) -> tuple[str, ...]:
    """What a person may answer to this step now."""
    step = variants.apply(protocol, situation.facts).find(key)
    if step is None or (situation.locked and step.action in LOCKABLE):
        return ()
    return tuple(word for word, target in step.next.items() if _may_say(situation, word, target))


def _chain(protocol: Protocol, situation: Situation, now: datetime) -> Chain:
    return Chain(variants.apply(protocol, situation.facts), situation, now)


def _with(situation: Situation, signal: Signal) -> Situation:
    """The situation with what the signal itself says."""
    match signal:
        case Taken(until):
            return replace(situation, owned_until=until)
        case Released():
            return replace(situation, owned_until=None)
        case TierChanged(tier):
            return replace(situation, tier=tier)
        case OutageLocked() | OutageCleared():
            return replace(situation, locked=isinstance(signal, OutageLocked))
        case DangerUsed():
            return replace(situation, facts=replace(situation.facts, danger_used=True))
        case Back() | LostAgain():
            return replace(situation, on_screen=isinstance(signal, Back))
        case _:
            return situation


def _may_say(situation: Situation, word: str, target: str) -> bool:
    if target == "end:brief_drop":
        return _brief(situation)
    return word not in ("timeout", "no_number") and not target.startswith("end:")


def _brief(situation: Situation) -> bool:
    """R9: none or low tier, nothing disclosed, recognised before anyone answered the phone."""
    calm = situation.tier in ("none", "low") and situation.brief_possible
    return calm and not situation.answered and not situation.facts.danger_used


# What time does


def _due(chain: Chain, signal: StepDue) -> None:
    active = chain.active.get(signal.step_id)
    if active is None:
        return
    step = chain.step_of(active)
    if step is None:
        _replace(chain, active)
    elif voided(step, active, chain.now):
        chain.finish(active, "cancelled", "voided")
        chain.orders.append(ByHand("voided", active.step_id))
        chain.open(chain.protocol.signals.stopped)
    elif chain.situation.talking and _can_wait(step, active, chain.now):
        chain.retime(active, chain.now + timedelta(seconds=TALK_S))
    elif active.status == "pending" and step.action in OUTREACH | PAGES:
        ringing.carry_out(chain, active, step)
    elif step.alongside:
        ringing.come_round(chain, active, step)
    else:
        chain.follow(active, step, "timeout")


def _can_wait(step: Step, active: Active, now: datetime) -> bool:
    """While staff talk with the client nothing rings or texts them, and nobody is hurried to say who it is."""
    asks = step.action in OUTREACH or step.action == "person.check"
    return asks and active.status == "pending" and now < active.limit_at + timedelta(seconds=TALK_MAX_S)


def _replace(chain: Chain, active: Active) -> None:
    """A variant that holds now (R2) has taken this step away."""
    chain.finish(active, "cancelled", "not_for_this_client")
    target = chain.protocol.instead_of(active.key)
    if target is not None and target != variants.NOTHING:
        chain.open(target)


# What the telephone says


def _attempt(chain: Chain, signal: AttemptOutcome) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None:
        ringing.late_word(chain, signal.outcome)
    else:
        ringing.heard(chain, active, step, signal.outcome)


def _silent(chain: Chain, signal: StaffLegSilent) -> None:
    ringing.nobody_spoke(chain, signal)


# What people say


def _person(chain: Chain, signal: PersonOutcome) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None:
        return
    if step.action in LOCKABLE and chain.situation.locked:
        raise IllegalMove(f"{step.id} is locked until a person says that it is not our side")
    target = step.next.get(signal.outcome, "")
    if not target or not _may_say(chain.situation, signal.outcome, target):
        raise IllegalMove(f"{step.id} takes one of {', '.join(sorted(step.next))}, not {signal.outcome}")
    _say(chain, active, step, signal.outcome)


def _say(chain: Chain, active: Active, step: Step, outcome: str) -> None:
    target = step.next[outcome]
    if not target.startswith("end:") and _takes_the_lead(chain, step, target):
        _drop_leader(chain, "moved_on", but=active)
    chain.follow(active, step, outcome)


def _takes_the_lead(chain: Chain, step: Step, target: str) -> bool:
    """A person's word from a check may move the chain forward, to people; never back to our own calls."""
    goal = chain.protocol.step(target)
    return step.beside and not goal.beside and goal.action.startswith(("person.", "page."))


def _drop_leader(chain: Chain, outcome: str, *, but: Active | None = None) -> None:
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        keeps = active is but or step is None or step.beside or step.action == "person.dispatch"
        if not keeps:
            chain.finish(active, "cancelled", outcome)


def _decided(chain: Chain, signal: Decided) -> None:
    """A person may decide about responders at any time, wherever the chain stands."""
    if chain.situation.locked:
        raise IllegalMove("responders are locked until a person says that it is not our side")
    step = next(step for step in chain.protocol.steps if step.action == "person.decide")
    _drop_leader(chain, "decided")
    for active in list(chain.active.values()):
        if active.key == chain.protocol.signals.replied:
            chain.finish(active, "cancelled", "decided")
    chain.open(target_of(step, signal.outcome))


def _stopped(chain: Chain, signal: Stopped) -> None:
    """Stopping hands the chain to the person who stopped it, with a time after which the supervisor is asked."""
    active = chain.active.get(signal.step_id)
    if active is None:
        return
    step = chain.step_of(active)
    chain.finish(active, "cancelled", "stopped")
    chain.orders.append(CancelCalls("stopped", active.step_id))
    if step is not None and not step.alongside:
        chain.open(chain.protocol.signals.stopped)


def _skipped(chain: Chain, signal: Skipped) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None:
        return
    chain.orders.append(CancelCalls("skipped", active.step_id))
    if step.alongside:
        ringing.come_round(chain, active, step)
    elif target_of(step, "skipped") == step.id:
        # A page that repeats until somebody decides can be put off by one round, not skipped away.
        chain.retime(active, chain.now + seconds(step.every_s, chain.situation.tier), rounds=active.rounds)
    else:
        chain.follow(active, step, "skipped", "skipped")


def _hurried(chain: Chain, signal: Hurried) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None or active.status != "pending":
        return
    if step.waits_for_person:
        chain.follow(active, step, "timeout")
    else:
        chain.retime(active, chain.now)


def _taken(chain: Chain, _: Taken) -> None:
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        if step is not None and step.action == "incident.accept":
            chain.follow(active, step, "accepted")
    _replan(chain)


def _other_person(chain: Chain, _: OtherPerson) -> None:
    _drop(chain, chain.protocol.signals.answered, "other_person")
    chain.open(chain.protocol.signals.other_person)


def _reached(chain: Chain, _: Reached) -> None:
    chain.open(chain.protocol.signals.reached)


def _verified(chain: Chain, _: Verified) -> None:
    chain.end("verified")


def _replied(chain: Chain, _: Replied) -> None:
    """R1: at low tier, once per incident. The chain itself goes on; only contact and responders wait."""
    if chain.situation.tier not in ("none", "low") or chain.situation.held:
        return
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        if step is not None and (step.alongside or _asks_for_third_parties(step)):
            chain.finish(active, "cancelled", "replied")
            chain.orders.append(CancelCalls("replied", active.step_id))
    chain.orders.append(Task("see_live"))
    chain.open(chain.protocol.signals.replied)


def _asks_for_third_parties(step: Step) -> bool:
    """Asks whether to ring a contact or to send responders; not the dispatch that a person already chose."""
    return step.action == "person.contact" or "responders" in step.next


# What is seen


def _back(chain: Chain, _: Back) -> None:
    """Machines are a hint: the ringing ends politely and the check stays. A dispatch under way is not undone by it."""
    chain.orders.append(CancelCalls("back"))
    _check_privately(chain)


def _seen_by_staff(chain: Chain, _: SeenByStaff) -> None:
    if _brief(chain.situation):
        chain.end("brief_drop")
        return
    chain.orders += [CancelCalls("back"), Task("private_check")]
    _check_privately(chain)


def _check_privately(chain: Chain) -> None:
    signals = chain.protocol.signals
    if signals.reached in chain.open_keys():
        return
    overdue = target_of(chain.protocol.step(signals.back), "timeout")
    chain.clear("back", keep=frozenset({"person.dispatch", signals.back, overdue}))
    if overdue not in chain.open_keys():
        chain.open(signals.back)


def _lost_again(chain: Chain, _: LostAgain) -> None:
    signals = chain.protocol.signals
    overdue = target_of(chain.protocol.step(signals.back), "timeout")
    for key in (signals.back, overdue, signals.reached):
        _drop(chain, key, "lost_again")
    chain.open(signals.lost_again)


def _drop(chain: Chain, key: str, outcome: str) -> None:
    for active in list(chain.active.values()):
        if active.key == key:
            chain.finish(active, "cancelled", outcome)


# What changes around it


def _changed(chain: Chain, _: object) -> None:
    _replan(chain)


def _danger(chain: Chain, _: DangerUsed) -> None:
    chain.orders.append(CancelCalls("danger"))
    _replan(chain)


def _replan(chain: Chain) -> None:
    for active in list(chain.active.values()):
        if chain.step_of(active) is None:
            _replace(chain, active)
    if not chain.holding() and chain.situation.tier not in ("none", "low"):
        _end_hold(chain)
    situation = replace(chain.situation, active=tuple(chain.active.values()))
    before = {active.step_id: active for active in situation.active}
    for change in retimed(chain.protocol, situation, chain.now):
        if _differs(before[change.step_id], change):
            chain.retimed[change.step_id] = change


def _differs(active: Active, change: Retime) -> bool:
    was = (active.run_at, active.limit_at, active.urgency)
    return was != (change.run_at, change.limit_at, change.urgency)


def _end_hold(chain: Chain) -> None:
    for active in list(chain.active.values()):
        if active.key == chain.protocol.signals.replied:
            chain.follow(active, chain.protocol.step(active.key), "timeout", "cancelled")


def _locked(chain: Chain, _: OutageLocked) -> None:
    """R1. A dispatch that a person already chose is theirs; what still waits for a choice is locked."""
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        if step is not None and _asks_for_third_parties(step):
            chain.finish(active, "cancelled", "locked")
            chain.open(chain.protocol.signals.locked)
    chain.orders.append(Task("say_if_our_side"))


def _cleared(chain: Chain, _: OutageCleared) -> None:
    for active in list(chain.active.values()):
        if active.key == chain.protocol.signals.locked:
            chain.follow(active, chain.protocol.step(active.key), "cleared")


# What would come


def forecast(protocol: Protocol, situation: Situation, now: datetime) -> list[PlannedStep]:
    """What happens if nobody presses anything, soonest first: up to the first step that waits for a person to decide,
    and the one after it. Times of steps that are not open yet are the likely ones."""
    chain = _chain(protocol, situation, now)
    shown = [_as_planned(chain, active) for active in situation.active if chain.step_of(active) is not None]
    shown += [] if shown else list(open_run(protocol, situation, now).plan)
    standing = [chain.protocol.step(step.key) for step in shown]
    leader = next((step for step in standing if not step.beside), None)
    leader = leader or next((step for step in standing if not step.alongside), None)
    if leader is not None:
        shown += _later(chain, shown[standing.index(leader)])
    return sorted(shown, key=lambda step: (step.run_at, step.limit_at))


def _as_planned(chain: Chain, active: Active) -> PlannedStep:
    step = chain.protocol.step(active.key)
    return PlannedStep(
        key=active.key,
        action=step.action,
        run_at=active.run_at,
        limit_at=active.limit_at,
        void_after=active.void_after or void(active.run_at, active.limit_at),
        waits_for_person=step.waits_for_person,
        urgency=urgency(chain.protocol, step, chain.situation.tier),
        rounds=active.rounds,
    )


def _later(chain: Chain, first: PlannedStep) -> Iterator[PlannedStep]:
    known = {active.key for active in chain.situation.active} | {first.key}
    current, last = first, False
    while not last:
        step = chain.protocol.step(current.key)
        last = step.action != "incident.accept" and (step.waits_for_person or step.action in PAGES)
        following = _after(chain, step)
        if following is None or following.id in known:
            return
        current = plan(chain.protocol, following, chain.situation, max(chain.now, _ends(chain, current)))
        known.add(current.key)
        yield current
        for key in following.starts:
            if key not in known:
                known.add(key)
                yield plan(chain.protocol, chain.protocol.step(key), chain.situation, current.run_at)


def _after(chain: Chain, step: Step) -> Step | None:
    """Where silence leads from here, past steps that have no number to use."""
    target = target_of(step, ringing.likely(step))
    following = chain.allowed(chain.protocol.step(target)) if not target.startswith("end:") else None
    while following is not None and not ringing.usable(following, chain.situation.facts):
        following = chain.protocol.step(target_of(following, "no_number"))
    return following


def _ends(chain: Chain, planned: PlannedStep) -> datetime:
    step = chain.protocol.step(planned.key)
    lasts = step.wait_s if step.action == "page.supervisor" else step.ring_s
    return planned.run_at + seconds(lasts, chain.situation.tier)


_HANDLERS: dict[type[Any], Callable[[Chain, Any], None]] = {
    StepDue: _due,
    AttemptOutcome: _attempt,
    PersonOutcome: _person,
    Decided: _decided,
    Stopped: _stopped,
    Skipped: _skipped,
    Hurried: _hurried,
    Taken: _taken,
    Released: _changed,
    Back: _back,
    LostAgain: _lost_again,
    SeenByStaff: _seen_by_staff,
    Reached: _reached,
    OtherPerson: _other_person,
    Replied: _replied,
    Verified: _verified,
    TierChanged: _changed,
    DangerUsed: _danger,
    OutageLocked: _locked,
    OutageCleared: _cleared,
    StaffLegSilent: _silent,
}
