"""The decisions of an escalation: from what is known and what was just heard to what happens next.

Pure: values in, values out. R1 is kept by construction: no order here can reach a third party; the steps towards
contacts and responders only ever wait for a person.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.incidents import answers, changes, ringing
from app.incidents.chain import Chain, IllegalMove, target_of
from app.incidents.changes import give_way
from app.incidents.forecast import forecast
from app.incidents.situation import (
    Active,
    AttemptOutcome,
    Back,
    ByHand,
    DangerUnsaid,
    DangerUsed,
    Decided,
    Ended,
    Hurried,
    LostAgain,
    Move,
    OtherPerson,
    OutageCleared,
    OutageLocked,
    PersonOutcome,
    Reached,
    Released,
    Replied,
    SeenByStaff,
    Signal,
    Situation,
    Skipped,
    StaffLegSilent,
    StepDue,
    Stopped,
    Taken,
    TierChanged,
    Verified,
)
from app.incidents.timing import TALK_MAX_S, TALK_S, voided
from app.protocols import variants
from app.protocols.schema import LOCKABLE, OUTREACH, PAGES, Protocol, Step

__all__ = [
    "IllegalMove",
    "advance",
    "forecast",
    "may_be_brief",
    "open_run",
    "outcomes",
    "replan",
    "target_now",
]


def open_run(protocol: Protocol, situation: Situation, now: datetime, said: str | None = None) -> Move:
    """What follows the alert; the alert itself is the incident's being there. `said`: what was pressed, where the first
    step would ask just that."""
    chain = _chain(protocol, situation, now)
    chain.open_first(said)
    return chain.move()


def advance(protocol: Protocol, situation: Situation, signal: Signal, now: datetime) -> Move:
    """A signal about a step that is no longer open changes nothing, and so does any signal when no step is open: the
    chain has ended, and only `open_run` starts one. Raises IllegalMove for a person's impossible answer."""
    if not situation.active or (protocol.signals is None and isinstance(signal, OF_A_LOSS)):
        return Move()
    situation = _with(situation, signal)
    chain = _chain(protocol, situation, now)
    _HANDLERS[type(signal)](chain, signal)
    return chain.move()


def replan(protocol: Protocol, situation: Situation, now: datetime) -> Move:
    """New times for pending steps after a change of tier, owner or facts; steps that facts forbid now are replaced."""
    chain = _chain(protocol, situation, now)
    changes.replan(chain)
    return chain.move()


# What is only ever heard about somebody who was lost. Elsewhere it changes nothing.
OF_A_LOSS = (
    AttemptOutcome,
    Back,
    LostAgain,
    SeenByStaff,
    Reached,
    OtherPerson,
    Replied,
    OutageLocked,
    OutageCleared,
    StaffLegSilent,
)


def outcomes(protocol: Protocol, situation: Situation, key: str) -> tuple[str, ...]:
    """What a person may answer to this step now."""
    step = variants.apply(protocol, situation.facts).find(key)
    if step is None or (situation.locked and step.action in LOCKABLE):
        return ()
    return tuple(
        word for word, target in step.next.items() if answers.may_say(protocol, situation, word, target)
    )


def target_now(protocol: Protocol, situation: Situation, key: str, outcome: str) -> str | None:
    """Where this answer would lead now; None when the step is not there or does not take it."""
    step = variants.apply(protocol, situation.facts).find(key)
    return None if step is None else step.next.get(outcome)


def may_be_brief(protocol: Protocol, situation: Situation) -> bool:
    """R9: whether "I see them" may end it with an attendance line."""
    signals = variants.apply(protocol, situation.facts).signals
    return signals is not None and "seen_brief_drop" in outcomes(protocol, situation, signals.back)


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
        case DangerUsed() | DangerUnsaid():
            used = isinstance(signal, DangerUsed)
            return replace(situation, facts=replace(situation.facts, danger_used=used))
        case Back() | LostAgain():
            return replace(situation, on_screen=isinstance(signal, Back))
        case _:
            return situation


# What time does


def _due(chain: Chain, signal: StepDue) -> None:
    active = chain.active.get(signal.step_id)
    if active is None:
        return
    step = chain.step_of(active)
    if step is None:
        give_way(chain, active)
    elif voided(step, active, chain.now):
        chain.finish(active, "cancelled", "voided")
        chain.orders.append(ByHand("voided", active.step_id))
        chain.open(chain.signals.stopped)
    elif chain.situation.talking and _can_wait(step, active, chain.now):
        chain.retime(active, chain.now + timedelta(seconds=TALK_S))
    elif active.status == "pending" and step.action in OUTREACH | PAGES:
        ringing.carry_out(chain, active, step)
    elif step.action == "call.repeat":
        ringing.come_round(chain, active, step)
    elif target_of(step, "timeout") == step.id:
        chain.stays(active, step)
    else:
        chain.follow(active, step, "timeout")


def _can_wait(step: Step, active: Active, now: datetime) -> bool:
    """While staff talk with the client nothing rings or texts them, and nobody is hurried to say who it is."""
    asks = step.action in OUTREACH or step.action == "person.check"
    return asks and active.status == "pending" and now < active.limit_at + timedelta(seconds=TALK_MAX_S)


# What the telephone says


def _attempt(chain: Chain, signal: AttemptOutcome) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None:
        ringing.late_word(chain, signal)
    else:
        ringing.heard(chain, active, step, signal.outcome)


def _silent(chain: Chain, signal: StaffLegSilent) -> None:
    ringing.nobody_spoke(chain, signal)


_HANDLERS: dict[type[Any], Callable[[Chain, Any], None]] = {
    StepDue: _due,
    AttemptOutcome: _attempt,
    PersonOutcome: answers.person,
    Decided: answers.decided,
    Stopped: answers.stopped,
    Skipped: answers.skipped,
    Hurried: answers.hurried,
    Taken: answers.taken,
    Released: changes.changed,
    Back: changes.back,
    LostAgain: changes.lost_again,
    SeenByStaff: changes.seen_by_staff,
    Reached: answers.reached,
    OtherPerson: answers.other_person,
    Replied: answers.replied,
    Verified: answers.verified,
    Ended: answers.ended,
    TierChanged: changes.changed,
    DangerUsed: changes.danger,
    DangerUnsaid: changes.danger_unsaid,
    OutageLocked: changes.locked,
    OutageCleared: changes.cleared,
    StaffLegSilent: _silent,
}
