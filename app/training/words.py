"""The module of words: begun, read and talked through at one's own pace, and its short check at the end."""

from uuid import UUID

from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.staff.access import Viewer
from app.training import content, kept, scoring
from app.training.actions import note
from app.training.models import PracticeRun
from app.training.schema import Module
from app.training.views import WordsAnswers, WordsProgress

WITH_SUPERVISOR = (
    "Three tries are done. Talk it over with your supervisor, who opens it again: that is what it is for."
)


async def newest(db: Db, viewer: Viewer, staff_id: UUID, *, lock: bool = False) -> PracticeRun | None:
    asked = (
        select(PracticeRun)
        .where(
            PracticeRun.program_id == viewer.program_id,
            PracticeRun.staff_id == staff_id,
            PracticeRun.kind == "words",
        )
        .order_by(PracticeRun.begun_at.desc(), PracticeRun.ended_at.desc().nulls_first())
        .limit(1)
    )
    found: PracticeRun | None = await db.scalar(asked.with_for_update() if lock else asked)
    return found


def waits_for_supervisor(row: PracticeRun | None) -> bool:
    return row is not None and row.outcome == "not_yet" and row.released_at is None


async def begin(db: Db, viewer: Viewer) -> None:
    """One that is under way goes on where it was left."""
    before = await newest(db, viewer, viewer.staff_id, lock=True)
    if before is not None and before.ended_at is None:
        return
    if waits_for_supervisor(before):
        raise Conflict(WITH_SUPERVISOR)
    words = content.words()
    row = PracticeRun(
        program_id=viewer.program_id,
        id=new_id(),
        staff_id=viewer.staff_id,
        kind="words",
        subject=words.module.id,
        version=words.module.version,
        sha256=words.sha256,
        begun_at=now_of(db),
        possible=len(words.module.questions),
    )
    kept.keep_words(db, row, kept.WordsKept())
    db.add(row)
    await note(db, viewer, Kind.practice_begun, row)


async def progress(db: Db, viewer: Viewer, given: WordsProgress) -> None:
    row = await _open(db, viewer)
    told, module = kept.of_words(db, row), content.words().module
    if given.part is not None:
        if given.part not in {part.id for part in module.parts}:
            raise NotFound("There is no such part. Load the page again.")
        told.parts = list(dict.fromkeys([*told.parts, given.part]))
    if given.talk is not None:
        if scoring.walked(module, given.talk, given.picks) == "wrong":
            raise NotValid("The conversation does not go that way. Load the page again.")
        told.talks = {**told.talks, given.talk: list(given.picks)}
    kept.keep_words(db, row, told)
    await note(db, viewer, Kind.practice_saved, row)


async def answer(db: Db, viewer: Viewer, given: WordsAnswers) -> None:
    """Passing ends it. The last try without passing ends it too, until a supervisor opens it again."""
    row = await _open(db, viewer)
    told, module = kept.of_words(db, row), content.words().module
    if not ready(module, told):
        raise Conflict("Read each part and go through each conversation first; the check comes after them.")
    if missing := [one.id for one in module.questions if one.id not in given.answers]:
        raise NotValid("Some questions are open.", fields=dict.fromkeys(missing, "Choose an answer."))
    told.answers = {one.id: given.answers[one.id] for one in module.questions}
    kept.keep_words(db, row, told)
    row.reached = len(scoring.right_answers(module, told.answers))
    row.possible = len(module.questions)
    row.attempts += 1
    passed = scoring.passes(module, row.reached)
    if passed or row.attempts >= module.attempts:
        row.outcome, row.ended_at = "passed" if passed else "not_yet", now_of(db)
        row.version, row.sha256 = module.version, content.words().sha256
    await note(db, viewer, Kind.practice_answered, row)


def ready(module: Module, told: kept.WordsKept) -> bool:
    return {part.id for part in module.parts} <= set(told.parts) and all(
        scoring.walked(module, talk.id, told.talks.get(talk.id, [])) == "whole" for talk in module.talks
    )


async def open_again(db: Db, viewer: Viewer, staff_id: UUID) -> None:
    """A supervisor talked with them: they may begin anew. Pressed twice it changes nothing."""
    row = await newest(db, viewer, staff_id, lock=True)
    if row is None or row.outcome != "not_yet":
        raise NotFound("Nothing of theirs waits for a supervisor.")
    if row.released_at is None:
        row.released_at, row.released_by = now_of(db), viewer.staff_id
        await note(db, viewer, Kind.practice_released, row)


async def _open(db: Db, viewer: Viewer) -> PracticeRun:
    row = await newest(db, viewer, viewer.staff_id, lock=True)
    if waits_for_supervisor(row):
        raise Conflict(WITH_SUPERVISOR)
    if row is None or row.ended_at is not None:
        raise Conflict("Begin it first.")
    return row
