"""What the caller says about an emergency, and the ticks on it: kept here, so that a second caller sees the same."""

import json
from uuid import UUID

from sqlalchemy import select

from app.clients.packet import gives_away
from app.db import Db, conceal, new_id, now_of
from app.emergency import standing
from app.emergency.models import Emergency, EmergencyMark
from app.emergency.views import Brief, NewMark
from app.errors import NotValid
from app.incidents.actions import case_of, renew_of
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer

PLAIN = ("urgency", "asks", "weapons")
SEALED = ("happened", "means", "others")


async def change(db: Db, viewer: Viewer, incident_id: UUID, given: Brief) -> None:
    case = await case_of(db, viewer, incident_id)
    _nothing_of_care(case, given)
    row = await row_of(db, case.incident)
    for name in sorted(given.model_fields_set & set(PLAIN)):
        setattr(row, name, getattr(given, name))
    if given.grounds is not None:
        row.grounds = sorted(set(given.grounds))
    for name in sorted(given.model_fields_set & set(SEALED)):
        conceal(db, row, name, getattr(given, name))
    if "medical" in given.model_fields_set:
        said = {name: words for name, words in (given.medical or {}).items() if words}
        conceal(db, row, "medical", json.dumps(said, ensure_ascii=False) if said else None)
    kind, fields = Kind.emergency_changed, sorted(given.model_fields_set)
    entry = about(case.incident, kind, viewer.actor, fields=fields, grounds=given.grounds)
    await wrote(db, case, viewer, entry)


def _nothing_of_care(case: Case, given: Brief) -> None:
    """What is typed here is read to a stranger."""
    typed = {name: getattr(given, name) or "" for name in SEALED}
    for name, words in {**typed, "medical": " ".join((given.medical or {}).values())}.items():
        if found := gives_away(words, case.program.name):
            sentence = (
                f"“{found}” tells that they are in treatment. Leave it out: this is read to responders."
            )
            raise NotValid(sentence, fields={name: sentence})


async def mark(db: Db, viewer: Viewer, incident_id: UUID, given: NewMark) -> None:
    """A tick, or its taking back. What is ticked takes nothing off the screen: it may be read twice."""
    case = await case_of(db, viewer, incident_id)
    incident = case.incident
    row: EmergencyMark | None = await db.scalar(
        select(EmergencyMark).where(
            EmergencyMark.program_id == incident.program_id,
            EmergencyMark.incident_id == incident.id,
            EmergencyMark.key == given.key,
        )
    )
    if row is None:
        row = EmergencyMark(
            program_id=incident.program_id, id=new_id(), incident_id=incident.id, key=given.key
        )
        db.add(row)
    row.state, row.by_staff_id, row.at = given.state or "", viewer.staff_id, now_of(db)
    conceal(db, row, "words", given.words or None)
    note = given.words or None
    entry = about(incident, Kind.emergency_marked, viewer.actor, key=given.key, state=given.state, note=note)
    await wrote(db, case, viewer, entry)


async def row_of(db: Db, incident: Incident) -> Emergency:
    """The incident is locked, so that two presses do not make two."""
    row = await standing.of_incident(db, incident)
    if row is None:
        row = Emergency(program_id=incident.program_id, id=new_id(), incident_id=incident.id, grounds=[])
        db.add(row)
        await db.flush()
    return row


async def wrote(db: Db, case: Case, viewer: Viewer, *entries: NewEntry) -> None:
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [Work(case, Move(), viewer.actor, list(entries))])
