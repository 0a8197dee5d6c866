"""A lane that nobody has, on the telephones of those outside the room (R5, R14). Ours only, never a third party's."""

from datetime import datetime
from uuid import UUID

from app.db import Db, now_of
from app.incidents import cases, rules
from app.incidents.cases import Case
from app.incidents.legs import Legs
from app.incidents.paging import Paging
from app.incidents.ringing import CIRCLE
from app.incidents.situation import PersonOutcome
from app.incidents.work import Work
from app.lanes.values import Ring, Room, Settled
from app.staff.access import Viewer


def follow(
    db: Db,
    case: Case,
    room: Room,
    settled: Settled,
    work: Work,
    now: datetime,
    *,
    ring: Ring | None,
    second: bool,
    pressed: UUID | None,
) -> None:
    """Rings for a lane or for an alert that nobody takes, or stops ringing when somebody has it. `second`: such an alert
    stands. `pressed`: who declared the emergency, and so is not rung about it unless their board is gone."""
    paging = Paging(Legs(db, work))
    if ring is not None:
        left_out = _busy(settled)
        if not ring.all_of_them:
            left_out |= {person for person in room.everybody if room.has_board(person, now)}
        if pressed is not None and room.absent(pressed, now):
            pressed = None
        urgent = case.incident.tier == "imminent"
        paging.for_lane(ring.lane, CIRCLE, left_out, urgent, pressed=pressed)
    elif not second and not any(held.alarmed_at for held in settled.holdings.values()):
        paging.cancel_for_lanes()


async def accepted(db: Db, viewer: Viewer, own: Case, settled: Settled) -> list[Work]:
    """Whoever has the calls is who a protocol rings for: its own rings for a caller end with them. Not for somebody who
    is alone and has the eyes as well: then all ring until one of them accepts (R5)."""
    held = settled.holdings["caller"]
    if held.state != "person" or held.why is not None:
        return []
    made = []
    for chain in [own, *await cases.load_runs(db, [own])]:
        step = next((step for step in chain.active if step.action == "page.caller"), None)
        if step is None or not chain.running:
            continue
        situation = chain.situation()
        if "accepted" in rules.outcomes(chain.protocol, situation, step.key):
            move = rules.advance(chain.protocol, situation, PersonOutcome(step.id, "accepted"), now_of(db))
            made.append(Work(chain, move, viewer.actor))
    return made


def _busy(settled: Settled) -> set[UUID]:
    """Who has a lane that counts as theirs."""
    return {
        held.owner
        for held in settled.holdings.values()
        if held.state == "person" and held.owner and not held.why
    }
