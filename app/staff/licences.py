"""Where colleagues may practise. A place in another state raises a question to a person; it never locks anything (R8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.divisions import region_name
from app.errors import Conflict, NotFound
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import StaffLicence, StaffMember


class LicenceBody(BaseModel):
    """`region`: US-OR, or a country alone where licences hold in all of it. `replaces`: the one on record that this
    renews, as the person who sends it has seen it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    title: Annotated[str, Field(max_length=60)] = ""
    expires_on: date | None = None
    replaces: UUID | None = None


class LicenceView(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: UUID
    staff_id: UUID
    region: str
    region_name: str
    title: str
    expires_on: date | None
    over: bool


@dataclass(frozen=True, slots=True)
class Licence:
    region: str
    expires_on: date | None


async def licences(db: Db, program_id: UUID) -> list[LicenceView]:
    rows = await db.scalars(
        select(StaffLicence)
        .where(StaffLicence.program_id == program_id, StaffLicence.ended_at.is_(None))
        .order_by(StaffLicence.staff_id, StaffLicence.region)
    )
    today = now_of(db).date()
    return [
        LicenceView(
            id=row.id,
            staff_id=row.staff_id,
            region=row.region,
            region_name=region_name(row.region),
            title=row.title,
            expires_on=row.expires_on,
            over=row.expires_on is not None and row.expires_on < today,
        )
        for row in rows
    ]


async def standing(db: Db, program_id: UUID, staff_ids: Collection[UUID]) -> dict[UUID, list[Licence]]:
    """Licences on record of these colleagues, expired ones too: an expired one is the better question."""
    rows = await db.execute(
        select(StaffLicence.staff_id, StaffLicence.region, StaffLicence.expires_on).where(
            StaffLicence.program_id == program_id,
            StaffLicence.staff_id.in_(staff_ids),
            StaffLicence.ended_at.is_(None),
        )
    )
    found: dict[UUID, list[Licence]] = {}
    for row in rows:
        found.setdefault(row.staff_id, []).append(Licence(row.region, row.expires_on))
    return found


def question(held: Collection[Licence], region: str, today: date) -> str | None:
    """The question that a place raises about one colleague; None when there is none, or when nothing is on record:
    a program that keeps no licences here is not asked at every place."""
    if not held:
        return None
    country, _, state = region.partition("-")
    fitting = [one for one in held if one.region in (region, country)]
    if not state and any(one.region.startswith(f"{country}-") for one in held):
        return None
    if any(one.expires_on is None or one.expires_on >= today for one in fitting):
        return None
    if fitting:
        latest = max(one.expires_on for one in fitting if one.expires_on)
        return f"Licence for {region_name(region)}, ended on {latest.isoformat()}?"
    return f"Licence for {region_name(region)}?"


def questions(
    people: Mapping[UUID, str], held: Mapping[UUID, list[Licence]], region: str, today: date
) -> list[str]:
    """Each question once, with whom it is about."""
    asked: dict[str, list[str]] = {}
    for staff_id, name in people.items():
        if sentence := question(held.get(staff_id, []), region, today):
            asked.setdefault(sentence, []).append(name)
    return [f"{sentence} {', '.join(names)}" for sentence, names in asked.items()]


async def add_licence(db: Db, viewer: Viewer, staff_id: UUID, given: LicenceBody) -> None:
    person = await db.get(StaffMember, (viewer.program_id, staff_id), with_for_update=True)
    if person is None:
        raise NotFound("There is no such colleague.")
    same = (
        await db.scalars(
            select(StaffLicence).where(
                StaffLicence.program_id == viewer.program_id,
                StaffLicence.staff_id == staff_id,
                StaffLicence.region == given.region,
                StaffLicence.ended_at.is_(None),
            )
        )
    ).all()
    # A renewal takes the place of what it renews, when it says so; the old one stays in the history.
    if any(before.id != given.replaces for before in same):
        raise Conflict(
            f"A licence for {region_name(given.region)} is on record for this colleague. Nothing was changed.",
            code="licence_on_record",
        )
    for before in same:
        before.ended_at = now_of(db)
    licence = StaffLicence(
        program_id=viewer.program_id,
        id=new_id(),
        staff_id=staff_id,
        region=given.region,
        title=given.title,
        expires_on=given.expires_on,
        made_at=now_of(db),
    )
    db.add(licence)
    await _write(db, viewer, licence, "added")


async def end_licence(db: Db, viewer: Viewer, staff_id: UUID, licence_id: UUID) -> None:
    licence = await db.get(StaffLicence, (viewer.program_id, licence_id), with_for_update=True)
    if licence is None or licence.staff_id != staff_id or licence.ended_at is not None:
        raise NotFound("There is no such licence on record.")
    licence.ended_at = now_of(db)
    await _write(db, viewer, licence, "ended")


async def _write(db: Db, viewer: Viewer, licence: StaffLicence, what: str) -> None:
    detail = {"what": what, "staff_id": licence.staff_id, "region": licence.region}
    entry = NewEntry(Kind.licence_changed, viewer.actor, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])
