"""Disclosures read back: all of them, the accounting a client may ask for (PRIV-3), and those that wait for a second look."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app import tabular
from app.clients.accounting import counted, in_time
from app.clients.consent_values import NO_BASIS
from app.clients.disclosure_views import Disclosures, Told
from app.clients.models import Client, Disclosure
from app.clients.notices import notices
from app.clients.packet import LABELS
from app.clients.people import local_today
from app.clients.queries import client_of
from app.db import Db, conceal, now_of, reveal
from app.errors import Conflict, NotAllowed, NotFound
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import StaffMember

COLUMNS = (
    tabular.Column("at", "Date"),
    tabular.Column("recipient", "To whom"),
    tabular.Column("affiliation", "Where they work"),
    tabular.Column("content", "What was told"),
    tabular.Column("purpose", "What for"),
    tabular.Column("basis", "Basis"),
    tabular.Column("by", "By whom"),
    tabular.Column("notice", "Notice that went with it"),
)


async def of_client(db: Db, viewer: Viewer, client_id: UUID) -> Disclosures:
    """The newest first. That they were read is an entry of its own."""
    client = await client_of(db, viewer.program_id, client_id)
    rows = await _told(db, viewer, Disclosure.client_id == client_id)
    counted = len(await _accounted(db, viewer, rows))
    found = Disclosures(client=client.name_used, rows=rows, accounting=counted)
    await _read(db, viewer, client_id, "disclosures")
    return found


async def accounting_csv(db: Db, viewer: Viewer, client_id: UUID) -> bytes:
    """What the client gets who asks whom we told: date, recipient, description, purpose (164.528(b)(2))."""
    await client_of(db, viewer.program_id, client_id)
    rows = await _accounted(db, viewer, await _told(db, viewer, Disclosure.client_id == client_id))
    made = tabular.write(COLUMNS, [_cells(row) for row in rows])
    await _read(db, viewer, client_id, "accounting of disclosures, saved as a file")
    return made


async def waiting(db: Db, viewer: Viewer) -> list[Told]:
    """For supervisors: what was told outside the ordinary rules and nobody else has looked at yet."""
    where = Disclosure.second_look_due_at.is_not(None) & Disclosure.second_look_at.is_(None)
    return await _told(db, viewer, where)


async def look_again(db: Db, viewer: Viewer, disclosure_id: UUID, note: str) -> None:
    row = await db.get(Disclosure, (viewer.program_id, disclosure_id), with_for_update=True)
    if row is None or row.second_look_due_at is None:
        raise NotFound("There is nothing here that waits for a second look.")
    if row.by_staff_id == viewer.staff_id:
        raise NotAllowed("Somebody else has to look at this: it was you who told it.")
    if row.second_look_at is not None:
        raise Conflict("A colleague has looked at this already. Read the list again.")
    row.second_look_at, row.second_look_by = now_of(db), viewer.staff_id
    conceal(db, row, "second_look", note)
    entry = NewEntry(
        Kind.second_look,
        viewer.actor,
        incident_id=row.incident_id,
        client_id=row.client_id,
        detail={"disclosure_id": row.id, "note": note},
    )
    await write(db, viewer.program_id, [entry])


async def _told(db: Db, viewer: Viewer, where: ColumnElement[bool]) -> list[Told]:
    rows = await db.execute(
        select(Disclosure, Client.name_used)
        .join(Client, (Client.program_id == Disclosure.program_id) & (Client.id == Disclosure.client_id))
        .where(Disclosure.program_id == viewer.program_id, where)
        .order_by(Disclosure.at.desc(), Disclosure.id)
    )
    people = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == viewer.program_id)
    )
    names = {row.id: row.name for row in people}
    return [_one(db, viewer, row, client, names) for row, client in rows]


def _one(db: Db, viewer: Viewer, row: Disclosure, client: str, names: dict[UUID, str]) -> Told:
    plain = ("id", "client_id", "at", "act", "purpose", "basis", "part2", "incident_id", "second_look_due_at")
    sealed = ("recipient", "affiliation", "content", "grounds", "nature", "verified_how", "second_look")
    notice = next((n for n in notices() if n.version == row.notice_version), None)
    values: dict[str, Any] = {name: getattr(row, name) for name in plain}
    values |= {name: reveal(db, row, name) for name in sealed}
    return Told(
        **values,
        items=[words for item, words in LABELS.items() if item in row.items],
        client=client,
        by=names.get(row.by_staff_id, "A colleague"),
        mine=row.by_staff_id == viewer.staff_id,
        notice=notice.text if notice else None,
        counted=counted(row.basis, row.part2),
        second_look_at=row.second_look_at,
        second_look_by=names.get(row.second_look_by) if row.second_look_by else None,
    )


async def _accounted(db: Db, viewer: Viewer, rows: Sequence[Told]) -> list[Told]:
    today = await local_today(db, viewer.program_id, now_of(db))
    return [row for row in rows if row.counted and in_time(row.counted, row.at.date(), today)]


def _cells(row: Told) -> dict[str, str]:
    said = row.model_dump(include={"recipient", "affiliation", "content", "purpose", "by", "notice"})
    return {name: value or "" for name, value in said.items()} | {
        "at": row.at.date().isoformat(),
        "basis": "no basis" if row.basis == NO_BASIS else row.basis.replace("_", " "),
    }


async def _read(db: Db, viewer: Viewer, client_id: UUID, what: str) -> None:
    entry = NewEntry(
        Kind.disclosures_read, viewer.actor, client_id=client_id, detail={"what": what}, retention="audit"
    )
    await write(db, viewer.program_id, [entry])
