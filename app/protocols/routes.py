"""Reading protocols: any member of staff. How a version lives is in `life_routes`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.protocols import aloud, life_routes, listing, paper, queries, reading
from app.protocols.difference import differences
from app.protocols.schema import Tier
from app.protocols.variants import with_variants
from app.protocols.views import DifferenceView, Listed, Preview, ReadingView
from app.staff.access import CurrentViewer, ViewerDb
from app.typeset import pdf

router = APIRouter(prefix="/api/protocols", tags=["protocols"])
router.include_router(life_routes.router)

# Names that a protocol does not have are passed over: a kept address must not break when a variant goes.
Variants = Annotated[list[Annotated[str, Query(max_length=40)]], Query(max_length=20)]


@router.get("")
async def listed(viewer: CurrentViewer, db: ViewerDb) -> Listed:
    return Listed(
        versions=await listing.listed(db, viewer.program_id),
        trouble=await queries.trouble(db, viewer.program_id),
    )


@router.get("/sheets.pdf", response_class=Response)
async def sheets(viewer: CurrentViewer, db: ViewerDb, large: Annotated[bool, Query()] = False) -> Response:
    """Every protocol in use, for the folder beside the telephone."""
    data = await paper.of_all(db, viewer.program_id, large=large)
    return _pdf(await pdf("protocols", data), "protocols.pdf")


@router.get("/{version_id}/preview")
async def preview(
    version_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    tier: Annotated[Tier, Query()] = "high",
    variant: Variants = [],  # noqa: B006 -- a default of the framework, never changed
) -> Preview:
    _, protocol = await listing.readable(db, viewer.program_id, version_id)
    applied = with_variants(protocol, reading.known(protocol, variant))
    return Preview(text=aloud.aloud(applied, tier))


@router.get("/{version_id}/reading")
async def read(
    version_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    tier: Annotated[Tier, Query()] = "high",
    variant: Variants = [],  # noqa: B006
) -> ReadingView:
    _, protocol = await listing.readable(db, viewer.program_id, version_id)
    return ReadingView(
        version=await listing.one(db, viewer.program_id, version_id),
        reading=reading.read(protocol, tier, variant),
    )


@router.get("/{version_id}/difference")
async def difference(
    version_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    against: Annotated[UUID | None, Query()] = None,
) -> DifferenceView:
    row, protocol = await listing.readable(db, viewer.program_id, version_id)
    older = await listing.row_of(db, viewer.program_id, against) if against else await listing.before(db, row)
    parsed = queries.parsed_of(older) if older is not None and older.protocol == row.protocol else None
    return DifferenceView(
        version=await listing.one(db, viewer.program_id, version_id),
        against=await listing.one(db, viewer.program_id, older.id) if older and parsed else None,
        differences=differences(parsed, protocol) if parsed else [],
    )


@router.get("/{version_id}/sheet.pdf", response_class=Response)
async def sheet(
    version_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    variant: Variants = [],  # noqa: B006
    large: Annotated[bool, Query()] = False,
) -> Response:
    """On paper: a facilitator can run it with the dashboard down."""
    _, protocol = await listing.readable(db, viewer.program_id, version_id)
    data = await paper.of_one(db, viewer.program_id, protocol, variant, large=large)
    return _pdf(await pdf("protocols", data), f"{protocol.id}.pdf")


def _pdf(made: bytes, name: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type="application/pdf", headers=named)
