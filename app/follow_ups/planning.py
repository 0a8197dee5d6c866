"""Check-ins after something that was said (S8): a person chooses the schedule, changes it, ends it with a reason."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client
from app.clients.queries import client_of
from app.db import Db, conceal, new_id, now_of
from app.errors import Conflict, NotFound, NotValid
from app.follow_ups import owing, rules
from app.follow_ups.models import CheckInPlan, FollowUp
from app.follow_ups.views import NewCheckIns
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, require_client
from app.tasks.actions import check_owner, move_task, settle_gap
from app.tasks.models import Task


async def plan(db: Db, viewer: Viewer, client_id: UUID, given: NewCheckIns) -> None:
    """In the place of the plan that stands, if one does: what of it was not reached yet is not owed any more."""
    client = await client_of(db, viewer.program_id, client_id)
    if client.ended_at is not None:
        raise Conflict("They are not in care with us any more. Reopen the record first.", code="ended")
    # One plan at a time: two people who press at once wait here for each other.
    await db.refresh(client, with_for_update={"key_share": True})
    now = now_of(db)
    times = sorted({time.astimezone(UTC).replace(second=0, microsecond=0) for time in given.times})
    if sentence := rules.wrong_times(times, now):
        raise NotValid(sentence, fields={"times": sentence})
    if given.incident_id is not None:
        await owing.of_incident(db, client, given.incident_id)
    await check_owner(db, viewer, given.owner_id, client_id)
    entries: list[NewEntry] = []
    before = await owing.standing_plan(db, viewer.program_id, client_id)
    if before is not None:
        await _close(db, viewer, before, "replaced", None)
        await db.flush()
    row = _row(db, viewer, client, given)
    db.add(row)
    entries += await _owe(db, viewer, row, times, given.owner_id)
    entries += await settle_gap(db, viewer.program_id, client_id, owing.PLAN_GAP, viewer.staff_id)
    planned = _entry(row, Kind.check_ins_planned, viewer, times=times, replaces=before.id if before else None)
    await write(db, viewer.program_id, [planned, *entries])


def _row(db: Db, viewer: Viewer, client: Client, given: NewCheckIns) -> CheckInPlan:
    row = CheckInPlan(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client.id,
        incident_id=given.incident_id,
        tier=client.tier,
        made_at=now_of(db),
        made_by=viewer.staff_id,
    )
    conceal(db, row, "why", given.why)
    return row


async def _owe(
    db: Db, viewer: Viewer, row: CheckInPlan, times: Sequence[datetime], owner_id: UUID | None
) -> list[NewEntry]:
    """One task for all of them, due with the first that is owed."""
    owner = owner_id or viewer.staff_id
    task_id, entries = await owing.task_of(
        db, viewer, row.client_id, owing.CHECK_GAP, owing.ASK_CHECK, times[0], owner
    )
    if not entries:
        task = await db.get_one(Task, (row.program_id, task_id), with_for_update=True)
        entries = move_task(viewer.actor, task, owner_id=owner_id, due_at=times[0])
    await db.flush()
    db.add_all([await owing.owed_check_in(db, viewer, row, time, task_id) for time in times])
    return entries


async def end(db: Db, viewer: Viewer, plan_id: UUID, reason: str) -> None:
    row = await locked(db, viewer, plan_id)
    if row.ended_at is not None:
        raise Conflict("These check-ins have ended already. Look at the record again.", code="ended_already")
    await _close(db, viewer, row, "ended", reason)
    entries = [
        _entry(row, Kind.check_ins_ended, viewer, reason=reason, by_person=True),
        *await _no_more_asked(db, viewer, row),
    ]
    await write(db, viewer.program_id, entries)


async def locked(db: Db, viewer: Viewer, plan_id: UUID) -> CheckInPlan:
    """Absent and not yours read the same."""
    row = await db.get(
        CheckInPlan, (viewer.program_id, plan_id), with_for_update=True, populate_existing=True
    )
    if row is None:
        raise NotFound("There are no such check-ins among the people you work with.")
    await require_client(db, viewer, row.client_id)
    return row


async def still_owed(db: Db, row: CheckInPlan) -> Sequence[FollowUp]:
    found = await db.scalars(
        select(FollowUp)
        .where(FollowUp.program_id == row.program_id, FollowUp.plan_id == row.id, FollowUp.ended_at.is_(None))
        .order_by(FollowUp.due_at, FollowUp.id)
        .with_for_update()
    )
    return found.all()


async def went_on(db: Db, viewer: Viewer, row: CheckInPlan) -> list[NewEntry]:
    """After one of them was answered: the task moves to the next, or all of them are over."""
    left = await still_owed(db, row)
    if left:
        task = await db.get_one(Task, (row.program_id, left[0].task_id), with_for_update=True)
        entries = move_task(viewer.actor, task, due_at=left[0].due_at)
        if not any(one.lapsed_at for one in left):
            entries += await _missed_is_answered(db, viewer, row)
        return entries
    row.ended_at, row.ended_by, row.ended_why = now_of(db), viewer.staff_id, "over"
    return [
        _entry(row, Kind.check_ins_ended, viewer),
        *await settle_gap(db, row.program_id, row.client_id, owing.CHECK_GAP, viewer.staff_id),
        *await _missed_is_answered(db, viewer, row),
    ]


async def _missed_is_answered(db: Db, viewer: Viewer, row: CheckInPlan) -> list[NewEntry]:
    gap = owing.MISSED_GAP["check_in"]
    return await settle_gap(db, row.program_id, row.client_id, gap, viewer.staff_id)


async def _no_more_asked(db: Db, viewer: Viewer, row: CheckInPlan) -> list[NewEntry]:
    entries = []
    for gap in (owing.CHECK_GAP, owing.MISSED_GAP["check_in"]):
        entries += await settle_gap(
            db, row.program_id, row.client_id, gap, viewer.staff_id, outcome="not_needed"
        )
    return entries


async def _close(db: Db, viewer: Viewer, row: CheckInPlan, why: str, reason: str | None) -> None:
    """What was missed stays missed; what was still to come is not owed."""
    now = now_of(db)
    row.ended_at, row.ended_by, row.ended_why = now, viewer.staff_id, why
    if reason is not None:
        conceal(db, row, "reason", reason)
    for one in await still_owed(db, row):
        one.ended_at, one.ended_by, one.next_at = now, viewer.staff_id, None
        one.outcome = "missed" if one.lapsed_at else "not_needed"


def _entry(row: CheckInPlan, kind: Kind, viewer: Viewer, **detail: object) -> NewEntry:
    known = {name: value for name, value in detail.items() if value is not None}
    return NewEntry(
        kind,
        viewer.actor,
        incident_id=row.incident_id,
        client_id=row.client_id,
        detail={"plan": row.id, "tier": row.tier} | known,
    )
