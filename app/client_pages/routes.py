"""The client's pages: /c/{token} and, once the device is known, /c/here. Buttons are forms: no script is needed."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.client_pages import (
    actions,
    beats,
    door,
    forms,
    links,
    mine_routes,
    screens,
    shown,
    side_routes,
    staff_routes,
    standing,
)
from app.client_pages.assets import find
from app.client_pages.limits import ACTS_PER_LINK, PRESSES_PER_NETWORK
from app.client_pages.presses import HERE, act, fields_of, mend, to_here
from app.client_pages.tokens import COOKIE, read_device
from app.client_pages.words import LANGUAGES
from app.staff.limits import network_of

# The server decides when a link ends; the cookie must outlast a meeting that runs over.
COOKIE_LIFE = timedelta(hours=24)

pages_router = APIRouter(route_class=door.PageRoute, include_in_schema=False)


@pages_router.get("/c/a/{name}")
async def asset(name: str) -> Response:
    found = find(name)
    if found is None:
        return Response(status_code=404)
    # The name changes with the content.
    kept = {"Cache-Control": "public, max-age=31536000, immutable", "X-Robots-Tag": "noindex"}
    return Response(found.content, media_type=found.media_type, headers=kept)


@pages_router.get(HERE)
async def here(request: Request, said: str = "") -> Response:
    async with door.at_the_door(request) as (db, client):
        shown = await screens.screen(request, db, client, said=said)
    _remember_language(request, shown)
    return shown


@pages_router.post(HERE)
async def check_in(request: Request) -> Response:
    fields = await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        door.limit(request, "act", client.link_id, ACTS_PER_LINK)
        if client.state != "open":
            return to_here(request)
        try:
            told = forms.check_in(fields, client.region, minor=client.minor)
        except forms.Unclear as unclear:
            return await mend(request, db, client, fields, unclear)
        now = await standing.now_on_page(db, client)
        await actions.check_in(db, client, told, forms.command(fields, "check_in"), plan=now.plan)
    return to_here(request)


@pages_router.post("/c/place")
async def place(request: Request) -> Response:
    return await act(request, "place", forms.place, actions.move)


@pages_router.post("/c/number")
async def number(request: Request) -> Response:
    return await act(request, "number", forms.number, actions.give_number)


@pages_router.post("/c/note")
async def note(request: Request) -> Response:
    return await act(request, "note", forms.note, actions.note)


@pages_router.post("/c/moment")
async def moment(request: Request) -> Response:
    return await act(request, "moment", forms.nothing, actions.moment)


@pages_router.post("/c/away")
async def away(request: Request) -> Response:
    return await act(request, "away", forms.nothing, actions.away)


@pages_router.post("/c/leaving")
async def leaving(request: Request) -> Response:
    return await act(request, "leaving", forms.minutes, actions.leaving)


@pages_router.post("/c/back")
async def back(request: Request) -> Response:
    return await act(request, "back", forms.nothing, actions.back)


pages_router.include_router(side_routes.router)
pages_router.include_router(shown.router)
pages_router.include_router(mine_routes.router)


# Last, because it would take every other address for a token.
@pages_router.get("/c/{token}")
async def link(request: Request) -> Response:
    """Looks nothing up and changes nothing: programs that preview links fetch this, and so may anybody else."""
    shown = screens.link(request)
    _remember_language(request, shown)
    return shown


@pages_router.post("/c/{token}")
async def press(request: Request, token: str) -> Response:
    door.check_origin(request)
    network = network_of(request.client.host if request.client else None)
    door.limit(request, "press", network, PRESSES_PER_NETWORK)
    pressed = await links.press(door.database_of(request), token, read_device(request.cookies.get(COOKIE)))
    if pressed.device is None:
        return door.ended_page(request, pressed.callback_number, 404)
    answer = RedirectResponse(HERE, 303)
    _set_cookie(request, answer, COOKIE, str(pressed.device))
    return answer


def _remember_language(request: Request, answer: HTMLResponse) -> None:
    """A preference of this browser and nothing more: no record of the client's changes."""
    chosen = request.query_params.get("lang")
    if chosen in LANGUAGES:
        _set_cookie(request, answer, door.LANGUAGE_COOKIE, chosen)


def _set_cookie(request: Request, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(COOKIE_LIFE.total_seconds()),
        path="/c",
        secure=door.settings_of(request).public_base_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )


router = APIRouter()
router.include_router(beats.router)
router.include_router(pages_router)
router.include_router(staff_routes.router)
