"""Writing the journal: the last thing a transaction does, because the head's row is the last lock it takes."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text

from app.db import Db, now_of, seal_of, written
from app.journal.canonical import Line, chained, detail_hash, detail_text
from app.journal.kinds import QUIET, Kind

ActorKind = Literal["person", "client", "rule", "platform", "provider"]
Retention = Literal["clinical", "phone", "audit"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a staff member by id, the client, a rule of the engine, a video platform or the telephone provider."""

    kind: ActorKind
    id: UUID | None = None


RULE = Actor("rule")
PROVIDER = Actor("provider")
PLATFORM = Actor("platform")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """`occurred_at` is when it happened; recorded_at is always the transaction's time. `detail` is sealed."""

    kind: Kind
    actor: Actor
    occurred_at: datetime | None = None
    incident_id: UUID | None = None
    client_id: UUID | None = None
    group_session_id: UUID | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    retention: Retention = "clinical"


_TAKE_HEAD = text("select seq, hash from journal_head where program_id = :program for update")
_WRITE = text(
    """
    with moved as (
        update journal_head set seq = :last_seq, hash = :last_hash where program_id = :program returning 1
    ), entries as (
        insert into entry (program_id, seq, kind, occurred_at, recorded_at, actor_kind, actor_id, incident_id,
                           client_id, group_session_id, wakes, detail_hash, previous, hash)
        select :program, * from unnest(
            cast(:seq as bigint[]), cast(:kind as text[]), cast(:occurred as timestamptz[]),
            cast(:recorded as timestamptz[]), cast(:actor_kind as text[]), cast(:actor_id as uuid[]),
            cast(:incident as uuid[]), cast(:client as uuid[]), cast(:meeting as uuid[]), cast(:wakes as boolean[]),
            cast(:detail_hash as bytea[]), cast(:previous as bytea[]), cast(:hash as bytea[]))
        returning 1
    )
    insert into entry_detail (program_id, seq, salt, sealed, retention)
    select :program, * from unnest(
        cast(:detail_seq as bigint[]), cast(:salt as bytea[]), cast(:sealed as bytea[]), cast(:retention as text[]))
    """
)


async def write(db: Db, program_id: UUID, entries: Iterable[NewEntry]) -> int:
    """Appends entries in order and returns the last seq. Two round trips, however many entries.

    Call it once per program and transaction, after every other write, and for several programs in id order:
    from here to the commit every other writer of the program waits.
    """
    fresh = list(entries)
    await db.flush()
    head = (await db.execute(_TAKE_HEAD, {"program": program_id})).one()
    if not fresh:
        return int(head.seq)
    now, seal = now_of(db), seal_of(db)
    seq, previous = int(head.seq), bytes(head.hash)
    rows: list[tuple[Any, ...]] = []
    details: list[tuple[Any, ...]] = []
    for entry in fresh:
        seq += 1
        digest = None
        if entry.detail:
            words, salt = detail_text(entry.detail), secrets.token_bytes(16)
            digest = detail_hash(salt, words)
            sealed = seal.seal(
                words, table="entry_detail", column="sealed", row_id=str(seq), program_id=program_id
            )
            details.append((seq, salt, sealed, entry.retention))
        occurred = entry.occurred_at or now
        line = Line(
            program_id,
            seq,
            entry.kind,
            occurred,
            now,
            entry.actor.kind,
            entry.actor.id,
            entry.incident_id,
            entry.client_id,
            entry.group_session_id,
            digest,
        )
        link = chained(previous, line)
        rows.append(
            (
                seq,
                entry.kind.value,
                occurred,
                now,
                entry.actor.kind,
                entry.actor.id,
                entry.incident_id,
                entry.client_id,
                entry.group_session_id,
                entry.kind not in QUIET,
                digest,
                previous,
                link,
            )
        )
        previous = link
    names = (
        "seq", "kind", "occurred", "recorded", "actor_kind", "actor_id", "incident", "client", "meeting", "wakes",
        "detail_hash", "previous", "hash",
    )  # fmt: skip
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    detail_names = ("detail_seq", "salt", "sealed", "retention")
    detail_columns: dict[str, list[Any]] = {name: [] for name in detail_names}
    for detail in details:
        for name, value in zip(detail_names, detail, strict=True):
            detail_columns[name].append(value)
    await db.execute(
        _WRITE, {"program": program_id, "last_seq": seq, "last_hash": previous} | columns | detail_columns
    )
    written(db)[program_id] = seq
    return seq
