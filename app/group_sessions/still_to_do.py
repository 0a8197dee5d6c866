"""*Still to do*: tasks as a person sees them, each with whether its gap is mended already, and colleagues to hand to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from app.db import Db, now_of
from app.group_sessions import readiness
from app.group_sessions.ready import of_clients
from app.group_sessions.roster import View
from app.staff.access import Viewer, may_see_client
from app.staff.models import StaffMember
from app.tasks import queries
from app.tasks.actions import seen_as
from app.tasks.queries import Found, Which


class About(View):
    """Whom or what a task is about."""

    id: UUID
    name: str


class TaskView(View):
    id: UUID
    about: str
    gap: str | None
    client: About | None
    initials: str = Field(description="Of the client, for screen sharing.")
    group_session: About | None
    owner: About | None = Field(description="Nobody, when null.")
    was_of: str | None = Field(description="Whose it was, when their access has ended.")
    mine: bool
    due_at: datetime
    late: bool
    made_by: str | None
    made_at: datetime
    done_at: datetime | None
    done_by: str | None
    outcome: Literal["done", "not_needed"] | None
    mended: bool = Field(description="Its gap is not there any more: somebody has mended it elsewhere.")
    version: int


class CountsView(View):
    mine: int
    late: int
    unowned: int


class Colleague(View):
    id: UUID
    name: str


async def listed(db: Db, viewer: Viewer, which: Which) -> list[TaskView]:
    return await _views(db, viewer, await queries.listed(db, viewer, which))


async def counts(db: Db, viewer: Viewer) -> CountsView:
    now = await queries.counts(db, viewer)
    return CountsView(mine=now.mine, late=now.late, unowned=now.unowned)


async def _views(db: Db, viewer: Viewer, found: Sequence[Found]) -> list[TaskView]:
    about = {one.task.client_id for one in found if one.task.gap and one.task.client_id}
    known = await of_clients(db, viewer.program_id, about) if about else {}
    now = now_of(db)

    def mended(one: Found) -> bool:
        task = one.task
        # Only a gap that stands in the record without a meeting; place and staff are of their own meeting.
        if task.done_at is not None or task.gap not in readiness.TO_DO or task.client_id not in known:
            return False
        return task.gap not in known[task.client_id].state.all

    return [
        TaskView.model_validate(
            {
                "id": one.task.id,
                "about": one.about,
                "gap": one.task.gap,
                "client": {"id": one.task.client_id, "name": one.client} if one.client else None,
                "initials": "".join(part[0] for part in (one.client or "").split())[:2].upper(),
                "group_session": {"id": one.task.group_session_id, "name": one.meeting}
                if one.meeting
                else None,
                "owner": {"id": one.task.owner_id, "name": one.owner}
                if one.owner and not one.owner_gone
                else None,
                "was_of": one.owner if one.owner_gone else None,
                "mine": one.task.owner_id == viewer.staff_id,
                "due_at": one.task.due_at,
                "late": one.task.done_at is None and one.task.due_at < now,
                "made_by": one.made_by,
                "made_at": one.task.made_at,
                "done_at": one.task.done_at,
                "done_by": one.done_by,
                "outcome": one.task.outcome,
                "mended": mended(one),
                "version": one.task.version,
            }
        )
        for one in found
    ]


async def colleagues(db: Db, viewer: Viewer, client_id: UUID | None) -> list[Colleague]:
    """Whom a task about this client can be handed to: everybody who works with them, by the one rule of who may see."""
    people = await db.scalars(
        select(StaffMember)
        .where(
            StaffMember.program_id == viewer.program_id,
            StaffMember.disabled_at.is_(None),
            StaffMember.roles.overlap(sorted(queries.CLINICAL)),
        )
        .order_by(StaffMember.name)
    )
    return [
        Colleague(id=person.id, name=person.name)
        for person in people
        if client_id is None or await may_see_client(db, seen_as(viewer, person), client_id)
    ]
