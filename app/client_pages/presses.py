"""What every form of a client page passes on its way in, and how it is answered: a page, or words for our own script."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from app.client_pages import door, forms, pages, screens
from app.client_pages.limits import ACTS_PER_LINK
from app.client_pages.standing import Standing
from app.db import Db

HERE = "/c/here"

Told = TypeVar("Told")
Page = Callable[..., Awaitable[Response]]


async def act(
    request: Request,
    what: str,
    read: Callable[[Mapping[str, str], str], Told],
    do: Callable[[Db, Standing, Told, str], Awaitable[None]],
) -> Response:
    fields = await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        door.limit(request, "act", client.link_id, ACTS_PER_LINK)
        if client.state != "open":
            return to_here(request)
        try:
            told = read(fields, client.region)
        except forms.Unclear as unclear:
            return await mend(request, db, client, fields, unclear)
        await do(db, client, told, forms.command(fields, what))
        answer = await screens.answer(request, db, client, what) if door.wants_json(request) else None
    return JSONResponse(answer) if answer else to_here(request, what)


async def fields_of(request: Request) -> dict[str, str]:
    door.check_origin(request)
    return await forms.read(request.headers.get("content-type", ""), request.stream())


async def mend(
    request: Request,
    db: Db,
    client: Standing,
    fields: Mapping[str, str],
    unclear: forms.Unclear,
    page: Page = screens.screen,
) -> Response:
    """The same page again with what was typed, or the sentences alone for a page that still holds it."""
    if door.wants_json(request):
        words = door.words_of(request, client.language)
        say = " ".join(pages.mend(words, problem) for problem in unclear.problems.values())
        return JSONResponse({"say": say}, 422)
    return await page(request, db, client, typed=fields, problems=unclear.problems)


def to_here(request: Request, said: str = "") -> Response:
    return go(request, f"{HERE}?said={said}" if said else HERE)


def go(request: Request, where: str) -> Response:
    """To another page: at once, or by our own script, which first lets go of what was typed."""
    if door.wants_json(request):
        return JSONResponse({"go": where})
    return RedirectResponse(where, 303)
