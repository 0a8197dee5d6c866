"""The list of everybody else begins with the press that begins to look after the group."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.db import Db, new_id, now_of
from app.group_sessions.models import GroupSession, Presence
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry
from app.others import rules
from app.others.models import OthersCheck, OthersRound
from app.staff.models import Program
from app.tasks.actions import open_task
from app.tasks.queries import of_gaps

# The follow-up is one task per person, however often something happens in a group (see `uq_task_open_gap`).
GAP = "after_group"
# Said to nobody but whoever rings; nothing in it about anybody else.
ASK = "After the group: ring and ask how they are, and what would help tonight. Nothing about anybody else."


async def open_round(
    db: Db, program: Program, meeting: GroupSession, incident_id: UUID, client_id: UUID, actor: Actor
) -> list[NewEntry]:
    """Everybody who had come but the one it began with. A list that people still go through goes on. Returns the entries.

    Each has a task from the start, with whoever began it: that nobody tapped a name can lose nobody.
    """
    now, by = now_of(db), actor.id if actor.kind == "person" else None
    round_id = await _round(db, meeting, incident_id, client_id, by)
    if round_id is None:
        return []
    people = [one for one in await were_there(db, meeting) if one != client_id]
    checks, entries = await checks_for(db, program, meeting, round_id, people, now, by, by)
    await db.flush()
    db.add_all(checks)
    begun = NewEntry(
        Kind.others_begun,
        actor,
        incident_id=incident_id,
        client_id=client_id,
        group_session_id=meeting.id,
        detail={"round": round_id, "people": len(people)},
    )
    return [begun, *entries]


async def checks_for(
    db: Db,
    program: Program,
    meeting: GroupSession,
    round_id: UUID,
    people: Sequence[UUID],
    begun_at: datetime,
    begun_by: UUID | None,
    made_by: UUID | None,
) -> tuple[list[OthersCheck], list[NewEntry]]:
    """One of each of them, not in the session yet, with its task; and the entries of tasks that are new."""
    standing = await of_gaps(db, program.id, set(people))
    owner = begun_by or meeting.cofacilitator_id or meeting.lead_id
    due_at = rules.due("open", begun_at, rules.hours_of(program.settings))
    checks, entries = [], []
    for person in people:
        check = OthersCheck(
            program_id=program.id, id=new_id(), round_id=round_id, client_id=person, state="open"
        )
        known = standing.get((person, GAP))
        if known is None:
            entry = await open_task(
                db,
                program.id,
                about=ASK,
                gap=GAP,
                client_id=person,
                group_session_id=meeting.id,
                owner_id=owner,
                due_at=due_at,
                made_by=made_by,
            )
            check.task_id = entry.detail["task_id"]
            entries.append(entry)
        else:
            check.task_id = known.id
        checks.append(check)
    return checks, entries


async def _round(
    db: Db, meeting: GroupSession, incident_id: UUID, client_id: UUID, by: UUID | None
) -> UUID | None:
    """None: one stands. Of two presses in two incidents one waits here for the other."""
    made = insert(OthersRound).values(
        program_id=meeting.program_id,
        id=new_id(),
        group_session_id=meeting.id,
        incident_id=incident_id,
        client_id=client_id,
        begun_at=now_of(db),
        begun_by=by,
    )
    found: UUID | None = await db.scalar(made.on_conflict_do_nothing().returning(OthersRound.id))
    return found


async def were_there(db: Db, meeting: GroupSession) -> list[UUID]:
    rows = await db.execute(
        select(Presence.client_id, Presence.state)
        .where(
            Presence.program_id == meeting.program_id,
            Presence.group_session_id == meeting.id,
            Presence.removed_at.is_(None),
        )
        .order_by(Presence.client_id)
    )
    return [row.client_id for row in rows if rules.was_there(row.state)]
