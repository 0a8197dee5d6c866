"""Local lines: the list, and the one line that counts for where a client is now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.errors import NotFound
from app.places.models import DispatchLine
from app.places.views import DispatchLineView

# Dispatch numbers move; a wrong one costs minutes (domain.md, local emergency entry).
CHECK_EVERY = timedelta(days=90)


class HasHome(Protocol):
    @property
    def program_id(self) -> UUID: ...
    @property
    def home_dispatch_line_id(self) -> UUID | None: ...


class HasPlace(Protocol):
    @property
    def same_place(self) -> bool: ...
    @property
    def dispatch_line_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class LineNow:
    line: DispatchLine
    stale: bool


def stale(line: DispatchLine, now: datetime) -> bool:
    return line.verified_on is None or now.date() - line.verified_on > CHECK_EVERY


async def line_for(db: Db, client: HasHome, check_in: HasPlace | None) -> LineNow | None:
    """The local line of where the client is. Somewhere else without a line of its own gives None: the line of the
    usual place would send help to the wrong town."""
    if check_in is None or check_in.same_place:
        line_id = client.home_dispatch_line_id
    else:
        line_id = check_in.dispatch_line_id
    if line_id is None:
        return None
    line = await db.get(DispatchLine, (client.program_id, line_id))
    if line is None or line.retired_at is not None:
        return None
    return LineNow(line, stale(line, now_of(db)))


async def lines(db: Db, program_id: UUID) -> list[DispatchLineView]:
    found = await db.scalars(
        select(DispatchLine)
        .where(DispatchLine.program_id == program_id)
        .order_by(DispatchLine.area, DispatchLine.kind, DispatchLine.agency)
    )
    now = now_of(db)
    return [_view(line, now) for line in found]


async def one(db: Db, program_id: UUID, line_id: UUID) -> DispatchLineView:
    line = await db.get(DispatchLine, (program_id, line_id))
    if line is None:
        raise NotFound("There is no such local line.")
    return _view(line, now_of(db))


def _view(line: DispatchLine, now: datetime) -> DispatchLineView:
    verified: date | None = line.verified_on
    return DispatchLineView.model_validate(
        {
            "id": line.id,
            "kind": line.kind,
            "agency": line.agency,
            "area": line.area,
            "country": line.country,
            "number": line.number,
            "hours": line.hours,
            "police_involved": line.police_involved,
            "source": line.source,
            "verified_on": verified,
            "verified_by": line.verified_by,
            "stale": stale(line, now),
            "retired": line.retired_at is not None,
        }
    )
