"""The program's directory. Everybody reads it; supervisors and administrators keep it; clinicians check lines."""

from uuid import UUID, uuid5

from fastapi import APIRouter, Depends

from app.places import actions, covering, import_routes, queries, region_reviews, state_cards
from app.places.region_reviews import RegionView, ReviewedBody
from app.places.state_cards import NewCard, StateCardView
from app.places.views import (
    ChangeLine,
    CheckLine,
    Covering,
    DispatchLineView,
    LikelyView,
    NewLine,
    TypedPlace,
)
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api/places", tags=["places"])
router.include_router(import_routes.router)


async def keeper(viewer: CurrentViewer) -> None:
    require(viewer, "supervisor", "administrator")


@router.get("/dispatch-lines")
async def lines(viewer: CurrentViewer, db: ViewerDb) -> list[DispatchLineView]:
    return await queries.lines(db, viewer.program_id)


@router.post("/dispatch-lines", status_code=201, dependencies=[Depends(keeper)])
async def add(body: NewLine, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> DispatchLineView:
    # From the command, so that a repeated press finds the line it made.
    line_id = uuid5(viewer.program_id, f"{viewer.staff_id}:{command}")
    if await once(db, viewer, command, "dispatch_line.add"):
        await actions.add_line(db, viewer.program_id, viewer.staff_id, body, line_id)
    return await queries.one(db, viewer.program_id, line_id)


@router.patch("/dispatch-lines/{line_id}")
async def change(
    line_id: UUID, body: ChangeLine, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> DispatchLineView:
    if body.model_fields_set != {"verified"}:
        require(viewer, "supervisor", "administrator")
    if await once(db, viewer, command, "dispatch_line.change"):
        await actions.change_line(db, viewer.program_id, viewer.staff_id, line_id, body)
    return await queries.one(db, viewer.program_id, line_id)


@router.post("/dispatch-lines/{line_id}/check")
async def check(
    line_id: UUID, body: CheckLine, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> DispatchLineView:
    if await once(db, viewer, command, "dispatch_line.check"):
        await actions.check_line(db, viewer.program_id, viewer.staff_id, line_id, body.result)
    return await queries.one(db, viewer.program_id, line_id)


@router.post("/dispatch-lines/{line_id}/uncheck")
async def uncheck(line_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> DispatchLineView:
    if await once(db, viewer, command, "dispatch_line.uncheck"):
        await actions.uncheck_line(db, viewer.program_id, viewer.staff_id, line_id)
    return await queries.one(db, viewer.program_id, line_id)


@router.post("/likely")
async def likely(body: TypedPlace, viewer: CurrentViewer) -> LikelyView:
    """Posted, because a part of an address belongs in no log. The answer is never more than likely."""
    del viewer
    return covering.likely_view(body.code, body.country)


@router.post("/covering")
async def lines_covering(body: TypedPlace, viewer: CurrentViewer, db: ViewerDb) -> Covering:
    return await covering.of_typed(db, viewer.program_id, body)


@router.get("/regions")
async def regions(viewer: CurrentViewer, db: ViewerDb) -> list[RegionView]:
    return await region_reviews.all_regions(db, viewer.program_id)


@router.post("/regions/reviewed", dependencies=[Depends(keeper)])
async def review(
    body: ReviewedBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[RegionView]:
    if await once(db, viewer, command, "region.reviewed"):
        await region_reviews.reviewed(db, viewer, body.country)
    return await region_reviews.all_regions(db, viewer.program_id)


@router.get("/state-cards")
async def cards(viewer: CurrentViewer, db: ViewerDb) -> list[StateCardView]:
    return await state_cards.cards(db, viewer.program_id)


@router.post("/state-cards", status_code=201, dependencies=[Depends(keeper)])
async def put_card(
    body: NewCard, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[StateCardView]:
    card_id = uuid5(viewer.program_id, f"{viewer.staff_id}:{command}")
    if await once(db, viewer, command, "state_card.put"):
        await state_cards.put_card(db, viewer, body, card_id)
    return await state_cards.cards(db, viewer.program_id)


@router.delete("/state-cards/{card_id}", dependencies=[Depends(keeper)])
async def retire_card(
    card_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[StateCardView]:
    if await once(db, viewer, command, "state_card.retire"):
        await state_cards.retire_card(db, viewer, card_id)
    return await state_cards.cards(db, viewer.program_id)
