"""Reading one incident, and saying in the journal that its sealed fields were read."""

from uuid import UUID

from app.db import Db
from app.errors import NotFound
from app.incidents.cases import Case, load
from app.incidents.models import Incident
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, has_emergency_access, may_see_group_session


async def readable_case(db: Db, viewer: Viewer, incident_id: UUID) -> Case:
    """For reading: not locked, closed ones too."""
    incident = await db.get(Incident, (viewer.program_id, incident_id))
    loaded = await load(db, [incident]) if incident else {}
    case = loaded.get(incident_id)
    if case is None or not await may_work_on(db, viewer, case):
        raise NotFound("There is no such incident among the groups you work with.")
    return case


async def may_work_on(db: Db, viewer: Viewer, case: Case) -> bool:
    """One of the four of the meeting, a supervisor, the owner, or somebody with emergency access to the client."""
    if may_see_group_session(viewer, case.meeting) or case.incident.owner_id == viewer.staff_id:
        return True
    return await has_emergency_access(db, viewer, case.incident.client_id)


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
