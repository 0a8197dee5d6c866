"""Walking through a protocol, and what an edited version would have done. Nothing here writes or rings."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.protocols import listing
from app.replays import dry_run, past
from app.replays.dry_run import Walk, WalkView
from app.replays.past import ReplayView
from app.staff.access import CurrentViewer, ViewerDb, require

router = APIRouter(prefix="/api/protocols", tags=["protocols"])


@router.post("/{version_id}/dry-run")
async def walk(version_id: UUID, body: Walk, viewer: CurrentViewer, db: ViewerDb) -> WalkView:
    """Posted because a walk is long, not because it changes anything."""
    _, protocol = await listing.readable(db, viewer.program_id, version_id)
    version = await listing.one(db, viewer.program_id, version_id)
    return await asyncio.to_thread(dry_run.walk, protocol, version, body)


@router.get("/{version_id}/replay")
async def replay(
    version_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    last: Annotated[int, Query(ge=1, le=past.MOST)] = 10,
) -> ReplayView:
    """What this version would have done in the last incidents that ran its protocol (B12)."""
    require(viewer, "supervisor")
    _, protocol = await listing.readable(db, viewer.program_id, version_id)
    version = await listing.one(db, viewer.program_id, version_id)
    return await past.replayed(db, viewer.program_id, protocol, version, last)
