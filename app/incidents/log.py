"""The incident log: all incidents of a program by date, tier, group, state and outcome, with the times that matter.

Drills, demo and self-test are left out of a live program's log by construction (they are programs of their own) and
marked in their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app import tabular
from app.clients.models import Client
from app.db import Db
from app.group_sessions.models import Group, GroupSession
from app.incidents.models import ContactAttempt, Incident
from app.protocols import queries as protocols
from app.protocols.schema import Protocol, Tier
from app.staff.access import Viewer
from app.staff.models import Program, StaffMember

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` and `until` bound the drop; None leaves a side open."""

    since: datetime | None = None
    until: datetime | None = None
    tier: str | None = None
    group_id: UUID | None = None
    state: str | None = None
    outcome: str | None = None


class LogRow(BaseModel):
    id: UUID
    client_id: UUID
    name: str
    group_id: UUID
    group_name: str
    what: str
    reason: str
    tier: str
    state: str
    outcome: str | None
    practice: str | None
    drop_at: datetime
    learned_at: datetime
    first_outreach_s: float | None
    first_outreach_limit_s: int | None
    taken_after_s: float | None
    verified_after_s: float | None
    closed_at: datetime | None
    owner: str | None
    outage: bool


class LogPage(BaseModel):
    rows: list[LogRow]
    total: int
    page: int
    pages: int
    practice_left_out: bool


async def page(db: Db, viewer: Viewer, filters: Filters, number: int) -> LogPage:
    query = _query(viewer, filters, practice=await _is_practice(db, viewer))
    total = int(await db.scalar(select(func.count()).select_from(query.subquery())) or 0)
    found = await db.execute(query.limit(PAGE).offset((number - 1) * PAGE))
    return LogPage(
        rows=await _rows(db, found),
        total=total,
        page=number,
        pages=max(1, -(-total // PAGE)),
        practice_left_out=not await _is_practice(db, viewer),
    )


async def as_csv(db: Db, viewer: Viewer, filters: Filters) -> bytes:
    found = await db.execute(_query(viewer, filters, practice=await _is_practice(db, viewer)))
    return tabular.write_cells(COLUMNS, [_cells(row) for row in await _rows(db, found)])


async def _is_practice(db: Db, viewer: Viewer) -> bool:
    kind = await db.scalar(select(Program.kind).where(Program.id == viewer.program_id))
    return kind != "live"


def _query(viewer: Viewer, filters: Filters, *, practice: bool) -> Any:
    owner = aliased(StaffMember)
    query = (
        select(
            Incident,
            Client.name_used,
            Group.id.label("group_id"),
            Group.name.label("group_name"),
            owner.name,
            _still_asked(),
        )
        .join(Client, (Client.program_id == Incident.program_id) & (Client.id == Incident.client_id))
        .join(
            GroupSession,
            (GroupSession.program_id == Incident.program_id) & (GroupSession.id == Incident.group_session_id),
        )
        .join(Group, (Group.program_id == GroupSession.program_id) & (Group.id == GroupSession.group_id))
        .outerjoin(
            owner,
            (owner.program_id == Incident.program_id)
            & (owner.id == func.coalesce(Incident.owner_id, Incident.verified_by, Incident.closed_by)),
        )
        .where(Incident.program_id == viewer.program_id)
        .order_by(Incident.drop_at.desc(), Incident.id)
    )
    if not practice:
        query = query.where(Incident.practice.is_(None))
    if "supervisor" not in viewer.roles:
        me = viewer.staff_id
        query = query.where(
            or_(
                GroupSession.lead_id == me,
                GroupSession.cofacilitator_id == me,
                GroupSession.supervisor_id == me,
                GroupSession.backup_id == me,
            )
        )
    # Built only for what was asked: an order comparison with None is refused while it is written down.
    if filters.since is not None:
        query = query.where(Incident.drop_at >= filters.since)
    if filters.until is not None:
        query = query.where(Incident.drop_at < filters.until)
    for column, value in (
        (Incident.tier, filters.tier),
        (Group.id, filters.group_id),
        (Incident.state, filters.state),
        (Incident.outcome, filters.outcome),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def _still_asked() -> Any:
    """The first call is being asked for and its line has not answered: refused, it will not have rung."""
    return (
        select(ContactAttempt.id)
        .where(
            ContactAttempt.program_id == Incident.program_id,
            ContactAttempt.incident_id == Incident.id,
            ContactAttempt.who == "client",
            ContactAttempt.status == "dialing",
            ContactAttempt.provider_id.is_(None),
            ContactAttempt.dialing_at == Incident.first_outreach_at,
        )
        .exists()
        .label("still_asked")
    )


def _after(start: datetime, moment: datetime | None) -> float | None:
    return round((moment - start).total_seconds(), 1) if moment else None


async def _rows(db: Db, found: Iterable[Any]) -> list[LogRow]:
    rows = list(found)
    versions = await protocols.by_ids(db, {v for row in rows if (v := row[0].protocol_version_id)})
    return [_row(row, _limit(versions.get(row[0].protocol_version_id), row[0].tier)) for row in rows]


def _limit(protocol: Protocol | None, tier: Tier) -> int | None:
    """Seconds from the drop, in the version that the incident ran: what late means there. None where nobody dropped."""
    first = protocol.first_outreach if protocol else None
    if protocol is None or first is None:
        return None
    return protocol.step(first).due_s.of(tier)


def _row(row: Any, limit: int | None) -> LogRow:
    incident: Incident = row[0]
    return LogRow(
        id=incident.id,
        client_id=incident.client_id,
        name=row[1],
        group_id=row[2],
        group_name=row[3],
        what=incident.kind,
        reason=incident.reason,
        tier=incident.tier,
        state=incident.state,
        outcome=incident.outcome,
        practice=incident.practice,
        drop_at=incident.drop_at,
        learned_at=incident.learned_at,
        first_outreach_limit_s=limit,
        first_outreach_s=_after(incident.drop_at, None if row.still_asked else incident.first_outreach_at),
        taken_after_s=_after(incident.drop_at, incident.first_taken_at),
        verified_after_s=_after(incident.drop_at, incident.verified_at),
        closed_at=incident.closed_at,
        owner=row[4],
        outage=incident.outage_id is not None,
    )


COLUMNS = (
    "incident", "client", "group", "started", "tier", "what", "reason", "state", "outcome", "practice",
    "drop_to_first_outreach_s", "first_outreach_limit_s", "taken_after_s", "verified_after_s", "owner", "several_at_once",
)  # fmt: skip


def _cells(row: LogRow) -> list[str]:
    values = (
        row.id, row.name, row.group_name, row.drop_at.isoformat(), row.tier, row.what, row.reason, row.state,
        row.outcome, row.practice, row.first_outreach_s,
        row.first_outreach_limit_s, row.taken_after_s, row.verified_after_s, row.owner,
        "yes" if row.outage else "no",
    )  # fmt: skip
    return ["" if value is None else str(value) for value in values]
