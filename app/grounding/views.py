"""What the grounding panel shows, closed."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.grounding.steps import Known, Need, Toward
from app.grounding.texts import Exercise, ExerciseTexts, Phase

Distress = Annotated[int | None, Field(ge=0, le=10)]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PacePart(View):
    phase: Phase
    seconds: int


class Pace(View):
    rounds: int
    parts: list[PacePart]


class GroundingTexts(View):
    """`languages`: as the files have them, English first. `paces`: of the exercises that are paced."""

    languages: list[ExerciseTexts]
    paces: dict[Exercise, Pace]


class GroundingDone(View):
    """One exercise or step of this meeting. `who`: which colleague offered it."""

    kind: Literal["box", "exhale", "senses", "body", "pets", "step"]
    at: datetime
    who: str
    result: Literal["done", "stopped", "declined", "changed"] | None
    before: int | None
    after: int | None
    words: str | None


class GroundingNow(View):
    """`on_page`: whether it is on the client's page now; for a group, on how many pages."""

    exercise: Exercise
    offered_at: datetime
    started_at: datetime | None
    by: str
    before: int | None
    on_page: int


class AskedNow(View):
    ideation: Known
    intoxication: Known
    self_harm: Known


class SmallStep(View):
    """`words`: in the client's own words, or in ours by `key`."""

    own: bool
    words: str
    need: Need


class SmallSteps(View):
    """`hidden`: what the steps that are left out lead towards, and how many there are (R23)."""

    lines: list[SmallStep]
    asked: AskedNow
    hidden: list[Toward]
    hidden_count: int


class GroundingForClient(View):
    """`helps`: what their plan says helps or soothes. `animals`: by name, with what is done with each."""

    language: str
    unsafe_home: bool
    helps: list[str]
    animals: list[str]
    with_animals: list[str]
    steps: SmallSteps
    standing: GroundingNow | None
    group_standing: GroundingNow | None
    today: list[GroundingDone]


class GroundingForGroup(View):
    standing: GroundingNow | None
    today: list[GroundingDone]
