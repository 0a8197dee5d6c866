"""An incident as the rules heard it: what was said and answered and when, and nothing about who it was. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from app.incidents.situation import (
    Back,
    Decided,
    Hurried,
    LostAgain,
    OtherPerson,
    OutageCleared,
    OutageLocked,
    PersonOutcome,
    Reached,
    Released,
    Replied,
    SeenByStaff,
    Signal,
    Skipped,
    Stopped,
    Taken,
    TierChanged,
    Verified,
)
from app.journal.kinds import Kind
from app.protocols.facts import Facts
from app.protocols.schema import TIERS, Tier
from app.replays.stage import Answer, at

To = Literal["answer", "skip", "stop", "hurry"]
# Whoever takes it has it until the record says otherwise: expiries are recorded like every other signal.
FOR_GOOD_S = 10**7


@dataclass(frozen=True, slots=True)
class Told:
    """One entry about one chain, without its people and its words."""

    at_s: float
    kind: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A press on a step: `key` says which, because no row of the record exists on the stage."""

    at_s: float
    to: To
    key: str
    outcome: str = ""

    def signal(self, step_id: UUID) -> Signal:
        match self.to:
            case "answer":
                return PersonOutcome(step_id, self.outcome)
            case "skip":
                return Skipped(step_id)
            case "stop":
                return Stopped(step_id)
            case _:
                return Hurried(step_id)


@dataclass(frozen=True, slots=True)
class Heard:
    """Anything else that the rules were told, at its own time."""

    at_s: float
    signal: Signal


@dataclass(frozen=True, slots=True)
class WasDone:
    """A step of the record that is over: when, and how it went on."""

    key: str
    visit: int
    at_s: float
    status: str
    outcome: str
    by_person: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """`calls`: what each ring to each number brought, in order. `ends_s`: when it was closed. `month`: when it was, as
    roughly as a reader needs it."""

    protocol: str
    month: str
    tier: Tier
    learned_s: float
    facts: Facts
    brief_possible: bool
    said: tuple[Said, ...]
    heard: tuple[Heard, ...]
    calls: Mapping[UUID, tuple[Answer, ...]]
    done: tuple[WasDone, ...]
    ends_s: float


SIGNALS: Mapping[str, Signal] = {
    Kind.incident_released: Released(),
    Kind.ownership_expired: Released(),
    Kind.client_back: Back(),
    Kind.client_lost_again: LostAgain(),
    Kind.reached: Reached(),
    Kind.other_person: OtherPerson(),
    Kind.verified: Verified(),
    Kind.replied: Replied(),
    Kind.outage_joined: OutageLocked(),
    Kind.outage_cleared: OutageCleared(),
    Kind.incident_closed: Verified(),
    Kind.attendance_line: SeenByStaff(),
}
# The kinds that tell the rules anything: no other entry of an incident is opened for a replay.
KINDS = frozenset(
    {*SIGNALS, Kind.incident_taken, Kind.incident_tier_changed, Kind.decided, Kind.step_hurried}
)


def said(done: Sequence[WasDone], heard: Sequence[Heard]) -> list[Said]:
    """What people answered, skipped and stopped, from how the steps went on. What another signal brought along, in the
    same moment, is that signal's."""
    moments = {one.at_s for one in heard}
    presses = ((one, _to(one)) for one in done if one.by_person and one.at_s not in moments)
    return [Said(one.at_s, to, one.key, one.outcome) for one, to in presses if to]


def _to(done: WasDone) -> To | None:
    if done.status == "done":
        return "answer" if done.outcome != "timeout" else None
    if done.status == "skipped":
        return "skip"
    return "stop" if done.outcome == "stopped" else None


def hurried(told: Told) -> Said | None:
    if told.kind != Kind.step_hurried or not told.detail.get("by_person"):
        return None
    return Said(told.at_s, "hurry", str(told.detail.get("step", "")))


def heard(told: Told) -> Heard | None:
    signal = SIGNALS.get(told.kind) or _carrying(told)
    return Heard(told.at_s, signal) if signal else None


def _carrying(told: Told) -> Signal | None:
    match told.kind:
        case Kind.incident_taken:
            return Taken(at(told.at_s + FOR_GOOD_S))
        case Kind.incident_tier_changed if told.detail.get("after") in ("none", *TIERS):
            return TierChanged(told.detail["after"])
        case Kind.decided if told.detail.get("decision") in ("responders", "mobile_team", "wait"):
            return Decided(told.detail["decision"])
        case _:
            return None
