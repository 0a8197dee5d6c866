"""What a protocol may not do, beyond its shape: each rule with the sentence that a clinician reads. Pure.

`faults` looks at the file as written, then at what every set of its variants makes of it. The rules R1, R2, R6 and R9
of the clinical rules are held here for whoever writes the next protocol.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from app.protocols import step_checks, variant_checks, wording
from app.protocols.schema import (
    END_WORDS,
    NOTHING,
    PAGES,
    REPEATED_PAGES,
    TIERS,
    TOO_OFTEN,
    VARIANT_ORDER,
    Protocol,
    Signals,
    Step,
    VariantName,
)
from app.protocols.step_checks import MACHINE
from app.protocols.variants import with_variants
from app.protocols.wording import Problem

FIRST_OUTREACH_S = 60
# Architecture 4: with less than this left a call starts at once, so nobody is waited for into it.
SPARE_S = 10
# What started with a drop ends with one of these, and only from this action.
ENDS = {"verified": "person.verify", "brief_drop": "person.check"}
PROTOCOL_ID = re.compile(r"[a-z][a-z0-9-]{1,39}")
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
    # One that only reminds changes nothing that could be wrong together with another.
    written = protocol.variants
    names = [name for name in VARIANT_ORDER if name in written and written[name].acts]
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            if len(ONE_OF.intersection(chosen)) <= 1:
                yield chosen


def _of_file(protocol: Protocol) -> Iterator[Problem]:
    yield from _of_ids(protocol)
    yield from _triggers(protocol)
    yield from wording.faults(protocol)
    yield from variant_checks.faults(protocol)
    yield from _of_steps(protocol)


def _of_ids(protocol: Protocol) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, step in enumerate(protocol.steps):
        if step.id in seen:
            yield ("steps", index, "id"), f'There are two steps called "{step.id}".'
        if step.id == TOO_OFTEN:
            yield (
                ("steps", index, "id"),
                f'"{TOO_OFTEN}" is a step that Handrail brings itself: choose another name.',
            )
        seen.add(step.id)


def _triggers(protocol: Protocol) -> Iterator[Problem]:
    for index, trigger in enumerate(protocol.trigger):
        if trigger.event in ("staff.button", "tier.chosen") and trigger.name is None:
            yield ("trigger", index), f"A {trigger.event} needs the name of what was pressed or chosen."
        if trigger.event == "tier.chosen" and trigger.name not in (None, *TIERS):
            yield ("trigger", index, "name"), f'"{trigger.name}" is no tier: {", ".join(TIERS)}.'
    if protocol.of_presence and protocol.signals is None:
        yield (
            ("trigger",),
            "A lost connection starts it, so it must say where everything leads that may be heard (signals).",
        )
    if protocol.signals is not None and not protocol.of_presence:
        yield ("signals",), "Only a protocol that a lost connection starts hears signals."


def _of_steps(protocol: Protocol) -> list[Problem]:
    """Structure first: what follows would stumble over a target that is not there."""
    found = [
        problem for index, step in enumerate(protocol.steps) for problem in _targets(protocol, index, step)
    ]
    signals = protocol.signals
    found += [] if signals is None else list(_signals(protocol, signals))
    if found:
        return found
    for check in (_reachable, _silence):
        found += list(check(protocol))
    if signals is not None:
        found += [*_first_outreach(protocol), *_rejoined(protocol, signals)]
    for index, step in enumerate(protocol.steps):
        found += [(("steps", index, *where), said) for where, said in step_checks.faults(protocol, step)]
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
    if step.action != "alert.push" and "timeout" not in step.next:
        yield (
            ("steps", index, "next"),
            f'"{step.id}" does not say what happens when nobody does anything (timeout).',
        )


def _of_target(protocol: Protocol, step: Step, outcome: str, target: str) -> str | None:
    kind, colon, word = target.partition(":")
    if not colon:
        goal = protocol.find(target)
        if goal is not None and goal.alongside and not step.alongside:
            return f'"{step.id}" leads to "{target}", which runs alongside: list it in `starts`.'
        if goal is not None or (target == NOTHING and step.alongside):
            return None
        return f'"{step.id}" leads to "{target}", and there is no such step.'
    if kind == "end":
        return _of_end(protocol, step, outcome, word)
    if outcome in MACHINE:
        return (
            f'"{step.id}" may not lead to "{target}" on {outcome}: silence never starts another protocol or raises a '
            "tier (R1). Put a step in front of a person."
        )
    if kind == "protocol" and PROTOCOL_ID.fullmatch(word):
        return f'"{step.id}" would start its own protocol again.' if word == protocol.id else None
    return f'"{step.id}" leads to "{target}": a target is a step, an end or another protocol.'


def _of_end(protocol: Protocol, step: Step, outcome: str, word: str) -> str | None:
    allowed = sorted(ENDS) if protocol.of_presence else sorted({*END_WORDS} - {"brief_drop"})
    if word not in allowed:
        return f'"{step.id}" ends with "{word}"; an end is one of {", ".join(allowed)}.'
    if outcome in MACHINE:
        return f'"{step.id}" would end in silence on {outcome}: only a person ends it.'
    if word in ENDS and step.action != ENDS[word]:
        return f'"{step.id}" may not end with "{word}": that needs a person at a step {ENDS[word]} (R3, R9).'
    return None


def _signals(protocol: Protocol, signals: Signals) -> Iterator[Problem]:
    for signal, actions in SIGNAL_ACTIONS.items():
        key = getattr(signals, signal)
        step = protocol.find(key)
        if step is None:
            yield ("signals", signal), f'The signal "{signal}" leads to "{key}", and there is no such step.'
        elif step.action not in actions:
            yield ("signals", signal), f'The signal "{signal}" must lead to a step {" or ".join(actions)}.'


def _reachable(protocol: Protocol) -> Iterator[Problem]:
    met: set[str] = set()
    ahead = [protocol.entry.id, *(protocol.signals.model_dump().values() if protocol.signals else ())]
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
    each must come to a page that repeats until a person decides. Where a person started it, a step in front of a
    person may come round too: it stays late on every screen, and the fifth time the supervisor is rung."""
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
    asks = step.action in REPEATED_PAGES or (step.waits_for_person and not protocol.of_presence)
    if step.id in done or step.alongside or asks:
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


def _rejoined(protocol: Protocol, signals: Signals) -> Iterator[Problem]:
    back = protocol.step(signals.back)
    if protocol.step(back.next["timeout"]).action not in PAGES:
        index = [step.id for step in protocol.steps].index(back.id)
        yield (
            ("steps", index, "next", "timeout"),
            (
                f'"{back.id}" must go to staff when nobody looked: never to a call to somebody who is on screen (R9).'
            ),
        )
