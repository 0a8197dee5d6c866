"""What a protocol may not do, beyond its shape: each rule with the sentence that a clinician reads. Pure.

`faults` looks at the file as written, then at what every set of its variants makes of it. The rules R1, R2, R6 and R9
of the clinical rules are held here for whoever writes the next protocol.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

from app.protocols import variant_checks, wording
from app.protocols.schema import (
    OUTREACH,
    PAGES,
    RINGS,
    THIRD_PARTY,
    TIERS,
    VARIANT_ORDER,
    Protocol,
    Seconds,
    Step,
    VariantName,
)
from app.protocols.variants import with_variants
from app.protocols.wording import Problem

FIRST_OUTREACH_S = 60
# Architecture 4: with less than this left a call starts at once, so nobody is waited for into it.
SPARE_S = 10
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
# Words with which the chain may end, and the only action a person may end it from.
ENDS = {"verified": "person.verify", "brief_drop": "person.check"}
# First outreach is one of these; they never hold together.
ONE_OF: frozenset[VariantName] = frozenset({"text_first", "relay", "do_not_ring"})
SIGNAL_ACTIONS = {
    "reached": ("person.verify",),
    "answered": ("person.check",),
    "other_person": ("person.check",),
    "back": ("person.check",),
    "lost_again": ("call.client", "text.client", "person.staff_decide"),
    "replied": ("person.check",),
    "locked": ("page.deciders",),
    "stopped": ("person.staff_decide",),
    "stuck": ("page.supervisor",),
}
TIMES = ("due_s", "not_before_s", "wait_s", "every_s", "ring_s")


def faults(protocol: Protocol) -> list[Problem]:
    """Every fault as (path in the file, sentence); none means that the protocol may be published."""
    found = list(_of_file(protocol))
    if found:
        return found
    for names in _sets(protocol):
        applied = with_variants(protocol, names)
        in_set = [sentence for _, sentence in _of_steps(applied)] + list(
            variant_checks.promises(applied, names)
        )
        if in_set:
            together = " with ".join(f'"{name}"' for name in names)
            return [
                (("variants", names[-1]), f"With the variant {together}: {sentence}") for sentence in in_set
            ]
    return []


def _sets(protocol: Protocol) -> Iterator[tuple[VariantName, ...]]:
    """Every set of variants that can hold for one client, smallest first."""
    names = [name for name in VARIANT_ORDER if name in protocol.variants]
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            if len(ONE_OF.intersection(chosen)) <= 1:
                yield chosen


def _of_file(protocol: Protocol) -> Iterator[Problem]:
    yield from _of_ids(protocol)
    yield from wording.faults(protocol)
    yield from variant_checks.faults(protocol)
    yield from _of_steps(protocol)


def _of_ids(protocol: Protocol) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, step in enumerate(protocol.steps):
        if step.id in seen:
            yield ("steps", index, "id"), f'There are two steps called "{step.id}".'
        seen.add(step.id)


def _of_steps(protocol: Protocol) -> list[Problem]:
    """Structure first: what follows would stumble over a target that is not there."""
    found = [
        problem for index, step in enumerate(protocol.steps) for problem in _targets(protocol, index, step)
    ]
    found += list(_signals(protocol))
    if found:
        return found
    for check in (_reachable, _silence, _first_outreach, _rejoined):
        found += list(check(protocol))
    for index, step in enumerate(protocol.steps):
        for of_step in OF_STEP:
            found += [(("steps", index, *where), sentence) for where, sentence in of_step(protocol, step)]
    return found


# Targets


def _targets(protocol: Protocol, index: int, step: Step) -> Iterator[Problem]:
    for outcome, target in step.next.items():
        sentence = _of_target(protocol, step, outcome, target)
        if sentence:
            yield ("steps", index, "next", outcome), sentence
    for key in step.starts:
        other = protocol.find(key)
        if other is None or not other.alongside:
            yield (
                ("steps", index, "starts"),
                f'"{step.id}" starts "{key}", which is no step that runs alongside.',
            )
    for script in step.say:
        if script not in protocol.scripts:
            yield ("steps", index, "say"), f'"{step.id}" says "{script}", and there is no such script.'
    if step is not protocol.entry and "timeout" not in step.next:
        yield (
            ("steps", index, "next"),
            f'"{step.id}" does not say what happens when nobody does anything (timeout).',
        )


def _of_target(protocol: Protocol, step: Step, outcome: str, target: str) -> str | None:
    kind, colon, word = target.partition(":")
    if not colon:
        return (
            None if protocol.find(target) else f'"{step.id}" leads to "{target}", and there is no such step.'
        )
    if kind == "end":
        return _of_end(step, outcome, word)
    if outcome in MACHINE:
        return (
            f'"{step.id}" may not lead to "{target}" on {outcome}: silence never starts another protocol or raises a '
            "tier (R1). Put a step in front of a person."
        )
    return f'"{step.id}" leads to "{target}": a target is a step or an end.'


def _of_end(step: Step, outcome: str, word: str) -> str | None:
    if word not in ENDS:
        return f'"{step.id}" ends with "{word}"; an end is one of {", ".join(sorted(ENDS))}.'
    if outcome in MACHINE:
        return f'"{step.id}" would end in silence on {outcome}: only a person ends it.'
    if step.action != ENDS[word]:
        return f'"{step.id}" may not end with "{word}": that needs a person at a step {ENDS[word]} (R3, R9).'
    return None


def _signals(protocol: Protocol) -> Iterator[Problem]:
    for signal, actions in SIGNAL_ACTIONS.items():
        key = getattr(protocol.signals, signal)
        step = protocol.find(key)
        if step is None:
            yield ("signals", signal), f'The signal "{signal}" leads to "{key}", and there is no such step.'
        elif step.action not in actions:
            yield ("signals", signal), f'The signal "{signal}" must lead to a step {" or ".join(actions)}.'


def _reachable(protocol: Protocol) -> Iterator[Problem]:
    met: set[str] = set()
    ahead = [protocol.entry.id, *protocol.signals.model_dump().values()]
    while ahead:
        key = ahead.pop()
        step = protocol.find(key)
        if key not in met and step is not None:
            met.add(key)
            ahead += [*step.next.values(), *step.starts]
    for index, step in enumerate(protocol.steps):
        if step.id not in met:
            yield ("steps", index), f'No path leads to "{step.id}".'


# Silence


def _silence(protocol: Protocol) -> Iterator[Problem]:
    """As long as nobody says anything, whatever the telephones do, no path may go round in a circle that asks nobody:
    each must come to a page that repeats until a person decides."""
    done: set[str] = set()
    for index, step in enumerate(protocol.steps):
        circle = _circle(protocol, step, (), done)
        if circle:
            yield (
                ("steps", index, "next"),
                (
                    f'Without a person\'s word, "{step.id}" goes round by {", ".join(circle)} and asks nobody: it must come '
                    "to a page that repeats until a person decides (R1)."
                ),
            )
            return


def _circle(protocol: Protocol, step: Step, path: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    if step.id in path:
        return path[path.index(step.id) :]
    if step.id in done or step.alongside or step.action == "page.deciders":
        return ()
    for outcome in sorted(MACHINE.intersection(step.next) - {"skipped"}):
        circle = _circle(protocol, protocol.step(step.next[outcome]), (*path, step.id), done)
        if circle:
            return circle
    done.add(step.id)
    return ()


def _first_outreach(protocol: Protocol) -> Iterator[Problem]:
    key = protocol.first_outreach
    if key is None:
        yield ("steps", 0), "Left alone, nobody is ever rung, texted or asked to reach the client."
        return
    index = [step.id for step in protocol.steps].index(key)
    first = protocol.step(key)
    for tier in TIERS:
        if first.counts_from != "drop" or first.due_s.of(tier) > FIRST_OUTREACH_S:
            yield (
                ("steps", index, "due_s"),
                (
                    f'The first outreach, "{key}", must start within {FIRST_OUTREACH_S} seconds of the drop at {tier}.'
                ),
            )
    for place, step in enumerate(protocol.steps):
        late = [t for t in TIERS if step.due_s.of(t) > first.due_s.of(t) - SPARE_S]
        if step.action == "incident.accept" and late:
            yield (
                ("steps", place, "due_s"),
                (
                    f'"{step.id}" waits for a person until less than {SPARE_S} seconds before the first outreach ({late[0]}).'
                ),
            )


def _rejoined(protocol: Protocol) -> Iterator[Problem]:
    back = protocol.step(protocol.signals.back)
    if protocol.step(back.next["timeout"]).action not in PAGES:
        index = [step.id for step in protocol.steps].index(back.id)
        yield (
            ("steps", index, "next", "timeout"),
            (
                f'"{back.id}" must go to staff when nobody looked: never to a call to somebody who is on screen (R9).'
            ),
        )


# One step at a time


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
        if goal is not None and goal.action == "person.dispatch" and outcome in MACHINE:
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
        if audience in ("contact", "responder") and step.action not in THIRD_PARTY:
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
    if step.action != "page.deciders":
        return
    if step.next["timeout"] != step.id:
        yield ("next", "timeout"), f'"{step.id}" must repeat until a person decides (R1).'
    for tier, most in PAGE_EVERY_S.items():
        if step.every_s is None or getattr(step.every_s, tier) > most:
            yield ("every_s",), f'"{step.id}" must ring again at least every {most} seconds at {tier} (R1).'


def _telephone(protocol: Protocol, step: Step) -> Iterator[Problem]:
    del protocol
    if step.action in RINGS and step.ring_s is None:
        yield (), f'"{step.id}" does not say how long it rings (ring_s).'
    if step.action in ("call.client", "call.leave_voicemail") and step.number is None:
        yield (), f'"{step.id}" does not say which number it rings.'
    if step.alongside != (step.action == "call.repeat"):
        yield (), f'"{step.id}": a repeated call runs alongside, and nothing else does.'
    if step.alongside and step.every_s is None:
        yield (), f'"{step.id}" does not say how often it comes round (every_s).'
    if step.action in OUTREACH and not step.say:
        yield (), f'"{step.id}" reaches the client and has no script to say.'


def _channels(protocol: Protocol, step: Step) -> Iterator[Problem]:
    needed = {"text.client": "text", "call.leave_voicemail": "voicemail"}.get(step.action)
    for script in step.say:
        channel = protocol.scripts[script].channel
        if needed is not None and channel != needed:
            yield ("say",), f'"{step.id}" sends a {needed}, and "{script}" is written for {channel}.'


OF_STEP: tuple[Callable[[Protocol, Step], Iterator[Problem]], ...] = (
    _tiers,
    _third_party,
    _decisions,
    _telephone,
    _channels,
)
