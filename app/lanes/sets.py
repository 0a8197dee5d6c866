"""Between the tables of the lanes and their pure rules: everything they need to know, for any number of incidents, and
what they answered as rows, entries and planned calls, within the transaction and the work at hand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.group_sessions.models import GroupSession, Presence
from app.incidents.beginning import SECURE_GROUP
from app.incidents.cases import Case
from app.incidents.models import EscalationStep, Incident, ProtocolRun
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE
from app.lanes import hearing, paging, rules, second
from app.lanes.models import Breakout, LaneHeld, LaneSet
from app.lanes.values import LANES, Event, Facts, Holding, Holdings, Lane, Ring, Room, Settled

IN_TOUCH = frozenset({"present", "quiet", "private_room", "away", "leaving", "reached", "verified"})
# Steps of a protocol in which somebody outside is rung by a person.
CALLS = ("person.contact", "person.dispatch")
UNDER_WAY = ("open", "paused")

KINDS: dict[str, Kind] = {
    "given": Kind.lane_given,
    "offer_ended": Kind.lane_offer_ended,
    "pause_ended": Kind.lane_pause_ended,
    "unowned": Kind.lane_unowned,
    "owned": Kind.lane_owned,
    "asked": Kind.lane_asked,
    "alone": Kind.lane_alone,
}
COPIED = tuple(one.name for one in fields(Holding) if one.name not in ("lane", "owner"))


@dataclass(eq=False)
class Known:
    """One incident's lanes with what surrounds them."""

    case: Case
    row: LaneSet
    lanes: dict[Lane, LaneHeld]
    facts: Facts
    room: Room

    @property
    def holdings(self) -> Holdings:
        return {
            lane: Holding(lane, owner=held.owner_id, **{name: getattr(held, name) for name in COPIED})
            for lane, held in self.lanes.items()
        }


async def known(db: Db, cases: Collection[Case]) -> dict[UUID, Known]:
    """By incident, whose rows are locked: nobody else writes to their lanes."""
    if not cases:
        return {}
    ids = [case.incident.id for case in cases]
    rows = {
        row.incident_id: row for row in await db.scalars(select(LaneSet).where(LaneSet.incident_id.in_(ids)))
    }
    lanes: dict[UUID, dict[Lane, LaneHeld]] = {}
    for held in await db.scalars(select(LaneHeld).where(LaneHeld.incident_id.in_(ids))):
        lanes.setdefault(held.incident_id, {})[held.lane] = held  # type: ignore[index]
    meetings = {case.meeting.id for case in cases}
    breakouts = await _breakouts(db, meetings)
    states = await _presence(db, cases)
    groups = await _groups(db, meetings)
    calling = await _calling(db, ids)
    caring = await _caring(db, ids)
    busy = await _busy(db, meetings)
    staff = {person for case in cases for person in _staff(case, lanes.get(case.incident.id, {}))}
    heard = await hearing.heard(db, staff, meetings)
    found = {}
    for case in cases:
        incident = case.incident
        row = rows.get(incident.id) or _fresh(db, case)
        theirs = lanes.get(incident.id) or _fresh_lanes(db, case)
        facts = _facts(case, row, breakouts, states.get(incident.id), groups, calling)
        others = busy.get(case.meeting.id, set()) - {incident.id}
        # Of a whole outage it is the outage that is looked at.
        second_one = bool(others) and incident.outage_id is None
        facts = replace(facts, care=incident.id in caring, second=second_one)
        found[incident.id] = Known(case, row, theirs, facts, _room(case, breakouts, heard))
    return found


def _staff(case: Case, lanes: dict[Lane, LaneHeld]) -> Iterable[UUID]:
    meeting = case.meeting
    four = (meeting.lead_id, meeting.cofacilitator_id, meeting.supervisor_id, meeting.backup_id)
    owners = (held.owner_id for held in lanes.values())
    return (person for person in (*four, case.incident.owner_id, *owners) if person)


