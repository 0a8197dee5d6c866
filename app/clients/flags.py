"""The tier of a client and its flag, written together; and flags that are past their time.

A flag never ends by itself: at its end it is *re-assessment overdue*, keeps its tier and makes a task (R15).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.clients.flag_models import RiskFlag
from app.clients.models import Client
from app.clients.tier_rules import lasts_until
from app.db import Db, new_id, now_of
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write_all
from app.prepared import Prepared
from app.tasks.actions import open_task, settle_gap
from app.tasks.queries import of_gaps

GAP = "re-assessment"
ABOUT = (
    "Do the safety check again. Their tier was to be looked at again by now, and stands until somebody does."
)
# (d) How soon somebody looks again, once a flag is past its time.
AGAIN = {
    "low": timedelta(hours=24),
    "moderate": timedelta(hours=24),
    "high": timedelta(hours=4),
    "imminent": timedelta(hours=1),
}
BATCH = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """By whom, in what. `assessment_id`: only a safety check renews or ends a flag."""

    by: UUID | None
    incident_id: UUID | None = None
    assessment_id: UUID | None = None


# A low flag lasts as long as the meeting they are in. As text: meetings belong to a package above this one.
_SESSION = text(
    """
    select max(g.ends_at) from presence p
    join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
    where p.program_id = :program and p.client_id = :client and p.removed_at is null and g.state in ('open', 'paused')
    """
)


async def choose(db: Db, client: Client, tier: str, chosen: Chosen) -> list[NewEntry]:
    """Sets the tier with its flag. Returns entries that the caller writes with its own, last."""
    now = now_of(db)
    # One client, one change of the tier at a time: two flags cannot stand.
    await db.execute(
        select(Client.id)
        .where(Client.program_id == client.program_id, Client.id == client.id)
        # Not FOR UPDATE: facts about the client that are being written elsewhere only need its key.
        .with_for_update(key_share=True)
    )
    standing = await standing_of(db, client)
    if client.tier != tier:
        client.tier, client.tier_since = tier, now
    client.assessed = True
    if standing is not None and standing.tier == tier and chosen.assessment_id is None:
        return []
    if standing is not None:
        standing.ended_at, standing.ended_by = now, chosen.by
        standing.ended_why = "assessed" if chosen.assessment_id else "changed"
        await db.flush()
    ends_at = await db.scalar(_SESSION, {"program": client.program_id, "client": client.id})
    until = lasts_until(tier, now, ends_at)
    if until is not None:
        db.add(
            RiskFlag(
                program_id=client.program_id,
                id=new_id(),
                client_id=client.id,
                tier=tier,
                since=now,
                until=until,
                set_by=chosen.by,
                incident_id=chosen.incident_id,
                assessment_id=chosen.assessment_id,
            )
        )
        await db.flush()
    if chosen.assessment_id is None or chosen.by is None:
        return []
    return await settle_gap(db, client.program_id, client.id, GAP, chosen.by)


async def standing_of(db: Db, client: Client) -> RiskFlag | None:
    return (await standing(db, client.program_id, [client.id])).get(client.id)


async def standing(db: Db, program_id: UUID, clients: Collection[UUID]) -> dict[UUID, RiskFlag]:
    """By client; nobody whose tier is none has one."""
    found = await db.scalars(
        select(RiskFlag)
        .where(
            RiskFlag.program_id == program_id,
            RiskFlag.client_id.in_(list(clients)),
            RiskFlag.ended_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    return {flag.client_id: flag for flag in found}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a tile and a roster say of a flag."""

    until: datetime
    overdue: bool


_SHOWN = Prepared(
    """
    select client_id, until, overdue_at is not null as overdue from risk_flag
    where program_id = :program and client_id = any(cast(:clients as uuid[])) and ended_at is null
    """
)


async def shown(db: Db, program_id: UUID, clients: Collection[UUID]) -> dict[UUID, Shown]:
    """By client, for screens with many: read for every change of a board."""
    rows = await _SHOWN.rows(db, program=program_id, clients=list(clients))
    return {row.client_id: Shown(row.until, row.overdue) for row in rows}


# Whoever leads the meeting of the client that is nearest in time; failing that, whoever chose the tier. As text,
# because meetings belong to a package above this one.
_OWNERS = text(
    """
    select f.id, coalesce(
        (select m.id from presence p
         join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
         join staff_member m on m.program_id = g.program_id and m.id = g.lead_id and m.disabled_at is null
         where p.program_id = f.program_id and p.client_id = f.client_id and p.removed_at is null
         order by greatest(g.starts_at - :now, :now - g.starts_at), g.id limit 1),
        (select m.id from staff_member m
         where m.program_id = f.program_id and m.id = f.set_by and m.disabled_at is null)) as owner
    from risk_flag f where f.id = any(:ids)
    """
)


async def turn_overdue(db: Db) -> int:
    """Engine only: every flag that is past its time, once. Returns how many."""
    now = now_of(db)
    found = await db.execute(
        select(RiskFlag)
        .join(Client, (Client.program_id == RiskFlag.program_id) & (Client.id == RiskFlag.client_id))
        .where(
            RiskFlag.ended_at.is_(None),
            RiskFlag.overdue_at.is_(None),
            RiskFlag.until <= now,
            Client.ended_at.is_(None),
        )
        .order_by(RiskFlag.until)
        .limit(BATCH)
        .with_for_update(of=RiskFlag, skip_locked=True)
    )
    flags = list(found.scalars())
    if not flags:
        return 0
    owners = {row.id: row.owner for row in await db.execute(_OWNERS, _values(flags, now))}
    entries: dict[UUID, list[NewEntry]] = defaultdict(list)
    for flag in flags:
        flag.overdue_at = now
        entries[flag.program_id].append(
            NewEntry(
                Kind.flag_overdue,
                RULE,
                client_id=flag.client_id,
                detail={"tier": flag.tier, "since": flag.since, "until": flag.until},
            )
        )
        if (flag.client_id, GAP) in await of_gaps(db, flag.program_id, [flag.client_id]):
            continue
        task = await open_task(
            db,
            flag.program_id,
            about=ABOUT,
            gap=GAP,
            client_id=flag.client_id,
            owner_id=owners.get(flag.id),
            due_at=now + AGAIN[flag.tier],
            made_by=None,
        )
        entries[flag.program_id].append(task)
    await db.flush()
    await write_all(db, entries)
    return len(flags)


def _values(flags: Collection[RiskFlag], now: datetime) -> dict[str, Any]:
    return {"ids": [flag.id for flag in flags], "now": now}
