"""The life of a version: read as a draft, signed, published, retired. Clinicians own what runs."""

from uuid import UUID

from sqlalchemy import Select, select

from app.db import Db, now_of
from app.errors import Conflict, NotFound
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.protocols import queries
from app.protocols.models import ProtocolVersion
from app.staff.models import StaffMember

UNTITLED = "Supervisor"


async def approve(db: Db, program_id: UUID, version_id: UUID, by: UUID) -> ProtocolVersion:
    """Signs it: who, when, as what. Nothing runs by it yet. Signing twice changes nothing."""
    row = await _locked(db, program_id, version_id)
    if row.status in ("approved", "published"):
        return row
    _refuse_retired(row)
    if queries.parsed_of(row) is None:
        raise Conflict("This version is not what was stored, so it cannot be approved. Load the file again.")
    row.status, row.approved_by, row.approved_at = "approved", by, now_of(db)
    row.approved_role = await _title(db, program_id, by)
    await _write(db, row, Kind.protocol_approved, by, role=row.approved_role)
    return row


async def put_in_use(db: Db, program_id: UUID, version_id: UUID, by: UUID) -> ProtocolVersion:
    """From now on new incidents start with this version; those under way keep theirs."""
    row = await _locked(db, program_id, version_id)
    if row.status == "published":
        return row
    _refuse_retired(row)
    if row.status != "approved":
        raise Conflict("Nobody has approved this version yet. Read it, and approve it first.")
    if queries.parsed_of(row) is None:
        raise Conflict(
            "This version is not what was approved, so it cannot be published. Load the file again."
        )
    now = now_of(db)
    for before in await db.scalars(_published(row).with_for_update()):
        before.status, before.retired_by, before.retired_at = "retired", by, now
        before.replaced_by = row.id
    # One published version at a time: the database would refuse two, even for a moment.
    await db.flush()
    row.status, row.published_by, row.published_at = "published", by, now
    await _write(db, row, Kind.protocol_published, by)
    return row


async def retire(db: Db, program_id: UUID, version_id: UUID, by: UUID) -> ProtocolVersion:
    """Takes a version out of use. It stays readable, and incidents that began with it keep it."""
    row = await _locked(db, program_id, version_id)
    if row.status == "retired":
        return row
    if row.status == "published" and row.protocol == queries.CONNECTION_LOST:
        raise Conflict(
            "Without a protocol for a lost connection no group can open. Publish another version instead; "
            "that retires this one."
        )
    row.status, row.retired_by, row.retired_at = "retired", by, now_of(db)
    await _write(db, row, Kind.protocol_retired, by)
    return row


def _refuse_retired(row: ProtocolVersion) -> None:
    if row.status == "retired" and row.replaced_by is not None:
        raise Conflict("A newer version has replaced this one. Approve the newest.")
    if row.status == "retired":
        raise Conflict("This version was taken out of use. Give the file a new version number.")


async def _locked(db: Db, program_id: UUID, version_id: UUID) -> ProtocolVersion:
    row = await db.scalar(
        select(ProtocolVersion)
        .where(ProtocolVersion.program_id == program_id, ProtocolVersion.id == version_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("There is no such protocol version.")
    return row


def _published(row: ProtocolVersion) -> Select[ProtocolVersion]:
    return select(ProtocolVersion).where(
        ProtocolVersion.program_id == row.program_id,
        ProtocolVersion.protocol == row.protocol,
        ProtocolVersion.status == "published",
    )


async def _title(db: Db, program_id: UUID, staff_id: UUID) -> str:
    person = await db.get(StaffMember, (program_id, staff_id))
    return (person.title if person else "") or UNTITLED


async def _write(db: Db, row: ProtocolVersion, kind: Kind, by: UUID, **more: str | None) -> None:
    words = {"protocol": row.protocol, "version": row.version, "sha256": row.sha256} | more
    await write(db, row.program_id, [NewEntry(kind, Actor("person", by), detail=words, retention="audit")])
