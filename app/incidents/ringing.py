"""Steps that use the telephone: what they order, and what its answers mean. Pure, as rules.py."""

from datetime import datetime, timedelta

from app.incidents.chain import Chain, target_of
from app.incidents.situation import (
    Active,
    AttemptOutcome,
    ByHand,
    CallOutcome,
    CancelCalls,
    LeaveVoicemail,
    Number,
    PageStaff,
    RingClient,
    SendText,
    StaffLegSilent,
    Task,
)
from app.incidents.timing import HEAR_S, first_times, seconds
from app.protocols.facts import Facts
from app.protocols.schema import OUTREACH, PAGES, RINGS, Step

# R6: how soon the client is rung straight back after nobody spoke to them, and how often before a person is asked.
RING_BACK_S = 10
RING_BACKS = 2
# What comes next needs this much of its own limit to start: a turn on the line, and one request to the provider.
NEXT_S = 3
# The soonest that a repeated call comes round again, whatever happened to the one before.
LEAST_GAP_S = 10
# How long a voicemail message may take to be left before the chain goes on.
VOICEMAIL_S = 40
CIRCLE = ("supervisor", "backup", "on_call")


def carry_out(chain: Chain, active: Active, step: Step) -> None:
    """An outside act of a step that is due."""
    match step.action:
        case "page.supervisor":
            chain.orders.append(PageStaff(active.step_id, CIRCLE, active.rounds))
            chain.start(active, chain.now + seconds(step.wait_s, chain.situation.tier))
        case "page.deciders" | "page.caller":
            chain.orders.append(PageStaff(active.step_id, CIRCLE, active.rounds))
            every = seconds(step.every_s, chain.situation.tier)
            chain.retime(active, chain.now + every, rounds=active.rounds + 1)
        case _ if chain.situation.on_screen:
            # R9: never a call to somebody who is on screen.
            chain.finish(active, "cancelled", "on_screen")
            chain.open(chain.signals.back)
        case "text.client":
            _text(chain, active, step)
        case "call.leave_voicemail":
            _voicemail(chain, active, step)
        case _:
            _ring(chain, active, step)


def number_for(step: Step, facts: Facts, rounds: int) -> Number | None:
    """The number that this step may use now; R2 leaves only those marked safe to ring."""
    if step.action == "text.client":
        numbers = facts.textable()
        return numbers[0] if numbers else None
    numbers = facts.callable()
    if step.action == "call.repeat" and numbers:
        return numbers[rounds % len(numbers)]
    place = 1 if step.number == "backup" else 0
    return numbers[place] if place < len(numbers) else None


def usable(step: Step, facts: Facts) -> bool:
    """Whether the step has a number to use; true of steps that need none."""
    return step.action not in OUTREACH or number_for(step, facts, 0) is not None


def likely(step: Step) -> str:
    """What is foretold of a step when nobody answers."""
    return {"text.client": "sent", "call.client": "no_answer"}.get(step.action, "timeout")


def _ring(chain: Chain, active: Active, step: Step) -> None:
    number = number_for(step, chain.situation.facts, active.rounds)
    if number is None:
        _no_number(chain, active, step)
        return
    ring_by = _ring_by(chain, active, step)
    ring = seconds(step.ring_s, chain.situation.tier)
    script = step.say[0] if step.say else ""
    chain.start(active, _until(chain, step, ring_by + ring))
    chain.orders.append(RingClient(active.step_id, number.id, ring_by, int(ring.total_seconds()), script))


def _ring_by(chain: Chain, active: Active, step: Step) -> datetime:
    """R6: a staff phone rings first; the client's no later than the limit of the first outreach. By the later calls
    staff have been rung already, and nobody waits for them longer than RING_BACK_S."""
    if step.id == chain.protocol.first_outreach and active.rounds == 0:
        return max(chain.now, active.limit_at)
    soon = chain.now + timedelta(seconds=RING_BACK_S)
    return soon if active.rounds else max(chain.now, min(soon, active.limit_at))


