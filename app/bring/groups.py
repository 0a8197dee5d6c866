"""Groups from a file: their neutral names. Meetings are scheduled by a person, who names the four staff."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.bring.lines import Line, column, refuse_twice
from app.db import Db, new_id
from app.group_sessions.models import Group
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer

COLUMNS = (column("name", "Group", "name", "group name", required=True, longest=80),)


def judge(lines: Sequence[Line], region: str, today: date) -> None:
    del region, today
    for line in lines:
        line.given["who"] = " ".join(line.text("name").casefold().split())
    refuse_twice(lines, "who", "The same group stands on line {line} already.")


async def compare(db: Db, program_id: UUID, lines: Sequence[Line]) -> None:
    names = await db.scalars(select(Group.name).where(Group.program_id == program_id))
    here = {" ".join(name.casefold().split()) for name in names}
    for line in lines:
        line.same = line.given["who"] in here


def make(db: Db, viewer: Viewer, line: Line) -> list[NewEntry]:
    group = Group(program_id=viewer.program_id, id=new_id(), name=line.text("name"))
    db.add(group)
    detail = {"group": group.id, "name": group.name, "from": "a file"}
    return [NewEntry(Kind.group_changed, viewer.actor, detail=detail)]
