"""The lanes as time and other people's acts leave them: incidents that changed, alarms that are due, private rooms that
are asked about. Claimed by locking the incident, like steps: any number of engines may look."""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.db import Database, Db, now_of
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.situation import Move
from app.incidents.work import Work
from app.lanes import private_rooms, sets
from app.prepared import Prepared

log = logging.getLogger(__name__)

BATCH = 100

# What the lanes depend on, as one word: where it differs from what they were last settled with, they are settled anew.
_CLAIM = Prepared(
    """
    with standing as (
        select program_id, id from incident where state = 'open' and owner_id is not null
        union
        select program_id, incident_id from lane_set where over_at is null
        union
        select s.program_id, s.id from incident s
        where s.state = 'open' and s.owner_id is null and s.verified_at is null and s.outage_id is null
          and exists (select 1 from incident o
                      where o.program_id = s.program_id and o.group_session_id = s.group_session_id
                        and o.state = 'open' and o.owner_id is not null and o.verified_at is null)
    ), now as (
        select i.program_id, i.id, s.seen, s.due_at, s.settled_at, s.incident_id as known, i.group_session_id,
               concat_ws('|', i.state, i.tier, coalesce(i.owner_id::text, '-'), i.verified_at is null,
                         i.reached_at is null, coalesce(p.state, '-'), g.state, coalesce(g.lead_id::text, '-'),
                         coalesce(g.cofacilitator_id::text, '-'), coalesce(b.id::text, '-'), b.joined_at is null,
                         coalesce(b.stage, '-'),
                         i.owner_id is null and exists (
                             select 1 from incident o
                             where o.program_id = i.program_id and o.group_session_id = i.group_session_id
                               and o.id <> i.id and o.state = 'open' and o.owner_id is not null
                               and o.verified_at is null),
                         exists (select 1 from protocol_run r
                                 where r.program_id = i.program_id and r.incident_id = i.id
                                   and r.protocol = 'secure-group' and r.state = 'running'),
                         exists (select 1 from escalation_step e
                                 where e.program_id = i.program_id and e.incident_id = i.id
                                   and e.status in ('pending', 'dialing')
                                   and e.action in ('person.contact', 'person.dispatch'))) as fresh
        from standing c
        join incident i on i.program_id = c.program_id and i.id = c.id
        join group_session g on g.program_id = i.program_id and g.id = i.group_session_id
        left join lane_set s on s.program_id = i.program_id and s.incident_id = i.id
        left join presence p on p.program_id = i.program_id and p.group_session_id = i.group_session_id
            and p.client_id = i.client_id
        left join breakout b on b.program_id = i.program_id and b.group_session_id = i.group_session_id
            and b.client_id = i.client_id and b.ended_at is null
    )
    select i.program_id, i.id, n.fresh
    from now n
    join incident i on i.program_id = n.program_id and i.id = n.id
    where n.known is null or n.seen is distinct from n.fresh or n.due_at <= :now
        or exists (select 1 from staff_connection c
                   where c.program_id = n.program_id and c.group_session_id = n.group_session_id
                     and c.changed_at >= n.settled_at)
    order by i.program_id, i.id
    limit :batch
    for update of i skip locked
    """
)

_ROOMS = Prepared(
    """
    select b.program_id, b.id
    from breakout b
    join group_session g on g.program_id = b.program_id and g.id = b.group_session_id
    left join presence p on p.program_id = b.program_id and p.group_session_id = b.group_session_id
        and p.client_id = b.client_id and p.removed_at is null
    where b.ended_at is null
        and (b.due_at <= :now or g.state = 'closed' or p.state is null or p.state = any(cast(:gone as text[])))
    order by b.due_at
    limit :batch
    """
)


async def look(database: Database) -> int:
    """One round. How many incidents and rooms were looked at."""
    rooms = await _rooms(database)
    claimed: Sequence[Any] = ()
    try:
        async with database.transaction(None) as db:
            claimed = await _CLAIM.rows(db, now=now_of(db), batch=BATCH)
            await _settle(db, claimed)
    except DBAPIError:
        raise
    except Exception:
        log.exception("engine: the lanes of %d incidents failed; trying them one by one", len(claimed))
        for row in claimed:
            await _settle_alone(database, row)
    return rooms + len(claimed)


async def _settle(db: Db, claimed: Sequence[Any]) -> None:
    if not claimed:
        return
    seen = {row.id: row.fresh for row in claimed}
    loaded = await cases.load(db, await cases.lock(db, list(seen)))
    works = []
    for one in (await sets.known(db, list(loaded.values()))).values():
        work = Work(one.case, Move())
        sets.settle(db, one, work, seen=seen[one.case.incident.id])
        works.append(work)
    await carry_out(db, works)


async def _settle_alone(database: Database, row: Any) -> None:
    """One sick row cannot stop the others. Its alert stands on every board as before."""
    try:
        async with database.transaction(None) as db:
            await _settle(db, [row])
    except DBAPIError:
        raise
    except Exception:
        log.exception("engine: the lanes of incident %s cannot be settled", row.id)


async def _rooms(database: Database) -> int:
    async with database.transaction(None) as db:
        due = await _ROOMS.rows(db, now=now_of(db), gone=list(private_rooms.GONE), batch=BATCH)
    for row in due:
        async with database.transaction(None) as db:
            await private_rooms.look(db, row.program_id, row.id)
    return len(due)
