"""Closing an incident: what its tier asked for and nobody has written down yet becomes a task of whoever closes (D6, R8)."""

from datetime import datetime, timedelta
from uuid import UUID

from app.db import Db, now_of
from app.follow_ups import owing, rules
from app.incidents import actions
from app.incidents.cases import CONNECTION_LOST, Case
from app.incidents.presence import about
from app.incidents.pressing import case_of
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer
from app.tasks.actions import open_task
from app.tasks.queries import of_gaps
from app.triage import care, care_rules
from app.triage.checks import put_away
from app.triage.queries import newest

# (d) What nobody gave a time for is done by the next day.
BY_THEN = timedelta(hours=24)


async def close(
    db: Db,
    viewer: Viewer,
    incident_id: UUID,
    outcome: str,
    words: str,
    next_contact_at: datetime | None,
    caregiver_call: bool | None = None,
) -> None:
    """Refused only where a clinical rule demands it: a live check (R3), and a lowering that waits (R15).

    `caregiver_call`: what whoever closes says about it; by itself it is owed at high and imminent (F9, R12).
    """
    case = await case_of(db, viewer, incident_id)
    more = await _owed_after(db, viewer, case, outcome, caregiver_call)
    more += await _put_away(db, viewer, case)
    more += await _as_tasks(db, viewer, case, contact_agreed=next_contact_at is not None)
    await actions.close(db, viewer, incident_id, outcome, words, next_contact_at, more=more)


async def _owed_after(
    db: Db, viewer: Viewer, case: Case, outcome: str, caregiver_call: bool | None
) -> list[NewEntry]:
    """A call to a caregiver within 24 to 72 hours, and check-ins to plan. No press of theirs is skipped by silence."""
    incident, entries = case.incident, list[NewEntry]()
    wanted = await owes_call(db, case, outcome) if caregiver_call is None else caregiver_call
    if wanted:
        entries += await owing.owe_call(
            db,
            viewer,
            incident.client_id,
            incident.tier,
            incident.id,
            group_session_id=incident.group_session_id,
        )
    if await owes_call(db, case, outcome):
        entries += await owing.owe_plan(db, viewer, incident.client_id, incident.group_session_id)
    return entries


async def owes_call(db: Db, case: Case, outcome: str) -> bool:
    incident = case.incident
    row = await newest(db, incident.program_id, incident.id)
    checked = incident.triage is not None or (row is not None and row.state == "done")
    lost_only = incident.kind == CONNECTION_LOST and not checked
    return rules.owes_call(incident.tier, outcome, lost_only=lost_only)


async def _put_away(db: Db, viewer: Viewer, case: Case) -> list[NewEntry]:
    row = await newest(db, viewer.program_id, case.incident.id)
    if row is None or row.state != "asking":
        return []
    put_away(row, now_of(db))
    return [about(case.incident, Kind.check_stopped, viewer.actor, assessment_id=row.id)]


async def _as_tasks(db: Db, viewer: Viewer, case: Case, *, contact_agreed: bool) -> list[NewEntry]:
    client_id, now = case.incident.client_id, now_of(db)
    standing = await of_gaps(db, viewer.program_id, [client_id])
    entries = []
    for line in care_rules.left_over(await care.lines_of(db, case)):
        gap = f"care: {line.item}"
        if (client_id, gap) in standing or (line.item == "next_contact" and contact_agreed):
            continue
        due_at = line.due_at if line.due_at and line.due_at > now else now + BY_THEN
        entries.append(
            await open_task(
                db,
                viewer.program_id,
                about=care_rules.AS_A_TASK[line.item],
                gap=gap,
                client_id=client_id,
                group_session_id=case.incident.group_session_id,
                owner_id=viewer.staff_id,
                due_at=due_at,
                made_by=viewer.staff_id,
            )
        )
    return entries
