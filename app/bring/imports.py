"""What a file would do, said first, and then done for every line that is right.

One transaction, and its journal entries in one write at its end: whoever is being rung meanwhile waits for nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.bring import clients, contacts, groups, staff
from app.bring.lines import Line, What
from app.clients.people import local_today
from app.db import Db, now_of
from app.errors import NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import Program
from app.tabular import Column, Sheet, read, write_rest

Of = Literal["clients", "contacts", "staff", "groups"]
SHEETS = {"clients": clients, "contacts": contacts, "staff": staff, "groups": groups}
# Made in one transaction, in a few seconds at most.
MOST = 2000
# Of each sort; the counts are always whole, and the download of what is wrong holds every line.
SHOWN = 200


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProblemView(View):
    sentence: str
    column: str | None
    note: bool


class LineView(View):
    line: int
    what: What
    name: str
    problems: list[ProblemView]


class BroughtView(View):
    """`about`: the file as a whole. `done` false: nothing has been changed yet."""

    done: bool
    about: list[ProblemView]
    readable: bool
    new: int
    same: int
    wrong: int
    lines: list[LineView]


@dataclass(frozen=True, slots=True)
class Brought:
    of_what: Of
    sheet: Sheet
    lines: list[Line]
    today: date

    def of(self, what: What) -> list[Line]:
        return [line for line in self.lines if line.what == what]


def columns(of: Of) -> tuple[Column, ...]:
    known: tuple[Column, ...] = SHEETS[of].COLUMNS
    return known


async def brought(db: Db, program_id: UUID, of: Of, data: bytes) -> Brought:
    """Read and judged in a thread, then compared with what is here."""
    program = await db.get_one(Program, program_id)
    today = await local_today(db, program_id, now_of(db))
    sheet, lines = await asyncio.to_thread(_judged, of, data, program.region, today)
    if sheet.readable and lines:
        await SHEETS[of].compare(db, program_id, [line for line in lines if line.row.accepted])
    return Brought(of, sheet, lines, today)


def _judged(of: Of, data: bytes, region: str, today: date) -> tuple[Sheet, list[Line]]:
    sheet = read(data, columns(of))
    if len(sheet.rows) > MOST:
        sheet.refuse(f"This file has more than {MOST:,} lines. Divide it into smaller ones.")
    if not sheet.readable:
        return sheet, []
    lines = [Line(row) for row in sheet.rows]
    # An empty or long cell hides no other fault of its line: all are told at once.
    SHEETS[of].judge([line for line in lines if line.row.told_apart], region, today)
    return sheet, lines


async def take(db: Db, viewer: Viewer, of: Of, data: bytes) -> BroughtView:
    # One import at a time: two of the same file must not add every line twice.
    await db.get(Program, viewer.program_id, with_for_update={"key_share": True})
    found = await brought(db, viewer.program_id, of, data)
    if not found.sheet.readable:
        raise NotValid(" ".join(p.sentence for p in found.sheet.about if not p.note))
    fresh = found.of("new")
    detail = {what: len(found.of(what)) for what in ("new", "same", "wrong")}
    if fresh:
        entries = await _make(db, viewer, of, fresh, found.today)
        entries.append(
            NewEntry(Kind.data_brought, viewer.actor, detail=detail | {"of": of}, retention="audit")
        )
        await write(db, viewer.program_id, entries)
    return answer(found, done=True)


async def _make(db: Db, viewer: Viewer, of: Of, fresh: Sequence[Line], today: date) -> list[NewEntry]:
    entries: list[NewEntry] = []
    ranks = await contacts.next_ranks(db, viewer.program_id, fresh) if of == "contacts" else {}
    for line in fresh:
        match of:
            case "clients":
                entries += await clients.make(db, viewer, line, today)
            case "contacts":
                entries += contacts.make(db, viewer, line, ranks)
            case "staff":
                entries += await staff.make(db, viewer, line)
            case "groups":
                entries += groups.make(db, viewer, line)
    return entries


async def rest(db: Db, viewer: Viewer, of: Of, data: bytes) -> bytes:
    """The lines that cannot be taken, as they stood, each with its reason: to mend and to give back."""
    found = await brought(db, viewer.program_id, of, data)
    return await asyncio.to_thread(write_rest, found.sheet, [line.row for line in found.of("wrong")])


def answer(found: Brought, *, done: bool) -> BroughtView:
    headings = {column.key: column.heading for column in columns(found.of_what)}
    return BroughtView(
        done=done,
        about=[ProblemView(sentence=p.sentence, column=None, note=p.note) for p in found.sheet.about],
        readable=found.sheet.readable,
        new=len(found.of("new")),
        same=len(found.of("same")),
        wrong=len(found.of("wrong")),
        lines=[
            LineView(
                line=line.row.line,
                what=what,
                name=_name(line),
                problems=[
                    ProblemView(sentence=p.sentence, column=headings.get(p.column or ""), note=p.note)
                    for p in line.row.problems
                ],
            )
            for what in ("wrong", "new", "same")
            for line in found.of(what)[:SHOWN]
        ],
    )


def _name(line: Line) -> str:
    return line.text("name_used") or line.text("name") or line.text("client") or "…"
