"""What every request for a client page passes: where it comes from, which device it is, and refusals a person can read."""

import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg.exceptions import CannotConnectNowError, PostgresConnectionError
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import HTTPConnection

from app.client_pages import pages, standing
from app.client_pages.limits import limiter_of
from app.client_pages.standing import Standing
from app.client_pages.tokens import COOKIE, read_device
from app.client_pages.words import Words, choose
from app.clock import Clock
from app.db import Database, Db
from app.errors import Refusal
from app.settings import Settings
from app.staff.origin import ForeignOrigin, own_origins
from app.web import BUG_PAGE

log = logging.getLogger("handrail.client_pages")

# Gone, starting up, or out of connections, as each layer below us says it.
DATABASE_AWAY = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    PostgresConnectionError,
    CannotConnectNowError,
    OSError,
)

LANGUAGE_COOKIE = "handrail_words"


class Unknown(Refusal):
    """No device cookie, or one that is no longer good."""

    status, code = 401, "page_ended"


def settings_of(connection: HTTPConnection) -> Settings:
    settings: Settings = connection.app.state.settings
    return settings


def database_of(connection: HTTPConnection) -> Database:
    database: Database = connection.app.state.database
    return database


def now_at(connection: HTTPConnection) -> datetime:
    clock: Clock = connection.app.state.clock
    return clock.now()


def words_of(connection: HTTPConnection, language: str | None = None) -> Words:
    """The reader's own choice first, then the client's language as recorded, then the browser's."""
    return choose(
        connection.query_params.get("lang"),
        connection.cookies.get(LANGUAGE_COOKIE),
        language,
        connection.headers.get("accept-language"),
    )


def check_origin(connection: HTTPConnection) -> None:
    """Refuses what another site's page started. SameSite=Strict is the first wall.

    A form on a page without referrer says `Origin: null`, and phones of a few years ago add nothing to it: those are
    let through here, unlike for staff, because the cookie never travels with another site's form.
    """
    origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site")
    foreign_origin = origin not in (None, "null") and origin not in own_origins(
        settings_of(connection).public_base_url
    )
    if foreign_origin or site not in (None, "same-origin", "none"):
        raise ForeignOrigin("This request came from another page. Open your own link again.")


def check_socket_origin(connection: HTTPConnection) -> None:
    if connection.headers.get("origin") not in own_origins(settings_of(connection).public_base_url):
        raise ForeignOrigin("A socket needs this site's own origin.")


@asynccontextmanager
async def at_the_door(connection: HTTPConnection) -> AsyncIterator[tuple[Db, Standing]]:
    """A transaction in the client's program. Commits when the block ends, before anything is answered."""
    device = read_device(connection.cookies.get(COOKIE))
    if device is None:
        raise Unknown("This page has ended here, or was opened on another device.")
    async with database_of(connection).transaction(device.program_id) as db:
        found = await standing.of_device(db, device)
        if found is None:
            raise Unknown("This page has ended here, or was opened on another device.")
        _numbers(connection)[found.program_id] = found.callback_number
        yield db, found


def _numbers(connection: HTTPConnection) -> dict[UUID, str]:
    """The programs' public numbers as last read, for the minutes in which there is no database to ask."""
    state = connection.app.state
    if not hasattr(state, "client_page_numbers"):
        state.client_page_numbers = {}
    numbers: dict[UUID, str] = state.client_page_numbers
    return numbers


def limit(request: Request, what: str, key: object, allowed: int) -> None:
    limiter_of(request.app).count(f"{what}:{key}", allowed, now_at(request))


def wants_json(request: Request) -> bool:
    return request.headers.get("accept") == "application/json"


class PageRoute(APIRoute):
    """Answers refusals as a page (or in words for our own script), never as a problem document; nor is a bug."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            request.scope[BUG_PAGE] = lambda: on_our_side(request, 500)
            try:
                return await handle(request)
            except Unknown as refusal:
                return await ring_us(request, refusal.status)
            except Refusal as refusal:
                return refused(request, refusal)
            except DATABASE_AWAY as error:
                # Without the traceback: what a driver says may hold what a person typed.
                log.error("a client page is without its database (%s)", type(error).__name__)  # noqa: TRY400
                return on_our_side(request)

        return handled


def refused(request: Request, refusal: Refusal) -> Response:
    words = words_of(request)
    sentence = _in_words(words, refusal)
    if wants_json(request):
        return JSONResponse({"say": sentence, "code": refusal.code}, refusal.status)
    return pages.render(
        "ring_us.html",
        words,
        settings_of(request).public_base_url,
        refusal.status,
        why=sentence,
        number=None,
        again=False,
    )


def on_our_side(request: Request, status: int = 503) -> Response:
    """R25. Our own script keeps what was typed and tries again."""
    words = words_of(request)
    device = read_device(request.cookies.get(COOKIE))
    return pages.render(
        "ring_us.html",
        words,
        settings_of(request).public_base_url,
        status,
        why=words.say("The problem is on our side. We’re back soon, or ring us."),
        number=_numbers(request).get(device.program_id) if device else None,
        again=False,
    )


async def ring_us(request: Request, status: int) -> Response:
    """One page for guessed, ended, foreign and never-made links: whom to ring, and no hint at who exists."""
    if wants_json(request):
        return JSONResponse(
            {"state": "ended", "say": words_of(request).say("This page has ended here")}, status
        )
    device = read_device(request.cookies.get(COOKIE))
    number = None
    if device is not None:
        async with database_of(request).transaction(device.program_id) as db:
            number = await standing.callback_number(db, device.program_id)
    return ended_page(request, number, status)


def ended_page(request: Request, number: str | None, status: int) -> HTMLResponse:
    words = words_of(request)
    return pages.render(
        "ring_us.html",
        words,
        settings_of(request).public_base_url,
        status,
        why=words.say("This link has ended, or belongs to another device. We can help you at once by phone."),
        number=number,
        again=False,
    )


def _in_words(words: Words, refusal: Refusal) -> str:
    match refusal.code:
        case "too_many":
            return words.say("That was very often. Please wait a minute, or ring us.")
        case "too_large" | "not_a_form" | "not_valid":
            return words.say("This did not arrive whole. Please go back, reload the page and try again.")
        case _:
            return words.say("This did not work. Please open your own link again, or ring us.")
