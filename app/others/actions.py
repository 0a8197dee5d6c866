"""What staff say about each of the others: how they are, and who rings them. Anybody of the group's four may, also after
it has closed."""

from uuid import UUID

from sqlalchemy import func, select

from app.clock import ago
from app.db import Db, now_of
from app.errors import Conflict, NotFound, SomebodyWasFirst
from app.group_sessions.models import GroupSession
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.others import rules
from app.others.models import OthersCheck, OthersRound
from app.staff.access import Viewer
from app.staff.models import Program, StaffMember
from app.tasks.actions import check_owner, move_task
from app.tasks.models import Task


async def say(db: Db, viewer: Viewer, check_id: UUID, answer: rules.Answer) -> None:
    """One tap; the next one says better. When they are rung follows from it, and only people move it otherwise."""
    check, of_round, meeting = await _of(db, viewer, check_id)
    task = await _still_to_do(db, check)
    now = now_of(db)
    before, check.state = check.state, answer
    check.said_at, check.said_by = now, viewer.staff_id
    program = await db.get_one(Program, viewer.program_id)
    due_at = rules.due(answer, of_round.begun_at, rules.hours_of(program.settings))
    entries = [
        # No incident, and nobody else: this stands in the record of the person it is about.
        NewEntry(
            Kind.others_said,
            viewer.actor,
            client_id=check.client_id,
            group_session_id=meeting.id,
            detail={"check": check.id, "before": before, "answer": answer},
        ),
        *move_task(viewer.actor, task, due_at=due_at),
    ]
    await db.flush()
    entries += await all_looked_at(db, viewer, of_round)
    await write(db, viewer.program_id, entries)


async def give(db: Db, viewer: Viewer, check_id: UUID, owner_id: UUID) -> None:
    """Who rings them: a name, so that it is somebody's."""
    check, _, _ = await _of(db, viewer, check_id)
    task = await _still_to_do(db, check)
    await check_owner(db, viewer, owner_id, task.client_id)
    await write(db, viewer.program_id, move_task(viewer.actor, task, owner_id=owner_id))


# --- what they share


async def _of(db: Db, viewer: Viewer, check_id: UUID) -> tuple[OthersCheck, OthersRound, GroupSession]:
    """Absent and not yours read the same. The round is locked before its people, so that one tap is the last."""
    known = await db.get(OthersCheck, (viewer.program_id, check_id))
    found = (
        await db.get(OthersRound, (viewer.program_id, known.round_id), with_for_update=True)
        if known
        else None
    )
    if known is None or found is None:
        raise NotFound("There is nobody by that name to look after in the groups you work with.")
    meeting = await of_viewer(db, viewer, found.group_session_id, lock=False)
    await db.refresh(known, with_for_update=True)
    if known.left_at is not None:
        raise Conflict(
            "It turned out that the alert is about them, so they are not on this list any more.", code="left"
        )
    return known, found, meeting


async def _still_to_do(db: Db, check: OthersCheck) -> Task:
    """Raises SomebodyWasFirst once they were rung: what was said in the group is over."""
    task = await db.get_one(Task, (check.program_id, check.task_id), with_for_update=True)
    if task.done_at is not None:
        person = await db.get(StaffMember, (task.program_id, task.done_by)) if task.done_by else None
        when = ago((now_of(db) - task.done_at).total_seconds())
        raise SomebodyWasFirst(f"{person.first_name if person else 'Somebody'} rang them {when}.")
    return task


async def all_looked_at(db: Db, viewer: Viewer, of_round: OthersRound) -> list[NewEntry]:
    """Once nobody of it is left. Returns the entry, for the caller to write last."""
    if of_round.all_at is not None or await _left(db, of_round):
        return []
    of_round.all_at = now_of(db)
    return [await _all(db, viewer, of_round)]


async def _left(db: Db, of_round: OthersRound) -> int:
    found = await db.scalar(
        select(func.count()).where(
            OthersCheck.program_id == of_round.program_id,
            OthersCheck.round_id == of_round.id,
            OthersCheck.state == "open",
            OthersCheck.left_at.is_(None),
        )
    )
    return int(found or 0)


async def _all(db: Db, viewer: Viewer, of_round: OthersRound) -> NewEntry:
    """In the incident's timeline by numbers alone: its record names nobody else."""
    rows = await db.execute(
        select(OthersCheck.state, func.count().label("people"))
        .where(
            OthersCheck.program_id == of_round.program_id,
            OthersCheck.round_id == of_round.id,
            OthersCheck.left_at.is_(None),
        )
        .group_by(OthersCheck.state)
    )
    return NewEntry(
        Kind.others_all,
        viewer.actor,
        incident_id=of_round.incident_id,
        client_id=of_round.client_id,
        group_session_id=of_round.group_session_id,
        detail={"round": of_round.id} | {row.state: row.people for row in rows},
    )
