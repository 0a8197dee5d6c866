"""A screener's codes and logic: which item is asked after which, and what its answers come to. Pure.

The words are the program's own (screeners.py). A screen is one input to the tier rules, and no assessment.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, model_validator

from app.triage.schema import Closed, Tier

FILE = Path(__file__).resolve().parent / "files" / "screener-c-ssrs.yaml"
YesNo = Literal["yes", "no"]
Level = Literal["low", "moderate", "high"]
LEVELS: tuple[Level, ...] = ("low", "moderate", "high")


class Item(Closed):
    """`only_after`: asked when that one was answered with yes."""

    item: Annotated[str, Field(pattern=r"^[0-9][a-z]?$")]
    loinc: Annotated[str, Field(pattern=r"^\d+-\d$")]
    suggests: Level
    window: Literal["past_month", "lifetime", "past_3_months"]
    only_after: str | None = None


class Derived(Closed):
    loinc: str
    answers: Mapping[Level, str]


class Logic(Closed):
    kind: Literal["handrail.screener-logic/1"] = Field(alias="schema")
    instrument: str
    version: str
    panel: str
    answers: Mapping[YesNo, str]
    items: list[Item]
    derived: Derived
    notice: str

    @model_validator(mode="after")
    def _in_order(self) -> "Logic":
        seen: set[str] = set()
        for one in self.items:
            if one.only_after is not None and one.only_after not in seen:
                raise ValueError(
                    f"item {one.item} is asked after {one.only_after}, which does not come before it"
                )
            seen.add(one.item)
        return self

    @property
    def names(self) -> frozenset[str]:
        return frozenset(one.item for one in self.items)


@cache
def logic() -> Logic:
    return Logic.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def asked(held: Logic, answers: Mapping[str, str]) -> list[str]:
    """The items that are asked, given what was answered so far, in their order."""
    return [one.item for one in held.items if one.only_after is None or answers.get(one.only_after) == "yes"]


def comes_to(held: Logic, answers: Mapping[str, str]) -> Level | Literal["none"] | None:
    """The highest "yes" among the items that are asked. None until every one of them has an answer, but for a yes:
    that counts at once, and the answers still missing can only raise it."""
    wanted = asked(held, answers)
    found = [one.suggests for one in held.items if one.item in wanted and answers.get(one.item) == "yes"]
    if found:
        return max(found, key=LEVELS.index)
    return "none" if all(answers.get(item) == "no" for item in wanted) else None


def answer_code(held: Logic, tier: Tier) -> str | None:
    """LOINC has high for imminent, and nothing to say of none."""
    level = "high" if tier == "imminent" else tier
    return held.derived.answers.get(level) if level != "none" else None
