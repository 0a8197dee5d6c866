"""Bringing a directory in: what a file would do, said first, and then done for every line that is right."""

import asyncio
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app.db import Db, new_id
from app.errors import NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.places import sheet
from app.places.models import DispatchLine
from app.places.sheet import Brought, Incoming
from app.places.views import View
from app.staff.access import Viewer
from app.staff.models import Program
from app.tabular import write_rest

# Of each sort; the counts are always whole, and the download of what is wrong holds every line.
SHOWN = 200


class ProblemView(View):
    sentence: str
    column: str | None
    note: bool


class IncomingView(View):
    line: int
    what: Literal["new", "changed", "same", "wrong"]
    name: str
    problems: list[ProblemView]


class ImportView(View):
    """`about`: the file as a whole. `done` false: nothing has been changed yet."""

    done: bool
    about: list[ProblemView]
    readable: bool
    new: int
    changed: int
    same: int
    wrong: int
    lines: list[IncomingView]


async def brought(db: Db, program_id: UUID, data: bytes) -> Brought:
    program = await db.get_one(Program, program_id)
    known = (await db.scalars(select(DispatchLine).where(DispatchLine.program_id == program_id))).all()
    return await asyncio.to_thread(sheet.read, data, known, program.region, program.time_zone)


async def take(db: Db, viewer: Viewer, data: bytes) -> ImportView:
    """Every line that is right, in one transaction. What was there already keeps the date of its check."""
    # One import at a time: two of the same file must not add every line twice.
    await db.get(Program, viewer.program_id, with_for_update={"key_share": True})
    found = await brought(db, viewer.program_id, data)
    if not found.sheet.readable:
        raise NotValid(" ".join(p.sentence for p in found.sheet.about if not p.note))
    there = {line.id: line for line in await _lines(db, viewer, found)}
    for incoming in found.lines:
        if incoming.values is None or incoming.what == "same":
            continue
        line = there.get(incoming.line_id) if incoming.line_id else None
        if line is None:
            line = DispatchLine(program_id=viewer.program_id, id=new_id())
            db.add(line)
        for name, value in incoming.values.items():
            setattr(line, name, value)
    detail = {what: len(found.of(what)) for what in ("new", "changed", "same", "wrong")}
    entry = NewEntry(Kind.lines_imported, viewer.actor, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])
    return answer(found, done=True)


async def rest(db: Db, viewer: Viewer, data: bytes) -> bytes:
    """The lines that cannot be taken, each with the reason, to mend and give back."""
    found = await brought(db, viewer.program_id, data)
    return await asyncio.to_thread(write_rest, found.sheet, [line.row for line in found.of("wrong")])


async def everything(db: Db, viewer: Viewer) -> bytes:
    lines = await db.scalars(
        select(DispatchLine)
        .where(DispatchLine.program_id == viewer.program_id, DispatchLine.retired_at.is_(None))
        .order_by(DispatchLine.area, DispatchLine.kind, DispatchLine.agency)
    )
    return await asyncio.to_thread(sheet.write, lines.all())


def answer(found: Brought, *, done: bool) -> ImportView:
    return ImportView(
        done=done,
        about=[ProblemView(sentence=p.sentence, column=None, note=p.note) for p in found.sheet.about],
        readable=found.sheet.readable,
        new=len(found.of("new")),
        changed=len(found.of("changed")),
        same=len(found.of("same")),
        wrong=len(found.of("wrong")),
        lines=[
            _view(line) for what in ("wrong", "changed", "new", "same") for line in found.of(what)[:SHOWN]
        ],
    )


def _view(line: Incoming) -> IncomingView:
    name = line.row.values["agency"] or line.row.values["number"] or "…"
    problems = [
        ProblemView(sentence=p.sentence, column=sheet.HEADINGS.get(p.column or ""), note=p.note)
        for p in line.row.problems
    ]
    return IncomingView(line=line.row.line, what=line.what, name=name[:160], problems=problems)


async def _lines(db: Db, viewer: Viewer, found: Brought) -> list[DispatchLine]:
    ids = [line.line_id for line in found.of("changed") if line.line_id]
    rows = await db.scalars(
        select(DispatchLine)
        .where(DispatchLine.program_id == viewer.program_id, DispatchLine.id.in_(ids))
        .order_by(DispatchLine.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)
