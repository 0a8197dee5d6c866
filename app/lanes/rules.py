"""When a lane of an incident is needed, what counts as owned, and what follows when nobody has it (R5, B9). Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from app.lanes.values import (
    AGAIN,
    AGAIN_EMERGENCY,
    AGAIN_SERIOUS,
    ALARM,
    AWAY,
    LANES,
    LOOK,
    NOBODY_CAME,
    Event,
    Facts,
    Holding,
    Holdings,
    Lane,
    Ring,
    Room,
    Settled,
    Why,
)

# Which one phones ring for, of several lanes that nobody has.
FIRST: tuple[Lane, ...] = ("caller", "eyes", "group")
# In this order, so that nobody is given the eyes and the caller at once.
GIVEN: tuple[Lane, ...] = ("eyes", "caller", "group")
MATTERS = ("moderate", "high", "imminent")


def needed(facts: Facts) -> frozenset[Lane]:
    """While nobody has the incident, its alert is the alarm: the lanes begin when somebody takes it. Of a client who was
    recognised live only the outcome is still to be written, and nobody is rung for that; the others are looked after to
    the end."""
    asked = facts.emergency or facts.breakout
    taken = facts.owner is not None and not facts.verified and facts.tier in MATTERS
    if not facts.open or not (asked or taken or facts.care):
        return frozenset()
    found: set[Lane] = {"group"} if facts.group_open else set()
    if not (asked or taken):
        return frozenset(found)
    if asked or facts.in_touch:
        found.add("eyes")
    if facts.emergency or facts.calls or not facts.in_touch:
        found.add("caller")
    return frozenset(found)


def uncovered(lane: Lane, holdings: Holdings, room: Room, now: datetime) -> Why | None:
    """Why it counts as nobody's; None when it is owned, as *paused* and *ended with a check* are."""
    held = holdings[lane]
    if held.state == "nobody":
        return "nobody"
    if held.state != "person":
        return None
    if lane == "eyes" and held.owner in room.silent:
        return "room"
    if lane == "group" and held.owner in room.inside:
        return "inside"
    if lane == "caller" and _same(holdings["eyes"], held):
        return "both"
    return _not_heard(held, room, now)


def _same(one: Holding, other: Holding) -> bool:
    return one.state == "person" and one.owner == other.owner


def _not_heard(held: Holding, room: Room, now: datetime) -> Why | None:
    """Only what went away while they had the lane says something: somebody may take it by telephone, without a board."""
    since = room.opened_at if held.given else held.since
    if held.owner is None or since is None:
        return None
    heard, dropped = room.heard.get(held.owner), room.dropped.get(held.owner)
    if heard is not None and heard >= since and now - heard > AWAY:
        return "board"
    if held.lane != "caller" and dropped is not None and since <= dropped <= now:
        return "video"
    return None


def alone(holdings: Holdings, room: Room, now: datetime) -> bool:
    """R5: one person in the room, and nobody from outside has taken a lane."""
    owners = [held.owner for held in holdings.values() if held.state == "person"]
    return len(room.here(now)) < 2 and all(owner in room.in_it for owner in owners)


def defaults(
    wanted: frozenset[Lane], holdings: Holdings, facts: Facts, room: Room, now: datetime
) -> dict[Lane, UUID]:
    """Who has a lane from the moment it is needed, without a press of their own."""
    owners = {lane: held.owner for lane, held in holdings.items() if held.state == "person"}
    found: dict[Lane, UUID] = {}
    choose = {"eyes": _eyes, "caller": _caller, "group": _group}
    for lane in GIVEN:
        chosen = choose[lane](owners, facts, room, now) if lane in wanted else None
        if chosen is not None:
            found[lane] = owners[lane] = chosen
    return found


Owners = dict[Lane, UUID | None]


def _eyes(owners: Owners, facts: Facts, room: Room, now: datetime) -> UUID | None:
    """Whoever is in the room with the client; who took the alert, if they are in it, before the other one."""
    if facts.inside is not None:
        return facts.inside
    here = room.here(now)
    wanted = [facts.owner, *here] if facts.owner in here else [*here, facts.owner]
    able = [one for one in wanted if one is not None and one != owners.get("caller")]
    return next((one for one in able if one != owners.get("group")), next(iter(able), None))


def _caller(owners: Owners, facts: Facts, room: Room, now: datetime) -> UUID | None:
    """Who took it, or somebody who has nothing else and a board that says so. In an emergency the supervisor is rung
    instead (R5)."""
    if facts.emergency:
        return None
    if facts.owner is not None and facts.owner != owners.get("eyes"):
        return facts.owner
    free = (one for one in room.here(now) if one not in owners.values() and room.has_board(one, now))
    return next(free, None)


def _group(owners: Owners, facts: Facts, room: Room, now: datetime) -> UUID | None:
    """Who has this group already, or whoever of the two is with neither the client nor the telephone."""
    if facts.group_with is not None and not room.absent(facts.group_with, now):
        return facts.group_with
    busy = {owners.get("eyes"), owners.get("caller"), *room.inside}
    return next((one for one in room.here(now) if one not in busy), None)


def again(facts: Facts) -> timedelta:
    """How soon phones ring again."""
    if facts.emergency:
        return AGAIN_EMERGENCY
    return AGAIN_SERIOUS if facts.serious else AGAIN


