"""Who opened what of one client's record, read back from the journal: for supervisors, and for a client who asks (PRIV-6).

Nothing is kept for it beside the journal. Reading it is an entry too.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.clients.contact_views import View
from app.clients.queries import client_of
from app.db import Db
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.journal.write import NewEntry, write
from app.staff import queries as staff
from app.staff.access import Viewer

LINES = 50
# What each look was, as the end of a sentence: "Sam Okafor opened ...". Words and numbers stand in no line.
LOOKS: dict[str, str] = {
    Kind.client_revealed: "numbers, address and notes",
    Kind.client_history_read: "an earlier version of the record",
    Kind.plan_opened: "the safety plan",
    Kind.plan_exported: "the safety plan, to save or print it",
    Kind.record_exported: "the whole record, to give a copy",
    Kind.code_words_revealed: "the code words",
    Kind.number_shown: "a telephone number",
    Kind.disclosures_read: "what was told outside",
    Kind.reports_read: "reports the law asks for",
    Kind.client_note_read: "a private note",
    Kind.emergency_access_opened: "the record, by emergency access",
    Kind.check_read: "answers of a safety check",
    Kind.card_exported: "the dispatch card, to save or print it",
    Kind.handoff_exported: "the handoff, to save or print it",
    Kind.death_read: "what is written of a death",
    Kind.follow_up_read: "what was said in a call after a crisis",
    Kind.follow_up_rung: "a telephone number, for a call after a crisis",
    Kind.access_log_read: "this list",
}


class Look(View):
    seq: int
    at: datetime
    by: str
    what: str
    during_incident: bool


class AccessLog(View):
    """The newest first. `more`: ask again with the `seq` of the last line."""

    lines: list[Look]
    more: bool


async def of_client(db: Db, viewer: Viewer, client_id: UUID, below: int | None) -> AccessLog:
    await client_of(db, viewer.program_id, client_id)
    wanted = select(Entry).where(
        Entry.program_id == viewer.program_id, Entry.client_id == client_id, Entry.kind.in_(LOOKS)
    )
    if below is not None:
        wanted = wanted.where(Entry.seq < below)
    rows = (await db.scalars(wanted.order_by(Entry.seq.desc()).limit(LINES + 1))).all()
    names = await staff.names(db, viewer.program_id, {row.actor_id for row in rows if row.actor_id})
    found = AccessLog(
        lines=[
            Look(
                seq=row.seq,
                at=row.occurred_at,
                by=names.get(row.actor_id, "Somebody") if row.actor_id else "Handrail",
                what=LOOKS[row.kind],
                during_incident=row.incident_id is not None,
            )
            for row in rows[:LINES]
        ],
        more=len(rows) > LINES,
    )
    entry = NewEntry(Kind.access_log_read, viewer.actor, client_id=client_id, retention="audit")
    await write(db, viewer.program_id, [entry])
    return found
