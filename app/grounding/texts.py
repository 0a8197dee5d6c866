"""The exercises' words, one file a language: staff read them out, a client's own page shows them. Nothing is made up here."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field

from app.grounding.steps import Ours

FOLDER = Path(__file__).parent / "texts"
ENGLISH: Final = "en"
PET: Final = "{pet}"

Exercise = Literal["box", "exhale", "senses", "body", "pets"]
EXERCISES: Final[tuple[Exercise, ...]] = get_args(Exercise)
Phase = Literal["in", "hold", "out", "wait"]

# Seconds of each part of a breath, and how often it goes round: about two minutes. The rest is read, not paced.
PACES: Final[dict[Exercise, tuple[tuple[Phase, int], ...]]] = {
    "box": (("in", 4), ("hold", 4), ("out", 4), ("wait", 4)),
    "exhale": (("in", 4), ("out", 6)),
}
ROUNDS: Final[dict[Exercise, int]] = {"box": 8, "exhale": 12}

Said = Annotated[str, Field(min_length=2, max_length=160)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExerciseWords(Closed):
    """`about`: for whoever chooses. `say`: to read out. `page`: for the client's own page, which names no animal."""

    title: Said
    about: Said
    say: Annotated[tuple[Said, ...], Field(min_length=3, max_length=6)]
    page: Annotated[tuple[Said, ...], Field(min_length=3, max_length=6)]


class ExerciseTexts(Closed):
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    opening: Said
    opening_group: Said
    eyes: Said
    stop: Said
    phases: dict[Phase, Said]
    exercises: dict[Exercise, ExerciseWords]
    steps: dict[Ours, Said]


@cache
def languages() -> dict[str, ExerciseTexts]:
    """By code, English first. A file that lacks an exercise or has an unknown key is a fault of the build, and raises."""
    read = [
        ExerciseTexts.model_validate(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*.yaml"))
    ]
    for one in read:
        missing = (set(EXERCISES) - set(one.exercises)) | (set(get_args(Ours)) - set(one.steps))
        missing |= set(get_args(Phase)) - set(one.phases)
        if missing:
            raise ValueError(f"{one.language}: nothing is written for {', '.join(sorted(missing))}")
    read.sort(key=lambda one: one.language != ENGLISH)
    return {one.language: one for one in read}


def texts_in(language: str) -> ExerciseTexts:
    """English where there is no file in that language: visible, and never machine text."""
    known = languages()
    return known.get(language[:2].lower(), known[ENGLISH])
