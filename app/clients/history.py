"""The history of a record: read line by line, opened by a logged press, and put right when an entry was made in error."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients import fields, history_views, versions
from app.clients.law import is_minor
from app.clients.merge import to_put_back
from app.clients.models import Client
from app.clients.people import local_today
from app.clients.record_models import ClientVersion
from app.db import Db, conceal, now_of, reveal
from app.errors import Conflict, NotFound
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import StaffMember

LINES = 50


async def lines(db: Db, program_id: UUID, client_id: UUID, below: int | None = None) -> history_views.History:
    rows = await versions.of_client(db, program_id, client_id, below, LINES + 1)
    names = await _names(db, program_id, rows)
    return history_views.History(
        lines=[_line(db, row, names) for row in rows[:LINES]], more=len(rows) > LINES
    )


async def _names(db: Db, program_id: UUID, rows: Sequence[ClientVersion]) -> dict[UUID | None, str]:
    ids = {row.by_staff_id for row in rows} | {row.error_by_id for row in rows if row.error_by_id}
    found = await db.execute(
        select(StaffMember.id, StaffMember.name).where(
            StaffMember.program_id == program_id, StaffMember.id.in_(ids)
        )
    )
    return {row.id: row.name for row in found}


def _line(db: Db, row: ClientVersion, names: dict[UUID | None, str]) -> history_views.VersionLine:
    before, after = versions.body_of(db, row)
    what = "changed"
    if row.part != "record" and not any(value is not None for value in before.values()):
        what = "added"
    elif row.part != "record" and not any(value is not None for value in after.values()):
        what = "removed"
    return history_views.VersionLine.model_validate(
        {
            "version": row.version,
            "part": row.part,
            "what": what,
            "fields": row.fields,
            "by": names[row.by_staff_id],
            "at": row.made_at,
            "reason": reveal(db, row, "reason"),
            "undoes": row.undoes,
            "error_at": row.error_at,
            "error_by": names.get(row.error_by_id),
            "error_reason": reveal(db, row, "error_reason"),
        }
    )


async def opened(db: Db, viewer: Viewer, client_id: UUID, version: int) -> history_views.RecordOpened:
    """Earlier words are as sensitive as today's: each look is written down."""
    row = await _version(db, viewer.program_id, client_id, version)
    before, after = versions.body_of(db, row)
    detail = {"version": version, "fields": row.fields}
    entry = NewEntry(
        Kind.client_history_read, viewer.actor, client_id=client_id, detail=detail, retention="audit"
    )
    await write(db, viewer.program_id, [entry])
    return history_views.RecordOpened(
        version=version,
        changes=[
            history_views.VersionChange(field=name, before=before.get(name), after=after.get(name))
            for name in row.fields
        ],
    )


async def enter_in_error(
    db: Db, viewer: Viewer, client_id: UUID, version: int, given: history_views.InError
) -> None:
    """Marked, never deleted. What has been written since stays; what has not goes back to what stood before."""
    client = await versions.locked(db, viewer.program_id, client_id)
    row = await _version(db, viewer.program_id, client_id, version)
    if row.part != "record" or "tier" in row.fields:
        raise Conflict("Put this right where it stands: change it there, and say why.", code="not_here")
    if row.error_at is not None:
        raise Conflict("This change is already marked as entered in error.", code="already_marked")
    if given.version != client.version:
        raise Conflict(
            "This record changed meanwhile. Read its history again before you mark a change.",
            code="changed_meanwhile",
        )
    row.error_at, row.error_by_id = now_of(db), viewer.staff_id
    conceal(db, row, "error_reason", given.reason)
    before, after = versions.body_of(db, row)
    back = to_put_back(before, after, _current(db, client, before))
    if back:
        await _put_back(db, client, back)
        now_there = {name: after[name] for name in back}
        versions.append(db, viewer, client, now_there, back, reason=given.reason, undoes=version)
    detail = {"version": version, "reason": given.reason, "fields": sorted(back)}
    entry = NewEntry(Kind.client_entered_in_error, viewer.actor, client_id=client.id, detail=detail)
    await write(db, viewer.program_id, [entry])


def _current(db: Db, client: Client, names: dict[str, Any]) -> dict[str, Any]:
    current = fields.values_of(db, client, names.keys() & fields.KNOWN)
    return current | {"assessed": client.assessed, "ended": client.ended_at is not None}


async def _put_back(db: Db, client: Client, values: dict[str, Any]) -> None:
    fields.put(db, client, {name: value for name, value in values.items() if name in fields.KNOWN})
    if "ended" in values:
        client.ended_at = now_of(db) if values["ended"] else None
    client.assessed = values.get("assessed", client.assessed)
    if "birth_date" in values:
        client.minor = False
    if {"birth_date", "home_address"} & values.keys():
        client.minor = await is_minor(db, client, await local_today(db, client.program_id, now_of(db)))


async def _version(db: Db, program_id: UUID, client_id: UUID, version: int) -> ClientVersion:
    row: ClientVersion | None = await db.scalar(
        select(ClientVersion).where(
            ClientVersion.program_id == program_id,
            ClientVersion.client_id == client_id,
            ClientVersion.version == version,
        )
    )
    if row is None:
        raise NotFound("There is no such version of this record.")
    return row
