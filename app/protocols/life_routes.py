"""Signing, publishing, retiring and bringing versions: supervisors."""

import asyncio
from uuid import UUID

from fastapi import APIRouter

from app.protocols import actions, library, life, listing, queries
from app.protocols.views import Brought, BroughtFile, FaultView, VersionView
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter()


@router.post("/{version_id}/approve")
async def approve(version_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> VersionView:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "protocol.approve"):
        await life.approve(db, viewer.program_id, version_id, viewer.staff_id)
        await db.flush()
    return await listing.one(db, viewer.program_id, version_id)


@router.post("/{version_id}/publish")
async def publish(version_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> VersionView:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "protocol.publish"):
        await life.put_in_use(db, viewer.program_id, version_id, viewer.staff_id)
        await db.flush()
    return await listing.one(db, viewer.program_id, version_id)


@router.post("/{version_id}/retire")
async def retire(version_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> VersionView:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "protocol.retire"):
        await life.retire(db, viewer.program_id, version_id, viewer.staff_id)
        await db.flush()
    return await listing.one(db, viewer.program_id, version_id)


@router.post("/files")
async def bring(body: BroughtFile, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> Brought:
    """The file becomes a draft. One with faults changes nothing; each fault comes back with its line and a sentence."""
    require(viewer, "supervisor")
    known = {row.protocol for row in await queries.versions(db, viewer.program_id)}
    # A check looks at every set of variants: nothing that rings waits for it.
    loaded = await asyncio.to_thread(library.brought, body.name, body.text, known)
    faults = list(loaded.faults)
    if not faults and await once(db, viewer, command, "protocol.bring"):
        faults = await actions.bring(db, viewer.program_id, loaded, viewer.staff_id)
        await db.flush()
    version = None
    if not faults and loaded.protocol is not None:
        version = await listing.of_number(db, viewer.program_id, loaded.protocol.id, loaded.protocol.version)
    return Brought(version=version, faults=[FaultView.of(fault) for fault in faults])
