"""What staff do to the lanes of an incident. Each is one press: it locks the incident, asks the rules, and writes one
block of entries.

For the emergency, which is declared above this package: `open_for_emergency`, `dials` and `stand_down` add to the work at
hand, and `said_emergency` is that there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from app.clock import ago
from app.db import Db, now_of
from app.errors import Conflict, NotValid, Refusal, SomebodyWasFirst
from app.incidents import actions as incidents
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.pressing import case_of, renew_of
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry
from app.lanes import paging, presses, sets
from app.lanes.models import LaneSet
from app.lanes.presses import After, Refused
from app.lanes.sets import Known
from app.lanes.values import Holdings, Lane
from app.rows import unsaved
from app.staff.access import Viewer
from app.staff.models import StaffMember

Pressed = Callable[[Known, datetime], After]

REFUSALS: dict[str, tuple[type[Refusal], str, str]] = {
    "both": (
        Conflict,
        "eyes_and_caller",
        "Eyes on the client and the calls are two people's work. Hand one of them over first.",
    ),
    "inside": (
        Conflict,
        "in_the_private_room",
        "You are in the private room. Somebody who is with the group has to take it.",
    ),
    "not_yours": (Conflict, "not_yours", "You do not have this one. The list shows who has."),
    "no_offer": (
        Conflict,
        "no_offer",
        "This offer is over: it was answered, taken back, or its time ran out.",
    ),
    "not_of_this_group": (NotValid, "not_of_this_group", "Offer it to one of the people of this group."),
    "yourself": (NotValid, "yourself", "It is yours already. Choose somebody else."),
}
WORDS: dict[Lane, str] = {"eyes": "eyes on the client", "group": "the group", "caller": "the calls"}


# --- one lane


async def take(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane) -> None:
    """Raises SomebodyWasFirst, with who and when, while somebody else's holding counts."""
    await _press(
        db,
        viewer,
        incident_id,
        lane,
        Kind.lane_taken,
        lambda one, now: presses.take(one.holdings, lane, viewer.staff_id, one.room, now),
    )


async def take_calls(
    db: Db, viewer: Viewer, incident_id: UUID, group: Literal["paused", "ended"], *, checked: bool = False
) -> None:
    """R5: nobody has come. One press: the co-facilitator calls, and the group is paused or ended with a check."""
    if group == "ended" and not checked:
        raise NotValid(
            "Ask everybody how they are before the group ends, or pause it.", fields={"checked": "Not yet."}
        )

    def pressed(one: Known, now: datetime) -> After:
        who = viewer.staff_id
        closed = presses.pause if group == "paused" else presses.end
        return presses.take(closed(one.holdings, who, now), "caller", who, one.room, now)

    kind = Kind.lane_paused if group == "paused" else Kind.lane_ended
    await _press(db, viewer, incident_id, "caller", Kind.lane_taken, pressed, also=kind, of_the_group=True)


async def offer(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane, to: UUID) -> None:
    await _press(
        db,
        viewer,
        incident_id,
        lane,
        Kind.lane_offered,
        lambda one, now: presses.offer(one.holdings, lane, viewer.staff_id, to, one.room, now),
        to=to,
    )


async def answer(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane, *, yes: bool) -> None:
    await _press(
        db,
        viewer,
        incident_id,
        lane,
        Kind.lane_accepted if yes else Kind.lane_declined,
        lambda one, now: presses.answer(one.holdings, lane, viewer.staff_id, yes, one.room, now),
    )


async def take_back(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane) -> None:
    await _press(
        db,
        viewer,
        incident_id,
        lane,
        Kind.lane_offer_ended,
        lambda one, _: presses.take_back(one.holdings, lane, viewer.staff_id),
    )


async def let_go(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane) -> None:
    await _press(
        db,
        viewer,
        incident_id,
        lane,
        Kind.lane_let_go,
        lambda one, now: presses.let_go(one.holdings, lane, viewer.staff_id, now),
    )


async def vouch(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane) -> None:
    """A colleague sees that its owner is at it, though their board or video is silent."""
    await _press(
        db,
        viewer,
        incident_id,
        lane,
        Kind.lane_vouched,
        lambda one, now: presses.vouch(one.holdings, lane, now),
    )


