"""The caregiver's pages, below /c/f/: a link, a code, one page. Buttons are forms: no script is needed."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app import numbers
from app.caregiver_pages import copies, door, pages, staff_routes, standing
from app.caregiver_pages.standing import Open
from app.caregiver_pages.views import Details
from app.caregiver_pages.words import chosen
from app.client_pages import door as client_door
from app.client_pages import forms
from app.client_pages.tokens import read_device
from app.client_pages.words import LANGUAGES, Words
from app.db import Db, reveal
from app.places.queries import for_clients
from app.staff.limits import network_of

HERE, CODE = "/c/f/here", "/c/f/code"
COOKIE, LANGUAGE_COOKIE = "handrail_family", "handrail_family_words"
COOKIE_LIFE = timedelta(hours=24)
PRESSES_PER_NETWORK = 300
ACTS_PER_COPY = 40
LONGEST_TIMES = 200

pages_router = APIRouter(prefix="/c/f", route_class=client_door.PageRoute, include_in_schema=False)


@pages_router.get("/here")
async def here(request: Request) -> Response:
    device = read_device(request.cookies.get(COOKIE))
    if device is None:
        return _gone(request)
    async with client_door.database_of(request).transaction(device.program_id) as db:
        found = await standing.of_device(db, device)
        if found is None:
            return _gone(request)
        shown = await _page(request, db, found)
        await door.opened(db, found)
    return _remembering(request, shown)


@pages_router.post("/details")
async def details(request: Request) -> Response:
    fields = await _fields(request)
    device = read_device(request.cookies.get(COOKIE))
    if device is None:
        return _gone(request)
    async with client_door.database_of(request).transaction(device.program_id) as db:
        found = await standing.of_device(db, device)
        if found is None:
            return _gone(request)
        client_door.limit(request, "family", device.link_id, ACTS_PER_COPY)
        words = _words(request, found.copy.language)
        try:
            told = _details(words, fields, found.program.region)
        except Unclear as unclear:
            return await _page(request, db, found, typed=fields, problem=str(unclear), status=422)
        await door.tell_details(db, found, told)
    return RedirectResponse(f"{HERE}#details", 303)


@pages_router.get("/code")
async def ask_code(request: Request) -> Response:
    return _code_page(request)


@pages_router.post("/code")
async def give_code(request: Request) -> Response:
    """A wrong code and a code of nobody look alike."""
    fields = await _fields(request)
    device = read_device(request.cookies.get(COOKIE))
    if device is None:
        return _gone(request)
    client_door.limit(request, "family_code", device.link_id, ACTS_PER_COPY)
    async with client_door.database_of(request).transaction(device.program_id) as db:
        found = await standing.of_pending(db, device)
        if found is None:
            return _gone(request)
        if "again" in fields:
            await door.ask_again(db, found, device)
            return RedirectResponse(CODE, 303)
        right = await door.give_code(db, found, device, fields.get("code", ""))
    if not right:
        words = _words(request)
        say = words.say("This code does not open the page. Look at the newest text, or ask for a new code.")
        return _code_page(request, say, 422)
    return RedirectResponse(HERE, 303)


# Last, because it would take every other address for a token.
@pages_router.get("/{token}")
async def link(request: Request) -> Response:
    """Looks nothing up and changes nothing: programs that preview links fetch this, and so may anybody else."""
    return _remembering(request, _render(request, "link.html", _words(request)))


@pages_router.post("/{token}")
async def press(request: Request, token: str) -> Response:
    client_door.check_origin(request)
    network = network_of(request.client.host if request.client else None)
    client_door.limit(request, "family_press", network, PRESSES_PER_NETWORK)
    pressed = await door.press(client_door.database_of(request), token)
    if pressed.device is None:
        return _gone(request)
    answer = RedirectResponse(CODE, 303)
    _set_cookie(request, answer, COOKIE, str(pressed.device))
    return answer


class Unclear(Exception):
    """What was typed cannot be taken; the text is the sentence to show."""


def _details(words: Words, fields: dict[str, str], region: str) -> Details:
    if fields.get("right") == "yes":
        return Details()
    typed, times = fields.get("number", ""), fields.get("times", "")
    if len(times) > LONGEST_TIMES:
        raise Unclear(words.say("That is too long. Please shorten it."))
    number = ""
    if typed:
        read = numbers.parse(typed, region)
        if isinstance(read, numbers.Refused):
            raise Unclear(words.say("Please check this number: write it with its area code."))
        number = read.e164
    language = fields.get("language", "")
    told = Details(number=number, language=language if language in LANGUAGES else "", times=times)
    if told == Details():
        raise Unclear(words.say("Please write what should be different, or say that it is right."))
    return told


async def _page(
    request: Request,
    db: Db,
    found: Open,
    *,
    typed: dict[str, str] | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    words = _words(request, found.copy.language)
    shared = copies.read_shared(db, found.copy)
    safe_name = reveal(db, found.client, "safe_name") or ""
    listed = await for_clients(db, found.copy.program_id)
    values = pages.part_values(words, found, shared, safe_name, typed or {}, problem, listed)
    return _render(request, "part.html", words, status, **values)


def _code_page(request: Request, say: str = "", status: int = 200) -> Response:
    """The same for everybody: it tells neither whose number it is nor whether a text has left."""
    return _remembering(request, _render(request, "code.html", _words(request), status, say=say))


def _gone(request: Request) -> Response:
    """One page for guessed, ended, expired and revoked links, and for another device."""
    return _render(request, "gone.html", _words(request), 404)


def _render(request: Request, template: str, words: Words, status: int = 200, **values: object) -> Response:
    base = client_door.settings_of(request).public_base_url
    return pages.render(template, words, base, status, **values)


def _words(request: Request, language: str | None = None) -> Words:
    return chosen(
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        language,
        request.headers.get("accept-language"),
    )


async def _fields(request: Request) -> dict[str, str]:
    client_door.check_origin(request)
    return await forms.read(request.headers.get("content-type", ""), request.stream())


def _remembering(request: Request, answer: Response) -> Response:
    wished = request.query_params.get("lang")
    if wished in LANGUAGES:
        _set_cookie(request, answer, LANGUAGE_COOKIE, wished)
    return answer


def _set_cookie(request: Request, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(COOKIE_LIFE.total_seconds()),
        path="/c/f",
        secure=client_door.settings_of(request).public_base_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )


router = APIRouter()
router.include_router(pages_router)
router.include_router(staff_routes.router)