def _until(chain: Chain, step: Step, rung_out: datetime) -> datetime:
    """How long the chain waits to hear about this call. What comes next must still start within its limit: then the
    call may ring on, while staff are paged or the other number is tried. What it brings is still heard."""
    latest = rung_out + timedelta(seconds=HEAR_S)
    following = chain.protocol.find(target_of(step, "no_answer"))
    if step.alongside or following is None or following.waits_for_person:
        return latest
    _, limit = first_times(following, chain.situation, chain.now)
    soonest = chain.now if following.action in PAGES else rung_out
    return min(latest, max(limit - timedelta(seconds=NEXT_S), soonest))


def _no_number(chain: Chain, active: Active, step: Step) -> None:
    facts = chain.situation.facts
    if step.number == "primary":
        chain.orders.append(ByHand("no_safe_number" if facts.numbers else "no_number", active.step_id))
    if step.alongside:
        come_round(chain, active, step)
    else:
        chain.follow(active, step, "no_number", "skipped")


def _text(chain: Chain, active: Active, step: Step) -> None:
    """Sent and done: whether it is delivered never holds up the next call."""
    number = number_for(step, chain.situation.facts, active.rounds)
    if number is None:
        chain.follow(active, step, "no_number", "skipped")
        return
    chain.orders.append(SendText(active.step_id, number.id, step.say[0] if step.say else ""))
    chain.follow(active, step, "sent")


def _voicemail(chain: Chain, active: Active, step: Step) -> None:
    number = number_for(step, chain.situation.facts, active.rounds)
    if number is None or not number.voicemail_ok:
        chain.follow(active, step, "skipped", "skipped")
        return
    chain.orders.append(LeaveVoicemail(active.step_id, number.id, step.say[0] if step.say else ""))
    chain.start(active, chain.now + timedelta(seconds=VOICEMAIL_S))


def come_round(chain: Chain, active: Active, step: Step) -> None:
    """The next round of a step that repeats alongside."""
    every = seconds(step.every_s, chain.situation.tier)
    again = max(active.run_at + every, chain.now + timedelta(seconds=LEAST_GAP_S))
    chain.retime(active, again, rounds=active.rounds + 1)


def heard(chain: Chain, active: Active, step: Step, outcome: CallOutcome) -> None:
    """What the telephone said about an open step. For staff legs and people's own calls it decides nothing."""
    if step.action == "call.leave_voicemail":
        left = outcome in ("delivered", "voicemail", "answered")
        chain.follow(active, step, "left" if left else "failed")
        return
    if step.action not in RINGS:
        return
    if outcome in ("failed", "refused"):
        chain.orders.append(ByHand("call_failed", active.step_id))
    if outcome == "answered":
        chain.orders.append(Task("speak_now"))
    if not step.alongside:
        chain.follow(active, step, outcome)
        return
    come_round(chain, active, step)
    if outcome == "answered":
        chain.open(chain.signals.answered)


def late_word(chain: Chain, signal: AttemptOutcome) -> None:
    """About a step that is over. A voicemail is recognised only once the call was answered: its line is still open, so
    the chain goes where the call's own step leads, which is the message; when that is not known, where a person's
    word "voicemail" would."""
    asked = chain.asked_who()
    if signal.outcome == "answered" and chain.active:
        chain.orders.append(Task("speak_now"))
        chain.open(chain.signals.answered)
    elif signal.outcome == "voicemail" and asked is not None and not chain.situation.talking:
        step = chain.protocol.find(signal.key)
        if step is None or "voicemail" not in step.next:
            step = chain.protocol.step(asked.key)
        chain.follow(asked, step, "voicemail")


def nobody_spoke(chain: Chain, signal: StaffLegSilent) -> None:
    """R6: they hear "We'll ring straight back", and the next staff phone rings."""
    asked = chain.asked_who()
    if asked is None:
        return
    step = chain.protocol.find(signal.key)
    chain.finish(asked, "cancelled", "nobody_spoke")
    chain.orders.append(CancelCalls("answered", signal.step_id))
    again = next((a for a in chain.active.values() if a.key == signal.key), None)
    if again is not None:
        chain.retime(again, chain.now, rounds=again.rounds)
    elif step is None or signal.rounds >= RING_BACKS or chain.leads():
        chain.orders.append(ByHand("nobody_spoke", signal.step_id))
        chain.open(chain.signals.stuck)
    else:
        chain.open(step.id, rounds=signal.rounds + 1)
