"""Puts sentences and a template together. No script at all; the look is that of the client's pages."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment

from app.caregiver_pages.standing import Open
from app.caregiver_pages.views import Shared
from app.client_pages import pages as client_pages
from app.client_pages.words import Words
from app.places import regions
from app.places.queries import Listed
from app.plans import headings
from app.plans.parts import Part


@cache
def _templates(words: Words) -> Environment:
    return client_pages.templates(Path(__file__).parent / "templates", words)


def render(
    template: str, words: Words, public_base_url: str, status: int = 200, **values: Any
) -> HTMLResponse:
    text = _templates(words).get_template(template).render(values)
    return client_pages.answer(text, public_base_url, status)


def part_values(
    words: Words,
    found: Open,
    shared: Shared,
    safe_name: str,
    typed: Mapping[str, str],
    problem: str | None,
    listed: Mapping[str, Sequence[Listed]],
) -> dict[str, Any]:
    """Everything the page shows. What their release no longer covers is not even handed to the template."""
    local = regions.region(found.program.region)
    return {
        "name": safe_name,
        "parts": _parts(shared, words.code) if found.plan else [],
        "means": shared.means if found.plan else [],
        "means_heading": headings.PAPER[words.code]["means_heading"],
        "when": shared.when,
        "coaching": found.coaching,
        "minor": found.client.minor,
        "number": found.program.callback_number,
        "after_hours": found.program.after_hours_number,
        "emergency": local.primary if local else None,
        "crisis_line": local.crisis_line if local else None,
        # F8: the same lines that the client's own page holds.
        "listed": listed,
        "follows": regions.follows_the_phone(found.program.region) is not None,
        "last2": found.contact.last2,
        "typed": typed,
        "problem": problem,
        "confirmed": found.copy.confirmed_at is not None,
    }


def _parts(shared: Shared, language: str) -> Sequence[tuple[str, list[str]]]:
    """In the order of a crisis, whatever the order in which the lines were chosen."""
    by_part: dict[Part, list[str]] = {}
    for line in shared.lines:
        by_part.setdefault(line.part, []).append(line.words)
    return [(headings.PARTS[language][part], by_part[part]) for part in Part if part in by_part]
