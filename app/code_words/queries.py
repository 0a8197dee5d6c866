"""What is known about code words without saying them: set or not, by whom, until when."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, text

from app.clients.people import local_today
from app.code_words.choosing import Kind
from app.code_words.hearing import heard, withheld
from app.code_words.models import CodeWord
from app.code_words.renewal import Kept, due
from app.db import Db, now_of, reveal
from app.prepared import Prepared

# Who was in a group a while ago still knows how its words sounded.
TOGETHER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WordsStanding:
    """Of one client, with no word inside. A pause that the whole group agreed on counts. `due`: kinds to choose anew."""

    danger_set: bool = False
    pause_set: bool = False
    all_clear_set: bool = False
    question_set: bool = False
    due: tuple[Kind, ...] = ()


# As SQL text, because rosters belong to a package above this one.
_GROUPS = text(
    """
    select distinct p.client_id, g.group_id
    from presence p
    join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
    where p.program_id = :program and p.client_id = any(:clients) and p.removed_at is null
      and (g.closed_at is null or g.closed_at > :recent)
    """
)
_MATES = text(
    """
    select distinct p.client_id
    from presence p
    join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
    join client c on c.program_id = p.program_id and c.id = p.client_id and c.ended_at is null
    where p.program_id = :program and g.group_id = any(:groups) and p.removed_at is null
      and (g.closed_at is null or g.closed_at > :recent)
    """
)


# A contact who was told, and whom the client would not tell today: their release is over without another one that covers
# code words, they are barred or no longer listed, or the client objects to them.
_LOST = text(
    """
    select k.word_id, min(coalesce(b.made_at, c.retired_at, r.revoked_at, r.event_at, k.since)) as at
    from code_word_known k
    join emergency_contact c on c.program_id = k.program_id and c.id = k.contact_id
    join release r on r.program_id = k.program_id and r.id = k.release_id
    left join do_not_contact b on b.program_id = k.program_id and b.client_id = c.client_id and b.ended_at is null
      and (b.contact_id = c.id or b.number_key = c.number_key)
    where k.program_id = :program and k.contact_id is not null
      and (b.id is not null or c.retired_at is not null or c.known_objection or not exists (
        select 1 from release n
        where n.program_id = c.program_id and n.contact_id = c.id and 'code_words' = any(n.covers)
          and n.revoked_at is null and n.event_at is null and n.starts_on <= :today
          and (n.ends_on is null or n.ends_on >= :today)))
    group by k.word_id
    """
)


async def groups_of(db: Db, program_id: UUID, clients: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The groups that each client is expected in, or was lately."""
    values = {"program": program_id, "clients": list(clients), "recent": now_of(db) - TOGETHER}
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for row in await db.execute(_GROUPS, values):
        found[row.client_id].add(row.group_id)
    return found


async def people_of(db: Db, program_id: UUID, groups: Collection[UUID]) -> set[UUID]:
    values = {"program": program_id, "groups": list(groups), "recent": now_of(db) - TOGETHER}
    return set((await db.execute(_MATES, values)).scalars())


async def current(
    db: Db, program_id: UUID, clients: Collection[UUID], groups: Collection[UUID] = ()
) -> Sequence[CodeWord]:
    """Every word in force of these clients and groups, in the order it was set."""
    rows = await db.scalars(
        select(CodeWord)
        .where(
            CodeWord.program_id == program_id,
            CodeWord.ended_at.is_(None),
            or_(CodeWord.client_id.in_(list(clients)), CodeWord.group_id.in_(list(groups))),
        )
        .order_by(CodeWord.set_at, CodeWord.id)
        .execution_options(populate_existing=True)
    )
    return rows.all()


_WORDS = text(
    """
    select w.id, coalesce(w.client_id, w.group_id) as owner, w.kind, w.set_at, w.used_at, w.exposed_at
    from code_word w
    where w.program_id = :program and w.ended_at is null
      and (w.client_id = any(:clients) or w.group_id = any(:groups))
    order by w.set_at, w.id
    """
)
_QUESTIONS = text(
    "select id from client where program_id = :program and id = any(:clients) and ordinary_question is not null"
)


