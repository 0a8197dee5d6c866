"""From answers to a suggested tier: every rule that matches, the highest tier of them, and what was not asked. Pure.

The table suggests; a clinician chooses (R1). An answer that was not given is read with suspicion and never as "no".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.triage.schema import ORDER, UNKNOWN, Input, Tier, TierRules

Answers = Mapping[Input, str]
Direction = Literal["same", "higher", "lower"]

RANK: Mapping[str, int] = {tier: place for place, tier in enumerate(ORDER)}


@dataclass(frozen=True, slots=True)
class Match:
    id: str
    tier: Tier
    say: str


@dataclass(frozen=True, slots=True)
class Result:
    """`tier` None: not assessed. `assessed`: the question that must be asked was answered; without it `tier` is the
    least that the other answers allow, and what stands may not fall."""

    tier: Tier | None
    assessed: bool
    matches: tuple[Match, ...]


def evaluate(rules: TierRules, answers: Answers) -> Result:
    """Every rule that matches, as the file orders them."""
    known: dict[Input, str] = {name: value for name, value in answers.items() if value != UNKNOWN}
    read = _read(rules, known)
    found = [
        (place, rule)
        for answer in read.items()
        for place, rule, rest in rules.by_answer.get(answer, ())
        if all(read.get(name, UNKNOWN) in values for name, values in rest)
    ]
    found.sort(key=lambda one: one[0])
    assessed = rules.must_ask in known
    return Result(
        _highest([rule.tier for _, rule in found], "none" if assessed else None),
        assessed,
        tuple(Match(rule.id, rule.tier, rule.say) for _, rule in found),
    )


def _highest(tiers: Sequence[Tier], without: Tier | None) -> Tier | None:
    if not tiers:
        return without
    highest: Tier = max(tiers, key=lambda tier: RANK[tier])
    return highest


def _read(rules: TierRules, known: dict[Input, str]) -> dict[Input, str]:
    """The answers with what the policy reads into those that are missing."""
    policy = rules.unknown_policy
    if not all(known.get(name) in values for name, values in policy.when.items()):
        return known
    return {**policy.reads, **known}


def direction(chosen: Tier, suggested: Tier | None) -> Direction:
    """Of the clinician's choice against the answers. Without an assessment any choice above none says more than they do."""
    difference = RANK[chosen] - RANK[suggested or "none"]
    return "same" if difference == 0 else "higher" if difference > 0 else "lower"


def needs_reason(result: Result, chosen: Tier) -> bool:
    """Where the choice is not what the answers suggest, or rests on none."""
    return result.tier is None or chosen != result.tier
