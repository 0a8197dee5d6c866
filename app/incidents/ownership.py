"""Who has an incident: taken, given back, kept, expired (R15)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.clock import ago
from app.db import Db, now_of
from app.errors import Conflict, SomebodyWasFirst
from app.incidents import cases, rules
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.pressing import case_of, press, told_to_runs
from app.incidents.situation import Released, Taken
from app.incidents.staffing import staffing_of
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE
from app.staff.access import Viewer
from app.staff.models import StaffMember

UNDO_SECONDS = 8


async def take(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """Raises SomebodyWasFirst, with who and when, while somebody else's acknowledgement stands."""
    await take_case(db, viewer, await case_of(db, viewer, incident_id))


async def take_case(db: Db, viewer: Viewer, case: Case) -> None:
    """The same of a case that is locked and loaded, and theirs to work on."""
    incident, now = case.incident, now_of(db)
    if incident.owner_id == viewer.staff_id:
        await press(db, case, viewer, None, about(incident, Kind.incident_renewed, viewer.actor))
        return
    if incident.owner_id and incident.owned_until and incident.owned_until > now:
        raise SomebodyWasFirst(await _who_was_first(db, incident, now))
    until = cases.owned_until(incident.tier, now)
    incident.owner_id = viewer.staff_id
    incident.taken_at = now
    incident.first_taken_at = incident.first_taken_at or now
    incident.owned_until = until
    case.staff.people |= (await staffing_of(db, [case.meeting], [viewer.staff_id])).people
    entry = about(incident, Kind.incident_taken, viewer.actor, until=until)
    await press(db, case, viewer, Taken(until), entry)


async def _who_was_first(db: Db, incident: Incident, now: datetime) -> str:
    name = await db.scalar(
        select(StaffMember.name).where(
            StaffMember.program_id == incident.program_id, StaffMember.id == incident.owner_id
        )
    )
    return f"{name} took it {ago((now - (incident.taken_at or now)).total_seconds())}."


async def release(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """Gives it back, or undoes a press within eight seconds; nobody has it then, and the chain goes on as if nobody had."""
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    if incident.owner_id != viewer.staff_id:
        raise Conflict("You do not have this one, so there is nothing to give back.", code="not_yours")
    undone = incident.taken_at is not None and (now - incident.taken_at).total_seconds() <= UNDO_SECONDS
    incident.owner_id = incident.taken_at = incident.owned_until = None
    entry = about(incident, Kind.incident_released, viewer.actor, undone=undone)
    await press(db, case, viewer, Released(), entry, renews=False)


async def renew(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    case = await case_of(db, viewer, incident_id)
    if case.incident.owner_id != viewer.staff_id:
        raise Conflict("You do not have this one. Take it first.", code="not_yours")
    await press(db, case, viewer, None, about(case.incident, Kind.incident_renewed, viewer.actor))


async def expire_ownership(db: Db, incidents: Sequence[UUID]) -> None:
    """R15: an acknowledgement that nobody renewed ends; the alert is loud again and the chain hurries. Engine only."""
    now = now_of(db)
    locked = [
        i
        for i in await cases.lock(db, incidents)
        if i.state == "open"
        and i.owner_id
        and i.owned_until
        and i.owned_until <= now
        and i.verified_at is None
    ]
    work = []
    for case in (await cases.load(db, locked)).values():
        incident = case.incident
        entry = about(incident, Kind.ownership_expired, RULE, owner=incident.owner_id)
        incident.owner_id = incident.taken_at = incident.owned_until = None
        move = rules.advance(case.protocol, case.situation(), Released(), now)
        work.append(Work(case, move, RULE, [entry]))
    work += await told_to_runs(db, [item.case for item in work], Released())
    await carry_out(db, work)
