"""A recorded incident through a protocol, by the very rules that run. Pure.

People answer a step as fast after being asked as they did then. Everything else happens when it happened. The telephone
of the client does what it did the first, second, third time; beyond the record nobody answers.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from app.incidents.chain import IllegalMove
from app.protocols.schema import Protocol
from app.replays.recorded import Heard, Recorded, Said
from app.replays.stage import Answer, Call, Happened, Stage, Telephones


@dataclass
class Replayed:
    """`delays`: how long after being asked each answer came. `unasked`: answers for which there was no question."""

    stage: Stage
    delays: dict[Said, float] = field(default_factory=dict)
    unasked: list[Said] = field(default_factory=list)

    @property
    def happened(self) -> list[Happened]:
        return [one for one in self.stage.told() if one.at_s <= self.stage.now_s]


def as_it_was(protocol: Protocol, recorded: Recorded) -> Replayed:
    """By the version that ran, every press at its own time."""
    made = Replayed(_stage(protocol, recorded))
    everything: list[Said | Heard] = [*recorded.said, *recorded.heard]
    for one in sorted(everything, key=lambda told: told.at_s):
        made.stage.pass_until(one.at_s)
        if isinstance(one, Heard):
            _hear(made, one)
            continue
        opened = _opened_s(made.stage, one.key)
        if opened is None or not _press(made, one):
            made.unasked.append(one)
        else:
            made.delays[one] = one.at_s - opened
    made.stage.pass_until(recorded.ends_s)
    return made


def by_another(protocol: Protocol, recorded: Recorded, delays: Mapping[Said, float]) -> Replayed:
    """By another version: a press comes as long after its step opened as it did then."""
    made = Replayed(_stage(protocol, recorded), dict(delays))
    heard = deque(sorted(recorded.heard, key=lambda told: told.at_s))
    waiting = _queues(one for one in recorded.said if one in delays)
    while made.stage.ended is None:
        due = _next_press(made, waiting, delays)
        moment = min(
            heard[0].at_s if heard else recorded.ends_s,
            due[0] if due else recorded.ends_s,
            made.stage.next_s() or recorded.ends_s,
            recorded.ends_s,
        )
        if moment >= recorded.ends_s:
            break
        if heard and heard[0].at_s <= moment:
            made.stage.pass_until(heard[0].at_s)
            _hear(made, heard.popleft())
        elif due and due[0] <= moment:
            made.stage.pass_until(due[0])
            pressed = waiting[due[1]].popleft()
            if not _press(made, pressed):
                made.unasked.append(pressed)
        else:
            made.stage.pass_until(moment)
    for one in heard:
        if one.at_s >= recorded.ends_s:
            made.stage.pass_until(one.at_s)
            _hear(made, one)
    made.stage.pass_until(recorded.ends_s)
    made.unasked += [one for queue in waiting.values() for one in queue]
    return made


def _stage(protocol: Protocol, recorded: Recorded) -> Stage:
    return Stage(
        protocol,
        recorded.tier,
        recorded.facts,
        _telephones(recorded.calls),
        recorded.learned_s,
        recorded.brief_possible,
    )


def _telephones(calls: Mapping[UUID, tuple[Answer, ...]]) -> Telephones:
    def answer(call: Call) -> Answer:
        known = calls.get(call.number, ())
        return known[call.nth] if call.nth < len(known) else Answer("no_answer", call.ring_s)

    return answer


def _queues(said: Iterable[Said]) -> dict[str, deque[Said]]:
    queues: dict[str, deque[Said]] = defaultdict(deque)
    for one in sorted(said, key=lambda told: told.at_s):
        queues[one.key].append(one)
    return queues


def _next_press(
    made: Replayed, waiting: Mapping[str, deque[Said]], delays: Mapping[Said, float]
) -> tuple[float, str] | None:
    ready = []
    for key, queue in waiting.items():
        opened = _opened_s(made.stage, key) if queue else None
        if opened is not None:
            ready.append((max(opened + delays[queue[0]], made.stage.now_s), key))
    return min(ready, default=None)


def _hear(made: Replayed, one: Heard) -> None:
    """What the rules refuse there (a decision while several are lost) is left out, as it would have been then."""
    with suppress(IllegalMove):
        made.stage.say(one.signal)


def _press(made: Replayed, one: Said) -> bool:
    active = made.stage.find(one.key)
    if active is None:
        return False
    try:
        made.stage.say(one.signal(active.step_id))
    except IllegalMove:
        return False
    return True


def _opened_s(stage: Stage, key: str) -> float | None:
    """When the step that is open now opened."""
    if stage.find(key) is None:
        return None
    return next(
        (one.at_s for one in reversed(stage.happened) if one.what == "opens" and one.key == key), None
    )
