"""Local lines: the directory, and the lines that count for where a client is now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.places import geography
from app.places.coverage import Match, Standing, chosen, match, order
from app.places.geography import Where
from app.places.given import covers
from app.places.hours import Open, is_always, said, standing
from app.places.models import DispatchLine
from app.places.views import DispatchLineView
from app.staff.models import Program
from app.staff.queries import names

# Dispatch numbers move; a wrong one costs minutes (domain.md, local emergency entry).
CHECK_EVERY = timedelta(days=90)


class HasHome(Protocol):
    """A client. Where the record has an address, it is read here and nowhere kept."""

    @property
    def program_id(self) -> UUID: ...
    @property
    def home_dispatch_line_id(self) -> UUID | None: ...


class HasPlace(Protocol):
    """Today's place."""

    @property
    def same_place(self) -> bool: ...
    @property
    def dispatch_line_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class LineNow:
    """`match`: why this line, and whether that rests on something nobody said."""

    line: DispatchLine
    stale: bool
    match: Match
    open: Open


@dataclass(frozen=True, slots=True)
class Directory:
    """Every line of a program that is in use, read once for any number of places."""

    lines: tuple[DispatchLine, ...]
    country: str
    now: datetime

    def place_of(self, db: Db, client: HasHome, check_in: HasPlace | None) -> Where:
        return geography.where(_address(db, client, check_in), self.country)

    def linked(self, client: HasHome, check_in: HasPlace | None) -> DispatchLine | None:
        """The line that a person chose: for the usual place, or for today's."""
        home = check_in is None or check_in.same_place
        line_id = client.home_dispatch_line_id if home else check_in and check_in.dispatch_line_id
        return next((line for line in self.lines if line.id == line_id), None) if line_id else None

    def covering(self, place: Where, linked: DispatchLine | None, tier: str) -> list[LineNow]:
        """Lines for a place, best first. Without anything known of it, only the line that a person chose."""
        found: dict[UUID, LineNow] = {}
        for line in self.lines:
            why = chosen() if linked and line.id == linked.id else match(line, place)
            if why is None and linked and line.area == linked.area and line.country == linked.country:
                why = Match("town", f"For {line.area}, like the line chosen for this place")
            if why is not None:
                found[line.id] = LineNow(line, stale(line, self.now), why, open_now(line, self.now))
        return [found[UUID(s.key)] for s in order(map(_standing, found.values()), tier)]


def _standing(now: LineNow) -> Standing:
    line = now.line
    return Standing(
        match=now.match,
        kind=line.kind,
        police=line.police_involved,
        open=now.open,
        stale=now.stale,
        wrong=line.wrong_at is not None,
        name=line.agency,
        key=str(line.id),
    )


def _address(db: Db, client: HasHome, check_in: HasPlace | None) -> dict[str, Any]:
    """Of today's place when they are elsewhere; never of the usual one then."""
    row: Any = client
    column = "home_address"
    if check_in is not None and not check_in.same_place:
        row, column = check_in, "address"
    stored = reveal(db, row, column) if getattr(row, column, None) is not None else None
    try:
        parts = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    return parts if isinstance(parts, dict) else {}


def stale(line: DispatchLine, now: datetime) -> bool:
    return line.verified_on is None or now.date() - line.verified_on > CHECK_EVERY


def open_now(line: DispatchLine, now: datetime) -> Open:
    return standing(line.hours, line.open_hours, line.time_zone or "UTC", now)


async def directory(db: Db, program_id: UUID) -> Directory:
    country = await db.scalar(select(Program.region).where(Program.id == program_id))
    found = await db.scalars(
        select(DispatchLine).where(DispatchLine.program_id == program_id, DispatchLine.retired_at.is_(None))
    )
    return Directory(tuple(found), country or "US", now_of(db))


async def lines_for(
    db: Db, client: HasHome, check_in: HasPlace | None, tier: str, within: Directory | None = None
) -> list[LineNow]:
    """Every line for where the client is, best first (P8)."""
    known = within or await directory(db, client.program_id)
    place = known.place_of(db, client, check_in)
    return known.covering(place, known.linked(client, check_in), tier)


