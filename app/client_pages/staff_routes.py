"""For staff: a client's link, letting in another device, the private notes, and what the client told on their page."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from app.client_pages import door, links, notes, own_page
from app.client_pages.notes import NoteHead, NoteView
from app.client_pages.own_page import OwnPageView
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter()
of_meeting = APIRouter(prefix="/api/group-sessions/{group_session_id}")
of_client = APIRouter(prefix="/api/clients/{client_id}/own-page")


class LinkView(BaseModel):
    """The address is shown once: only its hash is kept."""

    url: str


class AdmittedView(BaseModel):
    waiting_since: datetime | None


class ReadNotesBody(BaseModel):
    """One client's notes, or with none named those of all in the meeting."""

    model_config = ConfigDict(extra="forbid")
    client_id: UUID | None = None


@of_meeting.post("/clients/{client_id}/link")
async def make_link(
    group_session_id: UUID,
    client_id: UUID,
    request: Request,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> LinkView:
    """A repeat of one press makes another link: the first answer is lost, and the unused link in it ends."""
    await once(db, viewer, command, "client_link")
    base_url = door.settings_of(request).public_base_url
    return LinkView(url=await links.make_link(db, viewer, group_session_id, client_id, base_url=base_url))


@of_meeting.post("/clients/{client_id}/admit-device")
async def admit_device(
    group_session_id: UUID, client_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> AdmittedView:
    if not await once(db, viewer, command, "admit_device"):
        return AdmittedView(waiting_since=None)
    return AdmittedView(waiting_since=await links.admit_device(db, viewer, group_session_id, client_id))


@of_meeting.get("/notes")
async def list_notes(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> list[NoteHead]:
    """Who wrote when, and what is unread; without the words."""
    return await notes.heads(db, viewer, group_session_id)


@of_meeting.post("/notes/read")
async def read_notes(
    group_session_id: UUID,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
    body: ReadNotesBody | None = None,
) -> list[NoteView]:
    await once(db, viewer, command, "read_notes")
    return await notes.read_notes(db, viewer, group_session_id, body.client_id if body else None)


@of_client.get("")
async def read_own_page(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> OwnPageView:
    return await own_page.own_page(db, viewer, client_id)


router.include_router(of_meeting)
router.include_router(of_client)
