"""Between the presence tables and the pure rules: loads what is known of many clients, fuses, and writes it back.

However many clients: one query for their rows (locked), one for facts and what surrounds them, one update.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, select

from app.db import Db, new_id
from app.group_sessions.evidence import Beats, Context, Fact
from app.group_sessions.models import Presence
from app.group_sessions.presence import Fused, fuse
from app.prepared import Prepared

# States in which somebody is missed: their change opens an incident.
GONE = frozenset({"lost", "not_responding"})
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
    # Of whoever has just been lost: what their incident is called, should one open. Presence points to it already, and
    # whoever opens none puts that right: writing each row of a storm twice took as long as opening a third of it.
    incident_id: UUID | None = field(default=None, compare=False)


# What settling needs of a row of presence, locked; the place is where it lies, to write it back without a join.
_ROW: tuple[Any, ...] = (
    Presence.program_id, Presence.group_session_id, Presence.client_id, Presence.state, Presence.since, Presence.until,
    Presence.evidence_at, Presence.ask_since, Presence.check_at, Presence.last_beat_at, Presence.page_visible,
    Presence.page_changed_at, Presence.goodbye_at, literal_column("presence.ctid").label("place"),
)  # fmt: skip
_COLUMNS = ", ".join(str(column) for column in _ROW[:-1]) + ", presence.ctid as place"
_NAMES = [*(column.key for column in _ROW[:-1]), "place"]

# Each query reads one table by arrays, or by the place of a row that is locked: with thousands of fresh rows the
# database has no statistics yet, and a join was planned as nested loops, 8 s instead of 0.1 s.
_WRITE = Prepared(
    """
    update presence p
    set state = n.state, since = n.since, until = n.until, evidence_at = n.evidence_at, ask_since = n.ask_since,
        check_at = n.check_at, incident_id = coalesce(n.incident_id, p.incident_id)
    from unnest(
        cast(:place as tid[]), cast(:state as text[]), cast(:since as timestamptz[]), cast(:until as timestamptz[]),
        cast(:evidence_at as timestamptz[]), cast(:ask_since as timestamptz[]), cast(:check_at as timestamptz[]),
        cast(:incident_id as uuid[])
    ) as n (place, state, since, until, evidence_at, ask_since, check_at, incident_id)
    where p.ctid = n.place
    """
)
_WRITTEN = ("place", "state", "since", "until", "evidence_at", "ask_since", "check_at", "incident_id")

# From here on a plan is made for the arrays at hand, not once for arrays of unknown length.
MANY = 100
_PLAN_EACH = Prepared("select set_config('plan_cache_mode', 'force_custom_plan', true)")

Key = tuple[UUID, UUID, UUID]
Meeting = tuple[UUID, UUID]


async def settle(
    db: Db, now: datetime, *where: ColumnElement[bool], limit: int | None = None, sweeping: bool = False
) -> list[Transition]:
    """Fuses everybody on a roster that `where` chooses, with their rows locked, and gives back what changed.

    `sweeping`: whoever is held by somebody else waits for the next round, and closed meetings are only put aside.
    """
    return await settle_rows(db, now, await _chosen(db, where, limit, sweeping), sweeping=sweeping)


async def settle_rows(
    db: Db, now: datetime, rows: Sequence[Any], *, sweeping: bool = False
) -> list[Transition]:
    """The same for rows of `_ROW`, which are locked already."""
    if not rows:
        return []
    if len(rows) > MANY:
        await _PLAN_EACH.rows(db)
    return await _settled(db, now, rows, await _know(db, rows, now), sweeping=sweeping)


async def _settled(
    db: Db, now: datetime, rows: Sequence[Any], known: "_Known", *, sweeping: bool = False
) -> list[Transition]:
    changed: list[tuple[Any, ...]] = []
    transitions: list[Transition] = []
    for row in rows:
        context = known.context(row)
        before = (row.state, row.since, row.until, row.evidence_at, row.ask_since, row.check_at)
        if sweeping and context.group_state == "closed":
            changed.append((row.place, *before[:4], None, None, None))
            continue
        fused = known.fused(row, context, now)
        since = row.since if row.state == fused.state else fused.since
        after = (fused.state, since, fused.until, fused.evidence_at, fused.ask_since, fused.check_at)
        incident_id = new_id() if fused.state in GONE and row.state not in GONE else None
        if after != before:
            changed.append((row.place, *after, incident_id))
        if _is_news(row, fused):
            key = (row.program_id, row.group_session_id, row.client_id)
            transitions.append(Transition(*key, row.state, fused.state, fused, context.tier, incident_id))
    if changed:
        columns = map(list, zip(*changed, strict=True))
        await _WRITE.rows(db, **dict(zip(_WRITTEN, columns, strict=True)))
    return transitions


async def _chosen(
    db: Db, where: Sequence[ColumnElement[bool]], limit: int | None, skip_locked: bool
) -> Sequence[Any]:
    chosen = (
        select(*_ROW).where(Presence.removed_at.is_(None), *where).with_for_update(skip_locked=skip_locked)
    )
    if limit is None:
        # One order for everybody who locks several, so that nobody waits in a circle.
        chosen = chosen.order_by(Presence.program_id, Presence.group_session_id, Presence.client_id)
    else:
        chosen = chosen.order_by(Presence.check_at).limit(limit)
    return (await db.execute(chosen)).all()


@dataclass(slots=True)
class _Known:
    """What surrounds the rows: what was said, their meetings and tiers, and when nobody could hear."""

    facts: defaultdict[Key, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    meetings: dict[Meeting, tuple[str, datetime | None, datetime]] = field(default_factory=dict)
    tiers: dict[UUID, str] = field(default_factory=dict)
    deaf: list[tuple[datetime, datetime]] = field(default_factory=list)
    hearing_until: datetime | None = None

    def take(self, what: str, program: UUID, key: UUID, client: UUID, told: Sequence[Any]) -> None:
        """`key`: of a fact and of a meeting the meeting's id, of a tier the client's."""
        word, kind, a, b, *more = told
        if what == "fact":
            self.facts[program, key, client].append(Fact(word, kind, a, b, *more))
        elif what == "tier":
            self.tiers[key] = word
        elif what == "meeting":
            self.meetings[program, key] = (word, a, b)
        elif what == "deaf":
            if (a, b) not in self.deaf:
                self.deaf.append((a, b))
        else:
            self.hearing_until = a

    def context(self, row: Any) -> Context:
        state, opened_at, starts_at = self.meetings[row.program_id, row.group_session_id]
        return Context(self.tiers[row.client_id], opened_at, starts_at, state, self.deaf, self.hearing_until)

    def fused(self, row: Any, context: Context, now: datetime) -> Fused:
        beats = Beats(row.last_beat_at, row.page_visible, row.page_changed_at, row.goodbye_at)
        facts = self.facts.get((row.program_id, row.group_session_id, row.client_id), ())
        return fuse(facts, beats, context, now)


# As `Fact` has it.
_FACT = "source, kind, occurred_at, received_at, cause, connection, until, by_staff_id, delivery_id"
# One round trip for five small questions: it is part of every drop's way to the boards. Hearing is written by the
# package of the rooms, which lies above this one.
_KNOWN = Prepared(
    """
    select 'fact' as what, program_id, group_session_id as key, client_id, source as word, kind, occurred_at as a,
           received_at as b, cause, connection, until, by_staff_id, delivery_id
    from presence_fact
    where program_id = any(cast(:programs as uuid[])) and group_session_id = any(cast(:meetings as uuid[]))
      and client_id = any(cast(:clients as uuid[]))
    union all
    select 'meeting', program_id, id, null, state, null, opened_at, starts_at, null, null, null, null, null
    from group_session where program_id = any(cast(:programs as uuid[])) and id = any(cast(:meetings as uuid[]))
    union all
    select 'tier', program_id, id, null, tier, null, null, null, null, null, null, null, null
    from client where program_id = any(cast(:programs as uuid[])) and id = any(cast(:clients as uuid[]))
    union all
    select 'hearing', null, null, null, null, null, max(hearing_until), null, null, null, null, null, null
    from hearing
    union all
    select 'deaf', null, null, null, null, null, from_at, until_at, null, null, null, null, null
    from deaf_interval where until_at > :since
    """
)


async def _know(db: Db, rows: Sequence[Any], now: datetime) -> _Known:
    """Ids are random uuids: within one of these queries they need no program to be told apart."""
    wanted = {
        "programs": list({row.program_id for row in rows}),
        "meetings": list({row.group_session_id for row in rows}),
        "clients": list({row.client_id for row in rows}),
        "since": min((row.last_beat_at for row in rows if row.last_beat_at is not None), default=now),
    }
    known = _Known()
    for what, program, key, client, *told in await _KNOWN.rows(db, **wanted):
        known.take(what, program, key, client, told)
    return known


# A person's own row comes with their meeting's alone: whoever came and went all evening has dozens of facts.
_ONCE = ", ".join(
    f"w.{name}" if place < 3 else f"case when k.what = 'meeting' then w.{name} end as {name}"
    for place, name in enumerate(_NAMES)
)
# Keeps facts of a program's people whose rows are locked already, and gives, for each of whom something is new, the row
# and all that surrounds it, the new facts too (a statement does not see what it writes). One round trip on a drop's way,
# as text with arrays: an insert of listed values is compiled anew each time, 3 ms of a webhook's 10.
_KEEP = Prepared(
    f"""
    with kept as (
        insert into presence_fact (program_id, group_session_id, received_at, id, client_id, source, kind, cause,
                                   connection, by_staff_id, until, occurred_at, delivery_id)
        select cast(:program as uuid), f.meeting, cast(:now as timestamptz), f.id, f.client, f.source, f.kind,
               f.cause, f.connection, f.by_staff, f.until, f.occurred, f.delivery
        from unnest(
            cast(:meeting as uuid[]), cast(:id as uuid[]), cast(:client as uuid[]), cast(:source as text[]),
            cast(:kind as text[]), cast(:cause as text[]), cast(:connection as text[]), cast(:by_staff as uuid[]),
            cast(:until as timestamptz[]), cast(:occurred as timestamptz[]), cast(:delivery as text[]))
            f (meeting, id, client, source, kind, cause, connection, by_staff, until, occurred, delivery)
        on conflict (program_id, delivery_id) do nothing
        returning {_FACT}, group_session_id, client_id
    ), who as materialized (
        select {_COLUMNS} from presence
        where program_id = :program and removed_at is null
          and (group_session_id, client_id) in (select group_session_id, client_id from kept)
    )
    select {_ONCE}, k.* from who w cross join lateral (
        select 'fact', {_FACT} from presence_fact f
        where f.program_id = w.program_id and f.group_session_id = w.group_session_id and f.client_id = w.client_id
        union all
        select 'fact', {_FACT} from kept f
        where f.group_session_id = w.group_session_id and f.client_id = w.client_id
        union all
        select 'meeting', state, null, opened_at, starts_at, null, null, null, null, null
        from group_session where program_id = w.program_id and id = w.group_session_id
        union all
        select 'tier', tier, null, null, null, null, null, null, null, null
        from client where program_id = w.program_id and id = w.client_id
        union all
        select 'hearing', null, null, max(hearing_until), null, null, null, null, null, null from hearing
        union all
        select 'deaf', null, null, from_at, until_at, null, null, null, null, null
        from deaf_interval where until_at > coalesce(w.last_beat_at, cast(:now as timestamptz))
    ) k (what, word, kind, a, b, cause, connection, told_until, by_staff_id, delivery_id)
    order by w.group_session_id, w.client_id
    """  # noqa: S608  constants
)
_KEYS = {"meeting": 1, "tier": 2}


async def keep(
    db: Db, program_id: UUID, now: datetime, facts: Mapping[str, Sequence[Any]]
) -> list[Transition]:
    """Keeps facts, given as columns, and fuses whoever something new is known of. Their rows are locked."""
    known = _Known()
    rows: dict[Key, Any] = {}
    for row in await _KEEP.rows(db, program=program_id, now=now, **facts):
        whose = (row.program_id, row.group_session_id, row.client_id)
        if row.what == "meeting":
            rows[whose] = row
        key = whose[_KEYS.get(row.what, 1)]
        known.take(row.what, row.program_id, key, row.client_id, row[-9:])
    return await _settled(db, now, list(rows.values()), known)


def _is_news(row: Any, fused: Fused) -> bool:
    if row.state != fused.state:
        return True
    if fused.state in _PROMISES and row.until != fused.until:
        return True
    return fused.state == "not_here_yet" and row.ask_since is None and fused.ask_since is not None
