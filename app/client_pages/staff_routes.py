"""For staff: a client's link, letting in another device, the private notes, and what the client told on their page."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from app.client_pages import card_answers, door, links, notes, own_page, pins
from app.client_pages.notes import NoteHead, NoteView
from app.client_pages.own_page import CardReadView, OwnPageView
from app.group_sessions import signals
from app.incidents import signalled
from app.incidents.cases import CONCERN
from app.incidents.pressing import open_incident
from app.staff import passphrases
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


class SignalBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    answer: signals.Answer


class SignalAnswered(BaseModel):
    """The incident that opened with the answer, or was joined by it; none where nothing was meant."""

    incident_id: UUID | None


@of_meeting.post("/clients/{client_id}/signal")
async def answer_signal(
    group_session_id: UUID,
    client_id: UUID,
    body: SignalBody,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> SignalAnswered:
    """A person says what the quiet signal is: a code word, which opens its incident, or nothing that was meant."""
    made: UUID | None = None
    if await once(db, viewer, command, "signal.answer"):
        made = await signalled.answer(db, viewer, group_session_id, client_id, body.answer)
    elif body.answer != "not_meant":
        made = await open_incident(db, viewer.program_id, client_id, CONCERN)
    return SignalAnswered(incident_id=made)


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


class PinBody(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    pin: Annotated[str, Field(max_length=64)]


@of_client.post("/pin-window")
async def open_pin_window(
    client_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> OwnPageView:
    """For ten minutes the client may choose a PIN on their own page."""
    if await once(db, viewer, command, "client_pin.window"):
        await pins.open_window(db, viewer, client_id)
    return await own_page.own_page(db, viewer, client_id)


@of_client.post("/pin")
async def set_pin(
    client_id: UUID, body: PinBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> OwnPageView:
    """Typed together with the client."""
    pins.check(body.pin)
    kept = await passphrases.hashed(body.pin)
    if await once(db, viewer, command, "client_pin.set"):
        await pins.set_with_staff(db, viewer, client_id, kept)
    return await own_page.own_page(db, viewer, client_id)


@of_client.delete("/pin")
async def take_pin_away(
    client_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> OwnPageView:
    if await once(db, viewer, command, "client_pin.remove"):
        await pins.take_away(db, viewer, client_id)
    return await own_page.own_page(db, viewer, client_id)


@of_client.post("/card/read")
async def read_card(client_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> CardReadView:
    await once(db, viewer, command, "card.read")
    return await own_page.read_card(db, viewer, client_id)


@of_client.post("/card/{answer_id}/settled")
async def settle_card(
    client_id: UUID, answer_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> OwnPageView:
    """The wish was talked over with the client."""
    if await once(db, viewer, command, "card.settle"):
        await card_answers.settle(db, viewer, client_id, answer_id)
    return await own_page.own_page(db, viewer, client_id)


router.include_router(of_meeting)
router.include_router(of_client)
