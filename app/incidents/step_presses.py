"""What a person does to a step: stop, skip, hurry, answer."""

from uuid import UUID

from app.db import Db
from app.incidents.pressing import about_step, case_of, press
from app.incidents.situation import Hurried, PersonOutcome, Skipped, Stopped
from app.journal.kinds import Kind
from app.staff.access import Viewer


async def stop(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, reason: str | None) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = about_step(case, step_id, Kind.step_stopped, viewer, reason=reason)
    await press(db, case, viewer, Stopped(step_id), entry)


async def skip(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, reason: str) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = about_step(case, step_id, Kind.step_skipped, viewer, reason=reason)
    await press(db, case, viewer, Skipped(step_id), entry)


async def hurry(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID) -> None:
    case = await case_of(db, viewer, incident_id)
    entry = about_step(case, step_id, Kind.step_hurried, viewer)
    await press(db, case, viewer, Hurried(step_id), entry)


async def answer_step(
    db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, outcome: str, note: str | None
) -> None:
    """A person's answer to a step that waits for one. Raises Conflict when the rules do not take it now."""
    case = await case_of(db, viewer, incident_id)
    entry = about_step(case, step_id, Kind.step_done, viewer, outcome=outcome, note=note)
    await press(db, case, viewer, PersonOutcome(step_id, outcome), entry)
