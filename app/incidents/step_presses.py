"""What a person does to a step: stop, skip, hurry, answer."""

from uuid import UUID

from app.db import Db
from app.errors import NotAllowed
from app.incidents.cases import Case
from app.incidents.pressing import about_step, case_of_step, press
from app.incidents.runs import leads_to_a_loss, lost
from app.incidents.situation import Hurried, PersonOutcome, Skipped, Stopped
from app.journal.kinds import Kind
from app.protocols.schema import TOO_OFTEN
from app.staff.access import Viewer


async def stop(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, reason: str | None) -> None:
    case = await case_of_step(db, viewer, incident_id, step_id)
    entry = about_step(case, step_id, Kind.step_stopped, viewer, reason=reason)
    await press(db, case, viewer, Stopped(step_id), entry)


async def skip(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, reason: str) -> None:
    case = await case_of_step(db, viewer, incident_id, step_id)
    entry = about_step(case, step_id, Kind.step_skipped, viewer, reason=reason)
    await press(db, case, viewer, Skipped(step_id), entry)


async def hurry(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID) -> None:
    case = await case_of_step(db, viewer, incident_id, step_id)
    entry = about_step(case, step_id, Kind.step_hurried, viewer)
    await press(db, case, viewer, Hurried(step_id), entry)


async def answer_step(
    db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, outcome: str, note: str | None
) -> None:
    """A person's answer to a step that waits for one. Raises Conflict when the rules do not take it now."""
    if await leads_to_a_loss(db, viewer, incident_id, step_id, outcome):
        await lost(db, viewer, incident_id)
    case = await case_of_step(db, viewer, incident_id, step_id)
    _may_decide(case, step_id, viewer)
    entry = about_step(case, step_id, Kind.step_done, viewer, outcome=outcome, note=note)
    await press(db, case, viewer, PersonOutcome(step_id, outcome), entry)


def _may_decide(case: Case, step_id: UUID, viewer: Viewer) -> None:
    """What came round five times is for the supervisor to decide, or for whoever stands in for them."""
    step = case.step(step_id)
    stands_in = viewer.staff_id in (case.meeting.supervisor_id, case.meeting.backup_id)
    if step is not None and step.key == TOO_OFTEN and not stands_in and "supervisor" not in viewer.roles:
        raise NotAllowed("The supervisor or the backup decides this one. They are being rung.")
