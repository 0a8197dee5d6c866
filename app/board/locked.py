"""What a locked screen may know: that something is wrong, how urgently, and at which tile. Never who.

A tile's number is its place on this viewer's own board, counted through the groups in their order.
"""

from uuid import UUID

from sqlalchemy import and_, func, select

from app.board.access import Access
from app.board.cards import LiveLocked, LockedAlarm
from app.clients.models import Client
from app.db import Db
from app.group_sessions.models import Group, GroupSession, Presence
from app.incidents.models import EscalationStep, Incident

OPEN = ("scheduled", "open", "paused")


async def locked_message(db: Db, program_id: UUID, access: Access, seq: int) -> str:
    """Every open alert, each time: a screen with names covered keeps no cards to add to."""
    return LiveLocked(seq=seq, alarms=await _alarms(db, program_id, access)).model_dump_json()


async def _alarms(db: Db, program_id: UUID, access: Access) -> list[LockedAlarm]:
    next_limit = func.min(EscalationStep.limit_at).filter(EscalationStep.status == "pending")
    query = (
        select(Incident.client_id, Incident.group_session_id, Incident.tier, next_limit.label("limit_at"))
        .outerjoin(
            EscalationStep,
            and_(EscalationStep.program_id == Incident.program_id, EscalationStep.incident_id == Incident.id),
        )
        .where(Incident.program_id == program_id, Incident.state == "open")
        .group_by(Incident.program_id, Incident.id)
        .order_by(Incident.drop_at, Incident.id)
    )
    rows = [row for row in await db.execute(query) if access.sees(row.group_session_id)]
    if not rows:
        return []
    tiles = await _tiles(db, program_id, access)
    # Somebody whose group has closed meanwhile has no tile any more; their alarm comes after all of those.
    numbers = iter(range(len(tiles) + 1, len(tiles) + len(rows) + 1))
    return [
        LockedAlarm(
            tile=tiles.get((row.group_session_id, row.client_id)) or next(numbers),
            tier=row.tier,
            limit_at=row.limit_at,
        )
        for row in rows
    ]


async def _tiles(db: Db, program_id: UUID, access: Access) -> dict[tuple[UUID, UUID], int]:
    found = await db.execute(
        select(Presence.group_session_id, Presence.client_id)
        .join(
            GroupSession,
            and_(
                GroupSession.program_id == Presence.program_id, GroupSession.id == Presence.group_session_id
            ),
        )
        .join(Group, and_(Group.program_id == GroupSession.program_id, Group.id == GroupSession.group_id))
        .join(Client, and_(Client.program_id == Presence.program_id, Client.id == Presence.client_id))
        .where(Presence.program_id == program_id, Presence.removed_at.is_(None), GroupSession.state.in_(OPEN))
        .order_by(GroupSession.starts_at, Group.name, Client.name_used, Presence.client_id)
    )
    mine = [tuple(row) for row in found if access.sees(row.group_session_id)]
    return {(meeting, client): number for number, (meeting, client) in enumerate(mine, start=1)}
