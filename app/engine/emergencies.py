"""Emergencies whose press was interrupted between its two transactions: set out here, half a second after it. Claimed by
locking the incident, like steps: any number of engines may look."""

import logging
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.db import Database, now_of
from app.emergency import setting_out, standing
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.presence import about
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE
from app.prepared import Prepared

log = logging.getLogger(__name__)

BATCH = 50

_DUE = Prepared(
    "select incident_id from emergency where sets_out_by <= :now order by sets_out_by limit :batch"
)
# Whoever holds it sets it out at this moment.
_CLAIM = Prepared("select id from incident where id = :incident for update skip locked")


async def set_out_due(database: Database) -> int:
    """Each in a transaction of its own: one that is sick holds no other up. How many were set out."""
    async with database.transaction(None) as db:
        due = await _DUE.rows(db, now=now_of(db), batch=BATCH)
    done = 0
    for row in due:
        try:
            async with database.transaction(None) as db:
                claimed = await _CLAIM.rows(db, incident=row.incident_id)
                done += bool(claimed) and await setting_out.set_out(db, row.incident_id)
        except DBAPIError:
            raise
        except Exception:
            log.exception("engine: an emergency could not be set out; a person is told to act by hand")
            await _give_to_a_person(database, row)
    return done


async def _give_to_a_person(database: Database, row: Any) -> None:
    """Its lanes are looked at, alarmed and rung for all the same: they wait for nothing of this."""
    async with database.transaction(None) as db:
        [incident] = await cases.lock(db, [row.incident_id])
        waits = await standing.of_incident(db, incident)
        if waits is None:
            return
        waits.sets_out_by, incident.by_hand = None, "sick"
        case = (await cases.load(db, [incident]))[incident.id]
        await carry_out(db, [Work(case, Move(), RULE, [about(incident, Kind.sick_row, RULE)])])
