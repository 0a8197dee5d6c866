"""Changes of local lines. Their numbers are public, and still refused when a machine could mistake them (R21)."""

from typing import Any
from uuid import UUID

from app import numbers
from app.db import Db, now_of
from app.errors import NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.places import views
from app.places.models import DispatchLine


async def add_line(db: Db, program_id: UUID, by: UUID, given: views.NewLine, line_id: UUID) -> None:
    line = DispatchLine(
        program_id=program_id,
        id=line_id,
        **given.model_dump(exclude={"number", "verified"}),
        number=_e164(given.number, given.country),
    )
    _check(db, line, by, given.verified)
    db.add(line)
    await _write(db, by, line, "added", [])


async def change_line(db: Db, program_id: UUID, by: UUID, line_id: UUID, given: views.ChangeLine) -> None:
    """A new number is unchecked until somebody says that they checked it, in the same press or later."""
    line = await db.get(DispatchLine, (program_id, line_id), with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound("There is no such local line.")
    values = given.model_dump(exclude_none=True)
    fields = sorted(values)
    if "number" in values or "country" in values:
        number = _e164(values.pop("number", line.number), values.get("country", line.country))
        if number != line.number:
            line.number, line.verified_on, line.verified_by = number, None, None
    if "retired" in values:
        line.retired_at = now_of(db) if values.pop("retired") else None
    _check(db, line, by, bool(values.pop("verified", False)))
    for name, value in values.items():
        setattr(line, name, value)
    await _write(db, by, line, "changed", fields)


def _check(db: Db, line: DispatchLine, by: UUID, verified: bool) -> None:
    if verified:
        line.verified_on, line.verified_by = now_of(db).date(), by


def _e164(typed: str, country: str) -> str:
    number = numbers.parse(typed, country)
    if isinstance(number, numbers.Refused):
        raise NotValid(number.sentence, fields={"number": number.sentence})
    return number.e164


async def _write(db: Db, by: UUID, line: DispatchLine, what: str, fields: list[str]) -> None:
    detail: dict[str, Any] = {"what": what, "line_id": line.id, "agency": line.agency, "area": line.area}
    if fields:
        detail["fields"] = fields
    entry = NewEntry(Kind.dispatch_line_changed, Actor("person", by), detail=detail, retention="audit")
    await write(db, line.program_id, [entry])
