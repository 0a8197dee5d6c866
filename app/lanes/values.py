"""What the rules of the lanes are told, and what they answer: frozen values, no behaviour beyond reading them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from app.protocols.schema import Tier

Lane = Literal["eyes", "group", "caller"]
LANES: tuple[Lane, ...] = get_args(Lane)
State = Literal["nobody", "person", "paused", "ended"]
# Why a lane that somebody has is nobody's all the same.
Why = Literal["nobody", "board", "video", "room", "inside", "both"]

# R5, B9: from being nobody's to the alarm. An emergency's caller is rung for at once.
ALARM = timedelta(seconds=5)
# R5 (d): nobody has come to call. The co-facilitator calls, and the group is paused or ended.
NOBODY_CAME = timedelta(seconds=20)
# R5 (d): a paused group is nobody's again after this.
PAUSE = timedelta(minutes=10)
# (d) An offer that is not answered in this time is over: the lane stays with its giver.
OFFER = timedelta(seconds=30)
# (d) Three beats of a board, and nothing heard from it.
AWAY = timedelta(seconds=15)
# (d) Away people are looked for this often: the one who comes back is heard at once.
LOOK = timedelta(seconds=1)
# How soon phones ring again while a lane is nobody's: in an emergency, at high and imminent, below.
AGAIN_EMERGENCY = timedelta(seconds=30)
AGAIN_SERIOUS = timedelta(seconds=60)
AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one incident. `in_touch`: on screen, in a private room, or spoken with. `calls`: somebody has to be rung.
    `inside`: the colleague who goes with the client to a private room. `group_with`: who has this group in another
    incident of the same meeting. `care`: the others are being looked after from here. `second`: somebody has another
    alert of the same meeting."""

    tier: Tier
    open: bool = True
    owner: UUID | None = None
    verified: bool = False
    emergency: bool = False
    breakout: bool = False
    inside: UUID | None = None
    in_touch: bool = False
    calls: bool = False
    group_open: bool = True
    group_with: UUID | None = None
    care: bool = False
    second: bool = False

    @property
    def unheeded(self) -> bool:
        """Nobody has it, and the people of its group are busy with another one."""
        return self.open and self.second and self.owner is None and not self.verified

    @property
    def serious(self) -> bool:
        return self.emergency or self.tier in ("high", "imminent")


@dataclass(frozen=True, slots=True)
class Room:
    """Who there is. `heard`: when a board of theirs was last heard. `dropped`: from when on they count as gone from
    the video, though they were in it. `inside`: who is in a private room now; `silent`: who does not answer there, with
    the client this is about."""

    opened_at: datetime
    lead: UUID | None = None
    cofacilitator: UUID | None = None
    supervisor: UUID | None = None
    backup: UUID | None = None
    heard: Mapping[UUID, datetime] = field(default_factory=dict)
    dropped: Mapping[UUID, datetime] = field(default_factory=dict)
    inside: frozenset[UUID] = frozenset()
    silent: frozenset[UUID] = frozenset()

    @property
    def in_it(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys(one for one in (self.lead, self.cofacilitator) if one))

    @property
    def everybody(self) -> tuple[UUID, ...]:
        outside = (one for one in (self.supervisor, self.backup) if one)
        return tuple(dict.fromkeys((*self.in_it, *outside)))

    def has_board(self, person: UUID, now: datetime) -> bool:
        heard = self.heard.get(person)
        return heard is not None and now - heard <= AWAY

    def here(self, now: datetime) -> list[UUID]:
        return [person for person in self.in_it if not self.absent(person, now)]

    def absent(self, person: UUID, now: datetime) -> bool:
        """Their board was here in this meeting and is gone, or they fell out of the video. Somebody who never had a
        board is not judged by it."""
        heard, dropped = self.heard.get(person), self.dropped.get(person)
        board_gone = heard is not None and heard >= self.opened_at and now - heard > AWAY
        return board_gone or (dropped is not None and dropped <= now)


@dataclass(frozen=True, slots=True)
class Holding:
    """One lane: one row, as its columns say. `given`: by the rules, not by its owner's own press."""

    lane: Lane
    state: State = "nobody"
    owner: UUID | None = None
    since: datetime | None = None
    given: bool = False
    until: datetime | None = None
    offered_to: UUID | None = None
    offer_ends: datetime | None = None
    needed_since: datetime | None = None
    why: Why | None = None
    unowned_since: datetime | None = None
    alarm_at: datetime | None = None
    alarmed_at: datetime | None = None
    ring_at: datetime | None = None
    asked_at: datetime | None = None


Holdings = Mapping[Lane, Holding]


def nothing_held() -> dict[Lane, Holding]:
    return {lane: Holding(lane) for lane in LANES}


@dataclass(frozen=True, slots=True)
class Event:
    """What time or the rules did. A person's press has an entry of its own."""

    kind: Literal["given", "offer_ended", "pause_ended", "unowned", "owned", "asked", "alone"]
    lane: Lane | None = None
    owner: UUID | None = None
    why: Why | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """Phones of those outside ring for this lane, or for an alert that nobody has; `all_of_them`: also of who sees it on
    a board."""

    lane: Lane | None
    all_of_them: bool


@dataclass(frozen=True, slots=True)
class Settled:
    holdings: Mapping[Lane, Holding]
    events: tuple[Event, ...]
    ring: Ring | None
    alone: bool
    due_at: datetime | None
