"""What there is to look after, asked in one statement once a second: nearly always nothing, and then nothing else is asked.

Each answer is at least as wide as what its work then claims under its own locks, never narrower.
"""

from dataclasses import dataclass, fields
from datetime import timedelta

from app.calls.rings import RINGS_ON
from app.db import Db, now_of
from app.prepared import Prepared

# An automatic step that has not started this long before its limit is announced on the boards.
WARN_BEFORE = timedelta(seconds=10)

_DUE = Prepared(
    """
    select
        exists (select 1 from incident i
            where i.state = 'open' and i.owner_id is not null and i.verified_at is null and i.owned_until <= :now
        ) as ownerships,
        exists (select 1 from escalation_step s
            join incident i on i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
            where s.status = 'pending' and not s.waits_for_person and s.warned_at is null
                and s.due_at <= :now and s.limit_at <= :soon
        ) as late,
        exists (select 1 from agreement a
            join incident i on i.program_id = a.program_id and i.id = a.incident_id and i.state = 'open'
            where a.next_at <= :now
        ) as agreements,
        exists (select 1 from follow_up u where u.next_at <= :now and u.ended_at is null) as follow_ups,
        exists (select 1 from tier_lowering l where l.state = 'waiting' and l.until <= :now) as lowerings,
        exists (select 1 from client_signal c
            join group_session g on g.program_id = c.program_id and g.id = c.group_session_id
                and g.state <> 'closed'
            where c.answered_at is null and c.outside_at <= :now
        ) as signals,
        exists (select 1 from plain_text t
            join client_signal c on c.program_id = t.program_id and c.id = t.signal_id
                and c.answered_at is not null
            where t.signal_id is not null and t.let_go_at is null and t.void_after > :ringing
                and t.channel = 'call' and t.status = 'sent' and t.provider_id is not null
        ) as rings,
        exists (select 1 from risk_flag f
            where f.ended_at is null and f.overdue_at is null and f.until <= :now
        ) as flags
    """
)


@dataclass(frozen=True, slots=True)
class Due:
    """Whether any of this kind may be due. Late steps are those that are about to miss their limit."""

    ownerships: bool
    late: bool
    agreements: bool
    follow_ups: bool
    lowerings: bool
    signals: bool
    rings: bool
    flags: bool


async def due(db: Db) -> Due:
    now = now_of(db)
    [row] = await _DUE.rows(db, now=now, soon=now + WARN_BEFORE, ringing=now - RINGS_ON)
    return Due(*(getattr(row, field.name) for field in fields(Due)))