async def standing(db: Db, program_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, WordsStanding]:
    """Five queries, however many clients; nothing is unsealed."""
    ids = list(client_ids)
    groups = await groups_of(db, program_id, ids)
    values = {"program": program_id, "clients": ids, "groups": list(set().union(*groups.values()))}
    lost = await _lost(db, program_id)
    own: dict[UUID, list[Kept]] = defaultdict(list)
    for row in await db.execute(_WORDS, values):
        exposed_at = row.exposed_at or lost.get(row.id)
        own[row.owner].append(Kept(row.kind, row.set_at, row.used_at, exposed_at))
    asked = await db.execute(_QUESTIONS, {"program": program_id, "clients": ids})
    questions = set(asked.scalars())
    return {
        client_id: _standing(
            [word for owner in (client_id, *groups.get(client_id, ())) for word in own.get(owner, ())],
            client_id in questions,
            db,
        )
        for client_id in ids
    }


@dataclass(frozen=True, slots=True)
class Danger:
    """A client's danger word, without it. `due`: to be chosen anew. `rehearsed_by`: staff who have it as it stands now."""

    due: bool
    rehearsed_by: frozenset[UUID] = frozenset()


_DANGER = Prepared(
    """
    select w.id, w.client_id, w.set_at, w.used_at, w.exposed_at from code_word w
    where w.program_id = :program and w.client_id = any(cast(:clients as uuid[])) and w.kind = 'danger'
      and w.ended_at is null
    """
)
_REHEARSED = Prepared(
    """
    select k.word_id, k.staff_id from code_word_known k
    where k.program_id = :program and k.word_id = any(cast(:words as uuid[])) and k.staff_id is not null
      and k.rehearsed_at is not null
    """
)


async def danger_words(
    db: Db, program_id: UUID, clients: Collection[UUID], *, rehearsed: bool
) -> dict[UUID, Danger]:
    """Clients without one are missing. Nothing is unsealed; at most four queries, however many clients."""
    rows = await _DANGER.rows(db, program=program_id, clients=list(clients))
    if not rows:
        return {}
    lost, now = await _lost(db, program_id), now_of(db)
    by: dict[UUID, set[UUID]] = defaultdict(set)
    if rehearsed:
        for known in await _REHEARSED.rows(db, program=program_id, words=[row.id for row in rows]):
            by[known.word_id].add(known.staff_id)
    return {
        row.client_id: Danger(
            due(Kept("danger", row.set_at, row.used_at, row.exposed_at or lost.get(row.id)), now) is not None,
            frozenset(by.get(row.id, ())),
        )
        for row in rows
    }


def _standing(words: Sequence[Kept], question: bool, db: Db) -> WordsStanding:
    kinds = {word.kind for word in words}
    return WordsStanding(
        danger_set="danger" in kinds,
        pause_set="pause" in kinds,
        all_clear_set="all_clear" in kinds,
        question_set=question,
        due=tuple(dict.fromkeys(word.kind for word in words if due(word, now_of(db)))),
    )


def kept(word: CodeWord) -> Kept:
    return Kept(word.kind, word.set_at, word.used_at, word.exposed_at)  # type: ignore[arg-type] # checked by the table


async def ages(db: Db, program_id: UUID, words: Sequence[CodeWord]) -> dict[UUID, Kept]:
    """Each word as renewal judges it. Somebody who was told and may not know it any more has exposed it."""
    lost = await _lost(db, program_id)
    return {word.id: replace(kept(word), exposed_at=word.exposed_at or lost.get(word.id)) for word in words}


async def _lost(db: Db, program_id: UUID) -> dict[UUID, datetime]:
    """By word, of the whole program: contacts who were told are few."""
    today = await local_today(db, program_id, now_of(db))
    rows = await db.execute(_LOST, {"program": program_id, "today": today})
    return {row.word_id: row.at for row in rows}


async def matches(db: Db, client_id: UUID, typed: str) -> Kind | None:
    """Whether this client's own line holds one of their own words, or their group's pause. In memory only, and only
    "possible" until a person taps (R13)."""
    return heard(typed, await _own(db, client_id))


async def listened(db: Db, client_id: UUID, typed: str) -> tuple[Kind | None, str]:
    """The same, and what may be kept of what they typed: all but the words."""
    words = await _own(db, client_id)
    return heard(typed, words), withheld(typed, [phrase for _, phrase in words])


async def _own(db: Db, client_id: UUID) -> list[tuple[Kind, str]]:
    program_id: UUID = db.info["program_id"]
    groups = await groups_of(db, program_id, [client_id])
    words = await current(db, program_id, [client_id], groups.get(client_id, ()))
    return [(kept(word).kind, reveal(db, word, "phrase") or "") for word in words if word.form == "words"]
