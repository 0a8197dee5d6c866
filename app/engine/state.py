"""The engine's row: which database it believes it is, whether it is held, and when it last went round."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.db import Db, now_of
from app.incidents.models import EngineState
from app.prepared import Prepared

RESTORED = "restored"

# A restore changes the cluster, its timeline or the database itself; a crash changes none of them.
_IDENTITY = text(
    """
    select (select system_identifier from pg_control_system())::text || ':' ||
           (select timeline_id from pg_control_checkpoint())::text || ':' ||
           (select oid from pg_database where datname = current_database())::text
    """
)
_TICK = Prepared(
    """
    update engine_state set last_tick = :now, overdue_steps = (
        select count(*) from escalation_step s
        join incident i on i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
        where s.status = 'pending' and not s.waits_for_person and s.limit_at < :now
    )
    where id = 1
    returning held_since
    """
)


async def recognise(db: Db) -> None:
    """First start: remembers this database. A database that is not the one remembered starts held."""
    identity = str((await db.execute(_IDENTITY)).scalar_one())
    await db.execute(insert(EngineState).values(id=1, overdue_steps=0).on_conflict_do_nothing())
    state = (await db.execute(select(EngineState).where(EngineState.id == 1).with_for_update())).scalar_one()
    if state.identity is not None and state.identity != identity and state.held_since is None:
        state.held_since = now_of(db)
        state.held_reason = RESTORED
    state.identity = identity


async def has_line(db: Db, outside_line: bool) -> None:
    """Whether there is a telephone at all. Boards of live programs say so before anybody needs it."""
    told = {"outside_line": outside_line}
    await db.execute(
        insert(EngineState)
        .values(id=1, overdue_steps=0, **told)
        .on_conflict_do_update(index_elements=[EngineState.id], set_=told)
    )


async def held(db: Db) -> bool:
    since = await db.scalar(select(EngineState.held_since).where(EngineState.id == 1))
    return since is not None


async def release(db: Db, staff_id: UUID) -> bool:
    """False when it was not held."""
    released = await db.execute(
        update(EngineState)
        .where(EngineState.id == 1, EngineState.held_since.is_not(None))
        .values(held_since=None, held_reason=None, released_at=now_of(db), released_by=staff_id)
        .returning(EngineState.id)
    )
    return released.first() is not None


async def tick(db: Db, now: datetime) -> bool:
    """The engine goes round: boards and `/healthz` see it by this. True while it is held."""
    rows = await _TICK.rows(db, now=now)
    return bool(rows) and rows[0].held_since is not None
