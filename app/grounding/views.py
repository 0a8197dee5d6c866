"""What the grounding panel shows, closed."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.grounding.steps import Known, Need, Toward
from app.grounding.texts import Exercise, Phase, Texts

Distress = Annotated[int | None, Field(ge=0, le=10)]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PacePart(View):
    phase: Phase
    seconds: int


class Pace(View):
    rounds: int
    parts: list[PacePart]


class AllTexts(View):
    """`languages`: as the files have them, English first. `paces`: of the exercises that are paced."""

    languages: list[Texts]
    paces: dict[Exercise, Pace]


class Done(View):
    """One exercise or step of this meeting. `who`: which colleague offered it."""

    kind: Literal["box", "exhale", "senses", "body", "pets", "step"]
    at: datetime
    who: str
    result: Literal["done", "stopped", "declined", "changed"] | None
    before: int | None
    after: int | None
    words: str | None


class Standing(View):
    """`on_page`: whether it is on the client's page now; for a group, on how many pages."""

    exercise: Exercise
    offered_at: datetime
    started_at: datetime | None
    by: str
    before: int | None
    on_page: int


class AskedView(View):
    ideation: Known
    intoxication: Known
    self_harm: Known


class StepLine(View):
    """`words`: in the client's own words, or in ours by `key`."""

    own: bool
    words: str
    need: Need


class Steps(View):
    """`hidden`: what the steps that are left out lead towards, and how many there are (R23)."""

    lines: list[StepLine]
    asked: AskedView
    hidden: list[Toward]
    hidden_count: int


class ForClient(View):
    """`helps`: what their plan says helps or soothes. `animals`: by name, with what is done with each."""

    language: str
    unsafe_home: bool
    helps: list[str]
    animals: list[str]
    with_animals: list[str]
    steps: Steps
    standing: Standing | None
    group_standing: Standing | None
    today: list[Done]


class ForGroup(View):
    standing: Standing | None
    today: list[Done]
