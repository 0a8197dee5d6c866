"""Reading one incident, and saying in the journal that its sealed fields were read."""

from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.db import Db
from app.errors import NotFound
from app.incidents.cases import Case, load
from app.incidents.models import Incident
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, has_emergency_access, may_see_group_session

PRESSED = (Kind.emergency_declared.value, Kind.emergency_joined.value)


async def readable_case(db: Db, viewer: Viewer, incident_id: UUID) -> Case:
    """For reading: not locked, closed ones too."""
    incident = await db.get(Incident, (viewer.program_id, incident_id))
    loaded = await load(db, [incident]) if incident else {}
    case = loaded.get(incident_id)
    if case is None or not await may_work_on(db, viewer, case):
        raise NotFound("There is no such incident among the groups you work with.")
    return case


async def may_work_on(db: Db, viewer: Viewer, case: Case) -> bool:
    """One of the four of the meeting, a supervisor, the owner, whoever declared an emergency in it, or somebody with
    emergency access to the client."""
    if may_see_group_session(viewer, case.meeting) or case.incident.owner_id == viewer.staff_id:
        return True
    if await _declared(db, viewer, case.incident):
        return True
    return await has_emergency_access(db, viewer, case.incident.client_id)


async def _declared(db: Db, viewer: Viewer, incident: Incident) -> bool:
    """The client may be on the list of two groups: whoever presses in one of them works on what stands in the other,
    until it closes. Also who has taken the press back: they work with this client."""
    if incident.state != "open" or "clinician" not in viewer.roles:
        return False
    mine = select(Incident.id).where(
        Incident.program_id == incident.program_id,
        Incident.id == incident.id,
        pressers().contains([viewer.staff_id]),
    )
    return await db.scalar(mine) is not None


def pressers() -> ColumnElement[list[UUID]]:
    """Of each incident: who declared an emergency in it."""
    found = select(Entry.actor_id).where(
        Entry.program_id == Incident.program_id,
        Entry.incident_id == Incident.id,
        Entry.kind.in_(PRESSED),
        Entry.actor_id.is_not(None),
    )
    return func.array(found.correlate(Incident).scalar_subquery(), type_=ARRAY(Uuid()))


async def journal_reveal(db: Db, viewer: Viewer, case: Case, what: str) -> None:
    """Reads of sealed fields are entries too, of a kind that wakes no board."""
    entry = NewEntry(
        Kind.client_revealed,
        viewer.actor,
        incident_id=case.incident.id,
        client_id=case.incident.client_id,
        detail={"what": what},
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])
