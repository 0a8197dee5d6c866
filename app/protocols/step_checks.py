"""What one step may not be: each rule with the sentence that a clinician reads. Pure, as checks.py."""

from collections.abc import Callable, Iterator

from app.protocols.schema import (
    NOTHING,
    OUTREACH,
    PAGES,
    REPEATED_PAGES,
    RINGS,
    SPEAKS_OUTSIDE,
    THIRD_PARTY,
    TIERS,
    Protocol,
    Seconds,
    Step,
)
from app.protocols.wording import Problem

# R1: how often people are rung again when nobody decides.
PAGE_EVERY_S = {"low": 300, "moderate": 300, "high": 60, "imminent": 60}
# Outcomes that come without a person having said anything.
MACHINE = frozenset(
    {
        "timeout",
        "sent",
        "left",
        "no_answer",
        "busy",
        "failed",
        "voicemail",
        "no_number",
        "answered",
        "skipped",
    }
)
TIMES = ("due_s", "not_before_s", "wait_s", "every_s", "ring_s")


def faults(protocol: Protocol, step: Step) -> Iterator[Problem]:
    """Paths begin at the step."""
    for check in CHECKS:
        yield from check(protocol, step)


def _tiers(protocol: Protocol, step: Step) -> Iterator[Problem]:
    del protocol
    for name in TIMES:
        value: Seconds | None = getattr(step, name)
        if value is None:
            continue
        times = [value.of(tier) for tier in TIERS]
        if times != sorted(times, reverse=True):
            yield (name,), f'"{step.id}" gives more time at a higher tier; limits never grow with the tier.'


def _third_party(protocol: Protocol, step: Step) -> Iterator[Problem]:
    for outcome, target in step.next.items():
        goal = protocol.find(target)
        opens_card = goal is not None and goal.action == "person.dispatch" and goal is not step
        if opens_card and outcome in MACHINE and not _declared(protocol):
            yield (
                ("next", outcome),
                f'"{step.id}" may not open the dispatch card on {outcome}: a person decides (R1).',
            )
    if step.action in THIRD_PARTY and not step.basis:
        yield (), f'"{step.id}" reaches a third party and states no basis for it (R18).'
    if step.action == "person.contact" and "release_or_emergency_basis" not in step.guard:
        yield ("guard",), f'"{step.id}" must be guarded by release_or_emergency_basis.'
    for script in step.say:
        audience = protocol.scripts[script].audience
        if audience in ("contact", "responder") and step.action not in SPEAKS_OUTSIDE:
            yield (
                ("say",),
                f'"{step.id}" may not say "{script}": only a person speaks to a {audience}, after a press (R1).',
            )


def _decisions(protocol: Protocol, step: Step) -> Iterator[Problem]:
    if step.action == "person.decide" and protocol.step(step.next["timeout"]).action != "page.deciders":
        yield (
            ("next", "timeout"),
            f'When nobody decides at "{step.id}", people are rung again; nothing else happens (R1).',
        )
    if step.action not in REPEATED_PAGES:
        return
    if step.next["timeout"] != step.id:
        yield ("next", "timeout"), f'"{step.id}" must repeat until a person decides (R1).'
    for tier, most in PAGE_EVERY_S.items():
        if step.every_s is None or getattr(step.every_s, tier) > most:
            yield ("every_s",), f'"{step.id}" must ring again at least every {most} seconds at {tier} (R1).'


def _telephone(protocol: Protocol, step: Step) -> Iterator[Problem]:
    if step.action in OUTREACH and not protocol.of_presence:
        yield (
            ("action",),
            f'"{step.id}" reaches the client by itself. Only a lost connection may; here a person does it.',
        )
    if step.action in RINGS and step.ring_s is None:
        yield (), f'"{step.id}" does not say how long it rings (ring_s).'
    if step.action in ("call.client", "call.leave_voicemail") and step.number is None:
        yield (), f'"{step.id}" does not say which number it rings.'
    if step.action == "call.repeat" and step.every_s is None:
        yield (), f'"{step.id}" does not say how often it comes round (every_s).'
    if step.action in OUTREACH and not step.say:
        yield (), f'"{step.id}" reaches the client and has no script to say.'


def _channels(protocol: Protocol, step: Step) -> Iterator[Problem]:
    needed = {"text.client": "text", "call.leave_voicemail": "voicemail"}.get(step.action)
    for script in step.say:
        channel = protocol.scripts[script].channel
        if needed is not None and channel != needed:
            yield ("say",), f'"{step.id}" sends a {needed}, and "{script}" is written for {channel}.'


def _alongside(protocol: Protocol, step: Step) -> Iterator[Problem]:
    may_run = step.waits_for_person or step.action in ("call.repeat", "page.caller")
    if step.alongside and (not may_run or step.action == "incident.accept"):
        yield (
            (),
            f'"{step.id}" may not run alongside: only a person\'s step, a repeated call or a page for the caller does.',
        )
    if step.action == "call.repeat" and not step.alongside:
        yield (), f'"{step.id}": a repeated call runs alongside.'
    if not step.alongside or step.action == "call.repeat":
        return
    if step.next["timeout"] != step.id:
        yield (
            ("next", "timeout"),
            f'"{step.id}" runs alongside and stays open until somebody answers: its timeout must name itself.',
        )
    for outcome, target in step.next.items():
        goal = protocol.find(target)
        if target.startswith("end:") or (goal is not None and not goal.alongside):
            yield (
                ("next", outcome),
                (
                    f'"{step.id}" runs alongside, so it never leads: "{outcome}" may lead to itself, to another step '
                    f'alongside, to another protocol or to "{NOTHING}".'
                ),
            )


def _people(protocol: Protocol, step: Step) -> Iterator[Problem]:
    """R1 where no drop started it: silence leads to people, or stays where it is."""
    if not (step.waits_for_person or step.action in REPEATED_PAGES):
        return
    if not set(step.next) - MACHINE:
        yield ("next",), f'"{step.id}" waits for a person and leaves them nothing to answer.'
    goal = protocol.find(step.next["timeout"])
    if goal is not None and not protocol.of_presence and not (goal.waits_for_person or goal.action in PAGES):
        yield (
            ("next", "timeout"),
            f'When nobody answers "{step.id}", a step in front of a person or a page must follow (R1).',
        )


def _declared(protocol: Protocol) -> bool:
    """A person has said that life is at stake: the card is what they asked for."""
    return not protocol.of_presence and set(protocol.tiers) == {"imminent"}


CHECKS: tuple[Callable[[Protocol, Step], Iterator[Problem]], ...] = (
    _tiers,
    _third_party,
    _decisions,
    _telephone,
    _channels,
    _alongside,
    _people,
)
