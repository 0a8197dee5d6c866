"""Possible quiet signals that nobody in the room answers: people outside it are told by a text, then by a ring, until a
person has said what it is (R5, R14). Never a third party, and never that anything was said (R1, R13)."""

from uuid import UUID

from app.calls.staff_texts import ring_to_look, tell_to_look
from app.db import Database
from app.group_sessions import signals
from app.group_sessions.models import GroupSession
from app.journal.write import NewEntry, write_all
from app.staff.models import Program

BATCH = 100


async def tell_outside(database: Database) -> int:
    """One batch. Returns how many waited."""
    async with database.transaction(None) as db:
        entries: dict[UUID, list[NewEntry]] = {}
        for row, meeting in await signals.unanswered(db, BATCH):
            program = await db.get_one(Program, row.program_id)
            tell = ring_to_look if signals.is_rung(row) else tell_to_look
            told = await tell(db, program, _outside(meeting), row.id)
            entries.setdefault(row.program_id, []).append(signals.told_outside(db, row, told))
        await write_all(db, entries)
        return sum(len(found) for found in entries.values())


def _outside(meeting: GroupSession) -> list[UUID]:
    in_the_room = (meeting.lead_id, meeting.cofacilitator_id)
    return [
        person
        for person in (meeting.supervisor_id, meeting.backup_id)
        if person is not None and person not in in_the_room
    ]
