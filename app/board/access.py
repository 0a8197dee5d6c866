"""What one viewer may see on a board, computed once and compared, never asked again per message."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app.db import Db
from app.group_sessions.models import GroupSession
from app.staff.access import Viewer, refreshed


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


ENDED = Access(everything=False, meetings=frozenset(), locked=True, ended=True)


async def access_of(db: Db, viewer: Viewer) -> Access:
    now = await refreshed(db, viewer)
    if now is None:
        return ENDED
    everything = "supervisor" in now.roles
    meetings: frozenset[UUID] = frozenset()
    if not everything and "clinician" in now.roles:
        me = viewer.staff_id
        found = await db.execute(
            select(GroupSession.id).where(
                GroupSession.program_id == viewer.program_id,
                GroupSession.state.in_(("scheduled", "open", "paused")),
                or_(
                    GroupSession.lead_id == me,
                    GroupSession.cofacilitator_id == me,
                    GroupSession.supervisor_id == me,
                    GroupSession.backup_id == me,
                ),
            )
        )
        meetings = frozenset(found.scalars())
    return Access(everything, meetings, now.locked, False, now.access_seq)