def settle(before: Holdings, facts: Facts, room: Room, now: datetime, *, was_alone: bool = False) -> Settled:
    """The lanes as they stand now: what time ended, who is given what, and what is alarmed or rung for."""
    return _Settling(before, facts, room, now).done(was_alone)


class _Settling:
    def __init__(self, before: Holdings, facts: Facts, room: Room, now: datetime) -> None:
        self.held: dict[Lane, Holding] = dict(before)
        self.facts, self.room, self.now = facts, room, now
        self.need = needed(facts)
        self.events: list[Event] = []

    def done(self, was_alone: bool) -> Settled:
        for lane in LANES:
            self._what_ended(lane)
        fresh = frozenset(lane for lane in LANES if self._turns(lane))
        self._give(fresh)
        for lane in LANES:
            self._look_at(lane)
        is_alone = bool(self.need) and alone(self.held, self.room, self.now)
        if is_alone != was_alone:
            self.events.append(Event("alone", alone=is_alone))
        ring = self._ring()
        return Settled(self.held, tuple(self.events), ring, is_alone, self._due())

    def _what_ended(self, lane: Lane) -> None:
        held = self.held[lane]
        if held.offer_ends is not None and held.offer_ends <= self.now:
            self.events.append(Event("offer_ended", lane, held.offered_to))
            held = replace(held, offered_to=None, offer_ends=None)
        if held.state == "paused" and held.until is not None and held.until <= self.now:
            self.events.append(Event("pause_ended", lane, held.owner))
            held = replace(held, state="nobody", owner=None, since=self.now, until=None)
        self.held[lane] = held

    def _turns(self, lane: Lane) -> bool:
        """True when it is needed from now on and nobody has it. One that is needed no more is nobody's again, but for a
        group that was ended; one that was taken ahead of its need stays taken."""
        held = self.held[lane]
        if lane not in self.need:
            over = held.needed_since is not None or not self.facts.open
            if over and held.state == "ended" and self.facts.open:
                self.held[lane] = Holding(lane, "ended", held.owner, held.since)
            elif over:
                self.held[lane] = Holding(lane)
            return False
        if held.needed_since is not None:
            return False
        self.held[lane] = replace(held, needed_since=self.now)
        return held.state == "nobody"

    def _give(self, fresh: frozenset[Lane]) -> None:
        for lane, owner in defaults(fresh, self.held, self.facts, self.room, self.now).items():
            given = owner != self.facts.owner
            self.held[lane] = replace(
                self.held[lane], state="person", owner=owner, since=self.now, given=given
            )
            self.events.append(Event("given", lane, owner))

    def _look_at(self, lane: Lane) -> None:
        held = self.held[lane]
        why = uncovered(lane, self.held, self.room, self.now) if lane in self.need else None
        if why is None:
            if held.alarmed_at is not None:
                self.events.append(Event("owned", lane, held.owner, held.why))
            self.held[lane] = replace(
                held,
                why=None,
                unowned_since=None,
                alarm_at=None,
                alarmed_at=None,
                ring_at=None,
                asked_at=None,
            )
            return
        since = held.unowned_since or self.now
        alarm_at = since if lane == "caller" and self.facts.emergency else since + ALARM
        held = replace(held, why=why, unowned_since=since, alarm_at=alarm_at)
        if alarm_at <= self.now and held.alarmed_at is None:
            self.events.append(Event("unowned", lane, held.owner, why))
            held = replace(held, alarmed_at=self.now, ring_at=self.now)
        if self._asks(held) and since + NOBODY_CAME <= self.now:
            self.events.append(Event("asked", lane))
            held = replace(held, asked_at=self.now)
        self.held[lane] = held

    def _asks(self, held: Holding) -> bool:
        return (
            held.lane == "caller" and self.facts.emergency and held.why == "nobody" and held.asked_at is None
        )

    def _ring(self) -> Ring | None:
        """One call is enough, whichever of the lanes nobody has."""
        due = [lane for lane in FIRST if (at := self.held[lane].ring_at) is not None and at <= self.now]
        for lane in due:
            self.held[lane] = replace(self.held[lane], ring_at=self.now + self._again())
        return Ring(due[0], self.facts.serious) if due else None

    def _again(self) -> timedelta:
        return again(self.facts)

    def _due(self) -> datetime | None:
        """When something changes by itself; while somebody is away, soon, so that their return is seen."""
        moments: list[datetime | None] = []
        for held in self.held.values():
            moments += [held.until, held.offer_ends, held.ring_at]
            if held.unowned_since is not None:
                moments.append(held.alarm_at if held.alarmed_at is None else None)
                moments.append(held.unowned_since + NOBODY_CAME if self._asks(held) else None)
        if self.need:
            moments += [self._next_word(person) for person in self._watched()]
        known = [moment for moment in moments if moment is not None]
        return max(min(known), self.now) if known else None

    def _watched(self) -> set[UUID]:
        owners = {held.owner for held in self.held.values() if held.state == "person" and held.owner}
        return owners | set(self.room.in_it)

    def _next_word(self, person: UUID) -> datetime | None:
        """When their silence would be one that counts."""
        dropped = self.room.dropped.get(person)
        if dropped is not None and dropped > self.now:
            return dropped
        heard = self.room.heard.get(person)
        if heard is None or heard < self.room.opened_at:
            return None
        return heard + AWAY + LOOK if self.room.has_board(person, self.now) else self.now + LOOK
