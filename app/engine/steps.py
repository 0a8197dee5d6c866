"""Steps that are due: claimed by locking their incidents, decided by the rules, and written in the same transaction.

No lease is needed: nothing outside happens here, so a killed process leaves nothing but an open lock behind, which
the database drops with the connection. Fencing belongs to attempts, which do leave the building.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.db import Database, Db, now_of
from app.engine.due import WARN_BEFORE
from app.incidents import actions, cases, lowering, rules
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import EscalationStep, Incident
from app.incidents.presence import about
from app.incidents.situation import Move, StepDue
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE
from app.prepared import Prepared

log = logging.getLogger(__name__)

BATCH = 200


class Due(NamedTuple):
    id: UUID
    incident_id: UUID
    run_id: UUID | None


class Round(NamedTuple):
    """How many steps were claimed, and the seconds until the next one is due; None when nothing is pending."""

    claimed: int
    next_in: float | None


async def run_due(database: Database, limit: int = BATCH) -> Round:
    """One batch, the most urgent first, one step per incident."""
    claimed: Sequence[Due] = ()
    following: datetime | None = None
    loop = asyncio.get_running_loop()
    try:
        async with database.transaction(None) as db:
            began, now = loop.time(), now_of(db)
            claimed = _one_each(await _CLAIM.rows(db, now=now, batch=limit))
            await _run(db, claimed)
            following = (await _NEXT.rows(db))[0].due_at
    except DBAPIError:
        raise
    except Exception:
        log.exception("engine: a batch of %d failed; trying its steps one by one", len(claimed))
        for row in claimed:
            await _run_alone(database, row)
        return Round(len(claimed), 0.0)
    if following is None:
        return Round(len(claimed), None)
    return Round(len(claimed), max(0.0, (following - now).total_seconds() - (loop.time() - began)))


# Skips incidents that somebody is acting on: the next round comes within 250 ms. Sorted first, then locked one after the
# other until there are enough: as a plain join every claim looked up the incident of every step that is due, 10,000 for
# 200, which was a fourth of all work after an outage.
_CLAIM = Prepared(
    """
    select s.id, s.incident_id, s.run_id
    from (
        select id, program_id, incident_id, run_id from escalation_step
        where status in ('pending', 'dialing') and due_at <= :now
        order by urgency, due_at offset 0
    ) s
    cross join lateral (
        select from incident i where i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
        for update skip locked
    ) i
    limit :batch
    """
)


_NEXT = Prepared("select min(due_at) as due_at from escalation_step where status in ('pending', 'dialing')")


def _one_each(found: Iterable[Due]) -> Sequence[Due]:
    one_each: dict[UUID, Due] = {}
    for row in found:
        one_each.setdefault(row.incident_id, row)
    return list(one_each.values())


async def _run(db: Db, claimed: Sequence[Due]) -> None:
    if not claimed:
        return
    loaded = await cases.load(db, await cases.of_ids(db, [row.incident_id for row in claimed]))
    runs = await _runs(db, loaded.values(), claimed)
    now = now_of(db)
    work = []
    for row in claimed:
        case = runs.get(row.run_id) or loaded[row.incident_id]
        move = rules.advance(case.protocol, case.situation(), StepDue(row.id), now)
        work.append(Work(case, move))
    await carry_out(db, work)


async def _runs(db: Db, loaded: Iterable[Case], rows: Iterable[Any]) -> dict[UUID | None, Case]:
    """The chains of those protocols that run beside the first and have something due; mostly none has."""
    due = {row.run_id for row in rows if row.run_id is not None}
    found = await cases.load_runs(db, loaded, only=due) if due else []
    return {case.run.id: case for case in found if case.run}


async def _run_alone(database: Database, row: Due) -> None:
    try:
        async with database.transaction(None) as db:
            await cases.lock(db, [row.incident_id])
            await _run(db, [row])
    except DBAPIError:
        raise
    except Exception:
        log.exception("engine: step %s is sick; a person is told to act by hand", row.id)
        await _give_to_a_person(database, row)


async def _give_to_a_person(database: Database, row: Due) -> None:
    """One sick row cannot stop the others: it becomes "Handrail could not act, do this by hand"."""
    async with database.transaction(None) as db:
        [incident] = await cases.lock(db, [row.incident_id])
        await db.execute(
            update(EscalationStep)
            .where(EscalationStep.program_id == incident.program_id, EscalationStep.id == row.id)
            .values(status="unknown", outcome="sick", done_at=now_of(db))
        )
        incident.by_hand = "sick"
        case = (await cases.load(db, [incident]))[incident.id]
        entry = about(incident, Kind.sick_row, RULE, step_id=row.id)
        await carry_out(db, [Work(case, Move(), RULE, [entry])])


async def expire_ownerships(database: Database) -> int:
    async with database.transaction(None) as db:
        found = await db.execute(
            select(Incident.id)
            .where(
                Incident.state == "open",
                Incident.owner_id.is_not(None),
                Incident.verified_at.is_(None),
                Incident.owned_until <= database.clock.sql_now(),
            )
            .limit(BATCH)
        )
        ids = list(found.scalars())
        if ids:
            await actions.expire_ownership(db, ids)
        return len(ids)


async def lapse_lowerings(database: Database) -> int:
    """R15: a lower tier that no second person confirmed in time."""
    async with database.transaction(None) as db:
        incidents = await lowering.due(db, BATCH)
        return await lowering.lapse(db, incidents) if incidents else 0


_LATE = text(
    """
    update escalation_step s set warned_at = :now
    from incident i
    where i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
      and s.status = 'pending' and not s.waits_for_person and s.warned_at is null
      and s.due_at <= :now and s.limit_at <= :soon
    returning s.id, s.incident_id, s.key, s.run_id
    """
)


async def warn_of_late(database: Database) -> int:
    """Architecture 4: due, not started, and its limit is less than 10 s away or gone: every board says so."""
    async with database.transaction(None) as db:
        now = now_of(db)
        rows = list(await db.execute(_LATE, {"now": now, "soon": now + WARN_BEFORE}))
        if rows:
            incidents = await db.execute(
                select(Incident).where(Incident.id.in_([r.incident_id for r in rows]))
            )
            loaded = await cases.load(db, list(incidents.scalars()))
            work = []
            for row in rows:
                case = loaded[row.incident_id]
                told = {"step": row.key, "step_id": row.id} | ({"run": row.run_id} if row.run_id else {})
                entry = about(case.incident, Kind.step_late_ahead, RULE, **told)
                work.append(Work(case, Move(), RULE, [entry]))
            await carry_out(db, work)
        return len(rows)
