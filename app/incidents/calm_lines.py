"""The timeline's sentences about exercises, one small step, and agreements with a clock. Without blame."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from app.journal.kinds import Kind

EXERCISES = {
    "box": "box breathing",
    "exhale": "the longer breath out",
    "senses": "the five senses",
    "body": "feet on the floor",
    "pets": "a minute with an animal",
}
ANSWERS = {
    "kept": "kept",
    "partly": "kept in part",
    "not_kept": "not kept this time",
    "changed": "something changed",
}


class Speaker(Protocol):
    """What a sentence needs, as the timeline makes it."""

    who: str
    detail: dict[str, Any]
    names: dict[UUID, str]

    @property
    def client(self) -> str: ...

    def get(self, key: str) -> str: ...


def _colleague(s: Speaker, key: str) -> str:
    staff_id = s.detail.get(key)
    return s.names.get(UUID(str(staff_id)), "A colleague") if staff_id else "A colleague"


def _exercise(s: Speaker) -> str:
    return EXERCISES.get(s.get("exercise"), "an exercise")


def _offered(s: Speaker) -> str:
    return f"{s.who} put {_exercise(s)} on {s.client}'s page"


def _started(s: Speaker) -> str:
    before = s.detail.get("before")
    said = "" if before is None else f". Distress {before} of 10"
    return f"{s.who} started {_exercise(s)} with {s.client}{said}"


def _ended(s: Speaker) -> str:
    told = {
        "done": f"{s.who} and {s.client} finished {_exercise(s)}",
        "stopped": f"{s.client} stopped {_exercise(s)}, which is always fine",
        "declined": f"{s.client} would rather not do {_exercise(s)}",
        "changed": f"Something else in the place of {_exercise(s)}",
    }[s.get("result")]
    before, after = s.detail.get("before"), s.detail.get("after")
    if before is None and after is None:
        return told
    if before is None or after is None:
        when = "before" if after is None else "after"
        return f"{told}. Distress {before if after is None else after} of 10 {when}"
    return f"{told}. Distress {before} of 10 before, {after} after"


def _agreed(s: Speaker) -> str:
    steps = "; ".join(str(step).rstrip(". ") for step in s.detail.get("steps") or [])
    holds = f". Held: {s.get('holds').rstrip('. ')}" if s.get("holds") else ""
    witness = f". Witness {_colleague(s, 'witness_id')}" if s.detail.get("witness_id") else ""
    verb = "agreed anew" if s.detail.get("replaces") else "agreed"
    return f"{s.who} and {s.client} {verb}: {steps}{holds}{witness}. {_colleague(s, 'owner_id')} looks at it again"


def _answered(s: Speaker) -> str:
    check = ". A new safety check is asked for" if s.detail.get("check") else ""
    return f"{s.who} asked {s.client} about the agreement: {ANSWERS[s.get('outcome')]}{check}"


CALM_SAYS: dict[Kind, Callable[[Speaker], str | None]] = {
    Kind.grounding_offered: _offered,
    Kind.grounding_started: _started,
    Kind.grounding_ended: _ended,
    Kind.grounding_closed: lambda s: f"{s.client} closed {_exercise(s)} on their page",
    Kind.step_picked: lambda s: f"{s.client} picked one small step: {s.get('step')}",
    Kind.agreement_made: _agreed,
    Kind.agreement_due: lambda s: (
        f"Time to look at the agreement again: asked of {_colleague(s, 'owner_id')}"
    ),
    Kind.agreement_lapsed: lambda _: (
        "Nobody has looked at the agreement again. A new safety check is asked for"
    ),
    Kind.agreement_taken: lambda s: f"{s.who} looks at the agreement with {s.client}",
    Kind.agreement_answered: _answered,
    Kind.agreement_checked: lambda s: f"{s.who} did the new safety check",
}
