"""Reading and approving protocols: any staff member reads, a supervisor approves."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from app.errors import NotFound
from app.protocols import actions, library, queries
from app.protocols.facts import Facts, FirstOutreach
from app.protocols.models import ProtocolVersion
from app.protocols.schema import Tier
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api/protocols", tags=["protocols"])


class VersionView(BaseModel):
    """`current`: new incidents start with it."""

    id: UUID
    protocol: str
    version: str
    title: str
    status: Literal["draft", "approved", "retired"]
    current: bool
    approved_at: datetime | None
    made_at: datetime


class Listed(BaseModel):
    versions: list[VersionView]
    trouble: str | None


class Preview(BaseModel):
    text: str


def _view(row: ProtocolVersion, current: set[UUID]) -> VersionView:
    return VersionView(
        id=row.id,
        protocol=row.protocol,
        version=row.version,
        title=str(row.body.get("title", row.protocol)),
        status=row.status,
        current=row.id in current,
        approved_at=row.approved_at,
        made_at=row.made_at,
    )


@router.get("")
async def listed(viewer: CurrentViewer, db: ViewerDb) -> Listed:
    rows = await queries.versions(db, viewer.program_id)
    current: set[UUID] = set()
    for protocol in {row.protocol for row in rows}:
        running = await queries.current_of(db, {viewer.program_id}, protocol)
        current |= {version for version, _ in running.values()}
    trouble = await queries.trouble(db, viewer.program_id)
    return Listed(versions=[_view(row, current) for row in rows], trouble=trouble)


@router.post("/{version_id}/approve")
async def approve(version_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> VersionView:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "protocol.approve"):
        row = await actions.approve(db, viewer.program_id, version_id, viewer.staff_id)
    else:
        row = await _row(db, viewer.program_id, version_id)
    return _view(row, {row.id} if row.status == "approved" else set())


@router.get("/{version_id}/preview")
async def preview(
    version_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    tier: Annotated[Tier, Query()] = "high",
    first_outreach: Annotated[FirstOutreach, Query()] = "ring",
    unsafe_home: Annotated[bool, Query()] = False,
) -> Preview:
    row = await _row(db, viewer.program_id, version_id)
    protocol = queries.parsed_of(row)
    if protocol is None:
        raise NotFound("This version is not what was stored, so it cannot be read aloud.")
    facts = Facts(first_outreach=first_outreach, unsafe_home=unsafe_home, has_contacts=True)
    return Preview(text=library.preview(protocol, tier, facts))


async def _row(db: ViewerDb, program_id: UUID, version_id: UUID) -> ProtocolVersion:
    for row in await queries.versions(db, program_id):
        if row.id == version_id:
            return row
    raise NotFound("There is no such protocol version.")
