"""What opens with the client's own PIN: what happens if they drop, their plan, the people they named (R4, B16)."""

from fastapi import APIRouter, Request, Response

from app.client_pages import card_answers, door, forms, mine, pins
from app.client_pages.limits import ACTS_PER_LINK
from app.client_pages.presses import fields_of, go, mend, to_here
from app.client_pages.standing import Standing
from app.db import Db
from app.errors import TooMany
from app.staff import passphrases
from app.staff.limits import count, forgive

MINE, CALM = "/c/mine", "/c/calm"
LONGEST_PIN = 64

router = APIRouter(route_class=door.PageRoute, include_in_schema=False)


@router.get(MINE)
async def read_mine(request: Request, said: str = "") -> Response:
    async with door.at_the_door(request) as (db, client):
        if client.state != "open":
            return to_here(request)
        if await _open(request, db, client):
            return await mine.page(request, db, client, said=said)
        if await pins.may_choose(db, client):
            return await mine.choose(request, db, client)
        return await mine.ask(request, db, client)


@router.post(MINE)
async def give_pin(request: Request) -> Response:
    """Right: the page. Wrong, none set, one too many: the grounding cards, and as long a wait."""
    fields = await fields_of(request)
    pin = fields.get("pin", "")[:LONGEST_PIN]
    try:
        async with door.at_the_door(request) as (db, client):
            door.limit(request, "act", client.link_id, ACTS_PER_LINK)
            if client.state != "open":
                return to_here(request)
            await count(db, "client_pin", str(client.client_id), pins.TRIES)
            kept = await pins.kept_hash(db, client)
    except TooMany:
        return go(request, CALM)
    right = await passphrases.matches(kept, pin)
    async with door.at_the_door(request) as (db, client):
        secret = await pins.open_with(db, client, kept) if right and kept else None
        if secret is None:
            await pins.failed(db, client)
            return go(request, CALM)
        await forgive(db, "client_pin", str(client.client_id))
    answer = go(request, MINE)
    answer.set_cookie(
        pins.COOKIE,
        secret,
        max_age=int((pins.REMEMBERED + pins.LATE_WORDS).total_seconds()),
        path="/c",
        secure=door.settings_of(request).public_base_url.startswith("https://"),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.post("/c/mine/pin")
async def choose_pin(request: Request) -> Response:
    """While the window that staff opened stands open."""
    fields = await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        door.limit(request, "act", client.link_id, ACTS_PER_LINK)
        if client.state != "open" or not await pins.may_choose(db, client):
            return go(request, MINE)
        try:
            pin = forms.new_pin(fields)
        except forms.Unclear as unclear:
            return await mend(request, db, client, {}, unclear, mine.choose)
    kept = await passphrases.hashed(pin)
    async with door.at_the_door(request) as (db, client):
        await pins.choose(db, client, kept, forms.command(fields, "pin"))
    return go(request, MINE)


@router.post("/c/mine/card")
async def answer_card(request: Request) -> Response:
    fields = await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        door.limit(request, "act", client.link_id, ACTS_PER_LINK)
        if client.state != "open":
            return to_here(request)
        if not await _open(request, db, client, late=True):
            return go(request, MINE)
        try:
            given = forms.card_answer(fields)
        except forms.Unclear as unclear:
            return await mend(request, db, client, fields, unclear, mine.page)
        words = door.words_of(request, client.language)
        command = forms.command(fields, "card")
        await card_answers.answer(db, client, words, given.answer, given.wishes, command)
    return go(request, f"{MINE}?said={given.answer}")


@router.post("/c/mine/close")
async def close(request: Request) -> Response:
    await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        await pins.close(db, client)
    answer = to_here(request)
    answer.delete_cookie(pins.COOKIE, path="/c")
    return answer


async def _open(request: Request, db: Db, client: Standing, *, late: bool = False) -> bool:
    return await pins.is_open(db, client, request.cookies.get(pins.COOKIE), late=late)
