"""What one viewer may see on a board, computed once and compared, never asked again per message."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app.db import Db
from app.group_sessions.models import GroupSession
from app.staff.access import Viewer, all_refreshed


@dataclass(frozen=True, slots=True)
class Access:
    """`everything`: a supervisor of the program. `meetings`: group sessions this person is one of the four of."""

    everything: bool
    meetings: frozenset[UUID]
    locked: bool
    ended: bool = False
    since: int = 0

    def sees(self, group_session_id: UUID) -> bool:
        return self.everything or group_session_id in self.meetings


FOUR = (
    GroupSession.lead_id,
    GroupSession.cofacilitator_id,
    GroupSession.supervisor_id,
    GroupSession.backup_id,
)

ENDED = Access(everything=False, meetings=frozenset(), locked=True, ended=True)


async def access_of(db: Db, viewer: Viewer) -> Access:
    return (await access_of_all(db, viewer.program_id, [viewer])).get(viewer.sign_in_id, ENDED)


async def access_of_all(db: Db, program_id: UUID, viewers: Collection[Viewer]) -> dict[UUID, Access]:
    """By sign-in, in two reads however many look; a sign-in that has ended is missing."""
    standing = await all_refreshed(db, program_id, {viewer.sign_in_id for viewer in viewers})
    clinicians = {now.staff_id for now in standing.values() if _by_meeting(now)}
    meetings = await _meetings(db, program_id, clinicians) if clinicians else {}
    return {
        sign_in_id: Access(
            everything="supervisor" in now.roles,
            meetings=frozenset(meetings.get(now.staff_id, ())) if _by_meeting(now) else frozenset(),
            locked=now.locked,
            since=now.access_seq,
        )
        for sign_in_id, now in standing.items()
    }


def _by_meeting(viewer: Viewer) -> bool:
    return "clinician" in viewer.roles and "supervisor" not in viewer.roles


async def _meetings(db: Db, program_id: UUID, staff_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By person: the meetings that stand and of whose four people they are one."""
    rows = await db.execute(
        select(GroupSession.id, *FOUR).where(
            GroupSession.program_id == program_id,
            GroupSession.state.in_(("scheduled", "open", "paused")),
            or_(*(column.in_(staff_ids) for column in FOUR)),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for meeting_id, *four in rows:
        for staff_id in four:
            if staff_id is not None:
                found.setdefault(staff_id, set()).add(meeting_id)
    return found
