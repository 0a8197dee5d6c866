"""The client record's section about code words, and the list of those to choose anew."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text

from app.clients.models import Client, EmergencyContact
from app.clients.queries import client_of
from app.code_words import queries, told, views
from app.code_words.choosing import KINDS
from app.code_words.models import CodeWord, CodeWordKnown
from app.code_words.renewal import Kept, due, lasts_until
from app.db import Db, now_of, reveal
from app.journal.kinds import Kind as Entry
from app.journal.models import Entry as EntryRow
from app.staff.access import Viewer, reachable_clients
from app.staff.models import StaffMember
from app.staff.queries import names as staff_names

LOOKS = 20

_PAUSE_GROUPS = text('select id, name from "group" where program_id = :program and id = any(:groups)')


async def of_client(db: Db, program_id: UUID, client_id: UUID) -> views.ClientWords:
    client = await client_of(db, program_id, client_id)
    groups = (await queries.groups_of(db, program_id, [client_id])).get(client_id, set())
    words = await queries.current(db, program_id, [client_id], groups)
    known = await _known(db, program_id, words)
    names = await staff_names(db, program_id, {word.set_by for word in words})
    aged = await queries.ages(db, program_id, words)
    return views.ClientWords(
        client_id=client_id,
        words=sorted(
            (_line(db, word, aged[word.id], names, known[word.id]) for word in words if word.client_id),
            key=lambda line: KINDS.index(line.kind),
        ),
        group_pauses=await _pauses(db, program_id, [word for word in words if word.group_id]),
        question_set=client.ordinary_question is not None,
        contacts=await told.contacts(db, client, words),
        looks=await _looks(db, program_id, client_id),
    )


def _line(
    db: Db, word: CodeWord, kept: Kept, names: dict[UUID, str], known: list[views.KnownBy]
) -> views.WordLine:
    now_due = due(kept, now_of(db))
    return views.WordLine.model_validate(
        {
            "kind": word.kind,
            "form": word.form,
            "set_at": word.set_at,
            "set_by": names.get(word.set_by, "A colleague"),
            "lasts_until": lasts_until(kept).date(),
            "due": now_due.why if now_due else None,
            "due_since": now_due.since if now_due else None,
            "known_by": known,
        }
    )


async def _pauses(db: Db, program_id: UUID, words: Sequence[CodeWord]) -> list[views.GroupPauseLine]:
    rows = await db.execute(
        _PAUSE_GROUPS, {"program": program_id, "groups": [word.group_id for word in words]}
    )
    names = {row.id: row.name for row in rows}
    lines = []
    for word in words:
        now_due = due(queries.kept(word), now_of(db))
        lines.append(
            views.GroupPauseLine.model_validate(
                {
                    "group_id": word.group_id,
                    "group": names[word.group_id],
                    "form": word.form,
                    "set_at": word.set_at,
                    "due": now_due.why if now_due else None,
                }
            )
        )
    return lines


async def _known(
    db: Db, program_id: UUID, words: Sequence[CodeWord]
) -> defaultdict[UUID, list[views.KnownBy]]:
    rows = await db.execute(
        select(CodeWordKnown, StaffMember.name, EmergencyContact)
        .outerjoin(
            StaffMember,
            (StaffMember.program_id == CodeWordKnown.program_id) & (StaffMember.id == CodeWordKnown.staff_id),
        )
        .outerjoin(
            EmergencyContact,
            (EmergencyContact.program_id == CodeWordKnown.program_id)
            & (EmergencyContact.id == CodeWordKnown.contact_id),
        )
        .where(
            CodeWordKnown.program_id == program_id,
            CodeWordKnown.word_id.in_([word.id for word in words]),
        )
    )
    setters = {word.id: word.set_by for word in words}
    found: defaultdict[UUID, list[views.KnownBy]] = defaultdict(list)
    for known, name, contact in rows:
        chose = setters[known.word_id] == known.staff_id
        found[known.word_id].append(
            views.KnownBy(
                name=name or reveal(db, contact, "name") or "",
                how="told" if contact is not None else "chose" if chose else "shown",
                since=known.since,
                rehearsed_at=known.rehearsed_at,
            )
        )
    for people in found.values():
        people.sort(key=lambda one: (one.since, one.how, one.name))
    return found


async def _looks(db: Db, program_id: UUID, client_id: UUID) -> list[views.Look]:
    """Straight from the journal, where each look is a line that nobody can take away."""
    rows = await db.execute(
        select(EntryRow.recorded_at, EntryRow.incident_id, StaffMember.name)
        .join(
            StaffMember,
            (StaffMember.program_id == EntryRow.program_id) & (StaffMember.id == EntryRow.actor_id),
        )
        .where(
            EntryRow.program_id == program_id,
            EntryRow.client_id == client_id,
            EntryRow.kind == Entry.code_words_revealed,
        )
        .order_by(EntryRow.seq.desc())
        .limit(LOOKS)
    )
    return [views.Look(name=row.name, at=row.recorded_at, incident_id=row.incident_id) for row in rows]


async def to_renew(db: Db, viewer: Viewer) -> list[views.DueLine]:
    """Of the clients this person works with: what is spent or old, and who has no danger word yet."""
    reach = await reachable_clients(db, viewer)
    query = select(Client.id, Client.name_used).where(
        Client.program_id == viewer.program_id, Client.ended_at.is_(None)
    )
    if reach is not None:
        query = query.where(Client.id.in_(reach))
    names = {row.id: row.name_used for row in await db.execute(query)}
    words = await queries.current(db, viewer.program_id, list(names))
    aged = await queries.ages(db, viewer.program_id, words)
    with_danger = {word.client_id for word in words if word.kind == "danger"}
    lines = [
        views.DueLine(client_id=client_id, name=name, kind="danger", why="missing", since=None)
        for client_id, name in names.items()
        if client_id not in with_danger
    ]
    for word in words:
        kept = aged[word.id]
        now_due = due(kept, now_of(db))
        if now_due is not None and word.client_id is not None:
            lines.append(
                views.DueLine(
                    client_id=word.client_id,
                    name=names[word.client_id],
                    kind=kept.kind,
                    why=now_due.why,
                    since=now_due.since,
                )
            )
    weight = {"used": 0, "exposed": 1, "missing": 2, "age": 3}
    return sorted(lines, key=lambda line: (weight[line.why], line.name, line.kind))
