"""Reads about staff: who I am, who works here, and how to ring them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app.db import Db, reveal
from app.errors import NotFound, NotSignedIn
from app.staff.access import Viewer
from app.staff.models import Program, StaffMember, StaffPhone

Role = Literal["clinician", "supervisor", "administrator"]
ProgramKind = Literal["live", "demo", "drill", "selftest"]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProgramView(View):
    id: UUID
    name: str
    kind: ProgramKind
    time_zone: str


class Preferences(View):
    sound: bool
    single_keys: bool
    theme: Literal["system", "light", "dark"]


class Me(View):
    id: UUID
    name: str
    first_name: str
    email: str
    roles: list[Role]
    program: ProgramView
    locked: bool
    has_pin: bool
    preferences: Preferences


class PhoneView(View):
    id: UUID
    label: str
    last2: str
    rank: int


class StaffView(View):
    id: UUID
    name: str
    first_name: str
    title: str
    email: str
    roles: list[Role]
    de_escalator: bool
    phones: list[PhoneView]
    enrolled: bool
    invited_until: datetime | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class StaffNumber:
    """A telephone of a colleague, for ringing it: only `calls` and the dispatch card may hold one."""

    id: UUID
    staff_id: UUID
    number: str
    last2: str
    label: str
    rank: int


async def me(db: Db, viewer: Viewer, *, locked: bool | None = None) -> Me:
    person = await db.get(StaffMember, (viewer.program_id, viewer.staff_id))
    program = await db.get(Program, viewer.program_id)
    if person is None or program is None:
        raise NotSignedIn("Your sign-in has ended. Sign in again to go on.")
    return Me.model_validate(
        {
            "id": person.id,
            "name": person.name,
            "first_name": person.first_name,
            "email": person.email,
            "roles": person.roles,
            "program": {
                "id": program.id,
                "name": program.name,
                "kind": program.kind,
                "time_zone": program.time_zone,
            },
            "locked": viewer.locked if locked is None else locked,
            "has_pin": person.pin_hash is not None,
            "preferences": preferences(person),
        }
    )


def preferences(person: StaffMember) -> dict[str, object]:
    """R14: no sound by default for those who sit in a room; supervisors, outside of it, have sound."""
    standard = {"sound": "supervisor" in person.roles, "single_keys": True, "theme": "system"}
    return standard | person.preferences


async def everyone(db: Db, program_id: UUID) -> list[StaffView]:
    people = (
        await db.scalars(
            select(StaffMember).where(StaffMember.program_id == program_id).order_by(StaffMember.name)
        )
    ).all()
    return await _views(db, program_id, people)


async def one(db: Db, program_id: UUID, staff_id: UUID) -> StaffView:
    person = await db.get(StaffMember, (program_id, staff_id))
    if person is None:
        raise NotFound("There is no such colleague.")
    return (await _views(db, program_id, [person]))[0]


async def id_of_email(db: Db, program_id: UUID, email: str) -> UUID:
    found: UUID | None = await db.scalar(
        select(StaffMember.id).where(
            StaffMember.program_id == program_id, StaffMember.email == email.strip().casefold()
        )
    )
    if found is None:
        raise NotFound("There is no such colleague.")
    return found


async def _views(db: Db, program_id: UUID, people: Sequence[StaffMember]) -> list[StaffView]:
    phones = await _phones(db, program_id, [person.id for person in people])
    return [
        StaffView.model_validate(
            {
                "id": person.id,
                "name": person.name,
                "first_name": person.first_name,
                "title": person.title,
                "email": person.email,
                "roles": person.roles,
                "de_escalator": person.de_escalator,
                "phones": [
                    {"id": phone.id, "label": phone.label, "last2": phone.last2, "rank": phone.rank}
                    for phone in phones
                    if phone.staff_id == person.id
                ],
                "enrolled": person.passphrase_hash is not None,
                "invited_until": person.enrol_expires_at,
                "disabled": person.disabled_at is not None,
            }
        )
        for person in people
    ]


async def _phones(db: Db, program_id: UUID, staff_ids: Collection[UUID]) -> Sequence[StaffPhone]:
    return (
        await db.scalars(
            select(StaffPhone)
            .where(StaffPhone.program_id == program_id, StaffPhone.staff_id.in_(staff_ids))
            .order_by(StaffPhone.rank, StaffPhone.id)
        )
    ).all()


async def numbers(db: Db, program_id: UUID, staff_ids: Collection[UUID]) -> dict[UUID, list[StaffNumber]]:
    """Opened telephone numbers by person, best first. One query, however many people."""
    found: dict[UUID, list[StaffNumber]] = {staff_id: [] for staff_id in staff_ids}
    for phone in await _phones(db, program_id, staff_ids):
        number = reveal(db, phone, "number")
        if number is not None:
            found[phone.staff_id].append(
                StaffNumber(phone.id, phone.staff_id, number, phone.last2, phone.label, phone.rank)
            )
    return found


async def names(db: Db, program_id: UUID, staff_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(
            StaffMember.program_id == program_id, StaffMember.id.in_(staff_ids)
        )
    )
    return {row.id: row.name for row in rows}
