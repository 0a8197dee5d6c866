"""Finding records, their history, and drafts of their forms."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.clients import drafts, history, history_views, queries, search, views
from app.clients.doors import Mine, clinical
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/clients", tags=["clients"])

Version = Annotated[int, Path(ge=1, le=1_000_000)]
Form = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,60}$")]


@router.post("/search", dependencies=[Depends(clinical)])
async def find(body: views.FindClients, viewer: CurrentViewer, db: ViewerDb) -> views.ClientPage:
    """A POST because names and numbers must stand in no address."""
    return await search.page(db, viewer, body)


@router.get("/{client_id}/history")
async def versions(
    client: Mine,
    viewer: CurrentViewer,
    db: ViewerDb,
    below: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> history_views.History:
    return await history.lines(db, viewer.program_id, client, below)


@router.post("/{client_id}/history/{version}/open")
async def open_version(
    client: Mine, version: Version, viewer: CurrentViewer, db: ViewerDb
) -> history_views.RecordOpened:
    """Not once per command: each answer that holds earlier words is one more look, and one more entry."""
    return await history.opened(db, viewer, client, version)


@router.post("/{client_id}/history/{version}/in-error")
async def in_error(
    client: Mine,
    version: Version,
    body: history_views.InError,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientRecord:
    if await once(db, viewer, command, "client.in_error"):
        await history.enter_in_error(db, viewer, client, version, body)
    return await queries.record(db, viewer.program_id, client, viewer)


@router.get("/{client_id}/drafts")
async def my_drafts(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> list[history_views.DraftView]:
    return await drafts.of_viewer(db, viewer, client)


@router.post("/{client_id}/drafts/{form}")
async def keep_draft(
    client: Mine, form: Form, body: history_views.DraftBody, viewer: CurrentViewer, db: ViewerDb
) -> history_views.DraftKept:
    """Repeating it is safe by itself: the last word stands."""
    return await drafts.keep(db, viewer, client, form, body.answers)
