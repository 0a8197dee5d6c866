"""Versions as screens list them: who signed what and when, what runs now, what is to be read again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.errors import NotFound
from app.protocols import queries
from app.protocols.models import ProtocolVersion
from app.protocols.schema import Protocol
from app.protocols.views import Signed, VersionView
from app.staff.models import StaffMember

FORMER = "A former colleague"


async def listed(db: Db, program_id: UUID) -> list[VersionView]:
    """Newest first, protocol by protocol."""
    rows = await queries.versions(db, program_id)
    return await _views(db, program_id, rows)


async def one(db: Db, program_id: UUID, version_id: UUID) -> VersionView:
    return (await _views(db, program_id, [await row_of(db, program_id, version_id)]))[0]


async def row_of(db: Db, program_id: UUID, version_id: UUID) -> ProtocolVersion:
    row = await db.get(ProtocolVersion, (program_id, version_id), populate_existing=True)
    if row is None:
        raise NotFound("There is no such protocol version.")
    return row


async def of_number(db: Db, program_id: UUID, protocol: str, version: str) -> VersionView | None:
    rows = await queries.versions(db, program_id)
    found = [row for row in rows if (row.protocol, row.version) == (protocol, version)]
    return (await _views(db, program_id, found))[0] if found else None


async def readable(db: Db, program_id: UUID, version_id: UUID) -> tuple[ProtocolVersion, Protocol]:
    row = await row_of(db, program_id, version_id)
    protocol = queries.parsed_of(row)
    if protocol is None:
        raise NotFound("This version is not what was stored, so it cannot be read.")
    return row, protocol


async def before(db: Db, row: ProtocolVersion) -> ProtocolVersion | None:
    """What a version is compared with: what runs now, or what stood before it."""
    others = [
        other
        for other in await queries.versions(db, row.program_id)
        if other.protocol == row.protocol and other.id != row.id and queries.parsed_of(other)
    ]
    older = [other for other in others if other.made_at <= row.made_at]
    running = [other for other in others if other.status == "published"]
    return next(iter(running or older), None)


async def _views(db: Db, program_id: UUID, rows: Sequence[ProtocolVersion]) -> list[VersionView]:
    current: set[UUID] = set()
    for protocol in {row.protocol for row in rows}:
        running = await queries.current_of(db, {program_id}, protocol)
        current |= {version for version, _ in running.values()}
    names = await _names(db, program_id, rows)
    return [_view(row, names, now_of(db), current=row.id in current) for row in rows]


async def _names(db: Db, program_id: UUID, rows: Sequence[ProtocolVersion]) -> dict[UUID, str]:
    ids = {who for row in rows for who in (row.approved_by, row.published_by, row.retired_by) if who}
    found = await db.execute(
        select(StaffMember.id, StaffMember.name).where(
            StaffMember.program_id == program_id, StaffMember.id.in_(ids)
        )
    )
    return {row.id: row.name for row in found}


def _view(row: ProtocolVersion, names: dict[UUID, str], now: datetime, *, current: bool) -> VersionView:
    protocol = queries.parsed_of(row)
    due = date.fromisoformat(protocol.review.due) if protocol else None

    def signed(by: UUID | None, at: datetime | None, role: str | None = None) -> Signed | None:
        return Signed(by=names.get(by, FORMER) if by else FORMER, role=role, at=at) if at else None

    return VersionView(
        id=row.id,
        protocol=row.protocol,
        version=row.version,
        title=protocol.title if protocol else row.protocol,
        purpose=protocol.purpose if protocol else "",
        tiers=list(protocol.tiers) if protocol else [],
        status=row.status,
        current=current,
        damaged=protocol is None,
        approved=signed(row.approved_by, row.approved_at, row.approved_role),
        published=signed(row.published_by, row.published_at),
        retired=signed(row.retired_by, row.retired_at),
        replaced=row.replaced_by is not None,
        review_due=due,
        overdue=due is not None and due < now.date() and row.status != "retired",
        made_at=row.made_at,
    )
