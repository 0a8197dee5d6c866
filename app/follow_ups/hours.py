"""After how many hours a program proposes check-ins, by tier: its own (S8)."""

from app.db import Db
from app.errors import NotValid
from app.follow_ups import rules
from app.follow_ups.views import CheckInHours
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import Program


async def of_program(db: Db, viewer: Viewer) -> CheckInHours:
    program = await db.get_one(Program, viewer.program_id)
    known = rules.hours_of(program.settings)
    return CheckInHours.model_validate({tier: list(hours) for tier, hours in known.items()})


async def choose(db: Db, viewer: Viewer, given: CheckInHours) -> None:
    """For proposals from now on. What people have planned stays as they planned it."""
    chosen: dict[str, list[int]] = given.model_dump()
    wrong = {
        tier: sentence for tier, hours in chosen.items() if (sentence := rules.wrong_hours(hours)) is not None
    }
    if wrong:
        raise NotValid(" ".join(dict.fromkeys(wrong.values())), fields=wrong)
    # Other settings of the program stand in the same value.
    program = await db.get_one(Program, viewer.program_id, with_for_update={"key_share": True})
    before = {tier: list(hours) for tier, hours in rules.hours_of(program.settings).items()}
    program.settings = program.settings | {rules.SETTING: chosen}
    entry = NewEntry(Kind.program_check_ins, viewer.actor, detail={"hours": chosen, "before": before})
    await write(db, viewer.program_id, [entry])
