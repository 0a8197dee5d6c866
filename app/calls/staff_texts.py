"""Our own people's telephones: which is rung first, and the text that says to look, and nothing else (R14)."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app import numbers
from app.calls import texts
from app.db import Db, reveal, seal_of
from app.incidents.cases import LIVE
from app.incidents.models import ContactAttempt
from app.staff.models import Program, StaffMember, StaffPhone

# One staff phone after the other: the first to pick up ends a common ringing, and that may be a voicemail.
STAFF_TRIED: Final = 6
# Read by whoever sees the phone: no name, no reason, no place.
LOOK = "Handrail: something waits for an answer. Please open your board now."


async def tell_to_look(
    db: Db, program: Program, people: Collection[UUID], signal_id: UUID | None = None
) -> int:
    """How many have a telephone that was told. It leaves with the next round of plain texts. `signal_id`: what waits, where
    nobody needs to look any more once a person has answered it."""
    found = await first_phones(db, program.id, list(dict.fromkeys(people)))
    for number in found:
        await texts.queue(db, program, number, LOOK, signal_id=signal_id)
    return len(found)


async def ring_to_look(db: Db, program: Program, people: Collection[UUID], signal_id: UUID) -> int:
    """The same by a ring, where the text was not heeded. How many phones will ring: one that rings or is spoken on for
    something else is left alone."""
    found = await first_phones(db, program.id, list(dict.fromkeys(people)))
    seal = seal_of(db)
    keys = {seal.keyed_hash("phone", number): number for number in found}
    engaged = set(
        await db.scalars(
            select(ContactAttempt.number_key).where(
                ContactAttempt.program_id == program.id,
                ContactAttempt.number_key.in_(list(keys)),
                ContactAttempt.channel == "call",
                ContactAttempt.status.in_(("planned", *LIVE)),
            )
        )
    )
    free = [number for key, number in keys.items() if key not in engaged]
    for number in free:
        await texts.queue(db, program, number, LOOK, signal_id=signal_id, channel="call")
    return len(free)


async def first_phones(db: Db, program_id: UUID, people: list[UUID]) -> list[str]:
    """Each person's first number that may be dialled, in the order of the people."""
    rows = await db.scalars(
        select(StaffPhone)
        .join(
            StaffMember,
            (StaffMember.program_id == StaffPhone.program_id) & (StaffMember.id == StaffPhone.staff_id),
        )
        .where(
            StaffPhone.program_id == program_id,
            StaffPhone.staff_id.in_(people),
            StaffMember.disabled_at.is_(None),
        )
        .order_by(StaffPhone.rank, StaffPhone.id)
    )
    first: dict[UUID, str] = {}
    for phone in rows:
        number = reveal(db, phone, "number") or ""
        if phone.staff_id not in first and numbers.dialable(number) is None:
            first[phone.staff_id] = number
    found = [first[person] for person in people if person in first]
    return list(dict.fromkeys(found))[:STAFF_TRIED]
