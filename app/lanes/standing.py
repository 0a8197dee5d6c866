"""What every press on a private room needs: its row and the client's incidents under their locks, the fact about the
client, and the lanes that follow."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.clock import ago
from app.db import Db, now_of
from app.errors import Conflict, NotFound, SomebodyWasFirst
from app.group_sessions import watches
from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.evidence import MOVING
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.scheduling import of_viewer
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.presence import follow
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry
from app.lanes import prompts, sets
from app.lanes.models import Breakout
from app.lanes.sets import IN_TOUCH, Known
from app.lanes.values import OFFER, Holding, Holdings
from app.staff.access import Viewer
from app.staff.models import StaffMember

Pressed = Callable[[Known], Holdings]


async def of_press(db: Db, viewer: Viewer, breakout_id: UUID) -> Breakout:
    """Absent and not yours read the same."""
    row = await db.get(Breakout, (viewer.program_id, breakout_id))
    if row is None:
        raise NotFound("There is no such private room in the groups you work with.")
    await of_viewer(db, viewer, row.group_session_id)
    return row


async def told(
    db: Db,
    viewer: Viewer,
    row: Breakout,
    kind: str | None,
    stands: timedelta | None = None,
    *,
    moves: bool = False,
) -> list[Case]:
    """The fact about the client and what follows from it. `moves`: they leave the room now."""
    now, facts = now_of(db), []
    if moves:
        facts.append(
            NewFact(row.client_id, "staff", "moving", by_staff_id=viewer.staff_id, until=now + MOVING)
        )
    if kind is not None:
        until = now + stands if stands else None
        facts.append(NewFact(row.client_id, "staff", kind, by_staff_id=viewer.staff_id, until=until))
    over = await watches.answered(db, viewer, row.group_session_id, [row.client_id])
    transitions = await record_facts(db, row.group_session_id, facts)
    found = await open_cases(db, row.program_id, row.client_id)
    await db.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise SomebodyWasFirst("This private room is over already. The tile shows where they are now.")
    await follow(db, transitions, actor=viewer.actor, more=over)
    return found


async def open_cases(db: Db, program_id: UUID, client_id: UUID) -> list[Case]:
    """Of this client, locked; where nobody has recognised them yet comes first."""
    ids = await db.scalars(
        select(Incident.id).where(
            Incident.program_id == program_id, Incident.client_id == client_id, Incident.state == "open"
        )
    )
    locked = [incident for incident in await cases.lock(db, list(ids)) if incident.state == "open"]
    loaded = (await cases.load(db, locked)).values()
    return sorted(loaded, key=lambda case: (case.incident.verified_at is not None, case.incident.drop_at))


async def private(db: Db, row: Breakout) -> prompts.Private:
    meeting = await db.get_one(GroupSession, (row.program_id, row.group_session_id))
    return prompts.Private(
        stage=row.stage,  # type: ignore[arg-type]
        opened_at=row.opened_at,
        due_at=row.due_at,
        joined_at=row.joined_at,
        asked_at=row.asked_at,
        decide_at=row.decide_at,
        colleague=stays(meeting, row.staff_id) is not None,
    )


def keep(row: Breakout, now: prompts.Private) -> None:
    row.stage, row.due_at = now.stage, now.due_at
    row.joined_at, row.asked_at, row.decide_at = now.joined_at, now.asked_at, now.decide_at


def stays(meeting: GroupSession, goes: UUID) -> UUID | None:
    """Who continues with the members."""
    both = (meeting.lead_id, meeting.cofacilitator_id)
    return next((one for one in both if one is not None and one != goes), None)


async def is_here(db: Db, meeting: GroupSession, client_id: UUID) -> None:
    state = await db.scalar(
        select(Presence.state).where(
            Presence.program_id == meeting.program_id,
            Presence.group_session_id == meeting.id,
            Presence.client_id == client_id,
            Presence.removed_at.is_(None),
        )
    )
    if state is None:
        raise NotFound("This client is not on the list of this group session.")
    if state not in IN_TOUCH:
        raise Conflict("They are not in the call now. Look at their tile.", code="not_in_the_call")


async def nobody_was_first(db: Db, meeting: GroupSession, client_id: UUID) -> None:
    """The meeting's row is locked by now: two presses take turns."""
    row = (
        await db.execute(
            select(Breakout.opened_at, StaffMember.name)
            .join(
                StaffMember,
                (StaffMember.program_id == Breakout.program_id) & (StaffMember.id == Breakout.opened_by),
            )
            .where(
                Breakout.program_id == meeting.program_id,
                Breakout.group_session_id == meeting.id,
                Breakout.client_id == client_id,
                Breakout.ended_at.is_(None),
            )
        )
    ).first()
    if row is not None:
        when = ago((now_of(db) - row.opened_at).total_seconds())
        raise SomebodyWasFirst(f"{row.name} opened a private room for them {when}.")


# --- the lanes that follow


def offers_the_group(one: Known, goes: UUID, now: datetime) -> Holdings:
    """E7: whoever goes offers the group to the one who stays, and keeps it until they accept."""
    holdings, group = one.holdings, one.holdings["group"]
    to = next((person for person in one.room.here(now) if person != goes), None)
    if group.state != "person" or group.owner != goes or to is None:
        return holdings
    return {**holdings, "group": replace(group, offered_to=to, offer_ends=now + OFFER)}


def goes_in(one: Known, goes: UUID, now: datetime) -> Holdings:
    """Nobody else can see the client now."""
    eyes = one.holdings["eyes"]
    if eyes.state == "person" and eyes.owner == goes:
        return one.holdings
    with_them = Holding("eyes", "person", goes, now, needed_since=eyes.needed_since)
    return {**one.holdings, "eyes": with_them}


async def write(
    db: Db,
    row: Breakout,
    found: Sequence[Case],
    actor: Actor,
    kind: Kind,
    pressed: Pressed | None = None,
    **detail: object,
) -> None:
    """The entry, and the lanes of the client's incidents as they are now."""
    await db.flush()
    known = await sets.known(db, found)
    works = []
    for one in known.values():
        work = Work(one.case, Move(), actor)
        sets.settle(db, one, work, pressed(one) if pressed else None)
        works.append(work)
    await carry_out(db, works, before={row.program_id: [entry(row, found, kind, actor, **detail)]})


def entry(row: Breakout, found: Sequence[Case], kind: Kind, actor: Actor, **detail: object) -> NewEntry:
    told = {name: value for name, value in detail.items() if value is not None}
    return NewEntry(
        kind,
        actor,
        incident_id=found[0].incident.id if found else None,
        client_id=row.client_id,
        group_session_id=row.group_session_id,
        detail={"breakout": row.id, "staff_id": row.staff_id, **told},
    )
