"""Reading one incident, and saying in the journal that its sealed fields were read."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

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
    until it closes."""
    if incident.state != "open" or incident.triage is None or "clinician" not in viewer.roles:
        return False
    pressed = await pressers(db, incident.program_id, [incident.id])
    return viewer.staff_id in pressed.get(incident.id, ())


async def pressers(db: Db, program_id: UUID, incidents: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """By incident: who declared an emergency in it. Also one who has taken it back: they work with this client."""
    if not incidents:
        return {}
    rows = await db.execute(
        select(Entry.incident_id, Entry.actor_id).where(
            Entry.program_id == program_id,
            Entry.incident_id.in_(list(incidents)),
            Entry.kind.in_(PRESSED),
        )
    )
    found: dict[UUID, frozenset[UUID]] = {}
    for incident_id, staff_id in rows:
        if incident_id is not None and staff_id is not None:
            found[incident_id] = found.get(incident_id, frozenset()) | {staff_id}
    return found


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
