"""Until when a program rings the others after something happened in their group: its own hours (B10)."""

from sqlalchemy import select

from app.db import Db
from app.errors import NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.others import rules
from app.staff.access import Viewer
from app.staff.models import Program


async def of_program(db: Db, viewer: Viewer) -> rules.Hours:
    settings = await db.scalar(select(Program.settings).where(Program.id == viewer.program_id))
    return rules.hours_of(settings or {})


async def choose(db: Db, viewer: Viewer, soon: int, later: int) -> None:
    """From the next list on, and for whoever is tapped from now on. Calls that are on the list keep their time."""
    wrong = rules.wrong(soon, later)
    if wrong:
        raise NotValid(" ".join(dict.fromkeys(wrong.values())), fields=wrong)
    # Other settings of the program stand in the same value.
    program = await db.get_one(Program, viewer.program_id, with_for_update={"key_share": True})
    before = rules.hours_of(program.settings)
    program.settings = program.settings | {rules.SETTING: {"soon": soon, "later": later}}
    entry = NewEntry(
        Kind.program_follow_up,
        viewer.actor,
        detail={"soon": soon, "later": later, "before": {"soon": before.soon, "later": before.later}},
    )
    await write(db, viewer.program_id, [entry])
