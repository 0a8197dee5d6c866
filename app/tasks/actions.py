"""What is done with tasks: open, hand over, finish, take back. Nothing here commits."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text

from app.clock import ago
from app.db import Db, conceal, new_id, now_of
from app.errors import Conflict, NotFound, NotValid, SomebodyWasFirst
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry, write
from app.staff.access import Viewer, may_see_client
from app.staff.models import StaffMember
from app.tasks.models import Task
from app.tasks.queries import CLINICAL, may_see, of_gaps

Outcome = Literal["done", "not_needed"]
# Calls whose end is more than a press: what was said, or the reason it was not made, ends their task.
WRITTEN_DOWN = frozenset({"caregiver call", "check in"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap that becomes a task: `about` is its sentence."""

    key: str
    about: str
    client_id: UUID | None
    group_session_id: UUID | None


async def open_task(
    db: Db,
    program_id: UUID,
    *,
    about: str,
    client_id: UUID | None,
    owner_id: UUID | None,
    due_at: datetime,
    made_by: UUID | None,
    group_session_id: UUID | None = None,
    gap: str | None = None,
    actor: Actor | None = None,
) -> NewEntry:
    """Returns the entry; the caller writes it last, with its own. `actor`: when neither a person nor a rule made it."""
    task = Task(
        program_id=program_id,
        id=new_id(),
        gap=gap,
        client_id=client_id,
        group_session_id=group_session_id,
        owner_id=owner_id,
        due_at=due_at,
        made_by=made_by,
        made_at=now_of(db),
        version=1,
    )
    conceal(db, task, "about", about)
    db.add(task)
    return _entry(
        Kind.task_opened,
        actor or (Actor("person", made_by) if made_by else RULE),
        task,
        about=about,
        owner_id=owner_id,
        due_at=due_at,
    )


async def open_for_gaps(
    db: Db, program_id: UUID, gaps: list[Gap], *, owner_id: UUID, due_at: datetime
) -> list[NewEntry]:
    """One task for each gap that has none yet. Returns the entries; the caller writes them last, with its own."""
    clients = {gap.client_id for gap in gaps if gap.client_id}
    meetings = {gap.group_session_id for gap in gaps if gap.group_session_id}
    standing = await of_gaps(db, program_id, clients, meetings)
    return [
        await open_task(
            db,
            program_id,
            about=gap.about,
            gap=gap.key,
            client_id=gap.client_id,
            group_session_id=gap.group_session_id,
            owner_id=owner_id,
            due_at=due_at,
            made_by=owner_id,
        )
        for gap in gaps
        if (gap.client_id or gap.group_session_id, gap.key) not in standing
    ]


async def add(
    db: Db,
    viewer: Viewer,
    *,
    about: str,
    client_id: UUID | None,
    owner_id: UUID | None,
    due_at: datetime,
    group_session_id: UUID | None = None,
    gap: str | None = None,
) -> None:
    """A person hands something to somebody. A gap that is a task already is handed over instead of doubled."""
    if client_id is not None:
        await _check_client(db, viewer, client_id)
    await check_owner(db, viewer, owner_id, client_id)
    if gap is not None and client_id is not None:
        standing = (await of_gaps(db, viewer.program_id, {client_id})).get((client_id, gap))
        if standing is not None:
            await hand_over(db, viewer, standing.id, owner_id=owner_id, due_at=due_at, version=None)
            return
    entry = await open_task(
        db,
        viewer.program_id,
        about=about,
        gap=gap,
        client_id=client_id,
        group_session_id=group_session_id,
        owner_id=owner_id,
        due_at=due_at,
        made_by=viewer.staff_id,
    )
    await write(db, viewer.program_id, [entry])


async def hand_over(
    db: Db,
    viewer: Viewer,
    task_id: UUID,
    *,
    owner_id: UUID | None,
    due_at: datetime | None,
    version: int | None,
) -> None:
    """To a colleague, to oneself, or back to nobody. Raises Conflict when it moved on since `version` was read."""
    task = await _locked(db, viewer, task_id)
    if task.done_at is not None:
        raise Conflict("This has been done meanwhile. Look at the list again.", code="done_already")
    if version is not None and task.version != version:
        raise Conflict(
            "Somebody changed this task while you had it open. Look at it again, then hand it on.",
            code="changed_meanwhile",
        )
    await check_owner(db, viewer, owner_id, task.client_id)
    before = task.owner_id
    task.owner_id = owner_id
    task.due_at = due_at or task.due_at
    task.version += 1
    entry = _entry(
        Kind.task_handed_over, viewer.actor, task, **{"from": before}, to=owner_id, due_at=task.due_at
    )
    await write(db, viewer.program_id, [entry])


