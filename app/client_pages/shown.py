"""What staff have put on a client's own page: on the page itself, told to it with a beat, and taken away in one tap.

Nothing of it names a client, an animal or a reason (R4): whoever looks over a shoulder sees a quiet minute.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from app.client_pages import door, forms, pages
from app.client_pages.limits import ACTS_PER_LINK
from app.client_pages.looks import Look
from app.client_pages.presses import HERE, fields_of, go, to_here
from app.client_pages.standing import Standing
from app.client_pages.words import Words
from app.db import Database, Db
from app.grounding import actions, queries
from app.grounding.models import PageCard
from app.grounding.texts import PACES, texts_in
from app.group_sessions.models import GroupSession
from app.journal.commands import first_time
from app.journal.wake import Wake

# What our script hears of it: enough to tell one from the next, and no word.
KEY_LENGTH = 6

# The pacer's look in more.css, where a breath is paced.
PACERS = {"box": "square", "exhale": "out"}

router = APIRouter(route_class=door.PageRoute, include_in_schema=False)


def exercise(words: Words, kind: Any) -> dict[str, Any]:
    """For the template. `paced`: the parts of a breath, where there are any."""
    texts = texts_in(words.code)
    return {
        "kind": kind,
        "title": texts.exercises[kind].title,
        "lines": texts.exercises[kind].page,
        "pace": PACERS.get(kind, ""),
        "paced": [texts.phases[phase] for phase, _ in PACES.get(kind, ())],
        "eyes": texts.eyes,
        "stop": texts.stop,
    }


async def on_page(db: Db, client: Standing, words: Words) -> dict[str, Any] | None:
    card = await queries.on_page(db, client.program_id, client.group_session_id, client.client_id)
    return None if card is None else exercise(words, card.kind)


@router.get("/c/shown")
async def shown(request: Request) -> Response:
    """The piece of the page alone, for our script; empty when there is nothing."""
    async with door.at_the_door(request) as (db, client):
        words = door.words_of(request, client.language)
        now = await on_page(db, client, words) if client.state == "open" else None
    base = door.settings_of(request).public_base_url
    return pages.render("shown.html", words, base, shown=now)


@router.post("/c/shown")
async def close(request: Request) -> Response:
    fields = await fields_of(request)
    async with door.at_the_door(request) as (db, client):
        door.limit(request, "act", client.link_id, ACTS_PER_LINK)
        command = f"{client.link_id}:{forms.command(fields, 'shown')}"
        if client.state != "open":
            return to_here(request)
        if await first_time(db, client.program_id, command, "client_page.shown"):
            await actions.closed_on_page(
                db, client.program_id, client.group_session_id, client.client_id, client.incident_id
            )
    return go(request, HERE)


class Shown:
    """One per web process, for pages that beat."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._look = Look(database, wake, _standing)

    def stop(self) -> None:
        self._look.stop()

    async def of(self, program_id: UUID, group_session_id: UUID, client_id: UUID) -> str | None:
        """A key of what is on this page. None also while it cannot be asked."""
        return (await self._look.now(program_id) or {}).get((group_session_id, client_id))


async def _standing(db: Db, program_id: UUID) -> dict[tuple[UUID, UUID], str]:
    rows = await db.execute(
        select(PageCard.group_session_id, PageCard.client_id, PageCard.id)
        .join(
            GroupSession,
            (GroupSession.program_id == PageCard.program_id) & (GroupSession.id == PageCard.group_session_id),
        )
        .where(
            PageCard.program_id == program_id, PageCard.closed_at.is_(None), GroupSession.state != "closed"
        )
    )
    return {(row[0], row[1]): row[2].hex[:KEY_LENGTH] for row in rows}
