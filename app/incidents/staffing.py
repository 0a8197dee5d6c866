"""Who of our own people can be rung about an incident: those of its meeting, each with the phone that rings first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from app.db import Db, given
from app.group_sessions.models import GroupSession
from app.prepared import Prepared
from app.staff.models import StaffPhone


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    first_name: str
    phone: StaffPhone | None


@dataclass
class Staffing:
    """The people of the meetings at hand, each with the phone that rings first."""

    people: dict[UUID, Colleague] = field(default_factory=dict)

    def of(self, staff_id: UUID | None) -> Colleague | None:
        return self.people.get(staff_id) if staff_id else None

    def order(self, meeting: GroupSession, owner_id: UUID | None) -> list[Colleague]:
        """Whose phone rings for a client's call: who has it, then who is free of the group, the lead last."""
        wanted = (
            owner_id,
            meeting.cofacilitator_id,
            meeting.supervisor_id,
            meeting.backup_id,
            meeting.lead_id,
        )
        found = dict.fromkeys(staff_id for staff_id in wanted if staff_id)
        return [person for s in found if (person := self.people.get(s)) and person.phone]

    def in_role(self, meeting: GroupSession, role: str) -> Colleague | None:
        return self.of(
            {
                "supervisor": meeting.supervisor_id,
                "backup": meeting.backup_id,
                "on_call": meeting.backup_id,
                "lead": meeting.lead_id,
                "cofacilitator": meeting.cofacilitator_id,
            }.get(role)
        )


_STAFF_PHONES = select(StaffPhone).where(given(StaffPhone.staff_id)).order_by(StaffPhone.rank.desc())
_COLLEAGUES = Prepared(
    """
    select id, name, first_name from staff_member
    where id = any(cast(:ids as uuid[])) and disabled_at is null
    """
)


async def staffing_of(db: Db, meetings: Iterable[GroupSession], more: Collection[UUID] = ()) -> Staffing:
    ids = set(more)
    for meeting in meetings:
        ids |= {meeting.lead_id, meeting.cofacilitator_id, meeting.supervisor_id, meeting.backup_id} - {None}  # type: ignore[arg-type]
    if not ids:
        return Staffing()
    phones: dict[UUID, StaffPhone] = {}
    wanted = {"ids": list(ids)}
    for phone in (await db.execute(_STAFF_PHONES, wanted)).scalars():
        phones[phone.staff_id] = phone
    people = await _COLLEAGUES.rows(db, **wanted)
    return Staffing({p.id: Colleague(p.id, p.name, p.first_name, phones.get(p.id)) for p in people})
