"""What stands of an emergency now: who calls, which lines were dialled, what was said and done, a stand-down."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.db import Db, among, now_of, reveal
from app.emergency import dialling
from app.emergency.models import Emergency, EmergencyMark, StandDown
from app.emergency.views import CallMade, EmergencyNow, LineToDial, Marked, NextNumber, StandDownNow
from app.incidents.models import Dispatch, Incident
from app.incidents.page_views import Ref
from app.numbers import readable
from app.staff.access import Viewer
from app.staff.models import StaffMember

# Domain 4.7: responders are called two minutes after the emergency was declared, at the latest.
CALLED_WITHIN = timedelta(minutes=2)


async def of_incident(db: Db, incident: Incident) -> Emergency | None:
    found: Emergency | None = await db.scalar(
        select(Emergency).where(
            Emergency.program_id == incident.program_id, Emergency.incident_id == incident.id
        )
    )
    return found


async def calls_of(db: Db, incident: Incident) -> Sequence[Dispatch]:
    """Oldest first."""
    found = await db.scalars(
        select(Dispatch)
        .where(Dispatch.program_id == incident.program_id, Dispatch.incident_id == incident.id)
        .order_by(Dispatch.at, Dispatch.id)
    )
    return found.all()


async def now(
    db: Db,
    viewer: Viewer,
    incident: Incident,
    lines: Sequence[UUID],
    helpers: list[LineToDial],
    row: Emergency | None,
) -> EmergencyNow:
    """`lines`: those that send somebody to this place, best first. `helpers`: whom staff can bring in themselves."""
    names = await _names(db, incident.program_id)
    calls = await calls_of(db, incident)
    standing = await stand_down_of(db, incident)
    following = dialling.following(lines, [as_call(call) for call in calls], now_of(db))
    return EmergencyNow(
        declared_by=_ref(names, row.declared_by) if row else None,
        declared_at=row.declared_at if row else None,
        stood_down_at=row.stood_down_at if row else None,
        limit_at=row.declared_at + CALLED_WITHIN if row and row.declared_at else None,
        grounds=list(row.grounds) if row else [],
        calls=[_made(db, viewer, call, names) for call in calls],
        next=NextNumber(what=following.what, line_id=following.line_id),
        helpers=helpers,
        marks=await marks_of(db, incident, names),
        stand_down=_stand_down(db, viewer, standing, names) if standing else None,
    )


def as_call(row: Dispatch) -> dialling.Call:
    outcome: dialling.Outcome | None = row.outcome  # type: ignore[assignment]  # held by the table
    return dialling.Call(row.id, row.line_id, outcome, row.held_since)


def _made(db: Db, viewer: Viewer, row: Dispatch, names: dict[UUID, str]) -> CallMade:
    return CallMade.model_validate(
        {
            "id": row.id,
            "line_id": row.line_id,
            "agency": row.agency or "",
            "number": as_read(row.number),
            "by": names.get(row.by_staff_id, "A colleague"),
            "mine": row.by_staff_id == viewer.staff_id,
            "dialed_at": row.at,
            "answered_at": row.answered_at,
            "held_since": row.held_since,
            "ended_at": row.ended_at,
            "outcome": row.outcome,
            "eta_minutes": row.eta_minutes,
            "reference": reveal(db, row, "reference"),
        }
    )


def as_read(number: str | None) -> str:
    """A short number stays as it was dialled."""
    return readable(number) if number and number.startswith("+") else number or ""


async def marks_of(db: Db, incident: Incident, names: dict[UUID, str]) -> list[Marked]:
    rows = await db.scalars(
        select(EmergencyMark)
        .where(
            EmergencyMark.program_id == incident.program_id,
            EmergencyMark.incident_id == incident.id,
            EmergencyMark.state != "",
        )
        .order_by(EmergencyMark.at, EmergencyMark.key)
    )
    return [
        Marked.model_validate(
            {
                "key": row.key,
                "state": row.state,
                "words": reveal(db, row, "words"),
                "by": names.get(row.by_staff_id, "A colleague"),
                "at": row.at,
            }
        )
        for row in rows
    ]


async def stand_down_of(db: Db, incident: Incident, *, lock: bool = False) -> StandDown | None:
    query = select(StandDown).where(
        StandDown.program_id == incident.program_id,
        StandDown.incident_id == incident.id,
        StandDown.withdrawn_at.is_(None),
        StandDown.done_at.is_(None),
    )
    found: StandDown | None = await db.scalar(query.with_for_update() if lock else query)
    return found


async def stand_downs_of(db: Db, program_id: UUID, incidents: Collection[UUID]) -> dict[UUID, StandDown]:
    """Of each incident the one that stands, for a look at several."""
    rows = await db.scalars(
        select(StandDown).where(
            StandDown.program_id == program_id,
            among(StandDown.incident_id, incidents),
            StandDown.withdrawn_at.is_(None),
            StandDown.done_at.is_(None),
        )
    )
    return {row.incident_id: row for row in rows}


def _stand_down(db: Db, viewer: Viewer, row: StandDown, names: dict[UUID, str]) -> StandDownNow:
    return StandDownNow(
        id=row.id,
        reason=reveal(db, row, "reason") or "",
        proposed_by=Ref(id=row.proposed_by, name=names.get(row.proposed_by, "A colleague")),
        proposed_at=row.proposed_at,
        agreed_by=_ref(names, row.agreed_by),
        agreed_at=row.agreed_at,
        told_by=_ref(names, row.told_by),
        told_at=row.told_at,
        may_agree=row.agreed_at is None and row.proposed_by != viewer.staff_id,
    )


async def _names(db: Db, program_id: UUID) -> dict[UUID, str]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    return {row.id: row.name for row in rows}


def _ref(names: dict[UUID, str], staff_id: UUID | None) -> Ref | None:
    return Ref(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None
