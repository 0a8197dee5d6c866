"""For staff: what a client shares with whom. Preparing a copy is done with the client in front of the preview."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from app.caregiver_pages import copies, queries, views
from app.client_pages import door
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require, require_client

router = APIRouter(prefix="/api/clients/{client_id}/copies", tags=["caregivers"])


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> UUID:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    return client_id


# The client of the address, after it is certain that this viewer may see them.
Mine = Annotated[UUID, Depends(mine, scope="function")]


@router.get("")
async def shared(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> views.Copies:
    return await queries.copies(db, viewer.program_id, client)


@router.post("", status_code=201, dependencies=[Confirmed])
async def prepare(
    client: Mine,
    body: views.NewCopy,
    request: Request,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.Made:
    """A repeat of one press makes another copy: the address of the first is lost, and that copy ends."""
    await once(db, viewer, command, "copy.make")
    base_url = door.settings_of(request).public_base_url
    url = await copies.prepare(db, viewer, client, body, base_url=base_url)
    return views.Made(copies=await queries.copies(db, viewer.program_id, client), url=url)


@router.post("/{copy_id}/open")
async def see(client: Mine, copy_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.CopyOpened:
    """What is in it, word for word. Each look is written down."""
    row = await queries.copy_of(db, viewer.program_id, client, copy_id)
    shown = views.CopyOpened(shared=copies.read_shared(db, row))
    entry = NewEntry(
        Kind.plan_opened,
        viewer.actor,
        client_id=client,
        detail={"what": "a caregiver's copy", "copy_id": row.id},
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])
    return shown


@router.post("/{copy_id}/end")
async def end(
    client: Mine, copy_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.Copies:
    if await once(db, viewer, command, "copy.end"):
        await copies.end(db, viewer, client, copy_id)
    return await queries.copies(db, viewer.program_id, client)


@router.post("/proposals/{proposal_id}", dependencies=[Confirmed])
async def decide(
    client: Mine,
    proposal_id: UUID,
    body: views.DecideBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.Copies:
    if await once(db, viewer, command, "copy.decide"):
        await copies.decide(db, viewer, client, proposal_id, accept=body.accept)
    return await queries.copies(db, viewer.program_id, client)
