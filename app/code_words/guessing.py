"""Each refusal "too like another word" tells a little about words that others chose: so nobody may try for long."""

from fastapi import Depends, Request

from app.db import Database
from app.errors import TooMany
from app.staff import limits
from app.staff.access import CurrentViewer

# Enough to choose three words with each client of a group in a quarter of an hour, refusals included.
TRIES = 40


async def counted(request: Request, viewer: CurrentViewer) -> None:
    """In a transaction of its own: a try counts although its refusal undoes everything else."""
    database: Database = request.app.state.database
    async with database.transaction(viewer.program_id) as db:
        try:
            await limits.count(db, "code_word", str(viewer.staff_id), TRIES)
        except TooMany:
            raise TooMany("Too many words were tried. Wait 15 minutes, then choose on.") from None


# For `dependencies=[Unhurried]` on a route that compares words.
Unhurried = Depends(counted)
