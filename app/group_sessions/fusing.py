"""Between the presence tables and the pure rules: loads what is known of many clients, fuses, and writes it back.

However many clients: one query for rows and contexts (locked), one for deafness, one for facts, one update.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, column, select, table, text
from sqlalchemy import func as sql

from app.clients.models import Client
from app.db import Db
from app.group_sessions.evidence import Beats, Context, Fact
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.presence import Fused, fuse

# Owned by the package of the rooms, which lies above this one; every package may read who could hear.
_HEARING = table("hearing", column("hearing_until"))
_DEAF = table("deaf_interval", column("from_at"), column("until_at"))

# States that hold a promise: a new end of it is news even when the state is the same.
_PROMISES = frozenset({"away", "leaving", "private_room"})


@dataclass(frozen=True, slots=True)
class Transition:
    """What changed for one client. `before` equals `after` when only the told end changed, or when somebody who
    is not here has just become overdue (`fused.reason == "not_here"`)."""

    program_id: UUID
    group_session_id: UUID
    client_id: UUID
    before: str
    after: str
    fused: Fused
    tier: str


_ROW = (
    Presence.program_id, Presence.group_session_id, Presence.client_id, Presence.state, Presence.since, Presence.until,
    Presence.evidence_at, Presence.ask_since, Presence.check_at, Presence.last_beat_at, Presence.page_visible,
    Presence.page_changed_at, Presence.goodbye_at, Client.tier, GroupSession.state.label("group_state"),
    GroupSession.opened_at, GroupSession.starts_at,
)  # fmt: skip

_FACTS = text(
    """
    select f.program_id, f.group_session_id, f.client_id, f.source, f.kind, f.occurred_at, f.received_at, f.cause,
           f.connection, f.until, f.by_staff_id, f.delivery_id
    from unnest(cast(:program as uuid[]), cast(:meeting as uuid[]), cast(:client as uuid[]))
         as wanted (program_id, group_session_id, client_id)
    join presence_fact f using (program_id, group_session_id, client_id)
    """
)

_WRITE = text(
    """
    update presence p
    set state = n.state, since = n.since, until = n.until, evidence_at = n.evidence_at, ask_since = n.ask_since,
        check_at = n.check_at
    from unnest(
        cast(:program as uuid[]), cast(:meeting as uuid[]), cast(:client as uuid[]), cast(:state as text[]),
        cast(:since as timestamptz[]), cast(:until as timestamptz[]), cast(:evidence_at as timestamptz[]),
        cast(:ask_since as timestamptz[]), cast(:check_at as timestamptz[])
    ) as n (program_id, group_session_id, client_id, state, since, until, evidence_at, ask_since, check_at)
    where p.program_id = n.program_id and p.group_session_id = n.group_session_id and p.client_id = n.client_id
    """
)
_WRITTEN = (
    "program", "meeting", "client", "state", "since", "until", "evidence_at", "ask_since", "check_at",
)  # fmt: skip

# From here on a plan is made for the arrays at hand: one made once for arrays of unknown length can join thousands
# of rows by nested loops, seconds instead of milliseconds.
MANY = 100
_PLAN_EACH = text("select set_config('plan_cache_mode', 'force_custom_plan', true)")

Key = tuple[UUID, UUID, UUID]


async def settle(
    db: Db, now: datetime, *where: ColumnElement[bool], limit: int | None = None, skip_locked: bool = False
) -> list[Transition]:
    """Fuses everybody on a roster that `where` chooses, with their rows locked, and gives back what changed."""
    chosen = (
        select(*_ROW)
        .join(
            GroupSession,
            (GroupSession.program_id == Presence.program_id) & (GroupSession.id == Presence.group_session_id),
        )
        .join(Client, (Client.program_id == Presence.program_id) & (Client.id == Presence.client_id))
        .where(Presence.removed_at.is_(None), *where)
        .with_for_update(of=Presence, skip_locked=skip_locked)
    )
    if limit is None:
        chosen = chosen.order_by(Presence.program_id, Presence.group_session_id, Presence.client_id)
    else:
        chosen = chosen.order_by(Presence.check_at).limit(limit)
    rows = (await db.execute(chosen)).all()
    if not rows:
        return []
    if len(rows) > MANY:
        await db.execute(_PLAN_EACH)
    beaten = [row.last_beat_at for row in rows if row.last_beat_at is not None]
    deaf, hearing_until = await _deafness(db, min(beaten, default=now))
    facts = await _facts(db, [(row.program_id, row.group_session_id, row.client_id) for row in rows])
    changed: list[tuple[Any, ...]] = []
    transitions: list[Transition] = []
    for row in rows:
        key = (row.program_id, row.group_session_id, row.client_id)
        beats = Beats(row.last_beat_at, row.page_visible, row.page_changed_at, row.goodbye_at)
        context = Context(row.tier, row.opened_at, row.starts_at, row.group_state, deaf, hearing_until)
        fused = fuse(facts.get(key, ()), beats, context, now)
        since = row.since if row.state == fused.state else fused.since
        fresh = (fused.state, since, fused.until, fused.evidence_at, fused.ask_since, fused.check_at)
        if fresh == (row.state, row.since, row.until, row.evidence_at, row.ask_since, row.check_at):
            continue
        changed.append(key + fresh)
        if _is_news(row, fused):
            transitions.append(Transition(*key, row.state, fused.state, fused, row.tier))
    if changed:
        columns = map(list, zip(*changed, strict=True))
        await db.execute(_WRITE, dict(zip(_WRITTEN, columns, strict=True)))
    return transitions


def _is_news(row: Any, fused: Fused) -> bool:
    if row.state != fused.state:
        return True
    if fused.state in _PROMISES and row.until != fused.until:
        return True
    return fused.state == "not_here_yet" and row.ask_since is None and fused.ask_since is not None


async def _deafness(db: Db, since: datetime) -> tuple[Sequence[tuple[datetime, datetime]], datetime | None]:
    hearing_until = (await db.execute(select(sql.max(_HEARING.c.hearing_until)))).scalar()
    gaps = await db.execute(select(_DEAF.c.from_at, _DEAF.c.until_at).where(_DEAF.c.until_at > since))
    return [(gap.from_at, gap.until_at) for gap in gaps], hearing_until


async def _facts(db: Db, keys: Sequence[Key]) -> dict[Key, list[Fact]]:
    programs, meetings, clients = map(list, zip(*keys, strict=True))
    found = await db.execute(_FACTS, {"program": programs, "meeting": meetings, "client": clients})
    facts: dict[Key, list[Fact]] = defaultdict(list)
    for row in found:
        facts[(row[0], row[1], row[2])].append(
            Fact(row.source, row.kind, row.occurred_at, row.received_at, row.cause, row.connection, row.until,
                 row.by_staff_id, row.delivery_id)
        )  # fmt: skip
    return facts