async def pause(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    await _press(
        db,
        viewer,
        incident_id,
        "group",
        Kind.lane_paused,
        lambda one, now: presses.pause(one.holdings, viewer.staff_id, now),
    )


async def end(db: Db, viewer: Viewer, incident_id: UUID, words: str | None) -> None:
    await _press(
        db,
        viewer,
        incident_id,
        "group",
        Kind.lane_ended,
        lambda one, now: presses.end(one.holdings, viewer.staff_id, now),
        note=words,
    )


async def take_as(db: Db, viewer: Viewer, incident_id: UUID, lane: Lane) -> None:
    """Takes the alert, and this lane of it, in one press; the other lanes fall to whoever is there."""
    await incidents.take(db, viewer, incident_id)
    await take(db, viewer, incident_id, lane)


# --- the emergency, declared above this package


def said_emergency(incident: Incident, who: UUID, now: datetime) -> LaneSet:
    """The row that says that it is one, of an incident that is new, to be inserted with it: nobody has a lane yet."""
    return unsaved(
        LaneSet,
        program_id=incident.program_id,
        incident_id=incident.id,
        group_session_id=incident.group_session_id,
        emergency_at=now,
        emergency_by=who,
        settled_at=now,
    )


async def open_for_emergency(db: Db, work: Work, who: Actor, *, said: bool = False) -> None:
    """R5: whoever declares it stays with the client, the other one has the group, and the supervisor, then the backup,
    is rung as caller at once. Adds to `work`, whose case is locked; whoever called this carries it out. `said`: that it
    is an emergency is written already, and this is what follows."""
    one = (await sets.known(db, [work.case]))[work.case.incident.id]
    now = now_of(db)
    fresh = one.row.emergency_at is None
    if fresh:
        one.row.emergency_at, one.row.emergency_by = now, who.id
    if fresh or said:
        work.entry(Kind.lane_emergency, who)
    one.facts = replace(one.facts, emergency=True)
    sets.settle(db, one, work, _stays(one, who.id, now))


async def dials(db: Db, viewer: Viewer, case: Case, entry: NewEntry) -> list[Work]:
    """Whoever dials by hand makes the calls: where nobody has them they are theirs without a press of its own, so that no
    board says nobody calls while somebody does. `entry`: that they dial. Whoever called this carries the work out."""
    work = Work(case, Move(), viewer.actor, [entry])
    one, now = (await sets.known(db, [case]))[case.incident.id], now_of(db)
    held = one.holdings["caller"]
    if held.state != "nobody" or held.needed_since is None:
        return [work]
    try:
        after = presses.take(one.holdings, "caller", viewer.staff_id, one.room, now)
    except Refused:
        return [work]
    work.entries.append(_entry(case, Kind.lane_taken, viewer, "caller", None, {}))
    settled = sets.settle(db, one, work, after)
    return [work, *await paging.accepted(db, viewer, case, settled)]


async def stand_down(db: Db, work: Work, viewer: Viewer) -> None:
    """The emergency is over: two people said so, above this package."""
    one = (await sets.known(db, [work.case]))[work.case.incident.id]
    if one.row.emergency_at is not None:
        one.row.emergency_at = one.row.emergency_by = None
        work.entry(Kind.lane_stood_down, viewer.actor)
    one.facts = replace(one.facts, emergency=False)
    sets.settle(db, one, work)


def _stays(one: Known, who: UUID | None, now: datetime) -> Holdings:
    """Whoever declares it from within the room is with the client, unless somebody is already, or they are calling."""
    holdings = one.holdings
    if who is None or holdings["eyes"].state != "nobody" or one.facts.inside is not None:
        return holdings
    if who not in one.room.in_it:
        return holdings
    try:
        return presses.take(holdings, "eyes", who, one.room, now)
    except Refused:
        return holdings


# --- what every press begins and ends with


async def _press(
    db: Db,
    viewer: Viewer,
    incident_id: UUID,
    lane: Lane,
    kind: Kind,
    pressed: Pressed,
    *,
    also: Kind | None = None,
    of_the_group: bool = False,
    **detail: Any,
) -> None:
    """What is done to the group holds for every incident of this meeting: it is one group."""
    shared = lane == "group" or of_the_group
    if shared:
        await cases.lock(db, await _of_the_meeting(db, viewer, incident_id))
    case = await case_of(db, viewer, incident_id)
    found = await sets.known(db, [case])
    one, now = found[incident_id], now_of(db)
    before = one.holdings[lane].owner
    try:
        after = pressed(one, now)
    except Refused as refused:
        raise await _refusal(db, viewer, refused, lane, now) from refused
    renew_of(case, viewer, now)
    work = Work(case, Move(), viewer.actor, [_entry(case, kind, viewer, lane, before, detail)])
    if also is not None:
        work.entry(also, lane="group")
    settled = sets.settle(db, one, work, after)
    calls = await paging.accepted(db, viewer, case, settled) if lane == "caller" else []
    others = await _same_group(db, viewer, one, after) if shared else []
    await carry_out(db, [work, *calls, *others])


def _entry(
    case: Case, kind: Kind, viewer: Viewer, lane: Lane, before: UUID | None, detail: dict[str, Any]
) -> NewEntry:
    told = {name: value for name, value in detail.items() if value is not None}
    return about(case.incident, kind, viewer.actor, None, lane=lane, before=before, **told)


async def _of_the_meeting(db: Db, viewer: Viewer, incident_id: UUID) -> Sequence[UUID]:
    """This one and the others of its meeting whose lanes stand; locked in one order, before anything is read."""
    meeting = select(LaneSet.group_session_id).where(
        LaneSet.program_id == viewer.program_id, LaneSet.incident_id == incident_id
    )
    others = await db.scalars(
        select(LaneSet.incident_id).where(
            LaneSet.program_id == viewer.program_id,
            LaneSet.group_session_id.in_(meeting),
            LaneSet.over_at.is_(None),
        )
    )
    return [incident_id, *others]


async def _same_group(db: Db, viewer: Viewer, one: Known, after: After) -> list[Work]:
    ids = set(await _of_the_meeting(db, viewer, one.case.incident.id)) - {one.case.incident.id}
    locked = [i for i in await cases.lock(db, ids) if i.state == "open"] if ids else []
    loaded = await cases.load(db, locked)
    made = []
    for other in (await sets.known(db, list(loaded.values()))).values():
        if "group" not in {lane for lane, held in other.holdings.items() if held.needed_since}:
            continue
        theirs = other.holdings
        group = presses.as_in(theirs["group"], after["group"])
        work = Work(other.case, Move(), viewer.actor)
        sets.settle(db, other, work, {**theirs, "group": group})
        made.append(work)
    return made


async def _refusal(db: Db, viewer: Viewer, refused: Refused, lane: Lane, now: datetime) -> Refusal:
    if refused.reason == "taken" and refused.held is not None:
        name = await db.scalar(
            select(StaffMember.name).where(
                StaffMember.program_id == viewer.program_id, StaffMember.id == refused.held.owner
            )
        )
        since = refused.held.since or now
        return SomebodyWasFirst(f"{name} took {WORDS[lane]} {ago((now - since).total_seconds())}.")
    made, code, sentence = REFUSALS[refused.reason]
    return made(sentence, code=code)
