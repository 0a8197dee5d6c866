"""Reads of tasks: mine, those nobody has, everybody's for supervisors; and which gaps are tasks already."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select, text

from app.db import Db, now_of, reveal
from app.staff.access import Viewer, may_see_client, reachable_clients
from app.staff.models import StaffMember
from app.tasks.models import Task

Which = Literal["mine", "unowned", "everyone", "done"]
CLINICAL = frozenset({"clinician", "supervisor"})
# More than a person can look through; what is due first is what is shown.
MOST = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A task with the names that belong to it. `owner_gone`: it was theirs, and their access has ended."""

    task: Task
    about: str
    client: str | None
    meeting: str | None
    owner: str | None
    owner_gone: bool
    made_by: str | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands on my name, what of that is late, and what nobody has."""

    mine: int
    late: int
    unowned: int


# A task of somebody whose access has ended is nobody's: it cannot be lost with them.
_NOBODYS = "(t.owner_id is null or o.disabled_at is not null)"
_REACHED = (
    "(t.client_id is null or cast(:reach as uuid[]) is null or t.client_id = any(cast(:reach as uuid[])))"
)
_FROM = """
    from task t left join staff_member o on o.program_id = t.program_id and o.id = t.owner_id
    where t.program_id = :program
"""
_WHERE: dict[Which, str] = {
    "mine": "t.done_at is null and t.owner_id = :me",
    "unowned": f"t.done_at is null and {_NOBODYS} and {_REACHED}",
    "everyone": "t.done_at is null",
    "done": "t.done_at is not null and (:me in (t.owner_id, t.done_by) or cast(:reach as uuid[]) is null)",
}
_IDS = {
    which: text(
        f"select t.id {_FROM} and {where} order by {'t.done_at desc' if which == 'done' else 't.due_at'}, t.id limit :most"
    )
    for which, where in _WHERE.items()
}
_COUNTS = text(
    f"""
    select count(*) filter (where t.owner_id = :me) as mine,
      count(*) filter (where t.owner_id = :me and t.due_at < :now) as late,
      count(*) filter (where {_NOBODYS} and {_REACHED}) as unowned
    {_FROM} and t.done_at is null
    """
)
# As text: clients and groups belong to packages above this one.
_NAMES = text(
    """
    select t.id, c.name_used as client, g.name as meeting, o.name as owner, o.disabled_at is not null as owner_gone,
      m.name as made_by, d.name as done_by
    from task t
    left join client c on c.program_id = t.program_id and c.id = t.client_id
    left join group_session s on s.program_id = t.program_id and s.id = t.group_session_id
    left join "group" g on g.program_id = s.program_id and g.id = s.group_id
    left join staff_member o on o.program_id = t.program_id and o.id = t.owner_id
    left join staff_member m on m.program_id = t.program_id and m.id = t.made_by
    left join staff_member d on d.program_id = t.program_id and d.id = t.done_by
    where t.program_id = :program and t.id = any(:ids)
    """
)


async def _who(db: Db, viewer: Viewer) -> dict[str, object]:
    reach = await reachable_clients(db, viewer)
    return {
        "program": viewer.program_id,
        "me": viewer.staff_id,
        "reach": None if reach is None else list(reach),
    }


async def listed(db: Db, viewer: Viewer, which: Which) -> list[Found]:
    """What is due first comes first; what is done, the newest first. The route asks for the role for everybody's."""
    ids = list((await db.execute(_IDS[which], await _who(db, viewer) | {"most": MOST})).scalars())
    return await found(db, viewer.program_id, ids)


async def found(db: Db, program_id: UUID, ids: Collection[UUID]) -> list[Found]:
    """In the order of the ids. Two queries, however many tasks."""
    names = {row.id: row for row in await db.execute(_NAMES, {"program": program_id, "ids": list(ids)})}
    rows = await db.scalars(
        select(Task)
        .where(Task.program_id == program_id, Task.id.in_(list(ids)))
        .execution_options(populate_existing=True)
    )
    tasks = {task.id: task for task in rows}
    return [
        Found(
            task=tasks[task_id],
            about=reveal(db, tasks[task_id], "about") or "",
            client=names[task_id].client,
            meeting=names[task_id].meeting,
            owner=names[task_id].owner,
            owner_gone=names[task_id].owner_gone,
            made_by=names[task_id].made_by,
            done_by=names[task_id].done_by,
        )
        for task_id in ids
        if task_id in tasks
    ]


async def counts(db: Db, viewer: Viewer) -> Counts:
    row = (await db.execute(_COUNTS, await _who(db, viewer) | {"now": now_of(db)})).one()
    return Counts(mine=row.mine, late=row.late, unowned=row.unowned)


async def may_see(db: Db, viewer: Viewer, task: Task) -> bool:
    """One's own; a supervisor's every one; and what nobody has, about a client one works with."""
    if "supervisor" in viewer.roles or task.owner_id == viewer.staff_id:
        return True
    if task.owner_id is not None:
        owner = await db.get(StaffMember, (task.program_id, task.owner_id))
        mine_before = task.done_by == viewer.staff_id or task.made_by == viewer.staff_id
        if owner is not None and owner.disabled_at is None and not mine_before:
            return False
    return task.client_id is None or await may_see_client(db, viewer, task.client_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """The open task of a gap, as lists of gaps show it: who has it, until when."""

    id: UUID
    owner_id: UUID | None
    owner: str | None


_GAPS = text(
    """
    select t.id, t.gap, coalesce(t.client_id, t.group_session_id) as about,
      case when o.disabled_at is null then o.id end as owner_id, case when o.disabled_at is null then o.name end as owner
    from task t left join staff_member o on o.program_id = t.program_id and o.id = t.owner_id
    where t.program_id = :program and t.done_at is null and t.gap is not null
      and (t.client_id = any(:clients) or t.client_id is null and t.group_session_id = any(:meetings))
    """
)


async def of_gaps(
    db: Db, program_id: UUID, clients: Collection[UUID], meetings: Collection[UUID] = ()
) -> dict[tuple[UUID, str], Standing]:
    """Open tasks by client and gap; by meeting and gap for gaps of its staff."""
    values = {"program": program_id, "clients": list(clients), "meetings": list(meetings)}
    return {
        (row.about, row.gap): Standing(row.id, row.owner_id, row.owner)
        for row in await db.execute(_GAPS, values)
    }
