"""A logged look: the words unsealed for one person, who knows them from then on. The caller has checked who asks."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.code_words.choosing import KINDS
from app.code_words.models import CodeWord, CodeWordKnown
from app.code_words.queries import kept
from app.code_words.views import ShownWord
from app.db import Db, new_id, now_of, reveal
from app.journal.kinds import Kind as Entry
from app.journal.write import NewEntry
from app.staff.access import Viewer

# Long enough to read ten lines aloud to each other, short enough for a screen that somebody walks past.
SHOWN_FOR_S = 60


def opened(db: Db, words: Iterable[CodeWord]) -> list[ShownWord]:
    """The gravest kind first."""
    shown = [
        ShownWord.model_validate(
            {"kind": word.kind, "form": word.form, "phrase": reveal(db, word, "phrase") or ""}
        )
        for word in words
    ]
    return sorted(shown, key=lambda word: KINDS.index(word.kind))


async def know(db: Db, viewer: Viewer, words: Sequence[CodeWord]) -> None:
    """Each word remembers whom it was shown to, once."""
    if not words:
        return
    rows = [
        {
            "program_id": viewer.program_id,
            "id": new_id(),
            "word_id": word.id,
            "staff_id": viewer.staff_id,
            "since": now_of(db),
        }
        for word in words
    ]
    await db.execute(insert(CodeWordKnown).values(rows).on_conflict_do_nothing())


def looked(
    viewer: Viewer,
    client_id: UUID,
    words: Iterable[CodeWord],
    where: str,
    *,
    group_session_id: UUID | None = None,
    incident_id: UUID | None = None,
) -> NewEntry:
    """One line for each client whose words were shown, every time: kinds, never words."""
    return NewEntry(
        Entry.code_words_revealed,
        viewer.actor,
        client_id=client_id,
        group_session_id=group_session_id,
        incident_id=incident_id,
        detail={"where": where, "kinds": [kept(word).kind for word in words]},
        retention="audit",
    )
