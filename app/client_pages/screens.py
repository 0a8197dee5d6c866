"""Which page a client sees, and what is put on it."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.client_pages import door, pages, shown, standing
from app.client_pages.forms import Problem, new_command
from app.client_pages.standing import EARLIEST, Standing
from app.client_pages.words import Words
from app.db import Db, now_of


def link(request: Request) -> HTMLResponse:
    return _render(request, door.words_of(request), "link.html")


async def screen(
    request: Request,
    db: Db,
    client: Standing,
    *,
    said: str = "",
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> HTMLResponse:
    words = door.words_of(request, client.language)
    if client.state != "open":
        return _closed(request, words, client)
    now = await standing.now_on_page(db, client)
    values: dict[str, Any] = {
        "home": client.home_label,
        "number": client.callback_number,
        "promise": pages.promise(words, client, now),
        "typed": typed or {},
        "problems": {name: pages.mend(words, problem) for name, problem in (problems or {}).items()},
    }
    status = 422 if problems else 200
    late = now_of(db) >= client.starts_at
    if not now.checked_in:
        # Somebody who is late is not told by how much.
        if late:
            title = words.say("Before you join")
        else:
            title = words.say("Before %(clock)s", clock=words.clock(client.starts_at, client.time_zone))
        return _render(
            request,
            words,
            "check_in.html",
            status,
            title=title,
            minor=client.minor,
            backup_known=now.backup_known,
            **values,
        )
    confirmed = said if said in ("note", "place", "number", "back", "kit") else now.told
    return _render(
        request,
        words,
        "companion.html",
        status,
        said=pages.told(words, client, confirmed, now.until),
        told=now.told is not None,
        shown=await shown.on_page(db, client, words),
        at_usual_place=now.at_usual_place,
        both=words.both(client.staff),
        dial_in=client.dial_in,
        # R8: never at the door of somebody who is late.
        kit_due=now.kit_due and not late,
        **values,
    )


async def answer(request: Request, db: Db, client: Standing, what: str) -> dict[str, object]:
    """For our own script: the sentence, and a fresh id for the next press."""
    words = door.words_of(request, client.language)
    now = await standing.now_on_page(db, client)
    return {
        "say": pages.told(words, client, what, now.until),
        "key": new_command(),
        "told": now.told is not None,
    }


def _closed(request: Request, words: Words, client: Standing) -> HTMLResponse:
    match client.state:
        case "waiting":
            return _render(
                request,
                words,
                "ring_us.html",
                why=words.say(
                    "This link is in use on another device. Ring us, and we open it here while we talk."
                ),
                number=client.callback_number,
                again=True,
            )
        case "early":
            opens = words.clock(client.starts_at - EARLIEST, client.time_zone)
            return _quiet(
                request,
                words,
                client,
                words.say("You’re early"),
                words.say("This page opens on the day, at %(clock)s. Keep the link.", clock=opens),
                again=True,
            )
        case _:
            return _quiet(
                request,
                words,
                client,
                words.say("That was it for today"),
                words.say("You can close this page. If you need us, ring us."),
                again=False,
            )


def _quiet(
    request: Request, words: Words, client: Standing, heading: str, why: str, *, again: bool
) -> HTMLResponse:
    return _render(
        request, words, "quiet.html", heading=heading, why=why, number=client.callback_number, again=again
    )


def _render(request: Request, words: Words, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return pages.render(template, words, door.settings_of(request).public_base_url, status, **values)
