"""What would happen if this client dropped now and nobody pressed anything: their own chain, by the rules the engine runs.

Pure, as rules.py. The client's page puts it into words (B16); nothing here is planned or written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from app.incidents import ringing
from app.incidents.forecast import forecast
from app.incidents.situation import Active, PlannedStep, Situation
from app.protocols import variants
from app.protocols.schema import OUTREACH, Action, Protocol, Role, Step, Which

# Nothing is written down, so the step has no row.
NO_ROW = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Link:
    """One step: at the latest `seconds` after the drop. `last2` is the number it uses; `key` names the step."""

    key: str
    action: Action
    role: Role
    seconds: int
    number: Which | None = None
    last2: str | None = None
    every_s: int | None = None


def own_chain(protocol: Protocol, situation: Situation) -> tuple[Link, ...]:
    """From the drop to the step that repeats until somebody decides. A danger word is left out: what it changes must
    not show on a page that somebody else may be reading (R2)."""
    calm = replace(situation, active=(), facts=replace(situation.facts, danger_used=False))
    in_force = variants.apply(protocol, calm.facts)
    links = [_link(in_force.step(planned.key), planned, calm) for planned in _whole(in_force, protocol, calm)]
    # Without a number that may be used a step towards the client is passed over when its turn comes.
    real = [link for link in links if link.last2 or link.action not in OUTREACH]
    return tuple(_with_voicemail(in_force, calm, real))


def _whole(in_force: Protocol, protocol: Protocol, situation: Situation) -> Iterator[PlannedStep]:
    """Forecast after forecast, each from where the one before it stopped."""
    known: set[str] = set()
    at = situation.drop_at
    while True:
        fresh = [step for step in forecast(protocol, situation, at) if step.key not in known]
        if not fresh:
            return
        yield from fresh
        known |= {step.key for step in fresh}
        leading = [step for step in fresh if not in_force.step(step.key).beside]
        if not leading:
            return
        last = max(leading, key=lambda step: (step.run_at, step.limit_at))
        at = last.run_at
        situation = replace(situation, active=(_standing(last),))


def _standing(planned: PlannedStep) -> Active:
    return Active(
        step_id=NO_ROW,
        key=planned.key,
        status="pending",
        run_at=planned.run_at,
        limit_at=planned.limit_at,
    )


def _link(step: Step, planned: PlannedStep, situation: Situation) -> Link:
    number = ringing.number_for(step, situation.facts, 0) if step.action in OUTREACH else None
    return Link(
        key=step.id,
        action=step.action,
        role=step.role,
        seconds=round(_latest(planned, situation)),
        number=step.number,
        last2=number.last2 if number else None,
        every_s=step.every_s.of(situation.tier) if step.every_s else None,
    )


def _latest(planned: PlannedStep, situation: Situation) -> float:
    return (max(planned.run_at, planned.limit_at) - situation.drop_at).total_seconds()


def _with_voicemail(in_force: Protocol, situation: Situation, links: list[Link]) -> Iterator[Link]:
    """A message is left only where the client said so, and only after the call that met the voicemail."""
    numbers = situation.facts.callable()
    allowed = bool(numbers) and numbers[0].voicemail_ok
    message = next((s for s in in_force.steps if s.action == "call.leave_voicemail"), None)
    for link in links:
        yield link
        if message is not None and allowed and link.action == "call.client" and link.number == "primary":
            due = message.due_s.of(situation.tier)
            yield Link(message.id, message.action, message.role, due, message.number, link.last2)
