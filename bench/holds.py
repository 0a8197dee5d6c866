"""What must be true of every chain, whatever was killed while it ran. Each break is one sentence."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.exc import DBAPIError

from app.calls.reconcile import CALLBACK_WAIT
from app.db import Database, Db, now_of
from app.incidents.models import Incident
from app.journal import read
from app.journal.verify import verify
from app.staff.models import Program

# Beside the lease: starting a process anew, or Postgres's own recovery.
BESIDE_LEASE = timedelta(seconds=2)

# Steps are started by the engine; what waits for a person runs out at its limit.
_LATE_STEPS = text(
    """
    select s.incident_id, s.key, s.run_at as due, coalesce(s.started_at, s.done_at) as came,
           extract(epoch from coalesce(s.started_at, s.done_at) - s.run_at) as late_s
    from escalation_step s
    where s.status in ('done', 'dialing') and coalesce(s.started_at, s.done_at) - s.run_at > :most
    """
)
_LOST_STEPS = text(
    """
    select s.incident_id, s.key, extract(epoch from :now - s.due_at) as late_s
    from escalation_step s
    join incident i on i.program_id = s.program_id and i.id = s.incident_id and i.state = 'open'
    where s.status in ('pending', 'dialing') and :now - s.due_at > :most
    """
)
_STANDING_STILL = text(
    """
    select i.id from incident i
    where i.state = 'open' and i.verified_at is null and i.by_hand is null and not exists (
        select 1 from escalation_step s
        where s.program_id = i.program_id and s.incident_id = i.id and s.status in ('pending', 'dialing'))
    """
)
_DIALLED_TWICE = text(
    """
    select c.attempt_id, count(*) as times from simulated_call c group by c.attempt_id having count(*) > 1
    """
)
# Two attempts for one step and number at once: the second is right only when the first never rang.
_RANG_TOGETHER = text(
    """
    select a.attempt_id, b.attempt_id
    from simulated_call a
    join contact_attempt aa on aa.program_id = a.program_id and aa.id = a.attempt_id
    join simulated_call b on b.program_id = a.program_id and b.number_key = a.number_key and b.channel = a.channel
        and b.attempt_id <> a.attempt_id and b.made_at >= a.made_at
    where a.channel = 'call' and b.made_at < coalesce(aa.ended_at, 'infinity')
    """
)
# The first ring of each client's call, from when it was due. One that replaces another waited for it to be looked up.
_LATE_CALLS = text(
    """
    select a.id, coalesce(r.due_at, a.due_at) as due, a.dialing_at as came,
           extract(epoch from a.dialing_at - coalesce(r.due_at, a.due_at)) as late_s
    from contact_attempt a
    left join contact_attempt r on r.program_id = a.program_id and r.id = a.replaces_id
    where a.who = 'client' and a.dialing_at is not null
      and a.dialing_at - coalesce(r.due_at, a.due_at)
          > case when r.id is null then cast(:most as interval) else cast(:most_again as interval) end
    """
)
_TEXTED_TWICE = text(
    """
    select a.step_id, count(*) from simulated_call c
    join contact_attempt a on a.program_id = c.program_id and a.id = c.attempt_id
    where c.channel = 'text' and a.step_id is not null group by a.step_id having count(*) > 1
    """
)


# What the question gives besides `late_s`, and the sentence about it.
_QUESTIONS = (
    (_LOST_STEPS, "step {0.key} of {0.incident_id} is due since {0.late_s:.1f} s and nobody runs it"),
    (_STANDING_STILL, "incident {0.id} is open and nothing of it is to come"),
    (_DIALLED_TWICE, "attempt {0.attempt_id} was dialled {0.times} times"),
    (_RANG_TOGETHER, "attempts {0[0]} and {0[1]} rang one number at once"),
    (_TEXTED_TWICE, "step {0.step_id} sent its text twice"),
)
_LATE = (
    (_LATE_STEPS, "step {0.key} of {0.incident_id}, due {0.due:%H:%M:%S}, ran {0.late_s:.1f} s late"),
    (_LATE_CALLS, "attempt {0.id} was dialled {0.late_s:.1f} s late"),
)


async def broken(
    database: Database, lease: float, dropped: Mapping[UUID, datetime], killed: Sequence[datetime]
) -> list[str]:
    """`dropped`: clients whose loss was accepted, and when it happened. `killed`: when something was.

    The asker's own connections died with the database, too: it asks again.
    """
    for _ in range(10):
        try:
            return await _broken(database, lease, dropped, killed)
        except (DBAPIError, OSError):
            await asyncio.sleep(0.5)
    return ["the database cannot be read"]


async def _broken(
    database: Database, lease: float, dropped: Mapping[UUID, datetime], killed: Sequence[datetime]
) -> list[str]:
    found: list[str] = []
    most = timedelta(seconds=lease) + BESIDE_LEASE
    async with database.transaction(None) as db:
        values = {"now": now_of(db), "most": most, "most_again": most + CALLBACK_WAIT}
        for question, sentence in _QUESTIONS:
            found += [sentence.format(row) for row in await db.execute(question, _asked(question, values))]
        for question, sentence in _LATE:
            for row in await db.execute(question, _asked(question, values)):
                meanwhile = sum(row.due - BESIDE_LEASE < at < row.came for at in killed)
                found.append(f"{sentence.format(row)}, with {meanwhile} kills meanwhile")
        incidents = list(await db.scalars(select(Incident)))
        found += _not_opened(incidents, dropped)
        found += await _run_twice(db, incidents)
        for program_id in await db.scalars(select(Program.id)):
            verdict = await verify(db, program_id)
            found += [f"journal: {fault}" for fault in verdict.faults]
    return found


def _asked(question: TextClause, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f":{name}" in str(question)}


def _not_opened(incidents: list[Incident], dropped: Mapping[UUID, datetime]) -> list[str]:
    opened = Counter(incident.client_id for incident in incidents)
    return [f"client {c} was lost and has {opened[c]} incidents" for c in dropped if opened[c] != 1]


async def _run_twice(db: Db, incidents: list[Incident]) -> list[str]:
    """By the journal: each step starts once and ends once, each attempt begins to ring once."""
    found = []
    for incident in incidents:
        began: Counter[str] = Counter()
        for entry in await read.of_incident(db, incident.program_id, incident.id):
            detail = entry.detail or {}
            if entry.kind in ("step.started", "step.done"):
                began[f"{entry.kind} {detail.get('step')} {detail['step_id']}"] += 1
            elif entry.kind == "attempt.dialing":
                began[f"attempt {detail['attempt_id']}"] += 1
            elif entry.kind == "attempt.refused":
                began[f"attempt {detail['attempt_id']}"] -= 1
        found += [f"twice in one incident: {what}" for what, times in began.items() if times > 1]
    return found


async def much(database: Database) -> tuple[int, int]:
    """Steps done, and calls and texts begun: a run in which little happened shows little."""
    async with database.transaction(None) as db:
        steps = await db.scalar(text("select count(*) from escalation_step where status = 'done'"))
        calls = await db.scalar(text("select count(*) from simulated_call"))
        return int(steps or 0), int(calls or 0)
