"""What an answer to a scene comes to beside the real rules, and what the short check at the end comes to. Pure.

Too low weighs more than too high: too high costs somebody a conversation, too low can cost a life. Both are said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.training.schema import LEVELS, NEXTS, Level, Module, Next, Scene
from app.triage import rules as tier_rules
from app.triage.level import fits
from app.triage.rules import Match, Result
from app.triage.schema import DERIVED, UNKNOWN, Input, TierRules

Is = Literal["right", "too_low", "too_high"]
# For the level and for the next step alike.
POINTS: Mapping[Is, int] = {"right": 2, "too_high": 1, "too_low": 0}
OF = 2 * POINTS["right"]
Marks = Mapping[Input, str]


@dataclass(frozen=True, slots=True)
class Expected:
    tier: Level
    next: Next
    result: Result


@dataclass(frozen=True, slots=True)
class Judged:
    """`own`: what the rules give for what the learner marked. `alike`: marked as the scene shows it. `missed`, `otherwise`
    and `read_in`: shown and not marked, marked differently, marked and not shown."""

    expected: Expected
    own: Expected
    tier_is: Is
    next_is: Is
    points: int
    alike: tuple[Input, ...]
    missed: tuple[Input, ...]
    otherwise: tuple[Input, ...]
    read_in: tuple[Input, ...]

    @property
    def matches(self) -> tuple[Match, ...]:
        return self.expected.result.matches


def expected(scene: Scene, rules: TierRules) -> Expected:
    return _of_answers(scene.shows, scene.signal, rules)


def _of_answers(marks: Marks, signal: str | None, rules: TierRules) -> Expected:
    answers: dict[Input, str] = dict(marks)
    if signal is not None:
        answers["signal"] = signal
    result = tier_rules.evaluate(rules, answers)
    return Expected(result.tier or "not_assessed", fits(result) or "ask", result)


def judge(scene: Scene, rules: TierRules, marked: Marks, tier: Level, following: Next) -> Judged:
    right = expected(scene, rules)
    tier_is = _compared(LEVELS.index(tier), LEVELS.index(right.tier))
    next_is = _compared(NEXTS.index(following), NEXTS.index(right.next))
    shown, mine = _told(scene.shows), _told(marked)
    both = [name for name in shown if name in mine]
    return Judged(
        expected=right,
        own=_of_answers(marked, scene.signal, rules),
        tier_is=tier_is,
        next_is=next_is,
        points=POINTS[tier_is] + POINTS[next_is],
        alike=tuple(name for name in both if mine[name] == shown[name]),
        missed=tuple(name for name in shown if name not in mine),
        otherwise=tuple(name for name in both if mine[name] != shown[name]),
        read_in=tuple(name for name in mine if name not in shown),
    )


def _told(marks: Marks) -> dict[Input, str]:
    """Asked and not answered says as little as not asked."""
    return {name: value for name, value in marks.items() if value != UNKNOWN}


def _compared(chosen: int, right: int) -> Is:
    return "right" if chosen == right else "too_low" if chosen < right else "too_high"


def unknown_marks(rules: TierRules, marked: Mapping[str, str]) -> list[str]:
    """What the rules have no such question or answer for."""
    asked: Mapping[str, list[str]] = {
        str(name): list(values) for name, values in rules.inputs.items() if name not in DERIVED
    }
    return [name for name, value in marked.items() if value != UNKNOWN and value not in asked.get(name, [])]


def right_answers(module: Module, answers: Mapping[str, int]) -> list[str]:
    return [one.id for one in module.questions if answers.get(one.id) == one.right]


def passes(module: Module, right: int) -> bool:
    return right * 100 >= module.pass_percent * len(module.questions)


def walked(module: Module, talk_id: str, picks: list[str]) -> Literal["whole", "part", "wrong"]:
    """How far these replies, one after another, lead through a conversation."""
    talk = module.talk(talk_id)
    if talk is None or not picks:
        return "wrong"
    turns = {turn.id: turn for turn in talk.turns}
    at = talk.turns[0].id
    for pick in picks:
        turn = turns.get(at)
        reply = next((one for one in turn.replies if one.id == pick), None) if turn else None
        if reply is None:
            return "wrong"
        at = reply.then
    return "whole" if at == "end" else "part"
