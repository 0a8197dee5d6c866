"""The shape of a file of tier rules. Closed: an unknown key, value or input is refused with a sentence."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Tier = Literal["none", "low", "moderate", "high", "imminent"]
ORDER: tuple[Tier, ...] = ("none", "low", "moderate", "high", "imminent")
# Of a rule: the input was not asked, or not answered.
UNKNOWN = "unknown"

Input = Literal[
    "ideation",
    "intent",
    "means",
    "timeframe",
    "plan",
    "behaviour",
    "selfharm_urge",
    "distress",
    "protective",
    "collaborates",
    "intoxication",
    "medical",
    "psychosis",
    "others",
    "danger",
    "signal",
    "screener",
]
# Known to Handrail or worked out by it: nobody answers these.
DERIVED: frozenset[Input] = frozenset({"signal", "screener"})
Trigger = Literal["danger_now", "medical", "intoxication", "psychosis"]
Item = Literal[
    "private_room", "assessment", "means_talked", "plan_opened", "supervisor_told", "next_contact", "two_people"
]  # fmt: skip

# N11: words are enough for now, a colleague joins, or help must come to them.
Help = Literal["words", "colleague", "outside"]

Conditions = tuple[tuple[Input, frozenset[str]], ...]

Value = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Sentence = Annotated[str, Field(min_length=5, max_length=120)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Rule(Closed):
    """All of `when` must hold: the answer is among the values given."""

    id: Annotated[str, Field(pattern=r"^[A-Z][0-9]{1,2}$")]
    tier: Tier
    when: Mapping[Input, list[Value]] = Field(min_length=1)
    say: Sentence


class UnknownPolicy(Closed):
    when: Mapping[Input, list[Value]]
    reads: Mapping[Input, Value]


class Care(Closed):
    """What a tier asks to be written down: within so many minutes of the tier, or by a word."""

    item: Item
    within_min: Annotated[int, Field(ge=1, le=10_080)] | None = None
    by: Literal["session_end", "today"] | None = None


class Observed(Closed):
    body: list[Value]
    voice: list[Value]
    stance: list[Value]

    @property
    def all(self) -> frozenset[str]:
        return frozenset((*self.body, *self.voice, *self.stance))


class TierRules(Closed):
    """Values of an input stand from the mildest to the worst."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)
    kind: Literal["handrail.tiers/1"] = Field(alias="schema")
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    order: list[Tier]
    inputs: Mapping[Input, Annotated[list[Value], Field(min_length=2)]]
    must_ask: Input
    unknown_policy: UnknownPolicy
    rules: list[Rule] = Field(min_length=1)
    emergency: Mapping[Trigger, Mapping[Input, Value]]
    observed: Observed
    care: Mapping[Tier, list[Care]]

    @model_validator(mode="before")
    @classmethod
    def _quoted(cls, given: Any) -> Any:
        """YAML 1.1 reads a bare yes or no as true and false."""
        if place := next(_booleans(given), None):
            raise ValueError(f'"{place}" holds a bare yes, no, on or off: put the word in quotes')
        return given

    @model_validator(mode="after")
    def _holds(self) -> "TierRules":
        if tuple(self.order) != ORDER:
            raise ValueError(f"the order of tiers must be {', '.join(ORDER)}")
        if missing := set(Input.__args__) - set(self.inputs):  # type: ignore[attr-defined]
            raise ValueError(f"inputs without values: {', '.join(sorted(missing))}")
        if set(self.care) != set(ORDER):
            raise ValueError("care must say something of every tier, an empty list for none")
        if set(self.emergency) != set(Trigger.__args__):  # type: ignore[attr-defined]
            raise ValueError("emergency must hold exactly the four triggers")
        return self

    @model_validator(mode="after")
    def _rules_hold(self) -> "TierRules":
        ids = [rule.id for rule in self.rules]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"two rules have one name: {', '.join(sorted(twice))}")
        if idle := [
            rule.id for rule in self.rules if all(UNKNOWN in values for values in rule.when.values())
        ]:
            raise ValueError(f"rules that match when nothing was answered: {', '.join(idle)}")
        for where, name, value in self._named():
            if value != UNKNOWN and value not in self.inputs[name]:
                raise ValueError(f'{where}: "{value}" is no value of {name}')
        return self

    def _named(self) -> Iterator[tuple[str, Input, str]]:
        """Every value that the file names anywhere, with where it stands."""
        for rule in self.rules:
            yield from ((rule.id, name, value) for name, values in rule.when.items() for value in values)
        policy = self.unknown_policy
        yield from (("unknown_policy", name, one) for name, values in policy.when.items() for one in values)
        yield from (("unknown_policy", name, value) for name, value in policy.reads.items())
        for trigger, answers in self.emergency.items():
            yield from ((trigger, name, value) for name, value in answers.items())

    @cached_property
    def by_answer(self) -> Mapping[tuple[Input, str], tuple[tuple[int, Rule, Conditions], ...]]:
        """Rules by one answer that each of them needs, with their place and the other conditions. The rules are looked
        at for every answer that is tapped: this way only those come up that an answer speaks of."""
        found: dict[tuple[Input, str], list[tuple[int, Rule, Conditions]]] = {}
        for place, rule in enumerate(self.rules):
            pivot = next(name for name, values in rule.when.items() if UNKNOWN not in values)
            rest = tuple((name, frozenset(values)) for name, values in rule.when.items() if name != pivot)
            for value in rule.when[pivot]:
                found.setdefault((pivot, value), []).append((place, rule, rest))
        return {answer: tuple(rules) for answer, rules in found.items()}

    def worst_signal(self, signals: set[str]) -> str:
        """Of several that hold at once the last one in the file counts."""
        return max(signals | {"none"}, key=self.inputs["signal"].index)


def _booleans(value: Any, place: str = "") -> Iterator[str]:
    if isinstance(value, bool):
        yield place
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, bool):
                yield place or str(key)
            yield from _booleans(inner, f"{place}.{key}".strip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _booleans(inner, f"{place}.{index}")
