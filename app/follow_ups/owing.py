"""A call is owed from here on: a row with its time, and a task of somebody. Entries are written by the caller, last."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.clients.models import Client
from app.clients.queries import client_of
from app.db import Db, new_id, now_of
from app.errors import Conflict, NotFound
from app.follow_ups import rules
from app.follow_ups.models import CheckInPlan, FollowUp
from app.follow_ups.views import NewCaregiverCall
from app.incidents.models import Incident
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.tasks.actions import check_owner, open_task, settle_gap
from app.tasks.queries import of_gaps

CALL_GAP, CHECK_GAP, PLAN_GAP = "caregiver call", "check in", "plan check-ins"
MISSED_GAP = {"caregiver_call": "caregiver call missed", "check_in": "check in missed"}
ASK_CALL = (
    "Ring somebody they trust, 24 to 72 hours after the crisis: how safe home is, and what comes next. Look first at what "
    "they signed."
)
ASK_CHECK = "Check in with them, as was planned after what they told us."
ASK_PLAN = "Plan check-ins with them for the next days, or say that none are needed: their tier is high."
ASK_SUPERVISOR = {
    "caregiver_call": "The call to a caregiver was not made in its 72 hours. Decide with whoever has it who rings, or why not.",
    "check_in": "A check-in with them was due, and nobody wrote down that it was done. Decide who rings now.",
}

# The supervisor of the meeting of theirs that is nearest in time. As text, for one row only.
_SUPERVISOR = text(
    """
    select m.id from presence p
    join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
    join staff_member m on m.program_id = g.program_id and m.id = g.supervisor_id and m.disabled_at is null
    where p.program_id = :program and p.client_id = :client and p.removed_at is null
    order by greatest(g.starts_at - :now, :now - g.starts_at), g.id limit 1
    """
)


async def owe_call(
    db: Db,
    viewer: Viewer,
    client_id: UUID,
    tier: str,
    incident_id: UUID | None,
    owner_id: UUID | None = None,
    group_session_id: UUID | None = None,
) -> list[NewEntry]:
    """The window begins now. One that is owed already stays as it is: one call serves both."""
    standing = await standing_call(db, viewer.program_id, client_id)
    if standing is not None:
        return []
    now = now_of(db)
    row = await _owed(
        db,
        viewer,
        kind="caregiver_call",
        client_id=client_id,
        incident_id=incident_id,
        tier=tier,
        opens_at=now + rules.OPENS,
        due_at=now + rules.CLOSES,
    )
    opened = await task_of(
        db, viewer, client_id, CALL_GAP, ASK_CALL, row.due_at, owner_id or viewer.staff_id, group_session_id
    )
    row.task_id = opened[0]
    await db.flush()
    db.add(row)
    entry = about(row, Kind.follow_up_owed, viewer, opens_at=row.opens_at, due_at=row.due_at)
    return [entry, *opened[1]]


async def owe_plan(db: Db, viewer: Viewer, client_id: UUID, group_session_id: UUID | None) -> list[NewEntry]:
    """Somebody's task, unless check-ins are planned: that nobody thought of it can lose nobody (S8)."""
    if await standing_plan(db, viewer.program_id, client_id) is not None:
        return []
    due_at = now_of(db) + rules.PLAN_WITHIN
    return (
        await task_of(db, viewer, client_id, PLAN_GAP, ASK_PLAN, due_at, viewer.staff_id, group_session_id)
    )[1]


async def agree_call(db: Db, viewer: Viewer, client_id: UUID, given: NewCaregiverCall) -> None:
    """By hand, with the client's yes."""
    client = await client_of(db, viewer.program_id, client_id)
    if given.incident_id is not None:
        await of_incident(db, client, given.incident_id)
    await check_owner(db, viewer, given.owner_id, client_id)
    entries = await owe_call(db, viewer, client_id, client.tier, given.incident_id, given.owner_id)
    if not entries:
        raise Conflict("A call to a caregiver is owed already. Look at it below.", code="owed_already")
    await write(db, viewer.program_id, entries)


async def of_incident(db: Db, client: Client, incident_id: UUID) -> None:
    incident = await db.get(Incident, (client.program_id, incident_id))
    if incident is None or incident.client_id != client.id:
        raise NotFound("There is no such incident about this client.")


async def standing_call(db: Db, program_id: UUID, client_id: UUID) -> FollowUp | None:
    found: FollowUp | None = await db.scalar(
        select(FollowUp).where(
            FollowUp.program_id == program_id,
            FollowUp.client_id == client_id,
            FollowUp.kind == "caregiver_call",
            FollowUp.ended_at.is_(None),
        )
    )
    return found


async def standing_plan(db: Db, program_id: UUID, client_id: UUID) -> CheckInPlan | None:
    found: CheckInPlan | None = await db.scalar(
        select(CheckInPlan)
        .where(
            CheckInPlan.program_id == program_id,
            CheckInPlan.client_id == client_id,
            CheckInPlan.ended_at.is_(None),
        )
        .with_for_update()
    )
    return found


async def _owed(db: Db, viewer: Viewer, **values: Any) -> FollowUp:
    row = FollowUp(
        program_id=viewer.program_id,
        id=new_id(),
        made_at=now_of(db),
        made_by=viewer.staff_id,
        tries=0,
        **values,
    )
    row.next_at = rules.lapses_at(values["kind"], values["due_at"], values["tier"])
    return row


async def owed_check_in(
    db: Db, viewer: Viewer, plan: CheckInPlan, due_at: datetime, task_id: UUID
) -> FollowUp:
    return await _owed(
        db,
        viewer,
        kind="check_in",
        client_id=plan.client_id,
        incident_id=plan.incident_id,
        plan_id=plan.id,
        tier=plan.tier,
        opens_at=due_at,
        due_at=due_at,
        task_id=task_id,
    )


async def task_of(
    db: Db,
    viewer: Viewer,
    client_id: UUID,
    gap: str,
    about_it: str,
    due_at: datetime,
    owner_id: UUID | None,
    group_session_id: UUID | None = None,
) -> tuple[UUID, list[NewEntry]]:
    """The open task of this gap, made where there is none. Its entry is for the caller to write."""
    known = (await of_gaps(db, viewer.program_id, [client_id])).get((client_id, gap))
    if known is not None:
        return known.id, []
    entry = await open_task(
        db,
        viewer.program_id,
        about=about_it,
        gap=gap,
        client_id=client_id,
        group_session_id=group_session_id,
        owner_id=owner_id,
        due_at=due_at,
        made_by=viewer.staff_id,
    )
    return entry.detail["task_id"], [entry]


async def supervisor_of(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    """Nobody, when null: then it stands among what nobody has, which every supervisor sees."""
    found: UUID | None = await db.scalar(
        _SUPERVISOR, {"program": program_id, "client": client_id, "now": now_of(db)}
    )
    return found


async def settle(db: Db, row: FollowUp, by: UUID, gap: str, *, done: bool = True) -> list[NewEntry]:
    return await settle_gap(
        db, row.program_id, row.client_id, gap, by, outcome="done" if done else "not_needed"
    )


def about(row: FollowUp, kind: Kind, viewer: Viewer, **detail: Any) -> NewEntry:
    known = {name: value for name, value in detail.items() if value is not None}
    return NewEntry(
        kind,
        viewer.actor,
        incident_id=row.incident_id,
        client_id=row.client_id,
        detail={"follow_up": row.id, "call": row.kind} | known,
    )
