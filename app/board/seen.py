"""Somebody had the alert on a visible screen: kept once per person and incident, and wakes nobody."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.board.access import Access
from app.db import Database, now_of
from app.incidents.models import AlertSeen, Incident
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer


async def record_seen(database: Database, viewer: Viewer, access: Access, message: dict[str, Any]) -> None:
    try:
        incident_id = UUID(str(message.get("incident")))
    except ValueError:
        return
    async with database.transaction(viewer.program_id) as db:
        incident = (
            await db.execute(
                select(Incident).where(
                    Incident.program_id == viewer.program_id,
                    Incident.id == incident_id,
                    Incident.state == "open",
                )
            )
        ).scalar_one_or_none()
        if incident is None or not access.sees(incident.group_session_id):
            return
        first = await db.execute(
            insert(AlertSeen)
            .values(
                program_id=viewer.program_id, incident_id=incident_id, staff_id=viewer.staff_id, at=now_of(db)
            )
            .on_conflict_do_nothing()
            .returning(AlertSeen.staff_id)
        )
        if first.first() is not None:
            entry = NewEntry(
                Kind.alert_seen,
                viewer.actor,
                incident_id=incident_id,
                client_id=incident.client_id,
                group_session_id=incident.group_session_id,
            )
            await write(db, viewer.program_id, [entry])
