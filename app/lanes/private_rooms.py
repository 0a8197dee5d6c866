"""What people do with a private room, and what time does (E7, T1): opened, joined, asked about, decided about.

Without an open incident too. Locks are taken as everywhere: presence, then incidents, then the room's own row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from app.db import Db, new_id, now_of
from app.errors import Conflict, NotValid
from app.group_sessions import watches
from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.evidence import MOVING
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.scheduling import of_viewer
from app.incidents import cases, concerns, ownership, runs
from app.incidents.beginning import SECURE_GROUP
from app.incidents.cases import Case
from app.incidents.presence import follow
from app.incidents.pressing import open_incident
from app.journal.kinds import Kind
from app.journal.write import RULE
from app.lanes import prompts, standing
from app.lanes.models import Breakout
from app.lanes.sets import UNDER_WAY
from app.staff.access import Viewer

Decision = Literal["return", "stay", "leave_with_plan", "escalate"]
# Of somebody who was seen inside: renewed with every answer, so that no question about them comes up meanwhile.
SEEN_STANDS = timedelta(minutes=15)
SHORTEST_PLAN = 3
GONE = ("lost", "not_responding", "dismissed", "left_planned")


async def open_room(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, staff_id: UUID | None = None
) -> UUID:
    """Who goes with the client is whoever presses, unless they choose somebody else of this group."""
    meeting = await of_viewer(db, viewer, group_session_id)
    if meeting.state not in UNDER_WAY:
        raise Conflict("This group is not open. Open it first.", code="not_open")
    goes = staff_id or viewer.staff_id
    if goes not in (viewer.staff_id, *_four(meeting)):
        raise NotValid("Choose one of the people of this group.", fields={"staff_id": "Not of this group."})
    await standing.is_here(db, meeting, client_id)
    await standing.nobody_was_first(db, meeting, client_id)
    now = now_of(db)
    over = await watches.answered(db, viewer, group_session_id, [client_id])
    moving = NewFact(client_id, "staff", "moving", by_staff_id=viewer.staff_id, until=now + MOVING)
    transitions = await record_facts(db, group_session_id, [moving])
    found = await standing.open_cases(db, viewer.program_id, client_id)
    room = prompts.opened(now)
    row = Breakout(
        program_id=viewer.program_id,
        id=new_id(),
        group_session_id=meeting.id,
        client_id=client_id,
        staff_id=goes,
        room_ref=_second_room(meeting),
        stage=room.stage,
        opened_at=now,
        opened_by=viewer.staff_id,
        due_at=room.due_at,
    )
    db.add(row)
    await db.flush()
    await follow(db, transitions, actor=viewer.actor, more=over)
    await standing.write(
        db,
        row,
        found,
        viewer.actor,
        Kind.breakout_opened,
        lambda one: standing.offers_the_group(one, goes, now),
        group=standing.stays(meeting, goes),
    )
    if goes == viewer.staff_id:
        await _taken(db, viewer, found, now)
    return row.id


async def _taken(db: Db, viewer: Viewer, found: Sequence[Case], now: datetime) -> None:
    """Whoever goes with the client has what nobody had: no board asks for somebody to take it, and no phone rings for it."""
    for case in found:
        incident = case.incident
        owned = incident.owner_id is not None and incident.owned_until and incident.owned_until > now
        if not owned and incident.verified_at is None:
            await cases.read_again(db, case)
            await ownership.take_case(db, viewer, case)


async def somebody_else_goes(db: Db, viewer: Viewer, breakout_id: UUID, staff_id: UUID) -> None:
    """While they are on the way: another colleague than the one who opened it."""
    row = await standing.of_press(db, viewer, breakout_id)
    meeting = await of_viewer(db, viewer, row.group_session_id)
    if staff_id not in (viewer.staff_id, *_four(meeting)):
        raise NotValid("Choose one of the people of this group.", fields={"staff_id": "Not of this group."})
    found = await standing.told(db, viewer, row, None)
    if row.joined_at is not None:
        raise Conflict("They are in the private room already.", code="in_the_room")
    now = now_of(db)
    row.staff_id = staff_id
    await standing.write(
        db,
        row,
        found,
        viewer.actor,
        Kind.breakout_goes,
        lambda one: standing.offers_the_group(one, staff_id, now),
        group=standing.stays(meeting, staff_id),
    )


async def join(db: Db, viewer: Viewer, breakout_id: UUID) -> None:
    """They are in it: the eyes on the client go with them."""
    row = await standing.of_press(db, viewer, breakout_id)
    found = await standing.told(db, viewer, row, "private_room", SEEN_STANDS)
    now = now_of(db)
    standing.keep(row, prompts.joined(await standing.private(db, row), now))
    await standing.write(
        db,
        row,
        found,
        viewer.actor,
        Kind.breakout_joined,
        lambda one: standing.goes_in(one, row.staff_id, now),
    )


async def answer(db: Db, viewer: Viewer, breakout_id: UUID) -> None:
    """Still fine: said by whoever is inside, or by somebody who looked in."""
    row = await standing.of_press(db, viewer, breakout_id)
    found = await standing.told(db, viewer, row, "private_room" if row.joined_at else None, SEEN_STANDS)
    standing.keep(row, prompts.answered(await standing.private(db, row), now_of(db)))
    row.escalated_at = None
    looked_in = viewer.staff_id != row.staff_id
    await standing.write(db, row, found, viewer.actor, Kind.breakout_answered, looked_in=looked_in)


async def decide(
    db: Db,
    viewer: Viewer,
    breakout_id: UUID,
    decision: Decision,
    plan: str | None = None,
    next_contact_at: datetime | None = None,
) -> None:
    """Return, stay, leave with a plan, or ask for help: what a person decides at the end of it."""
    if decision == "leave_with_plan" and len((plan or "").strip()) < SHORTEST_PLAN:
        raise NotValid(
            "Say in a line what was agreed: who they are with, and when you speak next.",
            fields={"plan": "Too short."},
        )
    row = await standing.of_press(db, viewer, breakout_id)
    ends = decision in ("return", "leave_with_plan")
    found = await standing.told(db, viewer, row, *_FACTS[decision], moves=ends)
    await _decided(db, row, decision, viewer.staff_id)
    await standing.write(
        db,
        row,
        found,
        viewer.actor,
        Kind.breakout_decided,
        decision=decision,
        note=plan,
        next_contact_at=next_contact_at,
    )


async def secure_group(db: Db, viewer: Viewer, breakout_id: UUID) -> UUID:
    """The others of the group need somebody while one of them is aside. It stands in what is open about the client, or in
    what this press opens, at the tier of now; whoever presses has that."""
    row = await standing.of_press(db, viewer, breakout_id)
    if row.ended_at is not None:
        raise Conflict("This private room is over. Raise a concern, and secure the group from there.")
    incident_id = await open_incident(db, viewer.program_id, row.client_id, None)
    if incident_id is None:
        incident_id = await concerns.raise_concern(
            db, viewer, row.group_session_id, row.client_id, "private_room"
        )
        await ownership.take(db, viewer, incident_id)
    await runs.start(db, viewer, incident_id, SECURE_GROUP)
    return incident_id


_FACTS: dict[Decision, tuple[str, timedelta | None]] = {
    "return": ("seen", None),
    "stay": ("private_room", SEEN_STANDS),
    "leave_with_plan": ("dismissed", None),
    "escalate": ("private_room", SEEN_STANDS),
}


async def _decided(db: Db, row: Breakout, decision: Decision, by: UUID) -> None:
    now = now_of(db)
    match decision:
        case "return" | "leave_with_plan":
            _end(row, decision, by, now)
        case "stay":
            standing.keep(row, prompts.stays(await standing.private(db, row), now))
        case "escalate":
            standing.keep(row, prompts.joined(await standing.private(db, row), now))
            row.escalated_at = now
    if decision == "leave_with_plan":
        presence = await db.get(Presence, (row.program_id, row.group_session_id, row.client_id))
        if presence is not None:
            presence.outcome = "dismissed"


def _end(row: Breakout, ending: str, by: UUID | None, now: datetime) -> None:
    row.ended_at, row.ended_by, row.ending = now, by, ending
    row.escalated_at = None


def _four(meeting: GroupSession) -> tuple[UUID | None, ...]:
    return (meeting.lead_id, meeting.cofacilitator_id, meeting.supervisor_id, meeting.backup_id)


def _second_room(meeting: GroupSession) -> str | None:
    """Where rooms have names of their own, one beside the group's; what is heard from it counts as the meeting's."""
    if meeting.platform not in ("livekit", "generic") or not meeting.platform_ref:
        return None
    return f"{meeting.platform_ref}-{new_id().hex[:4]}"


# --- what time does


async def look(db: Db, program_id: UUID, breakout_id: UUID) -> None:
    """Engine only: asks, goes on to the next person, or ends a room whose client was lost or whose group is over."""
    before = await db.get(Breakout, (program_id, breakout_id))
    if before is None:
        return
    found = await standing.open_cases(db, program_id, before.client_id)
    await db.refresh(before, with_for_update=True)
    row, now = before, now_of(db)
    if row.ended_at is not None:
        return
    over = await _over(db, row)
    if over is not None:
        _end(row, over, None, now)
        await standing.write(db, row, found, RULE, Kind.breakout_ended, ending=over)
        return
    stage = row.stage
    standing.keep(row, prompts.due(await standing.private(db, row), now))
    if row.stage != stage:
        kind = Kind.breakout_asked if row.stage == "asked" else Kind.breakout_unanswered
        await standing.write(db, row, found, RULE, kind, stage=row.stage)


async def _over(db: Db, row: Breakout) -> Literal["lost", "group_over"] | None:
    meeting = await db.get(GroupSession, (row.program_id, row.group_session_id))
    if meeting is None or meeting.state == "closed":
        return "group_over"
    presence = await db.get(Presence, (row.program_id, row.group_session_id, row.client_id))
    return "lost" if presence is None or presence.removed_at is not None or presence.state in GONE else None
