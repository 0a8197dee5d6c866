"""The shape of what is practised: scenes and the module of words. Closed: an unknown key is refused with a sentence. Pure."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.triage.schema import Help, Input, Tier, Value

# "not_assessed" is never "none" (the check's own rule), so it is a level of its own that can be right.
Level = Literal["none", "not_assessed", "low", "moderate", "high", "imminent"]
LEVELS: tuple[Level, ...] = ("none", "not_assessed", "low", "moderate", "high", "imminent")
# `ask`: the question that must be asked was not; nothing else fits before it.
Next = Literal["words", "ask", "colleague", "outside"]
NEXTS: tuple[Next, ...] = ("words", "ask", "colleague", "outside")

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
Line = Annotated[str, Field(min_length=3, max_length=200)]
Words = Annotated[str, Field(min_length=10, max_length=1200)]
Sources = Annotated[list[Line], Field(min_length=1, max_length=10)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Scene(Closed):
    """What is seen and heard, what of the safety check it shows, and what the tier rules make of that.

    `vignette`: the situation of the rules' own file that it tells. `signal`: what Handrail itself knows, as in the check.
    """

    kind: Literal["handrail.scene/1"] = Field(alias="schema")
    id: Id
    title: Line
    vignette: Annotated[str, Field(pattern=r"^V[0-9]{2}$")] | None = None
    seen: Words
    signal: Value | None = None
    shows: Mapping[Input, Value]
    tier: Level
    next: Next
    notice: Words
    say: Line
    sources: Sources


class ReadingPart(Closed):
    """A short part to read. `not_so`: what is better left unsaid."""

    id: Id
    title: Line
    read: Annotated[list[Words], Field(min_length=1, max_length=6)]
    say: Annotated[list[Line], Field(max_length=8)] = []
    not_so: Annotated[list[Line], Field(max_length=8)] = []
    sources: Sources


class Reply(Closed):
    """`then`: the next turn, or `end`."""

    id: Id
    words: Line
    fits: Literal["helps", "partly", "hurts"]
    why: Words
    then: Id


class Turn(Closed):
    id: Id
    says: Words
    replies: Annotated[list[Reply], Field(min_length=3, max_length=4)]


class Talk(Closed):
    """One branching conversation; it begins with its first turn."""

    id: Id
    title: Line
    opens: Words
    turns: Annotated[list[Turn], Field(min_length=1, max_length=8)]
    closes: Words


class Question(Closed):
    """`right` is the number of the option, from 1. `scenario`: it tells of a person, not of a rule."""

    id: Id
    ask: Words
    scenario: bool = False
    options: Annotated[list[Line], Field(min_length=3, max_length=4)]
    right: Annotated[int, Field(ge=1, le=4)]
    why: Words


class Module(Closed):
    kind: Literal["handrail.module/1"] = Field(alias="schema")
    id: Id
    version: Version
    title: Line
    minutes: Annotated[int, Field(ge=5, le=120)]
    objectives: Annotated[list[Line], Field(min_length=3, max_length=3)]
    valid_months: Annotated[int, Field(ge=1, le=36)]
    pass_percent: Annotated[int, Field(ge=50, le=100)]
    attempts: Annotated[int, Field(ge=1, le=5)]
    parts: Annotated[list[ReadingPart], Field(min_length=1, max_length=12)]
    talks: Annotated[list[Talk], Field(min_length=2, max_length=6)]
    questions: Annotated[list[Question], Field(min_length=5, max_length=30)]

    def talk(self, talk_id: str) -> Talk | None:
        return next((one for one in self.talks if one.id == talk_id), None)


__all__ = ["LEVELS", "NEXTS", "Help", "Level", "Module", "Next", "Scene", "Tier"]