def move_task(
    actor: Actor, task: Task, *, owner_id: UUID | None = None, due_at: datetime | None = None
) -> list[NewEntry]:
    """For a package above that has asked who may, and holds the task. Returns the entry, if anything moves."""
    before = task.owner_id
    after, until = owner_id or before, due_at or task.due_at
    if (after, until) == (before, task.due_at):
        return []
    task.owner_id, task.due_at = after, until
    task.version += 1
    return [_entry(Kind.task_handed_over, actor, task, **{"from": before}, to=after, due_at=until)]


async def finish(db: Db, viewer: Viewer, task_id: UUID, outcome: Outcome) -> None:
    task = await _locked(db, viewer, task_id)
    if task.done_at is not None:
        raise await _done_before(db, task)
    if task.gap in WRITTEN_DOWN:
        raise Conflict(
            "This is a call that is owed. Write down how it went, or why it is not made: open it on the client's record.",
            code="written_down_there",
        )
    task.done_at, task.done_by, task.outcome = now_of(db), viewer.staff_id, outcome
    task.version += 1
    await write(db, viewer.program_id, [_entry(Kind.task_done, viewer.actor, task, outcome=outcome)])


async def settle_gap(
    db: Db, program_id: UUID, client_id: UUID, gap: str, by: UUID, *, outcome: Outcome = "done"
) -> list[NewEntry]:
    """Somebody did elsewhere what this gap's task asks for, or it is not asked any more. Returns the entries; the caller writes them last."""
    standing = (await of_gaps(db, program_id, {client_id})).get((client_id, gap))
    task = await db.get(Task, (program_id, standing.id), with_for_update=True) if standing else None
    if task is None or task.done_at is not None:
        return []
    task.done_at, task.done_by, task.outcome = now_of(db), by, outcome
    task.version += 1
    return [_entry(Kind.task_done, Actor("person", by), task, outcome=outcome)]


async def take_back(db: Db, viewer: Viewer, task_id: UUID) -> None:
    """Not done after all. Its words, owner and due time are as they were."""
    task = await _locked(db, viewer, task_id)
    if task.done_at is None:
        return
    if task.gap in WRITTEN_DOWN:
        raise Conflict(
            "What came of this call is written down. Plan the next one on the client's record.",
            code="written_down_there",
        )
    clients = {task.client_id} if task.client_id else set()
    if (task.client_id, task.gap) in await of_gaps(db, viewer.program_id, clients):
        raise Conflict("The same thing is on the list again already.", code="there_already")
    task.done_at = task.done_by = task.outcome = None
    task.version += 1
    await write(db, viewer.program_id, [_entry(Kind.task_undone, viewer.actor, task)])


# --- what they share


async def _locked(db: Db, viewer: Viewer, task_id: UUID) -> Task:
    """Absent and not yours read the same."""
    task = await db.get(Task, (viewer.program_id, task_id), with_for_update=True, populate_existing=True)
    if task is None or not await may_see(db, viewer, task):
        raise NotFound("There is no such task among yours and those nobody has.")
    return task


# As text: the client's table belongs to a package above this one.
_CLIENT = text("select 1 from client where program_id = :program and id = :client")


async def _check_client(db: Db, viewer: Viewer, client_id: UUID) -> None:
    there = await db.scalar(_CLIENT, {"program": viewer.program_id, "client": client_id})
    if there is None or not await may_see_client(db, viewer, client_id):
        raise NotFound("There is no such client among the people you work with.")


async def check_owner(db: Db, viewer: Viewer, owner_id: UUID | None, client_id: UUID | None) -> None:
    """Only somebody who works with the client: a task tells their name and what is missing."""
    if owner_id is None:
        return
    person = await db.get(StaffMember, (viewer.program_id, owner_id))
    if person is None or person.disabled_at is not None:
        sentence = "Choose a colleague who has access."
    elif client_id is None or await _works_with(db, viewer, person, client_id):
        return
    else:
        sentence = (
            f"{person.first_name} does not work with this client. Choose one who does, or a supervisor."
        )
    raise NotValid(sentence, fields={"owner_id": sentence})


async def _works_with(db: Db, viewer: Viewer, person: StaffMember, client_id: UUID) -> bool:
    if CLINICAL.isdisjoint(person.roles):
        return False
    return await may_see_client(db, seen_as(viewer, person), client_id)


def seen_as(viewer: Viewer, person: StaffMember) -> Viewer:
    """The colleague in the viewer's place, to ask what they may see. Never for doing anything."""
    return replace(viewer, staff_id=person.id, roles=frozenset(person.roles))


async def _done_before(db: Db, task: Task) -> SomebodyWasFirst:
    person = await db.get(StaffMember, (task.program_id, task.done_by)) if task.done_by else None
    when = ago((now_of(db) - task.done_at).total_seconds()) if task.done_at else ""
    return SomebodyWasFirst(f"{person.first_name if person else 'Somebody'} did this {when}.")


def _entry(kind: Kind, actor: Actor, task: Task, **detail: Any) -> NewEntry:
    return NewEntry(
        kind,
        actor,
        client_id=task.client_id,
        group_session_id=task.group_session_id,
        detail={"task_id": task.id, "gap": task.gap} | detail,
    )
