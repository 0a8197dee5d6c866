"""A client's own text may hold a code word of theirs (R13): matched in memory, against the sender's own words alone, and
possible until a person says what it is. The text goes no further than this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from app.calls.staff_texts import tell_to_look
from app.code_words.queries import matches
from app.db import Db, now_of
from app.group_sessions import signals
from app.group_sessions.models import GroupSession, Presence
from app.incidents.pressing import open_incident
from app.journal.write import Actor, NewEntry
from app.staff.models import Program, StaffMember
from app.tasks.actions import open_task
from app.tasks.queries import of_gaps

GAP: Final = "word_by_text"
ASKS: Final = {
    "danger": "A text from their own number may hold their danger word. Decide together how to reach them. Ring no number at home.",
    "pause": "A text from their own number may ask for a private moment. Decide who speaks with them, and how.",
}


@dataclass(slots=True)
class Heard:
    clients: set[UUID] = field(default_factory=set)
    entries: list[NewEntry] = field(default_factory=list)


async def heard(db: Db, program_id: UUID, clients: Sequence[UUID], body: str) -> Heard:
    """`clients`: whose number it came from; two who share one are each matched with their own words only. The caller
    writes the entries, last."""
    found = Heard()
    for client_id in clients:
        kind = await matches(db, client_id, body)
        # An all-clear by text never counts (R3): it is a reply like any other.
        if kind == "danger" or kind == "pause":
            found.clients.add(client_id)
            found.entries += await _possible(db, program_id, client_id, kind)
    return found


async def _possible(
    db: Db, program_id: UUID, client_id: UUID, kind: Literal["danger", "pause"]
) -> list[NewEntry]:
    meeting_id = await _meeting(db, program_id, client_id)
    if meeting_id is None:
        return await _without_a_meeting(db, program_id, client_id, kind)
    entry = await signals.heard(
        db,
        program_id,
        meeting_id,
        client_id,
        source="text",
        possible=kind,
        incident_id=await open_incident(db, program_id, client_id, None),
    )
    return [entry] if entry else []


async def _meeting(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    """The one under way that they are on the list of."""
    found: UUID | None = await db.scalar(
        select(GroupSession.id)
        .join(
            Presence,
            (Presence.program_id == GroupSession.program_id) & (Presence.group_session_id == GroupSession.id),
        )
        .where(
            GroupSession.program_id == program_id,
            GroupSession.state.in_(("open", "paused")),
            Presence.client_id == client_id,
            Presence.removed_at.is_(None),
        )
        .order_by(GroupSession.starts_at.desc(), GroupSession.id)
        .limit(1)
    )
    return found


async def _without_a_meeting(
    db: Db, program_id: UUID, client_id: UUID, kind: Literal["danger", "pause"]
) -> list[NewEntry]:
    """No board shows them now: what is asked stands in the list of what is still to do, and supervisors are told."""
    if (client_id, GAP) in await of_gaps(db, program_id, {client_id}):
        return []
    now = now_of(db)
    entry = await open_task(
        db,
        program_id,
        about=ASKS[kind],
        gap=GAP,
        client_id=client_id,
        owner_id=None,
        due_at=now,
        made_by=None,
        actor=Actor("client", client_id),
    )
    supervisors = await db.scalars(
        select(StaffMember.id)
        .where(StaffMember.program_id == program_id, StaffMember.roles.contains(["supervisor"]))
        .order_by(StaffMember.name, StaffMember.id)
    )
    await tell_to_look(db, await db.get_one(Program, program_id), list(supervisors))
    return [entry]
