"""What a client answered to their card: yes, or what they ask to change; and staff who have talked it over with them."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.client_pages.card import card_of
from app.client_pages.card_words import lines
from app.client_pages.models import DropCardAnswer
from app.client_pages.standing import Standing
from app.client_pages.words import Words
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict
from app.group_sessions.models import GroupSession
from app.journal.commands import first_time
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.access import Viewer, require_client
from app.tasks.actions import open_task

TALK_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    id: UUID
    at: datetime
    answer: str
    card: list[str]
    words: str | None
    handled_at: datetime | None
    digest: bytes


async def answer(
    db: Db, client: Standing, words: Words, given: str, wishes: str | None, command: str
) -> None:
    """The client's yes, or what they ask to change; with the card as they read it."""
    if not await first_time(db, client.program_id, f"{client.link_id}:{command}", "client_page.card"):
        return
    card = await card_of(db, client)
    if card is None:
        raise Conflict("There is no card yet.")
    row = DropCardAnswer(
        program_id=client.program_id,
        id=new_id(),
        client_id=client.client_id,
        group_session_id=client.group_session_id,
        at=now_of(db),
        answer=given,
        card_digest=card.digest,
    )
    read = [f"{line.by}: {line.words}" for line in lines(words, card, client.staff)]
    conceal(db, row, "card", json.dumps(read, ensure_ascii=False))
    conceal(db, row, "words", wishes)
    db.add(row)
    entry = NewEntry(
        Kind.card_answered,
        Actor("client", client.client_id),
        client_id=client.client_id,
        group_session_id=client.group_session_id,
        detail={"answer": given},
    )
    await write(db, client.program_id, [entry, *(await _task(db, client) if given == "change" else [])])


async def _task(db: Db, client: Standing) -> list[NewEntry]:
    """For whoever leads this group, by the same time tomorrow."""
    meeting = await db.get_one(GroupSession, (client.program_id, client.group_session_id))
    opened = await open_task(
        db,
        client.program_id,
        about="Asks to change what happens if they drop. Read it in the record, and talk it over.",
        client_id=client.client_id,
        owner_id=meeting.lead_id,
        due_at=now_of(db) + TALK_WITHIN,
        made_by=None,
        group_session_id=client.group_session_id,
        actor=Actor("client", client.client_id),
    )
    return [opened]


async def last_answer(db: Db, program_id: UUID, client_id: UUID) -> Answer | None:
    row = await db.scalar(
        select(DropCardAnswer)
        .where(DropCardAnswer.program_id == program_id, DropCardAnswer.client_id == client_id)
        .order_by(DropCardAnswer.at.desc(), DropCardAnswer.id)
        .limit(1)
    )
    if row is None:
        return None
    read: list[str] = json.loads(reveal(db, row, "card") or "[]")
    return Answer(row.id, row.at, row.answer, read, reveal(db, row, "words"), row.handled_at, row.card_digest)


async def settle(db: Db, viewer: Viewer, client_id: UUID, answer_id: UUID) -> None:
    """Staff have talked it over with the client; what was agreed stands in the record's own fields."""
    await require_client(db, viewer, client_id)
    row = await db.get(DropCardAnswer, (viewer.program_id, answer_id), with_for_update=True)
    if row is None or row.client_id != client_id or row.answer != "change":
        raise Conflict("There is no such wish any more. Read it again.")
    if row.handled_at is not None:
        return
    row.handled_at, row.handled_by = now_of(db), viewer.staff_id
    await write(db, viewer.program_id, [NewEntry(Kind.card_settled, viewer.actor, client_id=client_id)])