async def line_for(
    db: Db, client: HasHome, check_in: HasPlace | None, within: Directory | None = None
) -> LineNow | None:
    """The one dispatch line to print and to dial: the one a person chose, else the best that covers the place.

    Somewhere else without a line of its own gives None: the line of the usual place would send help to the wrong town.
    """
    known = within or await directory(db, client.program_id)
    linked = known.linked(client, check_in)
    place = known.place_of(db, client, check_in)
    found = known.covering(place, linked, "imminent")
    chosen_one = next((now for now in found if now.match.level == "chosen"), None)
    return chosen_one or next((now for now in found if now.line.kind == "dispatch"), None)


async def lines(db: Db, program_id: UUID) -> list[DispatchLineView]:
    found = await db.scalars(
        select(DispatchLine)
        .where(DispatchLine.program_id == program_id)
        .order_by(DispatchLine.area, DispatchLine.kind, DispatchLine.agency)
    )
    return await shown(db, program_id, found.all())


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the program's directory, as clients and those who are there for them read it.

    `hours` as somebody typed them, `spans` as they were read; empty and None where it always answers.
    """

    name: str
    area: str
    number: str
    hours: str
    spans: Mapping[str, list[list[int]]] | None
    whole_country: bool


# What people ring themselves. Dispatch lines are for staff, who read the place to them.
FOR_CLIENTS = ("hotline", "mobile_crisis", "urgent_care", "hospital")


async def for_clients(db: Db, program_id: UUID) -> dict[str, list[Listed]]:
    """F8, by kind. Not what somebody rang in vain: who looks here should not be the second to find that out."""
    rows = await db.scalars(
        select(DispatchLine)
        .where(
            DispatchLine.program_id == program_id,
            DispatchLine.for_clients.is_(True),
            DispatchLine.retired_at.is_(None),
            DispatchLine.wrong_at.is_(None),
            DispatchLine.kind.in_(FOR_CLIENTS),
        )
        .order_by(DispatchLine.area, DispatchLine.kind, DispatchLine.agency)
    )
    listed: dict[str, list[Listed]] = {kind: [] for kind in FOR_CLIENTS}
    for row in rows:
        hours = "" if is_always(row.hours) else row.hours
        listed[row.kind].append(
            Listed(row.agency, row.area, row.number, hours, row.open_hours, row.whole_country)
        )
    return listed


async def one(db: Db, program_id: UUID, line_id: UUID) -> DispatchLineView:
    line = await db.get(DispatchLine, (program_id, line_id))
    if line is None:
        raise NotFound("There is no such local line.")
    return (await shown(db, program_id, [line]))[0]


async def shown(db: Db, program_id: UUID, found: Sequence[DispatchLine]) -> list[DispatchLineView]:
    people = {person for line in found for person in (line.verified_by, line.wrong_by) if person}
    known = await names(db, program_id, people) if people else {}
    now = now_of(db)
    return [view(line, now, known) for line in found]


def view(line: DispatchLine, now: datetime, known: dict[UUID, str]) -> DispatchLineView:
    state = open_now(line, now)
    plain = {
        name: getattr(line, name)
        for name in DispatchLineView.model_fields
        if name in DispatchLine.__table__.columns
    }
    return DispatchLineView.model_validate(
        plain
        | {
            "hours_read": said(line.open_hours) if line.open_hours else None,
            "open": state.now,
            "open_until": state.until,
            "covers": covers(line),
            "agreement_over": agreement_over(line, now.date()),
            "verified_by_name": known.get(line.verified_by) if line.verified_by else None,
            "stale": stale(line, now),
            "wrong_on": line.wrong_at.date() if line.wrong_at else None,
            "wrong_by_name": known.get(line.wrong_by) if line.wrong_by else None,
            "retired": line.retired_at is not None,
        }
    )


def agreement_over(line: DispatchLine, today: date) -> bool:
    return line.agreement_until is not None and line.agreement_until < today