def _fresh(db: Db, case: Case) -> LaneSet:
    incident = case.incident
    row = LaneSet(
        program_id=incident.program_id,
        incident_id=incident.id,
        group_session_id=incident.group_session_id,
        alone=False,
        settled_at=now_of(db),
    )
    db.add(row)
    return row


def _fresh_lanes(db: Db, case: Case) -> dict[Lane, LaneHeld]:
    made = {
        lane: LaneHeld(
            program_id=case.incident.program_id,
            incident_id=case.incident.id,
            lane=lane,
            state="nobody",
            given=False,
        )
        for lane in LANES
    }
    db.add_all(made.values())
    return made


async def _breakouts(db: Db, meetings: Collection[UUID]) -> dict[UUID, list[Breakout]]:
    found: dict[UUID, list[Breakout]] = {}
    rows = await db.scalars(
        select(Breakout)
        .where(Breakout.group_session_id.in_(meetings), Breakout.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found.setdefault(row.group_session_id, []).append(row)
    return found


async def _presence(db: Db, cases: Collection[Case]) -> dict[UUID, str]:
    rows = await db.execute(
        select(Presence.group_session_id, Presence.client_id, Presence.state).where(
            Presence.group_session_id.in_({case.meeting.id for case in cases}),
            Presence.client_id.in_({case.incident.client_id for case in cases}),
        )
    )
    states = {(row.group_session_id, row.client_id): row.state for row in rows}
    return {
        case.incident.id: state
        for case in cases
        if (state := states.get((case.meeting.id, case.incident.client_id)))
    }


async def _calling(db: Db, incidents: Collection[UUID]) -> frozenset[UUID]:
    """In whichever of their protocols: somebody outside is to be rung by a person now."""
    return frozenset(
        await db.scalars(
            select(EscalationStep.incident_id).where(
                EscalationStep.incident_id.in_(incidents),
                EscalationStep.status.in_(("pending", "dialing")),
                EscalationStep.action.in_(CALLS),
            )
        )
    )


async def _caring(db: Db, incidents: Collection[UUID]) -> frozenset[UUID]:
    """From which of these the others of their group are being looked after."""
    return frozenset(
        await db.scalars(
            select(ProtocolRun.incident_id).where(
                ProtocolRun.incident_id.in_(incidents),
                ProtocolRun.protocol == SECURE_GROUP,
                ProtocolRun.state == "running",
            )
        )
    )


async def _busy(db: Db, meetings: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By meeting: the alerts that somebody has in hand."""
    rows = await db.execute(
        select(Incident.group_session_id, Incident.id).where(
            Incident.group_session_id.in_(meetings),
            Incident.state == "open",
            Incident.owner_id.is_not(None),
            Incident.verified_at.is_(None),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for row in rows:
        found.setdefault(row.group_session_id, set()).add(row.id)
    return found


async def _groups(db: Db, meetings: Collection[UUID]) -> dict[UUID, list[tuple[UUID, UUID]]]:
    """By meeting: the incidents whose group lane somebody has, with who."""
    rows = await db.execute(
        select(LaneSet.group_session_id, LaneSet.incident_id, LaneHeld.owner_id)
        .join(
            LaneHeld,
            (LaneHeld.program_id == LaneSet.program_id) & (LaneHeld.incident_id == LaneSet.incident_id),
        )
        .where(
            LaneSet.group_session_id.in_(meetings),
            LaneSet.over_at.is_(None),
            LaneHeld.lane == "group",
            LaneHeld.state == "person",
            LaneHeld.needed_since.is_not(None),
        )
        .order_by(LaneHeld.since)
    )
    found: dict[UUID, list[tuple[UUID, UUID]]] = {}
    for row in rows:
        found.setdefault(row.group_session_id, []).append((row.incident_id, row.owner_id))
    return found


def _facts(
    case: Case,
    row: LaneSet,
    breakouts: dict[UUID, list[Breakout]],
    state: str | None,
    groups: dict[UUID, list[tuple[UUID, UUID]]],
    calling: frozenset[UUID],
) -> Facts:
    incident, meeting = case.incident, case.meeting
    theirs = next((b for b in breakouts.get(meeting.id, ()) if b.client_id == incident.client_id), None)
    others = (owner for other, owner in groups.get(meeting.id, ()) if other != incident.id)
    return Facts(
        tier=incident.tier,  # type: ignore[arg-type]
        open=incident.state == "open",
        owner=incident.owner_id,
        verified=incident.verified_at is not None,
        emergency=row.emergency_at is not None,
        breakout=theirs is not None,
        inside=theirs.staff_id if theirs is not None else None,
        in_touch=state in IN_TOUCH or incident.reached_at is not None,
        calls=incident.id in calling,
        group_open=meeting.state in UNDER_WAY,
        group_with=next(others, None),
    )


def _room(case: Case, breakouts: dict[UUID, list[Breakout]], heard: hearing.Heard) -> Room:
    meeting: GroupSession = case.meeting
    rooms = [b for b in breakouts.get(meeting.id, ()) if b.joined_at is not None]
    return Room(
        opened_at=meeting.opened_at or meeting.starts_at,
        lead=meeting.lead_id,
        cofacilitator=meeting.cofacilitator_id,
        supervisor=meeting.supervisor_id,
        backup=meeting.backup_id,
        heard=heard.boards,
        dropped=hearing.of_meeting(heard, meeting.id),
        inside=frozenset(b.staff_id for b in rooms),
        silent=frozenset(
            b.staff_id for b in rooms if b.stage == "supervisor" and b.client_id == case.incident.client_id
        ),
    )


def settle(
    db: Db, one: Known, work: Work, holdings: Holdings | None = None, *, seen: str | None = None
) -> Settled:
    """`holdings`: as a press has just left them. `work` carries the entries and the calls; its rows are written when it
    is carried out. `seen`: what the engine looked at."""
    now = now_of(db)
    before = one.holdings
    settled = rules.settle(holdings or before, one.facts, one.room, now, was_alone=one.row.alone)
    for event in settled.events:
        work.entry(KINDS[event.kind], RULE, **_said(event))
    looked = _look_at_second(one, work, now)
    if dict(settled.holdings) != dict(before) and not work.entries:
        work.entry(Kind.lane_settled, RULE)
    for lane, held in settled.holdings.items():
        _write(one.lanes[lane], held)
    one.row.alone = settled.alone
    moments = [moment for moment in (settled.due_at, looked.second.due_at) if moment is not None]
    one.row.due_at = min(moments, default=None)
    one.row.settled_at = now
    one.row.over_at = None if one.facts.open else one.row.over_at or now
    if seen is not None:
        one.row.seen = seen
    ring = settled.ring or (Ring(None, one.facts.serious) if looked.rings else None)
    alarmed = looked.second.alarmed_at is not None
    pressed = one.row.emergency_by
    paging.follow(db, one.case, one.room, settled, work, now, ring=ring, second=alarmed, pressed=pressed)
    return settled


def _look_at_second(one: Known, work: Work, now: datetime) -> second.Looked:
    """Its own alarm, as loud as that of a lane which nobody has."""
    row = one.row
    before = second.Second(row.second_since, row.second_alarmed_at, row.second_ring_at)
    looked = second.look(before, unheeded=one.facts.unheeded, again=rules.again(one.facts), now=now)
    if looked.alarms:
        work.entry(Kind.lane_second, RULE)
    elif looked.over:
        work.entry(Kind.lane_second_over, RULE)
    after = looked.second
    if after != before and not work.entries:
        # Boards mark it from the first moment on.
        work.entry(Kind.lane_settled, RULE)
    row.second_since, row.second_alarmed_at = after.since, after.alarmed_at
    row.second_ring_at = after.ring_at
    return looked


def _said(event: Event) -> dict[str, object]:
    if event.kind == "alone":
        return {"alone": event.alone}
    return {"lane": event.lane, "owner": event.owner, "why": event.why}


def _write(row: LaneHeld, held: Holding) -> None:
    for name in COPIED:
        if getattr(row, name) != getattr(held, name):
            setattr(row, name, getattr(held, name))
    row.owner_id = held.owner
