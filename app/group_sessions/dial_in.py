"""The group's own audio dial-in (R24): how to join by telephone, as clients read it on their page when the line is lost."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Db
from app.errors import NotFound, NotValid
from app.group_sessions.models import Group
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import Program

FEWEST_DIGITS = 5


def of_group(settings: Mapping[str, Any], group_id: UUID) -> str | None:
    """Of one group, where the program is at hand: on the alert, the incident, the printed sheet, the client's page."""
    known = settings.get("dial_in")
    return known.get(str(group_id)) if isinstance(known, dict) else None


async def of_program(db: Db, program_id: UUID) -> dict[str, str]:
    """By group."""
    settings = await db.scalar(select(Program.settings).where(Program.id == program_id))
    known = (settings or {}).get("dial_in")
    return dict(known) if isinstance(known, dict) else {}


async def set_dial_in(db: Db, viewer: Viewer, group_id: UUID, words: str | None) -> None:
    """The number and whatever must be keyed after it; None takes it away."""
    if words is not None and len(re.findall(r"\d", words)) < FEWEST_DIGITS:
        sentence = "Write the telephone number, and the code after it if there is one."
        raise NotValid(sentence, fields={"dial_in": sentence})
    group = await db.get(Group, (viewer.program_id, group_id))
    if group is None:
        raise NotFound("There is no such group.")
    # Two groups may be changed at once, and all stand in one value.
    program = await db.get_one(Program, viewer.program_id, with_for_update={"key_share": True})
    others = {key: said for key, said in (await of_program(db, program.id)).items() if key != str(group_id)}
    program.settings = program.settings | {
        "dial_in": others | ({} if words is None else {str(group_id): words})
    }
    entry = NewEntry(
        Kind.group_changed,
        viewer.actor,
        detail={"group": group_id, "name": group.name, "dial_in": words is not None},
    )
    await write(db, viewer.program_id, [entry])
