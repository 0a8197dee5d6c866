"""Mandated reports (R20): who reports, to which agency, under which reference, and the written follow-up that is due.

Staff alone read them: they stand in no copy, page or export that a caregiver or guardian gets.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.clients.consent import Agency
from app.clients.disclose import Telling, disclose
from app.clients.law import cards_of, region_of
from app.clients.models import Client, MandatedReport
from app.clients.queries import client_of
from app.clients.report_views import NewReport, ReportClosed, ReportLine, Reports, ReportTold
from app.clients.telling import tier_of
from app.db import Db, conceal, new_id, now_of, reveal
from app.divisions import region_name
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import StaffMember
from app.tasks.actions import open_task


async def of_client(db: Db, viewer: Viewer, client_id: UUID) -> Reports:
    """That they were read is an entry of its own."""
    client = await client_of(db, viewer.program_id, client_id)
    region = await region_of(db, client)
    card = (await cards_of(db, client, region)).get("mandated_report")
    people = (
        await db.scalars(
            select(StaffMember)
            .where(StaffMember.program_id == viewer.program_id, StaffMember.disabled_at.is_(None))
            .order_by(StaffMember.name)
        )
    ).all()
    names = {person.id: person.name for person in people}
    rows = await db.scalars(
        select(MandatedReport)
        .where(MandatedReport.program_id == viewer.program_id, MandatedReport.client_id == client_id)
        .order_by(MandatedReport.made_at.desc(), MandatedReport.id)
    )
    found = Reports(
        client=client.name_used,
        region=region,
        region_name=region_name(region),
        card=card,
        staff={person.id: person.name for person in people if "administrator" not in person.roles},
        rows=[_line(db, row, names) for row in rows],
    )
    detail = {"what": "mandated reports"}
    entry = NewEntry(Kind.reports_read, viewer.actor, client_id=client_id, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])
    return found


def _line(db: Db, row: MandatedReport, names: dict[UUID, str]) -> ReportLine:
    late = row.written_due_at is not None and row.written_at is None and row.written_due_at <= now_of(db)
    return ReportLine(
        id=row.id,
        about=row.about,
        region=row.region,
        reporter_id=row.reporter_id,
        reporter=names.get(row.reporter_id, "A colleague"),
        concern=reveal(db, row, "concern") or "",
        agency=reveal(db, row, "agency"),
        reference=reveal(db, row, "reference"),
        made_at=row.made_at,
        told_at=row.told_at,
        written_due_at=row.written_due_at,
        written_at=row.written_at,
        written_late=late,
        closed_at=row.closed_at,
        closed_why=reveal(db, row, "closed_why"),
    )


async def begin(db: Db, viewer: Viewer, client_id: UUID, given: NewReport) -> None:
    """Somebody has seen or heard what may have to be reported: from here it has a person."""
    client = await client_of(db, viewer.program_id, client_id)
    reporter = await db.get(StaffMember, (viewer.program_id, given.reporter_id or viewer.staff_id))
    if reporter is None or reporter.disabled_at is not None:
        sentence = "There is no such colleague. Choose who reports."
        raise NotValid(sentence, fields={"reporter_id": sentence})
    row = MandatedReport(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client.id,
        incident_id=given.incident_id,
        about=given.about,
        region=await region_of(db, client),
        reporter_id=reporter.id,
        by_staff_id=viewer.staff_id,
        made_at=now_of(db),
    )
    conceal(db, row, "concern", given.concern)
    db.add(row)
    card = (await cards_of(db, client, row.region)).get("mandated_report")
    within = card.body.report_within_hours if card else None
    task = await _task(
        db, row, "Make the report that the law asks for", now_of(db) + timedelta(hours=within or 0)
    )
    await _write(db, viewer, row, "begun", [task])


async def told(db: Db, viewer: Viewer, client_id: UUID, report_id: UUID, given: ReportTold) -> None:
    """The agency has been told. It is a disclosure like any other, on the basis of the law."""
    client = await client_of(db, viewer.program_id, client_id)
    row = await _row(db, viewer, client_id, report_id)
    if row.told_at is not None or row.closed_at is not None:
        raise Conflict("This report was made, or closed, already. Look at the list again.")
    office = given.agency if not given.person else f"{given.agency}, {given.person}"
    telling = Telling(
        act="report",
        content=given.content,
        purpose="a report that the law asks for",
        basis="law",
        grounds=reveal(db, row, "concern") or "",
        ticked=given.ticked,
        verified_how=given.verified_how,
    )
    to = Agency(office, row.about)  # type: ignore[arg-type]  # held by the table
    entry = await disclose(
        db, viewer, client, to, telling, tier=tier_of(client), incident_id=row.incident_id, already_told=True
    )
    await db.flush()
    row.disclosure_id = entry.detail["disclosure_id"]
    row.told_at = now_of(db)
    row.written_due_at = await _written_due(db, client, row, given.written_due_at)
    conceal(db, row, "agency", given.agency)
    conceal(db, row, "reference", given.reference or None)
    more = [entry]
    if row.written_due_at is not None:
        more.append(
            await _task(db, row, "Send the written follow-up of the report by law", row.written_due_at)
        )
    await _write(db, viewer, row, "told", more)


async def _written_due(
    db: Db, client: Client, row: MandatedReport, given: datetime | None
) -> datetime | None:
    """As said by the agency; else as the reviewed card says; else nothing is assumed."""
    if given is not None:
        return given
    card = (await cards_of(db, client, row.region)).get("mandated_report")
    hours = card.body.written_within_hours if card else None
    return None if hours is None else now_of(db) + timedelta(hours=hours)


async def written(db: Db, viewer: Viewer, client_id: UUID, report_id: UUID) -> None:
    row = await _row(db, viewer, client_id, report_id)
    if row.told_at is None:
        raise Conflict("The report has not been made yet. Make it by telephone first.")
    if row.written_at is None:
        row.written_at = now_of(db)
        await _write(db, viewer, row, "written")


async def close(db: Db, viewer: Viewer, client_id: UUID, report_id: UUID, given: ReportClosed) -> None:
    """No report after all: with the reason, and with whom it was decided."""
    row = await _row(db, viewer, client_id, report_id)
    if row.told_at is not None:
        raise Conflict("The report was made already, and stays.")
    if row.closed_at is None:
        row.closed_at = now_of(db)
        conceal(db, row, "closed_why", given.why)
        await _write(db, viewer, row, "closed")


async def _row(db: Db, viewer: Viewer, client_id: UUID, report_id: UUID) -> MandatedReport:
    row = await db.get(MandatedReport, (viewer.program_id, report_id), with_for_update=True)
    if row is None or row.client_id != client_id:
        raise NotFound("There is no such report. Look at the list again.")
    return row


async def _task(db: Db, row: MandatedReport, about: str, due_at: datetime) -> NewEntry:
    return await open_task(
        db,
        row.program_id,
        about=about,
        client_id=row.client_id,
        owner_id=row.reporter_id,
        due_at=due_at,
        made_by=row.by_staff_id,
    )


async def _write(
    db: Db, viewer: Viewer, row: MandatedReport, what: str, more: list[NewEntry] | None = None
) -> None:
    entry = NewEntry(
        Kind.report_changed,
        viewer.actor,
        client_id=row.client_id,
        detail={"what": what, "report_id": row.id},
    )
    await write(db, viewer.program_id, [entry, *(more or [])])
