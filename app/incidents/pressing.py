"""What every press on an incident begins and ends with: its case under a lock, and one block of entries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.errors import Conflict, NotFound, SomebodyWasFirst
from app.incidents import cases, rules
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.legs import Work
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.queries import may_work_on
from app.incidents.situation import Move, Signal, Verified
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer


async def case_of(db: Db, viewer: Viewer, incident_id: UUID) -> Case:
    """The open incident, locked. Absent and not yours read the same."""
    found = await cases.lock(db, [incident_id])
    if not found or found[0].program_id != viewer.program_id:
        raise NotFound("There is no such incident among the groups you work with.")
    case = (await cases.load(db, found))[incident_id]
    if not await may_work_on(db, viewer, case):
        raise NotFound("There is no such incident among the groups you work with.")
    if case.incident.state != "open":
        raise Conflict(
            "This incident is closed. Open a new one if something has happened since.", code="closed"
        )
    return case


async def open_incident(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    found: UUID | None = await db.scalar(
        select(Incident.id).where(
            Incident.program_id == program_id, Incident.client_id == client_id, Incident.state == "open"
        )
    )
    return found


async def whose(db: Db, viewer: Viewer, incident_id: UUID) -> tuple[UUID, UUID]:
    """Client and meeting, without locking: presence rows are locked before incidents, everywhere."""
    row = (
        await db.execute(
            select(Incident.client_id, Incident.group_session_id).where(
                Incident.program_id == viewer.program_id, Incident.id == incident_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such incident among the groups you work with.")
    return row.client_id, row.group_session_id


def about_step(case: Case, step_id: UUID, kind: Kind, viewer: Viewer, **detail: Any) -> NewEntry:
    step = case.step(step_id)
    if step is None:
        raise SomebodyWasFirst(
            "This step is over already: somebody, or Handrail, was first. The list shows who."
        )
    return about(case.incident, kind, viewer.actor, step=step.key, step_id=step_id, by_person=True, **detail)


def renew_of(case: Case, viewer: Viewer, now: datetime) -> None:
    """Any logged act of the owner renews their acknowledgement (R15)."""
    if case.incident.owner_id == viewer.staff_id and case.incident.owned_until:
        case.incident.owned_until = max(case.incident.owned_until, cases.owned_until(case.incident.tier, now))


async def press(
    db: Db, case: Case, viewer: Viewer, signal: Signal | None, entry: NewEntry, *, renews: bool = True
) -> None:
    now = now_of(db)
    if renews:
        renew_of(case, viewer, now)
    move = Move()
    if signal is not None and (case.incident.verified_at is None or isinstance(signal, Verified)):
        try:
            move = rules.advance(case.protocol, case.situation(), signal, now)
        except rules.IllegalMove as refused:
            raise Conflict(
                "This cannot be answered like that now. Look at the incident again: it may have moved on.",
                code="not_now",
            ) from refused
    await carry_out(db, [Work(case, move, viewer.actor, [entry])])
