"""What machines and staff see, and what changes around an escalation. Pure, as rules.py."""

from dataclasses import replace

from app.incidents.chain import Chain, asks_for_third_parties, brief, target_of
from app.incidents.situation import (
    Active,
    Back,
    CancelCalls,
    DangerUnsaid,
    DangerUsed,
    LostAgain,
    OutageCleared,
    OutageLocked,
    Retime,
    SeenByStaff,
    Task,
)
from app.incidents.timing import retimed
from app.protocols.variants import NOTHING


def back(chain: Chain, _: Back) -> None:
    """Machines are a hint: the ringing ends politely and the check stays. A dispatch under way is not undone by it."""
    chain.orders.append(CancelCalls("back"))
    _check_privately(chain)


def seen_by_staff(chain: Chain, _: SeenByStaff) -> None:
    if brief(chain.situation):
        chain.end("brief_drop")
        return
    chain.orders += [CancelCalls("back"), Task("private_check")]
    _check_privately(chain)


def _check_privately(chain: Chain) -> None:
    signals = chain.signals
    if signals.reached in chain.open_keys():
        return
    overdue = target_of(chain.protocol.step(signals.back), "timeout")
    chain.clear("back", keep=frozenset({"person.dispatch", signals.back, overdue}))
    if overdue not in chain.open_keys():
        chain.open(signals.back)


def lost_again(chain: Chain, _: LostAgain) -> None:
    signals = chain.signals
    overdue = target_of(chain.protocol.step(signals.back), "timeout")
    for key in (signals.back, overdue, signals.reached):
        _drop(chain, key, "lost_again")
    chain.open(signals.lost_again)


def _drop(chain: Chain, key: str, outcome: str) -> None:
    for active in list(chain.active.values()):
        if active.key == key:
            chain.finish(active, "cancelled", outcome)


# What changes around it


def changed(chain: Chain, _: object) -> None:
    replan(chain)


def danger(chain: Chain, _: DangerUsed) -> None:
    chain.orders.append(CancelCalls("danger"))
    replan(chain)


def danger_unsaid(chain: Chain, signal: DangerUnsaid) -> None:
    """The chain goes back to where the word stopped it. Once it asks people, it stays with them, and the client is rung
    again beside that at once. What has rung is not rung for a second time by this, and nobody else is rung at all."""
    replan(chain)
    lead = next((one for one in chain.active.values() if _leads(chain, one)), None)
    step = chain.protocol.find(signal.key) if signal.key else None
    if step is None or lead is None:
        return
    at = chain.protocol.step(lead.key)
    if lead.key == step.id:
        chain.retime(lead, chain.now)
    elif lead.status != "pending" or at.waits_for_person:
        _ring_now(chain)
    else:
        for key in at.starts:
            _drop(chain, key, "not_meant")
        chain.finish(lead, "cancelled", "not_meant")
        chain.open(step.id)


def _leads(chain: Chain, active: Active) -> bool:
    step = chain.step_of(active)
    return step is not None and not step.beside


def _ring_now(chain: Chain) -> None:
    for active in chain.active.values():
        if active.status == "pending" and chain.protocol.step(active.key).action == "call.repeat":
            chain.retime(active, chain.now, rounds=0)


def give_way(chain: Chain, active: Active) -> None:
    """A variant that holds now (R2) has taken this step away."""
    chain.finish(active, "cancelled", "not_for_this_client")
    target = chain.protocol.instead_of(active.key)
    if target is not None and target != NOTHING:
        chain.open(target)


def replan(chain: Chain) -> None:
    for active in list(chain.active.values()):
        if chain.step_of(active) is None:
            give_way(chain, active)
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
    signals = chain.protocol.signals
    for active in list(chain.active.values()):
        if signals is not None and active.key == signals.replied:
            chain.follow(active, chain.protocol.step(active.key), "timeout", "cancelled")


def locked(chain: Chain, _: OutageLocked) -> None:
    """R1. A dispatch that a person already chose is theirs; what still waits for a choice is locked."""
    for active in list(chain.active.values()):
        step = chain.step_of(active)
        if step is not None and asks_for_third_parties(step):
            chain.finish(active, "cancelled", "locked")
            chain.open(chain.signals.locked)
    chain.orders.append(Task("say_if_our_side"))


def cleared(chain: Chain, _: OutageCleared) -> None:
    for active in list(chain.active.values()):
        if active.key == chain.signals.locked:
            chain.follow(active, chain.protocol.step(active.key), "cleared")
