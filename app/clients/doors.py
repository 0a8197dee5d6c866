"""Who comes through: clinicians to the people they work with, supervisors to everybody, administrators to nobody."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.clients import queries
from app.staff.access import CurrentViewer, ViewerDb, require, require_client


async def clinical(viewer: CurrentViewer) -> None:
    require(viewer, "clinician", "supervisor")


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> UUID:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    # A supervisor may see every client of the program, and an id of another program is none of them.
    await queries.client_of(db, viewer.program_id, client_id)
    return client_id


# The client of the address, after it is certain that this viewer may see them.
Mine = Annotated[UUID, Depends(mine, scope="function")]
