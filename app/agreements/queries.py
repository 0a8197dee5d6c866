"""Agreements of an incident, with their words, for its page."""

from uuid import UUID

from sqlalchemy import select

from app.agreements import rules, views
from app.agreements.actions import clock_of, content_of
from app.agreements.models import Agreement
from app.db import Db, reveal
from app.incidents.cases import Case
from app.incidents.page_views import Ref
from app.staff.access import Viewer
from app.staff.models import StaffMember


async def of_incident(db: Db, viewer: Viewer, case: Case) -> views.AgreedList:
    """Opens the seals: the caller writes the entry that says who looked."""
    rows = await db.scalars(
        select(Agreement)
        .where(Agreement.program_id == viewer.program_id, Agreement.incident_id == case.incident.id)
        .order_by(Agreement.ended_at.is_not(None), Agreement.made_at.desc(), Agreement.id)
    )
    names, gone = await _names(db, viewer.program_id)
    return views.AgreedList(
        agreements=[_view(db, viewer, case, row, names, gone) for row in rows],
        staff=[
            Ref(id=person.id, name=person.name)
            for person in sorted(case.staff.people.values(), key=lambda person: person.name)
        ],
    )


def _view(
    db: Db, viewer: Viewer, case: Case, row: Agreement, names: dict[UUID, str], gone: set[UUID]
) -> views.Agreed:
    content, clock = content_of(db, row), clock_of(row)

    def person(staff_id: UUID | None) -> Ref | None:
        return Ref(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None

    made_by, owner = person(row.made_by), person(row.owner_id)
    assert made_by is not None  # noqa: S101 - both columns are never null
    assert owner is not None  # noqa: S101
    still_open = case.incident.state == "open" and (row.ended_at is None or clock.checking)
    return views.Agreed(
        id=row.id,
        steps=list(content.steps),
        holder=content.holder,
        made_at=row.made_at,
        made_by=made_by,
        owner=owner,
        mine=still_open and row.owner_id == viewer.staff_id,
        owner_gone=row.owner_id in gone,
        witness=person(row.witness_id),
        until=row.until,
        lapses_at=rules.lapses_at(row.until, case.situation().tier),
        asked_at=row.asked_at,
        lapsed_at=row.lapsed_at,
        ended_at=row.ended_at,
        ended_by=person(row.ended_by),
        outcome=row.outcome,
        note=reveal(db, row, "note"),
        check_wanted_at=row.check_wanted_at,
        check_done_at=row.check_done_at,
        check_done_by=person(row.check_done_by),
        open=still_open,
    )


async def _names(db: Db, program_id: UUID) -> tuple[dict[UUID, str], set[UUID]]:
    """Everybody's name, and whose access has ended."""
    rows = (
        await db.execute(
            select(StaffMember.id, StaffMember.name, StaffMember.disabled_at).where(
                StaffMember.program_id == program_id
            )
        )
    ).all()
    return {row.id: row.name for row in rows}, {row.id for row in rows if row.disabled_at is not None}
