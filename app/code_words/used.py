"""A danger word that was used: it goes on working, and is due to be chosen anew (R12). The caller writes the entry last."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.code_words.models import CodeWord
from app.db import Db, now_of
from app.journal.kinds import Kind as Entry
from app.journal.write import Actor, NewEntry


async def spent_by_use(db: Db, program_id: UUID, client_id: UUID, actor: Actor) -> list[NewEntry]:
    """No entry where none is kept, or where it was spent before: it is due since then."""
    word = await _danger_word(db, program_id, client_id)
    if word is None or word.used_at is not None:
        return []
    word.used_at = now_of(db)
    detail = {"kind": "danger", "why": "used"}
    return [NewEntry(Entry.code_word_spent, actor, client_id=client_id, detail=detail)]


async def not_used(
    db: Db, program_id: UUID, client_id: UUID, since: datetime, actor: Actor
) -> list[NewEntry]:
    """The press was wrong: a word that was spent by it is as fresh as before."""
    word = await _danger_word(db, program_id, client_id)
    if word is None or word.used_at is None or word.used_at < since:
        return []
    word.used_at = None
    detail = {"kind": "danger", "why": "not_used"}
    return [NewEntry(Entry.code_word_spent, actor, client_id=client_id, detail=detail)]


async def _danger_word(db: Db, program_id: UUID, client_id: UUID) -> CodeWord | None:
    found: CodeWord | None = await db.scalar(
        select(CodeWord)
        .where(
            CodeWord.program_id == program_id,
            CodeWord.client_id == client_id,
            CodeWord.kind == "danger",
            CodeWord.ended_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found
