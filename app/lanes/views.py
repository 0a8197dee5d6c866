"""What boards show of lanes and private rooms, closed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.db import Db
from app.lanes.models import Breakout, LaneHeld, LaneSet
from app.lanes.values import LANES

Names = Mapping[UUID, str]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Holder(View):
    id: UUID
    name: str


class LaneView(View):
    """`why`: it counts as nobody's, though somebody may have it. `alarm`: people outside the room are alarmed."""

    lane: Literal["eyes", "group", "caller"]
    needed: bool
    state: Literal["nobody", "person", "paused", "ended"]
    owner: Holder | None = None
    since: datetime | None = None
    given: bool = Field(False, description="By the rules, when somebody else took the alert.")
    until: datetime | None = Field(None, description="A paused group is nobody's after this.")
    offered_to: Holder | None = None
    offer_ends: datetime | None = None
    why: Literal["nobody", "board", "video", "room", "inside", "both"] | None = None
    unowned_since: datetime | None = None
    alarm: bool = False
    asked: bool = Field(False, description="R5: nobody came to call in 20 s.")


class RoomView(View):
    """A private room that stands. `stage`: whom the board asks now, if anybody."""

    id: UUID
    group_session_id: UUID
    client_id: UUID
    staff: Holder
    room: str | None = Field(None, description="The second room's name, where the platform has one.")
    stage: Literal["opening", "inside", "asked", "colleague", "supervisor"]
    opened_at: datetime
    joined_at: datetime | None
    asked_at: datetime | None
    answer_by: datetime | None
    decide_at: datetime | None
    escalated_at: datetime | None


class Lanes(View):
    """Of one incident. Empty until somebody has taken it, declared an emergency, or opened a private room."""

    lanes: list[LaneView] = []
    alone: bool = Field(False, description="R5: one person in the room, and nobody has come yet.")
    emergency_at: datetime | None = None
    second_since: datetime | None = Field(
        None, description="Nobody has it, while others of its group are looked after."
    )
    second_alarm: bool = False


NO_LANES = Lanes()


async def lanes(db: Db, program_id: UUID, incidents: Collection[UUID], names: Names) -> dict[UUID, Lanes]:
    if not incidents:
        return {}
    rows = await db.execute(
        select(LaneSet, LaneHeld)
        # An emergency is said before its lanes are set out.
        .outerjoin(
            LaneHeld,
            (LaneHeld.program_id == LaneSet.program_id) & (LaneHeld.incident_id == LaneSet.incident_id),
        )
        .where(
            LaneSet.program_id == program_id,
            LaneSet.incident_id.in_(list(incidents)),
            LaneSet.over_at.is_(None),
        )
    )
    sets: dict[UUID, LaneSet] = {}
    held: dict[UUID, list[LaneHeld]] = {}
    for one, lane in rows:
        sets[one.incident_id] = one
        held.setdefault(one.incident_id, []).extend([lane] if lane else [])
    return {incident: _view(one, held[incident], names) for incident, one in sets.items()}


def _view(one: LaneSet, held: list[LaneHeld], names: Names) -> Lanes:
    """Nothing where nothing is needed and nobody has taken anything ahead."""
    second, alarm = one.second_since, one.second_alarmed_at is not None
    if not any(lane.needed_since or lane.owner_id for lane in held) and one.emergency_at is None:
        return Lanes(second_since=second, second_alarm=alarm) if second else NO_LANES
    by_lane = {lane.lane: lane for lane in held}
    shown = [_lane(by_lane[lane], names) for lane in LANES if lane in by_lane]
    return Lanes(
        lanes=shown, alone=one.alone, emergency_at=one.emergency_at, second_since=second, second_alarm=alarm
    )


def _lane(held: LaneHeld, names: Names) -> LaneView:
    return LaneView(
        lane=held.lane,
        needed=held.needed_since is not None,
        state=held.state,
        owner=holder(held.owner_id, names),
        since=held.since,
        given=held.given,
        until=held.until,
        offered_to=holder(held.offered_to, names),
        offer_ends=held.offer_ends,
        why=held.why,
        unowned_since=held.unowned_since,
        alarm=held.alarmed_at is not None,
        asked=held.asked_at is not None,
    )


def holder(staff_id: UUID | None, names: Names) -> Holder | None:
    return Holder(id=staff_id, name=names.get(staff_id, "A colleague")) if staff_id else None


async def rooms(
    db: Db, program_id: UUID, clients: Collection[UUID], names: Names
) -> dict[tuple[UUID, UUID], RoomView]:
    """By meeting and client."""
    if not clients:
        return {}
    rows = await db.scalars(
        select(Breakout).where(
            Breakout.program_id == program_id,
            Breakout.client_id.in_(list(clients)),
            Breakout.ended_at.is_(None),
        )
    )
    return {(row.group_session_id, row.client_id): _room(row, names) for row in rows}


def _room(row: Breakout, names: Names) -> RoomView:
    waits = row.asked_at is not None and row.stage in ("asked", "colleague")
    return RoomView(
        id=row.id,
        group_session_id=row.group_session_id,
        client_id=row.client_id,
        staff=Holder(id=row.staff_id, name=names.get(row.staff_id, "A colleague")),
        room=row.room_ref,
        stage=row.stage,
        opened_at=row.opened_at,
        joined_at=row.joined_at,
        asked_at=row.asked_at,
        answer_by=row.due_at if waits else None,
        decide_at=row.decide_at,
        escalated_at=row.escalated_at,
    )
