"""Changes of local lines. Their numbers are public, and still refused when a machine could mistake them (R21)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.places import given, views
from app.places.models import DispatchLine, LineCheck
from app.staff.models import Program

SETTLED = tuple(name for name in views.NewLine.model_fields if name != "verified")


async def add_line(db: Db, program_id: UUID, by: UUID, body: views.NewLine, line_id: UUID) -> None:
    line = DispatchLine(program_id=program_id, id=line_id)
    values = await _settled(db, program_id, body.model_dump(exclude={"verified"}))
    _set(line, values)
    db.add(line)
    if body.verified:
        _note_check(db, line, by, "answers")
    await _write(db, by, line, "added", [])


async def change_line(db: Db, program_id: UUID, by: UUID, line_id: UUID, body: views.ChangeLine) -> None:
    """A new number is unchecked until somebody says that they checked it, in the same press or later."""
    line = await _locked(db, program_id, line_id)
    values = {
        name: value
        for name, value in body.model_dump(exclude_unset=True).items()
        if value is not None or name in views.MAY_BE_EMPTY
    }
    fields = sorted(values)
    verified, retired = values.pop("verified", False), values.pop("retired", None)
    if values:
        before = line.number
        _set(line, await _settled(db, program_id, {name: getattr(line, name) for name in SETTLED} | values))
        if line.number != before:
            line.verified_on = line.verified_by = line.wrong_at = line.wrong_by = None
    if retired is not None:
        line.retired_at = now_of(db) if retired else None
    if verified:
        _note_check(db, line, by, "answers")
    await _write(db, by, line, "changed", fields)


async def check_line(db: Db, program_id: UUID, by: UUID, line_id: UUID, result: str) -> None:
    """Rung just now: it answers as said, or it does not. Everybody sees the newest."""
    line = await _locked(db, program_id, line_id)
    if line.retired_at is not None:
        raise Conflict("This line is retired. Use it again first, then say that it answers.")
    _note_check(db, line, by, result)
    await _write_check(db, by, line, result)


async def uncheck_line(db: Db, program_id: UUID, by: UUID, line_id: UUID) -> None:
    """Pressed by mistake: what was known before holds again. Only one's own press, and only the newest."""
    line = await _locked(db, program_id, line_id)
    checks = (
        await db.scalars(
            select(LineCheck)
            .where(
                LineCheck.program_id == program_id,
                LineCheck.line_id == line_id,
                LineCheck.withdrawn_at.is_(None),
            )
            .order_by(LineCheck.at.desc(), LineCheck.id)
        )
    ).all()
    if not checks or checks[0].staff_id != by:
        raise Conflict("Somebody checked this line after you. Look at it again.")
    checks[0].withdrawn_at = now_of(db)
    same = [check for check in checks[1:] if check.number == line.number]
    line.verified_on = line.verified_by = line.wrong_at = line.wrong_by = None
    for check in reversed(same):
        _apply(line, check)
    await _write_check(db, by, line, "withdrawn")


def _note_check(db: Db, line: DispatchLine, by: UUID, result: str) -> None:
    check = LineCheck(
        program_id=line.program_id,
        id=new_id(),
        line_id=line.id,
        staff_id=by,
        result=result,
        number=line.number,
        at=now_of(db),
    )
    db.add(check)
    _apply(line, check)


def _apply(line: DispatchLine, check: LineCheck) -> None:
    if check.result == "answers":
        line.verified_on, line.verified_by = check.at.date(), check.staff_id
        line.wrong_at = line.wrong_by = None
    else:
        line.wrong_at, line.wrong_by = check.at, check.staff_id


async def _settled(db: Db, program_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    zone = await db.scalar(select(Program.time_zone).where(Program.id == program_id))
    try:
        return given.settled(values, zone or "UTC")
    except given.Wrong as wrong:
        raise NotValid(" ".join(wrong.fields.values()), fields=wrong.fields) from wrong


def _set(line: DispatchLine, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(line, name, value)


async def _locked(db: Db, program_id: UUID, line_id: UUID) -> DispatchLine:
    line = await db.get(DispatchLine, (program_id, line_id), with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound("There is no such local line.")
    return line


async def _write(db: Db, by: UUID, line: DispatchLine, what: str, fields: list[str]) -> None:
    detail: dict[str, Any] = {"what": what, "line_id": line.id, "agency": line.agency, "area": line.area}
    if fields:
        detail["fields"] = fields
    entry = NewEntry(Kind.dispatch_line_changed, Actor("person", by), detail=detail, retention="audit")
    await write(db, line.program_id, [entry])


async def _write_check(db: Db, by: UUID, line: DispatchLine, result: str) -> None:
    detail = {"result": result, "line_id": line.id, "agency": line.agency}
    entry = NewEntry(Kind.dispatch_line_checked, Actor("person", by), detail=detail, retention="audit")
    await write(db, line.program_id, [entry])
