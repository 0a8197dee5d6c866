"""Who runs a meeting and who stands behind it: two in the room (W2), two outside of it with telephones (R21)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.db import Db
from app.errors import NotValid
from app.staff.models import StaffMember, StaffPhone

IN_THE_ROOM = ("lead_id", "cofacilitator_id")
OUTSIDE = ("supervisor_id", "backup_id")
PLACES = IN_THE_ROOM + OUTSIDE

WORDS = {
    "lead_id": "lead",
    "cofacilitator_id": "co-facilitator",
    "supervisor_id": "supervisor",
    "backup_id": "backup",
}
_ROLES = {
    "lead_id": {"clinician", "supervisor"},
    "cofacilitator_id": {"clinician", "supervisor"},
    "supervisor_id": {"supervisor"},
    "backup_id": {"clinician", "supervisor"},
}


@dataclass(frozen=True, slots=True)
class _Colleague:
    name: str
    roles: frozenset[str]
    gone: bool
    has_phone: bool


Staff = Mapping[str, UUID | None]


async def check(db: Db, program_id: UUID, staff: Staff) -> dict[UUID, str]:
    """Names of the four by id. Raises NotValid with a sentence per place, all of them at once."""
    people = await _colleagues(db, program_id, [person for person in staff.values() if person])
    faults: dict[str, str] = {}
    for place in PLACES:
        person = staff.get(place)
        fault = _fault(place, person, people.get(person) if person else None) or _twice(place, staff)
        if fault:
            faults[place] = fault
    if faults:
        raise NotValid("The staff of this group session cannot be saved like this.", fields=faults)
    return {person_id: person.name for person_id, person in people.items()}


def _fault(place: str, person_id: UUID | None, person: _Colleague | None) -> str | None:
    word = WORDS[place]
    if person_id is None:
        return f"Name a {word} with a telephone." if place in OUTSIDE else None
    if person is None:
        return "There is no such colleague."
    if person.gone:
        return f"{person.name} no longer has access. Choose somebody else."
    if person.roles.isdisjoint(_ROLES[place]):
        return f"{person.name} does not have a role that can be {word}."
    if place in OUTSIDE and not person.has_phone:
        return f"{person.name} has no telephone here yet. Add one, or choose somebody else."
    return None


def _twice(place: str, staff: Staff) -> str | None:
    """Whoever is in the room cannot be the person outside who is rung for it (R5)."""
    mine = staff.get(place)
    earlier = PLACES[: PLACES.index(place)]
    taken = next((other for other in earlier if mine is not None and staff.get(other) == mine), None)
    return f"Already the {WORDS[taken]} here. Name a second person." if taken else None


async def _colleagues(db: Db, program_id: UUID, ids: Sequence[UUID]) -> dict[UUID, _Colleague]:
    rows = await db.execute(
        select(
            StaffMember.id,
            StaffMember.name,
            StaffMember.roles,
            StaffMember.disabled_at,
            select(StaffPhone.id)
            .where(StaffPhone.program_id == program_id, StaffPhone.staff_id == StaffMember.id)
            .exists()
            .label("has_phone"),
        ).where(StaffMember.program_id == program_id, StaffMember.id.in_(ids))
    )
    return {
        row.id: _Colleague(row.name, frozenset(row.roles), row.disabled_at is not None, row.has_phone)
        for row in rows
    }
