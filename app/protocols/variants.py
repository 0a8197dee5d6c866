"""Safety variants, carried out: from a protocol and the facts about one client to the protocol that runs (R2)."""

from collections.abc import Mapping

from app.protocols.facts import Facts
from app.protocols.schema import NOTHING as NOTHING
from app.protocols.schema import VARIANT_ORDER, Protocol, Signals, Step, StepChange, Variant, When

# What may stand in `remove` instead of a step id, beside `nothing` (for steps alongside): whatever follows the step.
ONWARDS = "onwards"


def holds(when: When, facts: Facts) -> bool:
    """Whether everything that `when` names is true of this client."""
    truths = (
        when.first_outreach in (None, facts.first_outreach),
        when.unsafe_home_or_danger in (None, facts.guarded),
        when.part2 in (None, facts.part2),
        when.minor in (None, facts.minor),
        when.other_language in (None, facts.language[:2].lower() != "en"),
        when.travel_minutes_over is None or (facts.travel_minutes or 0) > when.travel_minutes_over,
        when.shares_home in (None, facts.shares_home),
        when.pets in (None, facts.pets),
    )
    return all(truths)


def names_for(protocol: Protocol, facts: Facts) -> tuple[str, ...]:
    """Which variants apply, in the order in which they are applied."""
    written = protocol.variants
    return tuple(name for name in VARIANT_ORDER if name in written and holds(written[name].when, facts))


def apply(protocol: Protocol, facts: Facts) -> Protocol:
    """The protocol as it runs for this client. Kept, because thousands of drops share a few kinds of client."""
    kind = (
        facts.first_outreach,
        facts.guarded,
        facts.part2,
        facts.minor,
        facts.language[:2].lower(),
        facts.travel_minutes,
        facts.shares_home,
        facts.pets,
    )
    for_kind = protocol._for_kind
    kept = for_kind.get(kind)
    if kept is None:
        kept = for_kind[kind] = with_variants(protocol, names_for(protocol, facts))
    return kept


def with_variants(protocol: Protocol, names: tuple[str, ...]) -> Protocol:
    if not names:
        return protocol
    kept = protocol._applied.get(names)
    if kept is None:
        kept = protocol._applied[names] = _apply_all(protocol, names)
    return kept


def _apply_all(protocol: Protocol, names: tuple[str, ...]) -> Protocol:
    instead: dict[str, str] = {}
    reminders: list[str] = []
    applied = protocol
    for name in names:
        variant = protocol.variants[name]  # type: ignore[index]
        applied = _apply_one(applied, variant, instead)
        reminders += variant.remind
    applied._instead = {key: end_of_removal(key, instead) for key in instead}
    applied._reminders = tuple(reminders)
    applied._active_variants = names
    return applied


def _apply_one(protocol: Protocol, variant: Variant, instead: dict[str, str]) -> Protocol:
    steps = {step.id: step for step in protocol.steps}
    _change(steps, variant)
    gone: dict[str, str] = {}
    for key, target in variant.remove.items():
        step = steps.pop(key, None)
        if step is not None:
            gone[key] = step.next["timeout"] if target == ONWARDS else target
    instead |= gone
    ends = {key: end_of_removal(key, gone) for key in gone}
    signals = _rewired_signals(protocol.signals, ends)
    rewired = protocol.with_steps((_rewired(step, ends) for step in steps.values()), signals)
    if variant.limits_factor is None:
        return rewired
    first, factor = rewired.first_outreach, variant.limits_factor
    quicker = (_quicker(step, factor) if step.id != first else step for step in rewired.steps)
    return rewired.with_steps(quicker, signals)


def _rewired_signals(signals: Signals | None, ends: Mapping[str, str]) -> Signals | None:
    if signals is None:
        return None
    return Signals(**{name: ends.get(key, key) for name, key in signals.model_dump().items()})


def _change(steps: dict[str, Step], variant: Variant) -> None:
    for key, change in variant.change.items():
        if key in steps:
            steps[key] = _changed(steps[key], change)
    for step in variant.add:
        steps.setdefault(step.id, step)
    if variant.replace_script:
        for key, step in steps.items():
            # Two scripts may be replaced by the same one.
            said = tuple(dict.fromkeys(variant.replace_script.get(script, script) for script in step.say))
            steps[key] = step.model_copy(update={"say": said})


def _changed(step: Step, change: StepChange) -> Step:
    given = {name: getattr(change, name) for name in change.model_fields_set if name not in ("guard", "next")}
    given["guard"] = tuple(dict.fromkeys(step.guard + change.guard))
    given["next"] = step.next | change.next
    return step.model_copy(update=given)


def _quicker(step: Step, factor: float) -> Step:
    """What waits for help to arrive comes sooner. The first call is never moved, nor what leads to it, nor the time that
    a person has once asked."""
    if step.counts_from == "step" or step.action in ("alert.push", "incident.accept"):
        return step
    times = {"due_s": step.due_s.scaled(factor)}
    if step.not_before_s is not None:
        times["not_before_s"] = step.not_before_s.scaled(factor)
    return step.model_copy(update=times)


def end_of_removal(key: str, instead: Mapping[str, str]) -> str:
    """Where a removed step leads after all removals; a circle of removals leads nowhere and `checks` refuses it."""
    seen = {key}
    target = instead[key]
    while target in instead and target not in seen:
        seen.add(target)
        target = instead[target]
    return target


def _rewired(step: Step, ends: dict[str, str]) -> Step:
    following = {outcome: ends.get(target, target) for outcome, target in step.next.items()}
    starts = tuple(target for target in (ends.get(key, key) for key in step.starts) if target != NOTHING)
    return step.model_copy(update={"next": following, "starts": starts})
