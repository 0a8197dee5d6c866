"""What a run keeps, sealed: closed shapes, so that what was written years ago is still read."""

from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, ConfigDict

from app.db import Db, conceal, reveal
from app.training.models import PracticeRun
from app.training.schema import Level, Next
from app.training.views import LeftOut
from app.triage.schema import Input


class Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SceneKept(Kept):
    marked: dict[str, str]
    tier: Level
    next: Next


class WalkKept(Kept):
    steps: list[LeftOut]


class WordsKept(Kept):
    """`talks`: the replies chosen, in order. `answers`: of the last sitting."""

    parts: list[str] = []
    talks: dict[str, list[str]] = {}
    answers: dict[str, int] = {}


def marks(given: Mapping[str, str]) -> dict[Input, str]:
    """Only after `scoring.unknown_marks` found nothing."""
    return cast("dict[Input, str]", dict(given))


def of_scene(db: Db, row: PracticeRun) -> SceneKept:
    return SceneKept.model_validate_json(reveal(db, row, "kept") or "{}")


def of_walk(db: Db, row: PracticeRun) -> WalkKept:
    return WalkKept.model_validate_json(reveal(db, row, "kept") or "{}")


def of_words(db: Db, row: PracticeRun) -> WordsKept:
    return WordsKept.model_validate_json(reveal(db, row, "kept") or "{}")


def keep_words(db: Db, row: PracticeRun, told: WordsKept) -> None:
    conceal(db, row, "kept", told.model_dump_json())
