"""What people say, and what the chain makes of it. Pure, as rules.py."""

from app.incidents import ringing
from app.incidents.chain import Chain, IllegalMove, asks_for_third_parties, brief, target_of
from app.incidents.changes import replan
from app.incidents.situation import (
    Active,
    CancelCalls,
    Decided,
    Ended,
    FinishStatus,
    Hurried,
    OtherPerson,
    PersonOutcome,
    Reached,
    Replied,
    Situation,
    Skipped,
    Stopped,
    Taken,
    Task,
    Verified,
)
from app.incidents.timing import again_in, seconds
from app.protocols.schema import LOCKABLE, Protocol, Step


def may_say(protocol: Protocol, situation: Situation, word: str, target: str) -> bool:
    """Where a loss is looked for, an answer to a step ends nothing but a brief drop: recognising them does (R3)."""
    if target == "end:brief_drop":
        return brief(situation)
    ends_a_loss = protocol.signals is not None and target.startswith("end:")
    return word not in ("timeout", "no_number") and not ends_a_loss


def person(chain: Chain, signal: PersonOutcome) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None:
        return
    if step.action in LOCKABLE and chain.situation.locked:
        raise IllegalMove(f"{step.id} is locked until a person says that it is not our side")
    target = step.next.get(signal.outcome, "")
    if not target or not may_say(chain.protocol, chain.situation, signal.outcome, target):
        raise IllegalMove(f"{step.id} takes one of {', '.join(sorted(step.next))}, not {signal.outcome}")
    _say(chain, active, step, signal.outcome)


def _say(chain: Chain, active: Active, step: Step, outcome: str) -> None:
    if _takes_the_lead(chain, step, step.next[outcome]):
        _drop_leader(chain, "moved_on", but=active)
    if step.action == "page.caller":
        chain.orders.append(CancelCalls("answered", active.step_id))
    chain.follow(active, step, outcome)


def _takes_the_lead(chain: Chain, step: Step, target: str) -> bool:
    """A person's word from a check may move the chain forward, to people; never back to our own calls."""
    goal = chain.protocol.find(target)
    if goal is None:
        return False
    return step.beside and not goal.beside and goal.action.startswith(("person.", "page."))


def _drop_leader(chain: Chain, outcome: str, *, but: Active | None = None) -> None:
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        keeps = active is but or step is None or step.beside or step.action == "person.dispatch"
        if not keeps:
            chain.finish(active, "cancelled", outcome)


def decided(chain: Chain, signal: Decided) -> None:
    """A person may decide about responders at any time, wherever the chain stands."""
    if chain.situation.locked:
        raise IllegalMove("responders are locked until a person says that it is not our side")
    step = next((step for step in chain.protocol.steps if step.action == "person.decide"), None)
    if step is None:
        return
    _drop_leader(chain, "decided")
    signals = chain.protocol.signals
    for active in list(chain.active.values()):
        if signals is not None and active.key == signals.replied:
            chain.finish(active, "cancelled", "decided")
    target = target_of(step, signal.outcome)
    if chain.protocol.find(target) is not None:
        chain.open(target)


def stopped(chain: Chain, signal: Stopped) -> None:
    """Stopping hands the chain to the person who stopped it, with a time after which the supervisor is asked."""
    active = chain.active.get(signal.step_id)
    if active is None:
        return
    step = chain.step_of(active)
    chain.orders.append(CancelCalls("stopped", active.step_id))
    if step is not None and chain.protocol.signals is None:
        _put_aside(chain, active, step, "stopped", "cancelled")
        return
    chain.finish(active, "cancelled", "stopped")
    if step is not None and not step.alongside:
        chain.open(chain.signals.stopped)


def _put_aside(chain: Chain, active: Active, step: Step, outcome: str, status: FinishStatus) -> None:
    """Without signals nothing else waits to lead on: a step alongside is over, another goes where silence would lead,
    and one that repeats until somebody answers is put off by one round, never away."""
    if step.alongside:
        chain.finish(active, status, outcome)
    elif target_of(step, outcome) == step.id:
        again = chain.now + again_in(step, chain.situation.tier)
        late = active.limit_at if step.waits_for_person else None
        chain.retime(active, again, rounds=active.rounds, limit=late)
    else:
        chain.follow(active, step, outcome, status)


def skipped(chain: Chain, signal: Skipped) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None:
        return
    chain.orders.append(CancelCalls("skipped", active.step_id))
    if chain.protocol.signals is None:
        _put_aside(chain, active, step, "skipped", "skipped")
    elif step.alongside:
        ringing.come_round(chain, active, step)
    elif target_of(step, "skipped") == step.id:
        # A page that repeats until somebody decides can be put off by one round, not skipped away.
        chain.retime(active, chain.now + seconds(step.every_s, chain.situation.tier), rounds=active.rounds)
    else:
        chain.follow(active, step, "skipped", "skipped")


def hurried(chain: Chain, signal: Hurried) -> None:
    active = chain.active.get(signal.step_id)
    step = None if active is None else chain.step_of(active)
    if active is None or step is None or active.status != "pending":
        return
    if not step.waits_for_person:
        chain.retime(active, chain.now)
    elif target_of(step, "timeout") != step.id:
        chain.follow(active, step, "timeout")


def taken(chain: Chain, _: Taken) -> None:
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        if step is not None and step.action == "incident.accept":
            chain.follow(active, step, "accepted")
    replan(chain)


def other_person(chain: Chain, _: OtherPerson) -> None:
    asked = chain.asked_who()
    if asked is not None:
        chain.finish(asked, "done", "other_person")
    chain.open(chain.signals.other_person)


def reached(chain: Chain, _: Reached) -> None:
    chain.open(chain.signals.reached)


def verified(chain: Chain, _: Verified) -> None:
    chain.end("verified")


def ended(chain: Chain, signal: Ended) -> None:
    chain.end(signal.word)


def replied(chain: Chain, _: Replied) -> None:
    """R1: at low tier, once per incident. The chain itself goes on; only contact and responders wait."""
    signals = chain.signals
    with_them = chain.open_keys() & {signals.reached, signals.back, signals.replied}
    if chain.situation.tier not in ("none", "low") or chain.situation.held or with_them:
        return
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        if step is not None and (step.alongside or asks_for_third_parties(step)):
            chain.finish(active, "cancelled", "replied")
            chain.orders.append(CancelCalls("replied", active.step_id))
    chain.orders.append(Task("see_live"))
    chain.open(signals.replied)
