"""The card of each group session: who runs it, who is expected and here, what the whole group does now."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.board.cards import GroupCard, PersonRef
from app.board.people import HERE
from app.db import Db
from app.grounding.models import Intervention
from app.group_sessions.models import Group, GroupSession
from app.group_sessions.staffing import PLACES
from app.prepared import Prepared
from app.staff.models import StaffMember


async def group_cards(
    db: Db, program_id: UUID, meetings: Collection[UUID], names: dict[UUID, str]
) -> list[GroupCard]:
    """`names`: of all staff of the program."""
    if not meetings:
        return []
    group = aliased(Group)
    rows = await db.execute(
        select(GroupSession, group.name, _EXERCISE)
        .join(group, (group.program_id == GroupSession.program_id) & (group.id == GroupSession.group_id))
        .where(GroupSession.program_id == program_id, GroupSession.id.in_(list(meetings)))
        .order_by(GroupSession.starts_at, group.name)
    )
    roster = await _rosters(db, program_id, meetings)
    named = await _de_escalators(db, program_id)

    def ref(staff_id: UUID | None) -> PersonRef | None:
        return PersonRef(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None

    made = []
    for meeting, name, exercise in rows:
        expected_here = roster.get(meeting.id, [])
        made.append(
            GroupCard(
                id=f"group:{meeting.id}",
                group_session_id=meeting.id,
                name=name,
                state=meeting.state,
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                lead=ref(meeting.lead_id),
                cofacilitator=ref(meeting.cofacilitator_id),
                supervisor=ref(meeting.supervisor_id),
                backup=ref(meeting.backup_id),
                my_role="watching",
                here=sum(1 for _, state in expected_here if state in HERE),
                expected=len(expected_here),
                client_ids=[client_id for client_id, _ in expected_here],
                not_here_yet=[client_id for client_id, state in expected_here if state == "not_here_yet"],
                platform=meeting.platform,
                seen_all_until=meeting.seen_all_until,
                exercise=exercise,
                de_escalators=[
                    staff_id
                    for staff_id in dict.fromkeys(getattr(meeting, place) for place in PLACES)
                    if staff_id in named
                ],
            )
        )
    return made


# What the whole group does now.
_EXERCISE = (
    select(Intervention.kind)
    .where(
        Intervention.program_id == GroupSession.program_id,
        Intervention.group_session_id == GroupSession.id,
        Intervention.client_id.is_(None),
        Intervention.ended_at.is_(None),
    )
    .correlate(GroupSession)
    .scalar_subquery()
)


async def _de_escalators(db: Db, program_id: UUID) -> frozenset[UUID]:
    rows = await db.scalars(
        select(StaffMember.id).where(
            StaffMember.program_id == program_id, StaffMember.de_escalator, StaffMember.disabled_at.is_(None)
        )
    )
    return frozenset(rows)


# Names by array, not by a join: planned before the database had any statistics, a join of these two took 7 ms.
_ROSTERS = Prepared(
    """
    with expected as materialized (
        select group_session_id, client_id, state from presence
        where program_id = :program and group_session_id = any(cast(:meetings as uuid[])) and removed_at is null
    )
    select e.group_session_id, e.client_id, e.state
    from expected e
    join client c on c.program_id = :program and c.id = e.client_id
        and c.id = any(array(select client_id from expected))
    order by c.name_used, e.client_id
    """
)


async def _rosters(
    db: Db, program_id: UUID, meetings: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, str]]]:
    """By meeting: who is expected and their state, by name."""
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for meeting, client, state in await _ROSTERS.rows(db, program=program_id, meetings=list(meetings)):
        found.setdefault(meeting, []).append((client, state))
    return found
