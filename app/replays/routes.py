"""Walking through a protocol, and what an edited version would have done. Nothing here writes or rings."""

import asyncio
from uuid import UUID

from fastapi import APIRouter

from app.protocols import listing
from app.replays import dry_run
from app.replays.dry_run import Walk, WalkView
from app.staff.access import CurrentViewer, ViewerDb

router = APIRouter(prefix="/api/protocols", tags=["protocols"])


@router.post("/{version_id}/dry-run")
async def walk(version_id: UUID, body: Walk, viewer: CurrentViewer, db: ViewerDb) -> WalkView:
    """Posted because a walk is long, not because it changes anything."""
    _, protocol = await listing.readable(db, viewer.program_id, version_id)
    version = await listing.one(db, viewer.program_id, version_id)
    return await asyncio.to_thread(dry_run.walk, protocol, version, body)
