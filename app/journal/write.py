"""Writing the journal: the last thing a transaction does, because the head's row is the last lock it takes."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.db import Db, Head, Written, now_of, seal_of, written
from app.journal.canonical import Line, chained, detail_hash, detail_text
from app.journal.kinds import CALM, QUIET, Kind
from app.prepared import Prepared

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


_TAKE_HEADS = Prepared(
    "select program_id, seq, hash from journal_head where program_id = any(:programs) order by program_id for update"
)
# Nothing is written unless every head stands where it was said to. The count is asked for first, and with it the heads
# are locked before any entry takes its seq.
_WRITE = Prepared(
    """
    with moved as (
        update journal_head h set seq = n.seq, hash = n.hash
        from unnest(cast(:head_program as uuid[]), cast(:head_seq as bigint[]), cast(:head_hash as bytea[]),
                    cast(:before_seq as bigint[]), cast(:before_hash as bytea[]))
             as n (program_id, seq, hash, before_seq, before_hash)
        where h.program_id = n.program_id and h.seq = n.before_seq and h.hash = n.before_hash
        returning 1
    ), entries as (
        insert into entry (program_id, seq, kind, occurred_at, recorded_at, actor_kind, actor_id, incident_id,
                           client_id, group_session_id, wakes, detail_hash, previous, hash)
        select * from unnest(
            cast(:program as uuid[]), cast(:seq as bigint[]), cast(:kind as text[]), cast(:occurred as timestamptz[]),
            cast(:recorded as timestamptz[]), cast(:actor_kind as text[]), cast(:actor_id as uuid[]),
            cast(:incident as uuid[]), cast(:client as uuid[]), cast(:meeting as uuid[]), cast(:wakes as boolean[]),
            cast(:detail_hash as bytea[]), cast(:previous as bytea[]), cast(:hash as bytea[]))
        where (select count(*) from moved) = cardinality(:head_program)
        returning 1
    ), details as (
        insert into entry_detail (program_id, seq, salt, sealed, retention)
        select * from unnest(
            cast(:detail_program as uuid[]), cast(:detail_seq as bigint[]), cast(:salt as bytea[]),
            cast(:sealed as bytea[]), cast(:retention as text[]))
        where (select count(*) from moved) = cardinality(:head_program)
        returning 1
    )
    select count(*) as moved from moved
    """
)
_ENTRY = (
    "program", "seq", "kind", "occurred", "recorded", "actor_kind", "actor_id", "incident", "client", "meeting",
    "wakes", "detail_hash", "previous", "hash",
)  # fmt: skip
_DETAIL = ("detail_program", "detail_seq", "salt", "sealed", "retention")
_HEAD = ("head_program", "head_seq", "head_hash", "before_seq", "before_hash")


async def write(db: Db, program_id: UUID, entries: Iterable[NewEntry]) -> int:
    """Appends entries of one program in order and returns its last seq; see write_all."""
    return (await write_all(db, {program_id: list(entries)}))[program_id]


async def write_all(db: Db, entries: Mapping[UUID, Sequence[NewEntry]]) -> dict[UUID, int]:
    """Appends entries to any number of programs' journals, each in order, and returns the last seqs.

    Two round trips, however many entries and programs; one where this process wrote to this journal last and heard of
    nobody else. Call it once per transaction, after every other write: the heads are locked in id order, and from here
    to the commit every other writer of these programs waits.
    """
    await db.flush()
    known = _known_heads(db, entries)
    if known is not None and (seqs := await _append(db, known, entries)) is not None:
        return seqs
    taken = await _TAKE_HEADS.rows(db, programs=list(entries))
    heads = {row.program_id: (int(row.seq), bytes(row.hash)) for row in taken}
    seqs = await _append(db, heads, entries)
    if seqs is None:
        raise RuntimeError("a journal's head moved while it was locked")
    return seqs


def _known_heads(db: Db, entries: Mapping[UUID, Sequence[NewEntry]]) -> dict[UUID, Head] | None:
    """For a single journal: of several, some might be locked out of order before one is found to have moved on."""
    if len(entries) != 1:
        return None
    ((program_id, fresh),) = entries.items()
    own = written(db).get(program_id)
    head = own.head if own is not None else db.info["heads"].get(program_id)
    return {program_id: head} if fresh and head is not None else None


async def _append(
    db: Db, before: Mapping[UUID, Head], entries: Mapping[UUID, Sequence[NewEntry]]
) -> dict[UUID, int] | None:
    """The last seqs. None, with nothing written, when a head is not there any more."""
    rows: list[tuple[Any, ...]] = []
    details: list[tuple[Any, ...]] = []
    heads = dict(before)
    for program_id, fresh in entries.items():
        if fresh:
            heads[program_id] = _chain(db, program_id, heads[program_id], fresh, rows, details)
    if rows:
        moved = [(program_id, *heads[program_id], *before[program_id]) for program_id in entries]
        values = _columns(_ENTRY, rows) | _columns(_DETAIL, details) | _columns(_HEAD, moved)
        (answer,) = await _WRITE.rows(db, **values)
        if answer.moved != len(moved):
            return None
        for program_id, fresh in entries.items():
            if fresh:
                _note(db, program_id, heads[program_id], fresh)
    return {program_id: seq for program_id, (seq, _) in heads.items()}


def _note(db: Db, program_id: UUID, head: Head, fresh: Sequence[NewEntry]) -> None:
    before = written(db).get(program_id)
    kinds = frozenset(entry.kind.value for entry in fresh)
    incidents = frozenset(entry.incident_id for entry in fresh if entry.incident_id is not None)
    calm = all(entry.kind in CALM for entry in fresh) and (before is None or before.calm)
    first = head[0] - len(fresh) + 1
    if before is not None:
        first, kinds, incidents = before.first, before.kinds | kinds, before.incidents | incidents
    written(db)[program_id] = Written(first, head, calm, kinds, incidents)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _chain(
    db: Db,
    program_id: UUID,
    head: Head,
    fresh: Sequence[NewEntry],
    rows: list[tuple[Any, ...]],
    details: list[tuple[Any, ...]],
) -> Head:
    """Adds the entries' rows, each linked to the one before; gives the new head."""
    now, seal = now_of(db), seal_of(db)
    seq, previous = head
    for entry in fresh:
        seq += 1
        digest = None
        if entry.detail:
            words, salt = detail_text(entry.detail), secrets.token_bytes(16)
            digest = detail_hash(salt, words)
            sealed = seal.seal(
                words, table="entry_detail", column="sealed", row_id=str(seq), program_id=program_id
            )
            details.append((program_id, seq, salt, sealed, entry.retention))
        occurred = entry.occurred_at or now
        line = Line(
            program_id,
            seq,
            entry.kind.value,
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
                program_id,
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
    return seq, previous
