"""The private lines from the companion page, for the two staff who run the meeting and nobody else (R13)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.group_sessions.models import ClientNote, GroupSession
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.access import Viewer


class NoteHead(BaseModel):
    id: UUID
    client_id: UUID
    at: datetime
    read_at: datetime | None


class NoteView(NoteHead):
    words: str


async def heads(db: Db, viewer: Viewer, group_session_id: UUID) -> list[NoteHead]:
    return [
        NoteHead(id=note.id, client_id=note.client_id, at=note.at, read_at=note.read_at)
        for note in await _notes(db, viewer, group_session_id)
    ]


async def read_notes(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID | None = None
) -> list[NoteView]:
    """Oldest first. Who first read one, and when, stays with it and goes into the journal."""
    notes = [
        note
        for note in await _notes(db, viewer, group_session_id)
        if client_id is None or note.client_id == client_id
    ]
    fresh = [note for note in notes if note.read_at is None]
    for note in fresh:
        note.read_by, note.read_at = viewer.staff_id, now_of(db)
    if fresh:
        await write(db, viewer.program_id, [_read(viewer, note) for note in fresh])
    return [
        NoteView(
            id=note.id,
            client_id=note.client_id,
            at=note.at,
            words=reveal(db, note, "words") or "",
            read_at=note.read_at,
        )
        for note in notes
    ]


async def _notes(db: Db, viewer: Viewer, group_session_id: UUID) -> Sequence[ClientNote]:
    meeting = (
        await db.execute(
            select(GroupSession).where(
                GroupSession.program_id == viewer.program_id, GroupSession.id == group_session_id
            )
        )
    ).scalar_one_or_none()
    # The page promises it: "Only they can read it."
    if meeting is None or viewer.staff_id not in (meeting.lead_id, meeting.cofacilitator_id):
        raise NotFound("There are no private notes for you here.")
    notes = await db.execute(
        select(ClientNote)
        .where(ClientNote.program_id == viewer.program_id, ClientNote.group_session_id == group_session_id)
        .order_by(ClientNote.at, ClientNote.id)
    )
    return notes.scalars().all()


def _read(viewer: Viewer, note: ClientNote) -> NewEntry:
    return NewEntry(
        Kind.client_note_read,
        Actor("person", viewer.staff_id),
        client_id=note.client_id,
        group_session_id=note.group_session_id,
        detail={"note_id": str(note.id)},
        retention="audit",
    )
