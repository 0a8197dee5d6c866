"""Emergency numbers by country as a screen shows them, with who in this program compared them, and when."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.errors import NotFound
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.places import regions
from app.places.models import RegionReview
from app.places.views import Body, Country, View
from app.staff.access import Viewer
from app.staff.queries import names

COMPARE_EVERY = timedelta(days=365)


class ReviewedBody(Body):
    country: Country


class HelpNumberView(View):
    service: str
    number: str
    note: str
    source: str
    checked: str
    old: bool


class RegionView(View):
    """`reviewed_*`: of these very rows by this program; a table that changed since asks again."""

    country: str
    name: str
    primary: str
    numbers: list[HelpNumberView]
    warning: str
    follows_the_phone: str | None
    reviewed_at: datetime | None
    reviewed_by_name: str | None
    old: bool


async def all_regions(db: Db, program_id: UUID) -> list[RegionView]:
    rows = await db.scalars(
        select(RegionReview).where(RegionReview.program_id == program_id).order_by(RegionReview.at)
    )
    newest = {(row.country, row.sha256): row for row in rows}
    known = await names(db, program_id, {row.staff_id for row in newest.values()}) if newest else {}
    now = now_of(db)
    return [
        _view(place, newest.get((place.country, place.sha256())), known, now)
        for place in regions.REGIONS.values()
    ]


async def reviewed(db: Db, viewer: Viewer, country: str) -> None:
    place = regions.region(country)
    if place is None:
        raise NotFound("Handrail has no table for this country.")
    db.add(
        RegionReview(
            program_id=viewer.program_id,
            id=new_id(),
            country=place.country,
            sha256=place.sha256(),
            staff_id=viewer.staff_id,
            at=now_of(db),
        )
    )
    detail = {"country": place.country, "sha256": place.sha256()}
    entry = NewEntry(Kind.region_reviewed, viewer.actor, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])


def _view(
    place: regions.Region, review: RegionReview | None, known: dict[UUID, str], now: datetime
) -> RegionView:
    today = now.date()
    numbers = [
        HelpNumberView(
            **row.model_dump(exclude={"checked"}),
            checked=row.checked.isoformat(),
            old=regions.old(row, today),
        )
        for row in place.numbers
    ]
    fresh = review is not None and now - review.at <= COMPARE_EVERY
    return RegionView(
        country=place.country,
        name=place.name,
        primary=place.primary,
        numbers=numbers,
        warning=regions.dialling_warning(place.country),
        follows_the_phone=regions.follows_the_phone(place.country),
        reviewed_at=review.at if review else None,
        reviewed_by_name=known.get(review.staff_id) if review else None,
        # A person of this program who compared the rows this year stands for them.
        old=any(number.old for number in numbers) and not fresh,
    )
