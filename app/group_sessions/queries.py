"""Reads about groups and their meetings. Telephones appear by their last two digits only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, or_, select
from sqlalchemy import func as sql

from app.db import Db
from app.errors import NotFound
from app.group_sessions import dial_in, readiness
from app.group_sessions.models import Group, GroupSession, Presence
from app.group_sessions.roster import RosterRow, View, roster
from app.group_sessions.staffing import PLACES, WORDS
from app.staff.access import Viewer, may_see_group_session
from app.staff.models import StaffMember, StaffPhone

MeetingState = Literal["scheduled", "open", "paused", "closed"]
Platform = Literal["zoom", "livekit", "generic", "taps"]
# A list is for finding a meeting again; older ones are found through their incidents.
MOST = 200


class GroupView(View):
    id: UUID
    name: str
    dial_in: str | None = Field(None, description="How to join by telephone, as clients read it (R24).")


class StaffRef(View):
    id: UUID
    name: str
    phone_ends: str | None = Field(
        None, description="Last two digits of the first telephone; none: cannot be rung."
    )


class GroupSessionRow(View):
    id: UUID
    group_id: UUID
    name: str
    state: MeetingState
    starts_at: datetime
    ends_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    lead: StaffRef | None
    cofacilitator: StaffRef | None
    supervisor: StaffRef | None
    backup: StaffRef | None
    expected: int
    platform: Platform
    version: int


class GroupSessionView(GroupSessionRow):
    exception_reason: str | None
    platform_connection_id: UUID | None
    platform_ref: str | None
    seen_all_until: datetime | None
    gaps: list[str] = Field(description="Of the meeting itself: staff missing, or without a telephone.")
    gap_count: int = Field(description="Of all its people and of the meeting: what one press opens it with.")
    may_change: bool
    roster: list[RosterRow] = Field(description="Empty for people who set up only.")


async def groups(db: Db, program_id: UUID) -> list[GroupView]:
    rows = await db.scalars(
        select(Group).where(Group.program_id == program_id, Group.retired_at.is_(None)).order_by(Group.name)
    )
    known = await dial_in.of_program(db, program_id)
    return [GroupView(id=group.id, name=group.name, dial_in=known.get(str(group.id))) for group in rows]


async def listed(db: Db, viewer: Viewer, state: MeetingState | None) -> list[GroupSessionRow]:
    """Supervisors and administrators: all of the program. Clinicians: those they are one of the four of."""
    query = _meetings(viewer.program_id).order_by(GroupSession.starts_at.desc()).limit(MOST)
    if state is not None:
        query = query.where(GroupSession.state == state)
    if viewer.roles.isdisjoint({"supervisor", "administrator"}):
        query = query.where(or_(*(getattr(GroupSession, place) == viewer.staff_id for place in PLACES)))
    rows = (await db.execute(query)).all()
    staff = await _staff(db, viewer.program_id, [row.GroupSession for row in rows])
    return [GroupSessionRow.model_validate(_row(row, staff)) for row in rows]


async def one(db: Db, viewer: Viewer, group_session_id: UUID) -> GroupSessionView:
    row = (
        await db.execute(_meetings(viewer.program_id).where(GroupSession.id == group_session_id))
    ).one_or_none()
    sees = row is not None and may_see_group_session(viewer, row.GroupSession)
    if row is None or not (sees or "administrator" in viewer.roles):
        raise NotFound("There is no such group session among the ones you work with.")
    meeting: GroupSession = row.GroupSession
    staff = await _staff(db, viewer.program_id, [meeting])
    named = {WORDS[place]: getattr(meeting, place) for place in PLACES if getattr(meeting, place)}
    with_phone = {word for word, person in named.items() if staff[person].phone_ends}
    people = await roster(db, viewer, meeting) if sees else []
    missing = readiness.staff_gaps(named, with_phone)
    return GroupSessionView.model_validate(
        _row(row, staff)
        | {
            "exception_reason": meeting.exception_reason,
            "platform_connection_id": meeting.platform_connection_id,
            "platform_ref": meeting.platform_ref,
            "seen_all_until": meeting.seen_all_until,
            "gaps": missing,
            "gap_count": len(missing) + sum(len(part.gaps) for row in people for part in row.parts),
            "may_change": not viewer.roles.isdisjoint({"supervisor", "administrator"})
            and meeting.state != "closed",
            "roster": people,
        }
    )


def _meetings(program_id: UUID) -> Select[GroupSession, str, int]:
    expected = (
        select(sql.count())
        .select_from(Presence)
        .where(
            Presence.program_id == GroupSession.program_id,
            Presence.group_session_id == GroupSession.id,
            Presence.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(GroupSession, Group.name.label("name"), expected.label("expected"))
        .join(Group, (Group.program_id == GroupSession.program_id) & (Group.id == GroupSession.group_id))
        .where(GroupSession.program_id == program_id)
        .execution_options(populate_existing=True)
    )


def _row(row: Any, staff: Mapping[UUID, StaffRef]) -> dict[str, Any]:
    meeting: GroupSession = row.GroupSession
    people = {
        place.removesuffix("_id"): staff.get(person) if (person := getattr(meeting, place)) else None
        for place in PLACES
    }
    fields = (
        "id",
        "group_id",
        "state",
        "starts_at",
        "ends_at",
        "opened_at",
        "closed_at",
        "platform",
        "version",
    )
    return (
        {field: getattr(meeting, field) for field in fields}
        | people
        | {
            "name": row.name,
            "expected": row.expected,
        }
    )


async def _staff(db: Db, program_id: UUID, meetings: Sequence[GroupSession]) -> dict[UUID, StaffRef]:
    ids = {person for meeting in meetings for place in PLACES if (person := getattr(meeting, place))}
    first_phone = (
        select(StaffPhone.last2)
        .where(StaffPhone.program_id == program_id, StaffPhone.staff_id == StaffMember.id)
        .order_by(StaffPhone.rank, StaffPhone.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name, first_phone.label("last2")).where(
            StaffMember.program_id == program_id, StaffMember.id.in_(ids)
        )
    )
    return {row.id: StaffRef(id=row.id, name=row.name, phone_ends=row.last2) for row in rows}
