"""What a person does with a lane: takes it, offers it, answers an offer, lets it go; the group is paused or ended.

Pure: the lanes as they are in, as they will be out. Whoever may press at all has been asked before.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.lanes.rules import alone, uncovered
from app.lanes.values import OFFER, PAUSE, Holding, Holdings, Lane, Room

Reason = Literal["taken", "both", "inside", "not_yours", "no_offer", "not_of_this_group", "yourself"]
After = dict[Lane, Holding]


class Refused(Exception):
    """`held`: the lane as it stands, when somebody was first."""

    def __init__(self, reason: Reason, held: Holding | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.held = held


def take(before: Holdings, lane: Lane, who: UUID, room: Room, now: datetime) -> After:
    """An empty lane, one whose owner is not heard from, or a group that was paused or ended."""
    held = before[lane]
    if held.state == "person" and uncovered(lane, before, room, now) is None:
        if held.owner == who:
            return dict(before)
        raise Refused("taken", held)
    return {**before, lane: _to(before, held, who, room, now)}


def _to(before: Holdings, held: Holding, who: UUID, room: Room, now: datetime) -> Holding:
    """R5: whoever has their eyes on the client does not call as well, unless they are alone."""
    other: Lane | None = {"eyes": "caller", "caller": "eyes"}.get(held.lane)  # type: ignore[assignment]
    has_other = other is not None and before[other].state == "person" and before[other].owner == who
    if has_other and not alone(before, room, now):
        raise Refused("both", held)
    if held.lane == "group" and who in room.inside:
        raise Refused("inside", held)
    return replace(
        held,
        state="person",
        owner=who,
        since=now,
        given=False,
        until=None,
        offered_to=None,
        offer_ends=None,
    )


def offer(before: Holdings, lane: Lane, who: UUID, to: UUID, room: Room, now: datetime) -> After:
    """It stays with its giver until the other one accepts."""
    held = before[lane]
    if held.state != "person" or held.owner != who:
        raise Refused("not_yours", held)
    if to == who:
        raise Refused("yourself", held)
    if to not in room.everybody and not any(h.owner == to for h in before.values()):
        raise Refused("not_of_this_group", held)
    return {**before, lane: replace(held, offered_to=to, offer_ends=now + OFFER)}


def answer(before: Holdings, lane: Lane, who: UUID, yes: bool, room: Room, now: datetime) -> After:
    held = before[lane]
    if held.offered_to != who or held.offer_ends is None or held.offer_ends <= now:
        raise Refused("no_offer", held)
    if yes:
        return {**before, lane: _to(before, held, who, room, now)}
    return {**before, lane: replace(held, offered_to=None, offer_ends=None)}


def take_back(before: Holdings, lane: Lane, who: UUID) -> After:
    """The giver keeps it after all."""
    held = before[lane]
    if held.owner != who or held.offered_to is None:
        raise Refused("no_offer", held)
    return {**before, lane: replace(held, offered_to=None, offer_ends=None)}


def let_go(before: Holdings, lane: Lane, who: UUID, now: datetime) -> After:
    held = before[lane]
    if held.owner != who or held.state == "nobody":
        raise Refused("not_yours", held)
    return {**before, lane: Holding(lane, since=now, needed_since=held.needed_since)}


def vouch(before: Holdings, lane: Lane, now: datetime) -> After:
    """A colleague sees them at it: what was not heard before this moment says nothing any more."""
    held = before[lane]
    if held.state != "person":
        raise Refused("not_yours", held)
    return {**before, lane: replace(held, since=now, given=False)}


def pause(before: Holdings, who: UUID, now: datetime) -> After:
    """R5: words are read, all are muted, the chat is off. Owned for ten minutes."""
    held = before["group"]
    return {**before, "group": _closed(held, "paused", who, now, now + PAUSE)}


def end(before: Holdings, who: UUID, now: datetime) -> After:
    """R5: ended, and everybody was asked how they are."""
    return {**before, "group": _closed(before["group"], "ended", who, now, None)}


def _closed(
    held: Holding, state: Literal["paused", "ended"], who: UUID, now: datetime, until: datetime | None
) -> Holding:
    return replace(
        held,
        state=state,
        owner=who,
        since=now,
        given=False,
        until=until,
        offered_to=None,
        offer_ends=None,
    )


def as_in(theirs: Holding, pressed: Holding) -> Holding:
    """The group of another incident of the same meeting: it is one group, with one owner."""
    return replace(
        theirs,
        state=pressed.state,
        owner=pressed.owner,
        since=pressed.since,
        given=pressed.given,
        until=pressed.until,
        offered_to=pressed.offered_to,
        offer_ends=pressed.offer_ends,
    )
