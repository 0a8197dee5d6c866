"""The demo desk over HTTP: make somebody drop, then be their telephone. It exists in the demo only.

Nobody has to sign in here: everything behind it is invented. Writes still have to come from our own page.
"""

from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.calls import inbound, simulated
from app.client_pages import links
from app.clients.models import ClientPhone
from app.db import Database, Db, reveal
from app.demo import desk_view, evening
from app.demo.cast import Cast
from app.demo.seed import viewer_named
from app.demo.views import Desk
from app.demo.words import words_in_a_text
from app.errors import Conflict, NotFound
from app.incidents.models import ContactAttempt
from app.seal import Seal
from app.settings import Settings
from app.staff.demo import DEMO_PROGRAM_ID
from app.staff.models import Program
from app.staff.origin import check_origin


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AnswerBody(Body):
    # "as" is a word of the language.
    as_: Literal["themselves", "voicemail", "room_mate", "silent"] = Field(alias="as")


class PressBody(Body):
    digits: Annotated[str, Field(pattern=r"^[0-9*#]{1,12}$")]


class ReplyBody(Body):
    words: Literal["YES", "STOP", "START"]


class TextBody(Body):
    says: Literal["danger", "other"]


class BreakBody(Body):
    broken: bool


class PageLink(BaseModel):
    """A fresh link to the companion page: pressing it takes the page over from the invented client."""

    url: str


async def only_in_a_demo(request: Request) -> None:
    settings: Settings = request.app.state.settings
    if settings.environment != "demo":
        raise NotFound("There is nothing at this address.")


async def from_here(request: Request) -> None:
    check_origin(request)


router = APIRouter(prefix="/api/desk", tags=["desk"], dependencies=[Depends(only_in_a_demo)])
presses = APIRouter(dependencies=[Depends(from_here)])


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _cast(request: Request) -> Cast:
    cast: Cast | None = getattr(request.app.state, "cast", None)
    if cast is None:
        raise Conflict("The invented clients are not there yet. Try again in a second.", code="not_ready")
    return cast


async def _desk(request: Request) -> Desk:
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        return await desk_view.desk(db, _cast(request))


@router.get("")
async def desk(request: Request) -> Desk:
    return await _desk(request)


# --- the cast


@presses.post("/clients/{client_id}/drop")
async def drop(client_id: UUID, request: Request) -> Desk:
    await _cast(request).drop([client_id])
    return await _desk(request)


@presses.post("/clients/{client_id}/come-back")
async def come_back(client_id: UUID, request: Request) -> Desk:
    await _cast(request).come_back(client_id)
    return await _desk(request)


@presses.post("/clients/{client_id}/come-in")
async def come_in(client_id: UUID, request: Request) -> Desk:
    await _cast(request).come_back(client_id)
    return await _desk(request)


@presses.post("/clients/{client_id}/ring-us")
async def ring_us(client_id: UUID, request: Request) -> Desk:
    """They ring the number that is on their page and on their telephone; nobody of us picks up."""
    _cast(request).actor(client_id)
    settings: Settings = request.app.state.settings
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        number = await _number_of(db, client_id)
        call_id, base = f"CA{uuid4().hex}", settings.public_base_url
        await inbound.call(db, base, DEMO_PROGRAM_ID, number, call_id, after_hours=False)
        unanswered = inbound.Rung(tried=inbound.STAFF_TRIED, spoke=False, hung_up=False)
        await inbound.following(db, base, DEMO_PROGRAM_ID, number, call_id, unanswered)
    return await _desk(request)


@presses.post("/clients/{client_id}/text-us")
async def text_us(client_id: UUID, body: TextBody, request: Request) -> Desk:
    """To the program's number, from their own: with their danger word in it, or with something else."""
    _cast(request).actor(client_id)
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        number = await _number_of(db, client_id)
        words = await words_in_a_text(db, client_id, danger=body.says == "danger")
        await inbound.text(db, DEMO_PROGRAM_ID, number, uuid4().hex, words)
    return await _desk(request)


@presses.post("/clients/{client_id}/hide-page")
async def hide_page(client_id: UUID, request: Request) -> Desk:
    await _cast(request).hide_page(client_id)
    return await _desk(request)


@presses.post("/clients/{client_id}/page")
async def page(client_id: UUID, request: Request) -> PageLink:
    """To see the page as this client does. Their own goes on until the link is pressed."""
    actor = _cast(request).actor(client_id)
    settings: Settings = request.app.state.settings
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        lead = await viewer_named(db, actor.person.meeting.lead)
        url = await links.make_link(db, lead, actor.meeting_id, client_id, base_url=settings.public_base_url)
    return PageLink(url=url)


@presses.post("/drop-three")
async def drop_three(request: Request) -> Desk:
    cast = _cast(request)
    await cast.drop(cast.three_in_the_call())
    return await _desk(request)


@presses.post("/start-again")
async def start_again(request: Request) -> Desk:
    """A new evening: what is open is closed as of now, and the same people are half an hour into their groups."""
    cast = _cast(request)
    settings: Settings = request.app.state.settings
    seal: Seal = request.app.state.seal
    await cast.stop()
    try:
        await evening.begin(settings.database_url, seal)
    finally:
        await cast.start()
    return await _desk(request)


# --- the telephones


@presses.post("/phones/{attempt_id}/answer")
async def answer(attempt_id: UUID, body: AnswerBody, request: Request) -> Desk:
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        await simulated.act(db, attempt_id, body.as_)
    return await _desk(request)


@presses.post("/phones/{attempt_id}/press")
async def press(attempt_id: UUID, body: PressBody, request: Request) -> Desk:
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        await simulated.press(db, attempt_id, body.digits)
    return await _desk(request)


@presses.post("/phones/{attempt_id}/hang-up")
async def hang_up(attempt_id: UUID, request: Request) -> Desk:
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        await simulated.hang_up(db, attempt_id)
    return await _desk(request)


@presses.post("/texts/{attempt_id}/reply")
async def reply(attempt_id: UUID, body: ReplyBody, request: Request) -> Desk:
    """From the number that the text went to."""
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        attempt = await db.get(ContactAttempt, (DEMO_PROGRAM_ID, attempt_id))
        if attempt is None or attempt.channel != "text" or attempt.who != "client":
            raise NotFound("There is no such text to reply to.")
        number = reveal(db, attempt, "number") or ""
        await inbound.text(db, DEMO_PROGRAM_ID, number, uuid4().hex, body.words)
    return await _desk(request)


@presses.post("/break-line")
async def break_line(body: BreakBody, request: Request) -> Desk:
    """The provider refuses every call and text until it is mended."""
    async with _database(request).transaction(DEMO_PROGRAM_ID) as db:
        program = await db.get_one(Program, DEMO_PROGRAM_ID, with_for_update=True)
        program.settings = program.settings | {"line_broken": body.broken}
    return await _desk(request)


async def _number_of(db: Db, client_id: UUID) -> str:
    phone = await db.scalar(
        select(ClientPhone)
        .where(
            ClientPhone.program_id == DEMO_PROGRAM_ID,
            ClientPhone.client_id == client_id,
            ClientPhone.retired_at.is_(None),
        )
        .order_by(ClientPhone.rank)
        .limit(1)
    )
    return (reveal(db, phone, "number") if phone else None) or "anonymous"


router.include_router(presses)
