"""Reading the journal: what happened after a cursor, and the lines of one incident with their words."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Db, seal_of
from app.journal.models import Entry, EntryDetail, JournalHead
from app.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Told:
    """An entry with its opened detail; None when the detail has been purged."""

    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_id: UUID | None
    incident_id: UUID | None
    client_id: UUID | None
    group_session_id: UUID | None
    detail: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Touched:
    """What the entries after a cursor concern, and the seq up to which that is the whole truth."""

    seq: int
    incidents: frozenset[UUID]
    clients: frozenset[UUID]
    group_sessions: frozenset[UUID]
    kinds: frozenset[str]


async def head(db: Db, program_id: UUID) -> int:
    seq = (
        await db.execute(select(JournalHead.seq).where(JournalHead.program_id == program_id))
    ).scalar_one_or_none()
    return int(seq or 0)


# One row, however little there is; its values are `program` and `after`.
TOUCHED = """
    select (select seq from journal_head where program_id = :program) as head,
           array_agg(distinct incident_id) filter (where incident_id is not null) as incidents,
           array_agg(distinct client_id) filter (where client_id is not null) as clients,
           array_agg(distinct group_session_id) filter (where group_session_id is not null) as meetings,
           array_agg(distinct kind) as kinds
    from entry where program_id = :program and seq > :after and wakes
    """
_TOUCHED = Prepared(TOUCHED)


async def touched(db: Db, program_id: UUID, after: int) -> Touched:
    """One statement, one snapshot: the head and the entries below it belong together."""
    [row] = await _TOUCHED.rows(db, program=program_id, after=after)
    return touched_of(row)


def touched_of(row: Any) -> Touched:
    return Touched(
        seq=int(row.head or 0),
        incidents=frozenset(row.incidents or ()),
        clients=frozenset(row.clients or ()),
        group_sessions=frozenset(row.meetings or ()),
        kinds=frozenset(row.kinds or ()),
    )


async def of_incident(
    db: Db, program_id: UUID, incident_id: UUID, kinds: Collection[str] | None = None
) -> Sequence[Told]:
    """`kinds`: only these are read and opened."""
    query = (
        select(Entry, EntryDetail.sealed)
        .outerjoin(EntryDetail, (EntryDetail.program_id == Entry.program_id) & (EntryDetail.seq == Entry.seq))
        .where(Entry.program_id == program_id, Entry.incident_id == incident_id)
        .order_by(Entry.seq)
    )
    if kinds is not None:
        query = query.where(Entry.kind.in_([str(kind) for kind in kinds]))
    rows = await db.execute(query)
    return [_told(db, entry, sealed) for entry, sealed in rows]


def _told(db: Db, entry: Entry, sealed: bytes | None) -> Told:
    detail: dict[str, Any] | None = {} if entry.detail_hash is None else None
    if sealed is not None:
        words = seal_of(db).open(
            sealed, table="entry_detail", column="sealed", row_id=str(entry.seq), program_id=entry.program_id
        )
        detail = json.loads(words)
    return Told(
        entry.seq,
        entry.kind,
        entry.occurred_at,
        entry.recorded_at,
        entry.actor_kind,
        entry.actor_id,
        entry.incident_id,
        entry.client_id,
        entry.group_session_id,
        detail,
    )
