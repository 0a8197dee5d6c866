"""A lane that nobody has, on the telephones of those outside the room (R5, R14). Ours only, never a third party's."""

from datetime import datetime
from uuid import UUID

from app.db import Db
from app.incidents.cases import Case
from app.incidents.legs import Legs, Work
from app.incidents.ringing import CIRCLE
from app.lanes.values import Room, Settled


def follow(db: Db, case: Case, room: Room, settled: Settled, work: Work, now: datetime) -> None:
    """Rings for a lane, or stops ringing when none is nobody's any more."""
    legs = Legs(db, work)
    if settled.ring is not None:
        left_out = _busy(settled)
        if not settled.ring.all_of_them:
            left_out |= {person for person in room.everybody if room.has_board(person, now)}
        legs.page_for_lane(settled.ring.lane, CIRCLE, left_out, urgent=case.incident.tier == "imminent")
    elif not any(held.alarmed_at for held in settled.holdings.values()):
        legs.cancel_lane_pages()


def _busy(settled: Settled) -> set[UUID]:
    """Who has a lane that counts as theirs."""
    return {
        held.owner
        for held in settled.holdings.values()
        if held.state == "person" and held.owner and not held.why
    }
