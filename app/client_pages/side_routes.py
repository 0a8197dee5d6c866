"""Pages beside the companion: equipment once a week, grounding cards, and numbers to ring."""

from fastapi import APIRouter, Request, Response

from app.client_pages import actions, door, forms, side_pages
from app.client_pages.limits import ACTS_PER_LINK
from app.client_pages.presses import fields_of, mend, to_here

router = APIRouter(route_class=door.PageRoute, include_in_schema=False)


@router.get("/c/kit")
async def kit(request: Request) -> Response:
    async with door.at_the_door(request) as (db, client):
        if client.state != "open":
            return to_here(request)
        return await side_pages.kit(request, db, client)


@router.post("/c/kit")
async def tell_kit(request: Request) -> Response:
    fields = await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        door.limit(request, "act", client.link_id, ACTS_PER_LINK)
        if client.state != "open":
            return to_here(request)
        try:
            told = forms.kit(fields, client.region)
        except forms.Unclear as unclear:
            return await mend(request, db, client, fields, unclear, side_pages.kit)
        await actions.equipment(db, client, told, forms.command(fields, "kit"))
    return to_here(request, "kit")


@router.get("/c/calm")
async def calm(request: Request) -> Response:
    """For everybody: it holds nothing about anybody, and whoever lost their link may need it most."""
    try:
        async with door.at_the_door(request) as (db, client):
            return await side_pages.calm(request, db, client)
    except door.Unknown:
        return side_pages.calm_for_anybody(request)


@router.get("/c/help")
async def numbers(request: Request) -> Response:
    async with door.at_the_door(request) as (db, client):
        return await side_pages.numbers(request, db, client)
