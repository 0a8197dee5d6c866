"""What is put on the pages beside the companion. They beat too, so that going there is not going away."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.client_pages import door, pages, shown, standing
from app.client_pages.forms import Problem
from app.client_pages.standing import Standing
from app.client_pages.words import Words
from app.db import Db
from app.grounding.texts import EXERCISES
from app.places import regions
from app.places.queries import for_clients
from app.staff.models import Program


async def kit(
    request: Request,
    db: Db,
    client: Standing,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, Problem] | None = None,
) -> HTMLResponse:
    words = door.words_of(request, client.language)
    now = await standing.now_on_page(db, client)
    return render(
        request,
        words,
        "kit.html",
        422 if problems else 200,
        typed=typed or {},
        problems={name: pages.mend(words, problem) for name, problem in (problems or {}).items()},
        backup_known=now.backup_known,
        **await around(db, client, words),
    )


async def calm(request: Request, db: Db, client: Standing) -> HTMLResponse:
    words = door.words_of(request, client.language)
    if client.state != "open":
        return calm_for_anybody(request)
    exercises = [shown.exercise(words, kind) for kind in EXERCISES]
    return render(
        request,
        words,
        "calm.html",
        layout="live.html",
        exercises=exercises,
        **await around(db, client, words),
    )


def calm_for_anybody(request: Request) -> HTMLResponse:
    words = door.words_of(request)
    exercises = [shown.exercise(words, kind) for kind in EXERCISES]
    return render(request, words, "calm.html", layout="base.html", exercises=exercises)


async def numbers(request: Request, db: Db, client: Standing) -> HTMLResponse:
    """F8: hotlines, mobile crisis teams, hospitals, and who answers after hours."""
    words = door.words_of(request, client.language)
    program = await db.get_one(Program, client.program_id)
    national = regions.region(program.region)
    return render(
        request,
        words,
        "help.html",
        layout="live.html" if client.state == "open" else "base.html",
        emergency=national.primary if national else None,
        crisis=national.crisis_line if national else None,
        listed=await for_clients(db, client.program_id),
        after_hours=program.after_hours_number,
        dial_in=client.dial_in,
        **await around(db, client, words),
    )


async def around(db: Db, client: Standing, words: Words) -> dict[str, Any]:
    """For the frame that every page beside the companion shares."""
    now = await standing.now_on_page(db, client)
    return {"number": client.callback_number, "promise": pages.promise(words, client, now)}


def render(request: Request, words: Words, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return pages.render(template, words, door.settings_of(request).public_base_url, status, **values)
