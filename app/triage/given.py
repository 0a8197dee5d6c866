"""Everything that a safety check can be given, in one closed shape. Nothing is required; nothing is chosen beforehand.

A save carries only what was tapped: what is absent stays as it is, and null takes an answer back to *not asked*.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.triage import screening
from app.triage.schema import DERIVED, UNKNOWN, Help, Input, TierRules, Value
from app.triage.screening import YesNo

Words = Annotated[str, Field(max_length=4000)]
Factor = Literal["yes", "no", "unknown"]
ScreenItem = Annotated[str, Field(pattern=r"^[0-9][a-z]?$")]


class Given(BaseModel):
    """As it is kept. `observed`: what was seen and heard (N10). `factor`: is mental health a factor here? (N2)"""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    answers: dict[Input, Value] = {}
    observed: Annotated[list[Value], Field(max_length=30)] = []
    factor: Factor | None = None
    help: Help | None = None
    screener: dict[ScreenItem, YesNo] = {}
    words: Words | None = None
    formulation: Words | None = None
    next_contact_at: AwareDatetime | None = None


class Save(BaseModel):
    """One or more taps. `observed` is the whole list as it stands now."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    answers: Annotated[dict[Input, Value | None], Field(max_length=20)] = {}
    observed: Annotated[list[Value], Field(max_length=30)] | None = None
    factor: Factor | None = None
    help: Help | None = None
    screener: Annotated[dict[ScreenItem, YesNo | None], Field(max_length=20)] = {}
    words: Words | None = None
    formulation: Words | None = None
    next_contact_at: AwareDatetime | None = None


def merged(before: Given, save: Save) -> Given:
    changes: dict[str, Any] = save.model_dump(exclude_unset=True, exclude={"answers", "screener"})
    if changes.get("observed", ()) is None:
        changes["observed"] = []
    changes["answers"] = _taken(before.answers, save.answers)
    changes["screener"] = _taken(before.screener, save.screener)
    return Given.model_validate(before.model_dump() | changes)


def _taken(before: Mapping[Any, Any], changes: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: value for name, value in {**before, **changes}.items() if value is not None}


def unknown_words(rules: TierRules, save: Save) -> list[str]:
    """What this version of the rules has no such answer for."""
    wrong: list[str] = [
        name
        for name, value in save.answers.items()
        if name in DERIVED or (value is not None and value != UNKNOWN and value not in rules.inputs[name])
    ]
    wrong += [one for one in save.observed or () if one not in rules.observed.all]
    wrong += [item for item in save.screener if item not in screening.logic().names]
    return wrong


def evaluated(given: Given, signal: str) -> dict[Input, str]:
    """The answers with what Handrail knows itself and what the screener comes to."""
    found: dict[Input, str] = {**given.answers}
    if signal != "none":
        found["signal"] = signal
    level = screening.comes_to(screening.logic(), given.screener) if given.screener else None
    if level is not None:
        found["screener"] = level
    return found
