"""Agreements whose time has come, for the engine: asked of their owner, missed, paged. Nothing else happens by time.

Claimed by locking their incidents, as steps are: an engine that dies leaves nothing behind, and the next one goes on.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.agreements import rules
from app.agreements.actions import clock_of
from app.agreements.models import Agreement
from app.db import Database, Db, now_of
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.legs import Legs
from app.incidents.models import Incident
from app.incidents.paging import Paging
from app.incidents.presence import about
from app.incidents.ringing import CIRCLE
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry

BATCH = 200


async def run_due(database: Database) -> int:
    """One batch. Returns how many were looked at."""
    async with database.transaction(None) as db:
        rows = await _claim(db, database)
        if rows:
            await _run(db, rows)
        return len(rows)


async def _claim(db: Db, database: Database) -> Sequence[Agreement]:
    """Skips incidents that somebody is acting on: the next round comes within a second."""
    found = await db.execute(
        select(Agreement)
        .join(
            Incident,
            (Incident.program_id == Agreement.program_id) & (Incident.id == Agreement.incident_id),
        )
        .where(Agreement.next_at <= database.clock.sql_now(), Incident.state == "open")
        .order_by(Agreement.next_at, Agreement.id)
        .limit(BATCH)
        .with_for_update(of=Incident, skip_locked=True)
    )
    ids = [row.id for row in found.scalars()]
    # Read again under the lock: a person's press may have committed between the look and the lock.
    fresh = await db.scalars(
        select(Agreement)
        .where(Agreement.id.in_(ids), Agreement.next_at <= now_of(db))
        .order_by(Agreement.next_at, Agreement.id)
        .execution_options(populate_existing=True)
    )
    return fresh.all()


async def _run(db: Db, rows: Sequence[Agreement]) -> None:
    found = await db.scalars(select(Incident).where(Incident.id.in_({row.incident_id for row in rows})))
    loaded = await cases.load(db, list(found))
    work = {incident_id: Work(case, Move(), RULE) for incident_id, case in loaded.items()}
    for row in rows:
        _look(db, work[row.incident_id], row, now_of(db))
    await carry_out(db, work.values())


def _look(db: Db, work: Work, row: Agreement, now: datetime) -> None:
    case = work.case
    tier = case.situation().tier
    turn = rules.turn(clock_of(row), tier, now)
    if turn is None:
        row.next_at = rules.next_look(clock_of(row), tier, now)
        return
    late_s = int((now - row.until).total_seconds())
    if turn.what == "ask":
        row.asked_at = now
        work.entries.append(_entry(case, row, Kind.agreement_due, late_s))
    elif turn.what == "lapse":
        row.lapsed_at = row.check_wanted_at = now
        work.entries.append(_entry(case, row, Kind.agreement_lapsed, late_s))
    row.next_at = turn.next_at
    if turn.page and case.incident.by_hand != "nobody_to_page":
        Paging(Legs(db, work)).circle(CIRCLE, row.pages)
        row.pages += 1


def _entry(case: Case, row: Agreement, kind: Kind, late_s: int) -> NewEntry:
    return about(case.incident, kind, RULE, agreement_id=row.id, owner_id=row.owner_id, late_s=late_s)
