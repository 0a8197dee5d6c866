"""Time in a story: it stands still but for `pass_time`, and jumps from one due moment to the next.

The engine is the real one. Between two moments at which anything is due its rounds would find nothing, so they are
left out: half an hour of an unanswered chain is told in seconds.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from app.db import Database, now_of

# Nothing is jumped over for longer than this, whatever the tables say.
LONGEST = timedelta(minutes=5)

# Every moment at which a process of Handrail does something by itself, as far as rows tell.
_NEXT = text(
    """
    select min(t) from (
        select s.due_at as t from escalation_step s
            join incident i on i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
            where s.status in ('pending', 'dialing')
        union all select s.limit_at - interval '10 seconds' from escalation_step s
            where s.status = 'pending' and not s.waits_for_person and s.warned_at is null
              and s.due_at <= :now and s.limit_at - interval '10 seconds' > :now
        union all select a.due_at from contact_attempt a where a.status = 'planned' and a.due_at > :now
        union all select r.next_at from rate_token r
            where exists (select 1 from contact_attempt a
                          where a.status = 'planned' and a.due_at <= :now and a.channel = r.kind)
        union all select a.lease_until from contact_attempt a
            where a.status in ('dialing', 'ringing', 'answered', 'unknown')
        union all select a.answered_at + interval '20 seconds' from contact_attempt a
            where a.status = 'answered' and a.who in ('client', 'contact') and a.result is null
        union all select a.ended_at + interval '20 seconds' from contact_attempt a
            where a.status = 'ended' and a.client_leg_id is not null and a.joined_at is not null
        union all select c.due_at from simulated_call c where c.state <> 'ended'
        union all select p.check_at from presence p
            where p.removed_at is null and not (p.state = 'present' and p.client_id = any(:beating))
        union all select g.next_at from agreement g
            join incident i on i.program_id = g.program_id and i.id = g.incident_id and i.state = 'open'
        union all select l.until from tier_lowering l where l.state = 'waiting'
        union all select f.until from risk_flag f where f.ended_at is null and f.overdue_at is null
        union all select i.owned_until from incident i where i.state = 'open' and i.verified_at is null
        union all select s.due_at from lane_set s where s.over_at is null
        union all select b.due_at from breakout b where b.ended_at is null
    ) moments where t > :now
    """
)
_DUE_NOW = text(
    """
    select exists (
        select 1 from escalation_step s
            join incident i on i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
            where s.status in ('pending', 'dialing') and s.due_at <= :now
        union all select 1 from simulated_call c where c.state <> 'ended' and c.due_at <= :now
        union all select 1 from contact_attempt a join rate_token r on r.kind = a.channel and r.next_at <= :now
            where a.status = 'planned' and a.due_at <= :now and not exists (
                select 1 from contact_attempt b where b.number_key = a.number_key and b.channel = 'call'
                and a.channel = 'call' and b.status in ('dialing', 'ringing', 'answered', 'unknown'))
        union all select 1 from lane_set s where s.over_at is null and s.due_at <= :now
        union all select 1 from breakout b where b.ended_at is null and b.due_at <= :now
        union all select 1 from contact_attempt a
            where a.wanted is not null and a.provider_id is not null and a.ended_at is null
    )
    """
)
# One process heard all along; only beats at the end of a jump are written.
_STILL_HEARING = text("update hearing set hearing_until = :now")


async def next_moment(database: Database, until: datetime, beating: Collection[UUID]) -> datetime:
    """`beating`: whose pages are in view; being present, they are not looked at again while they beat."""
    async with database.transaction(None) as db:
        now = now_of(db)
        found: datetime | None = await db.scalar(_NEXT, {"now": now, "beating": list(beating)})
    return min(until, now + LONGEST, found or until)


async def due_now(database: Database) -> bool:
    async with database.transaction(None) as db:
        return bool(await db.scalar(_DUE_NOW, {"now": now_of(db)}))


async def heard_all_along(database: Database) -> None:
    async with database.transaction(None) as db:
        await db.execute(_STILL_HEARING, {"now": now_of(db)})
