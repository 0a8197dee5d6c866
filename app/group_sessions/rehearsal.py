"""The code words of one meeting: what is set, and the one logged look that its two staff take to rehearse them (R12).

Nobody else is shown them here. Who ran the group before knows some already: each word remembers who rehearsed it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, update

from app.clients.models import Client
from app.code_words import looks
from app.code_words import queries as code_words
from app.code_words.choosing import Form, Kind, too_like
from app.code_words.models import CodeWord, CodeWordKnown
from app.code_words.renewal import Why, due
from app.code_words.views import ShownWord
from app.db import Db, now_of, reveal
from app.errors import Conflict, NotAllowed
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.roster import View
from app.group_sessions.scheduling import of_viewer
from app.group_sessions.staffing import IN_THE_ROOM, WORDS
from app.journal.kinds import Kind as Entry
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.queries import names as staff_names


class ClientLine(View):
    """`alike`: one of their words is too like another in this group, so it should be chosen anew."""

    client_id: UUID
    name: str
    danger: bool
    pause: bool
    all_clear: bool
    question: bool
    due: list[Kind]
    alike: bool


class StaffLine(View):
    """`words`: how many words of this group they have not rehearsed as they stand now."""

    id: UUID
    name: str
    place: Literal["lead", "co-facilitator"]
    shown_at: datetime | None
    rehearsed_at: datetime | None
    words: int


class GroupPause(View):
    form: Form
    set_at: datetime
    due: Why | None


class MeetingWords(View):
    may_show: bool = Field(
        description="The viewer is one of the two who run it, and there is something to show."
    )
    clients: list[ClientLine]
    group_pause: GroupPause | None
    staff: list[StaffLine]


class ShownClient(View):
    client_id: UUID
    name: str
    words: list[ShownWord]
    question: str | None


class ShownWords(View):
    shown_for_s: int
    group_pause: ShownWord | None
    clients: list[ShownClient]


@dataclass(frozen=True, slots=True)
class _Loaded:
    meeting: GroupSession
    clients: Sequence[Client]
    words: Sequence[CodeWord]

    @property
    def pause(self) -> CodeWord | None:
        return next((word for word in self.words if word.group_id is not None), None)

    def of(self, client: Client) -> list[CodeWord]:
        return [word for word in self.words if word.client_id == client.id]


async def _load(db: Db, viewer: Viewer, group_session_id: UUID) -> _Loaded:
    meeting = await of_viewer(db, viewer, group_session_id, lock=False)
    rows = await db.scalars(
        select(Client)
        .join(Presence, (Presence.program_id == Client.program_id) & (Presence.client_id == Client.id))
        .where(
            Presence.program_id == meeting.program_id,
            Presence.group_session_id == meeting.id,
            Presence.removed_at.is_(None),
        )
        .order_by(Client.name_used, Client.id)
    )
    clients = rows.all()
    words = await code_words.current(
        db, meeting.program_id, [client.id for client in clients], [meeting.group_id]
    )
    return _Loaded(meeting, clients, words)


async def of_meeting(db: Db, viewer: Viewer, group_session_id: UUID) -> MeetingWords:
    found = await _load(db, viewer, group_session_id)
    standing = await code_words.standing(db, viewer.program_id, [client.id for client in found.clients])
    alike = _alike(db, found.words)
    runs = viewer.staff_id in _two(found.meeting).values() and found.meeting.state != "closed"
    pause = found.pause
    return MeetingWords(
        may_show=runs and bool(found.words),
        clients=[
            ClientLine(
                client_id=client.id,
                name=client.name_used,
                danger=standing[client.id].danger_set,
                pause=standing[client.id].pause_set,
                all_clear=standing[client.id].all_clear_set,
                question=standing[client.id].question_set,
                due=list(standing[client.id].due),
                alike=client.id in alike,
            )
            for client in found.clients
        ],
        group_pause=None if pause is None else _pause(db, pause),
        staff=await _staff(db, found),
    )


def _pause(db: Db, word: CodeWord) -> GroupPause:
    now_due = due(code_words.kept(word), now_of(db))
    return GroupPause.model_validate(
        {"form": word.form, "set_at": word.set_at, "due": now_due.why if now_due else None}
    )


def _two(meeting: GroupSession) -> dict[str, UUID]:
    return {place: person for place in IN_THE_ROOM if (person := getattr(meeting, place))}


def _alike(db: Db, words: Sequence[CodeWord]) -> set[UUID]:
    """Whoever chose last of two alike. It is looked at when words are chosen, and here for those who joined since."""
    found: set[UUID] = set()
    before: list[tuple[CodeWord, str]] = []
    for word in words:
        phrase = reveal(db, word, "phrase") or ""
        others = [(said, its.form) for its, said in before if its.client_id != word.client_id]
        if too_like(phrase, word.form, others):  # type: ignore[arg-type] # forms are checked by the table
            found |= {word.client_id} if word.client_id else set()
        before.append((word, phrase))
    return found


async def _staff(db: Db, found: _Loaded) -> list[StaffLine]:
    two = _two(found.meeting)
    names = await staff_names(db, found.meeting.program_id, two.values())
    rows = await db.scalars(
        select(CodeWordKnown).where(
            CodeWordKnown.program_id == found.meeting.program_id,
            CodeWordKnown.word_id.in_([word.id for word in found.words]),
            CodeWordKnown.staff_id.in_(list(two.values())),
        )
    )
    known: Mapping[tuple[UUID, UUID | None], CodeWordKnown] = {
        (row.word_id, row.staff_id): row for row in rows
    }
    lines = []
    for place, person in two.items():
        mine = [known.get((word.id, person)) for word in found.words]
        rehearsed = [row.rehearsed_at for row in mine if row is not None and row.rehearsed_at is not None]
        lines.append(
            StaffLine.model_validate(
                {
                    "id": person,
                    "name": names[person],
                    "place": WORDS[place],
                    "shown_at": max((row.since for row in mine if row is not None), default=None),
                    "rehearsed_at": max(rehearsed, default=None),
                    "words": len(mine) - len(rehearsed),
                }
            )
        )
    return lines


async def show(db: Db, viewer: Viewer, group_session_id: UUID) -> ShownWords:
    """Each call is one more look, and one more line in the journal for each client whose words it showed."""
    found = await _of_the_two(db, viewer, group_session_id)
    if not found.words:
        raise Conflict(
            "No code words are set in this group yet. Choose them with each client.", code="none_set"
        )
    shown = ShownWords(
        shown_for_s=looks.SHOWN_FOR_S,
        group_pause=None if found.pause is None else looks.opened(db, [found.pause])[0],
        clients=[
            ShownClient(
                client_id=client.id,
                name=client.name_used,
                words=looks.opened(db, found.of(client)),
                question=reveal(db, client, "ordinary_question"),
            )
            for client in found.clients
        ],
    )
    await looks.know(db, viewer, found.words)
    entries = [
        looks.looked(viewer, client.id, found.of(client), "prepare", group_session_id=found.meeting.id)
        for client in found.clients
    ]
    await write(db, viewer.program_id, entries)
    return shown


async def _of_the_two(db: Db, viewer: Viewer, group_session_id: UUID) -> _Loaded:
    found = await _load(db, viewer, group_session_id)
    if viewer.staff_id not in _two(found.meeting).values():
        raise NotAllowed(
            "Only the two who run this group session are shown its code words.", code="not_running_it"
        )
    if found.meeting.state == "closed":
        raise Conflict("This group session is over.", code="closed")
    return found


async def rehearse(db: Db, viewer: Viewer, group_session_id: UUID) -> None:
    """The tick of one of the two: I have these words, said or seen once. Only what this person has been shown counts."""
    found = await _of_the_two(db, viewer, group_session_id)
    ticked = await db.execute(
        update(CodeWordKnown)
        .where(
            CodeWordKnown.program_id == viewer.program_id,
            CodeWordKnown.staff_id == viewer.staff_id,
            CodeWordKnown.word_id.in_([word.id for word in found.words]),
        )
        .values(rehearsed_at=now_of(db))
        .returning(CodeWordKnown.word_id)
    )
    count = len(ticked.all())
    if count < len(found.words):
        raise Conflict("Look at the words first: some have not been shown to you yet.", code="not_shown")
    entry = NewEntry(
        Entry.code_words_rehearsed,
        viewer.actor,
        group_session_id=found.meeting.id,
        detail={"words": count},
        retention="audit",
    )
    await write(db, viewer.program_id, [entry])
