"""A plan as a file that another program, or the client's next one, can read: nothing is lost on the way. Pure.

What is linked by id here (a contact) also carries its own words, so that the line makes sense anywhere.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import ValidationError

from app.plans.parts import Content, Fixed, Item, Means

FORMAT: Final = "handrail-safety-plan"


class Document(Fixed):
    """`number` and `agreed_at` are those of the version it was made from; both are empty for a draft."""

    format: Literal["handrail-safety-plan"] = FORMAT
    format_version: Literal[1] = 1
    language: str
    number: int | None = None
    agreed_at: datetime | None = None
    content: Content
    means: tuple[Means, ...] = ()


class NotAPlan(Exception):
    """The file cannot be taken in; the text says why, for a person, and repeats nothing of what is in it."""


def write(document: Document) -> dict[str, Any]:
    made: dict[str, Any] = document.model_dump(mode="json")
    return made


def read(given: Any) -> Document:
    try:
        return Document.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = " › ".join(str(place) for place in first["loc"][:4] if isinstance(place, int | str))
        raise NotAPlan(_why(given, where, first["msg"])) from None


def _why(given: Any, where: str, said: str) -> str:
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        return "This file is not a plan that Handrail wrote. Nothing was taken in."
    if given.get("format_version") != 1:
        return "This plan was written by a newer Handrail. Bring this one up to date first. Nothing was taken in."
    return f"One place in this file cannot be read ({where}: {said}). Nothing was taken in."


def unlinked(content: Content, known: Collection[UUID]) -> tuple[Content, int]:
    """Without links to contacts that this client does not have, and how many those were; every word stays."""
    lost = 0
    parts: dict[Any, tuple[Item, ...]] = {}
    for part, items in content.parts.items():
        kept = []
        for item in items:
            gone = item.contact_id is not None and item.contact_id not in known
            lost += gone
            kept.append(item.model_copy(update={"contact_id": None}) if gone else item)
        parts[part] = tuple(kept)
    return Content(parts=parts), lost
