"""The board's first load: one snapshot of one transaction, with the cursor from which the socket goes on."""

from fastapi import APIRouter, Request

from app.board import queries
from app.board.access import access_of
from app.board.cards import Board
from app.db import Database
from app.staff.access import CurrentViewer

router = APIRouter(prefix="/api", tags=["board"])


@router.get("/board")
async def board(request: Request, viewer: CurrentViewer) -> Board:
    database: Database = request.app.state.database
    async with database.transaction(viewer.program_id, isolation="REPEATABLE READ") as db:
        access = await access_of(db, viewer)
        return await queries.snapshot(db, viewer, access)
