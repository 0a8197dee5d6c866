"""The words of a program's own screener: read from its file, refused with a sentence, kept by version.

Ours are the codes and the logic. The words are somebody's property, so they come with the line that says whose.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.errors import NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff import queries as staff
from app.staff.access import Viewer
from app.triage import screening
from app.triage.library import digest
from app.triage.models import ScreenerText
from app.triage.views import ScreenerItemView, ScreenerPreview, ScreenerView

MOST_BYTES = 200_000
Line = Annotated[str, Field(min_length=1, max_length=400)]


class ScreenerFile(BaseModel):
    """What a file holds. Every item's words as they are printed: nothing is added and nothing changed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, populate_by_name=True)
    kind: Literal["handrail.screener/1"] = Field(alias="schema")
    instrument: str
    title: Line
    version: Annotated[str, Field(min_length=1, max_length=40)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    copyright: Annotated[str, Field(min_length=10, max_length=1000)]
    items: dict[Annotated[str, Field(max_length=3)], Annotated[str, Field(min_length=3, max_length=1000)]]


def read(data: bytes) -> tuple[ScreenerFile, dict[str, Any]]:
    """Raises NotValid with one sentence for whoever chose the file."""
    if len(data) > MOST_BYTES:
        raise NotValid("This file is too long for a screener. Choose the one with the items.")
    try:
        body = yaml.safe_load(data.decode("utf-8-sig"))
        found = ScreenerFile.model_validate(_with_names(body))
    except ValidationError as error:
        raise NotValid(_sentence(error)) from None
    except (UnicodeDecodeError, yaml.YAMLError, ValueError):
        raise NotValid("This file cannot be read: it has to be YAML in UTF-8, or JSON.") from None
    held = screening.logic()
    if found.instrument != held.instrument:
        raise NotValid(
            f'We have the codes and the logic of "{held.instrument}" alone. The file names another.'
        )
    missing = sorted(held.names - found.items.keys())
    if missing:
        raise NotValid(f"The words of these items are missing: {', '.join(missing)}.")
    if more := sorted(found.items.keys() - held.names):
        raise NotValid(f"The screener has no such items: {', '.join(more)}.")
    return found, body


def _with_names(body: Any) -> Any:
    """YAML reads the name of item 1 as a number."""
    if isinstance(body, dict) and isinstance(body.get("items"), dict):
        body["items"] = {str(name): words for name, words in body["items"].items()}
        body["version"] = str(body.get("version", ""))
    return body


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "file"
    if where == "copyright":
        return "The file has no copyright line. Its owner asks for it, and it is shown with the items."
    if first["type"] == "missing":
        return f'"{where}" is missing in this file.'
    if first["type"] == "extra_forbidden":
        return f'"{where}" is nothing that a screener file has.'
    return f'"{where}" in this file is not right: {first["msg"]}.'


async def preview(db: Db, program_id: UUID, data: bytes) -> ScreenerPreview:
    """Writes nothing. Raises NotValid as `load` would."""
    found, body = read(data)
    standing = await db.scalar(_standing(program_id, found.language))
    return ScreenerPreview(
        title=found.title,
        copyright=found.copyright,
        version=found.version,
        language=found.language,
        items=_items(found.items),
        notice=screening.logic().notice.strip(),
        replaces=standing.version if standing else None,
        same=standing is not None and standing.sha256 == digest(body),
    )


def _items(words: dict[str, str]) -> list[ScreenerItemView]:
    return [
        ScreenerItemView(
            item=one.item,
            loinc=one.loinc,
            words=words[one.item],
            only_after=one.only_after,
            suggests=one.suggests,
        )
        for one in screening.logic().items
    ]


async def load(db: Db, viewer: Viewer, data: bytes) -> None:
    """Takes the place of the one in the same language. Checks that were asked with that one keep it."""
    found, body = read(data)
    standing = await db.scalar(_standing(viewer.program_id, found.language).with_for_update())
    now = now_of(db)
    sha256 = digest(body)
    if standing is not None:
        if standing.sha256 == sha256:
            return
        standing.retired_at, standing.retired_by = now, viewer.staff_id
        await db.flush()
    db.add(
        ScreenerText(
            program_id=viewer.program_id,
            id=new_id(),
            instrument=found.instrument,
            version=found.version,
            language=found.language,
            title=found.title,
            copyright=found.copyright,
            items=found.items,
            sha256=sha256,
            loaded_at=now,
            loaded_by=viewer.staff_id,
        )
    )
    detail = {"instrument": found.instrument, "version": found.version, "sha256": sha256}
    await write(
        db,
        viewer.program_id,
        [NewEntry(Kind.screener_loaded, viewer.actor, detail=detail, retention="audit")],
    )


async def retire(db: Db, viewer: Viewer, screener_id: UUID) -> None:
    """It is offered no more; what was asked with it stays readable with it."""
    row = await db.get(ScreenerText, (viewer.program_id, screener_id), with_for_update=True)
    if row is None or row.retired_at is not None:
        raise NotFound("There is no such screener any more.")
    row.retired_at, row.retired_by = now_of(db), viewer.staff_id
    detail = {"instrument": row.instrument, "version": row.version, "sha256": row.sha256}
    await write(
        db,
        viewer.program_id,
        [NewEntry(Kind.screener_retired, viewer.actor, detail=detail, retention="audit")],
    )


def _standing(program_id: UUID, language: str) -> Any:
    return select(ScreenerText).where(
        ScreenerText.program_id == program_id,
        ScreenerText.language == language,
        ScreenerText.retired_at.is_(None),
    )


async def offered(db: Db, program_id: UUID, language: str) -> ScreenerText | None:
    """In the client's language, else in English, else none: item words are never translated by us."""
    for wanted in dict.fromkeys((language[:2], "en")):
        found: ScreenerText | None = await db.scalar(_standing(program_id, wanted))
        if found is not None:
            return found
    return None


async def all_standing(db: Db, program_id: UUID) -> list[ScreenerView]:
    rows = await db.scalars(
        select(ScreenerText)
        .where(ScreenerText.program_id == program_id, ScreenerText.retired_at.is_(None))
        .order_by(ScreenerText.language)
    )
    return [await view(db, row) for row in rows]


async def view(db: Db, row: ScreenerText) -> ScreenerView:
    names = await staff.names(db, row.program_id, {row.loaded_by})
    return ScreenerView(
        id=row.id,
        title=row.title,
        copyright=row.copyright,
        version=row.version,
        language=row.language,
        loaded_at=row.loaded_at,
        loaded_by=names.get(row.loaded_by, "A colleague"),
        items=_items(row.items),
        notice=screening.logic().notice.strip(),
    )
