"""Opening with gaps: what is asked at the door is asked there, every other gap becomes a task of whoever opened (R8)."""

from datetime import timedelta

from sqlalchemy import select

from app.db import Db
from app.group_sessions import readiness
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.ready import of_meeting
from app.group_sessions.roster import newest_places
from app.group_sessions.staffing import PLACES, WORDS
from app.journal.write import NewEntry
from app.staff.access import Viewer
from app.staff.models import StaffPhone
from app.tasks.actions import Gap, open_for_gaps

# The evening is for the group. By the next day somebody has done it, handed it on, or is late.
DUE_AFTER = timedelta(hours=24)


async def open_with_gaps(db: Db, viewer: Viewer, meeting: GroupSession) -> list[NewEntry]:
    """Returns the entries; the caller writes them last, with its own."""
    gaps = [
        *await _of_people(db, meeting),
        *[Gap(word, readiness.TO_DO[word], None, meeting.id) for word in await staff_gaps(db, meeting)],
    ]
    return await open_for_gaps(
        db, viewer.program_id, gaps, owner_id=viewer.staff_id, due_at=meeting.ends_at + DUE_AFTER
    )


async def _of_people(db: Db, meeting: GroupSession) -> list[Gap]:
    expected = await db.scalars(
        select(Presence.client_id).where(
            Presence.program_id == meeting.program_id,
            Presence.group_session_id == meeting.id,
            Presence.removed_at.is_(None),
        )
    )
    ids = list(expected)
    places = await newest_places(db, meeting.program_id, meeting.id, ids)
    known = await of_meeting(db, meeting, ids, places)
    return [
        Gap(key, readiness.TO_DO[key], client_id, meeting.id)
        for client_id, now in known.items()
        for key in now.state.all
        if key not in readiness.NO_TASK
    ]


async def staff_gaps(db: Db, meeting: GroupSession) -> list[str]:
    named = {WORDS[place]: person for place in PLACES if (person := getattr(meeting, place)) is not None}
    rung = set(
        await db.scalars(
            select(StaffPhone.staff_id).where(
                StaffPhone.program_id == meeting.program_id, StaffPhone.staff_id.in_(list(named.values()))
            )
        )
    )
    return readiness.staff_gaps(named, {word for word, person in named.items() if person in rung})
