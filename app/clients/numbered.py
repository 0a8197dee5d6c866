"""What telephones and contacts share: an order, a number that may be dialled, and rows that are retired, not deleted."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from app import numbers
from app.clients.models import ClientPhone, DoNotContact, EmergencyContact, Release
from app.db import Db, conceal, seal_of
from app.errors import Conflict, NotFound, NotValid
from app.staff.models import Program

T = TypeVar("T", ClientPhone, EmergencyContact, Release, DoNotContact)


async def row_of(db: Db, table: type[T], program_id: UUID, client_id: UUID, row_id: UUID) -> T:
    """Of this very client: an id of another client's row is simply not there."""
    found = await db.scalar(
        select(table)
        .where(table.program_id == program_id, table.id == row_id, table.client_id == client_id)
        .with_for_update()
    )
    if found is None or (isinstance(found, ClientPhone | EmergencyContact) and found.retired_at is not None):
        raise NotFound("This line is no longer there. Somebody may have removed it; look again.")
    return found


def place(
    row: ClientPhone | EmergencyContact, rank: int | None, others: Sequence[ClientPhone | EmergencyContact]
) -> None:
    """At this rank, the others keeping their order around it; last when none is given."""
    order = list(others)
    order.insert(len(order) if rank is None else min(rank - 1, len(order)), row)
    renumber(order)


def renumber(rows: Sequence[ClientPhone | EmergencyContact]) -> None:
    for rank, row in enumerate(rows, start=1):
        row.rank = rank


async def set_number(
    db: Db, row: ClientPhone | EmergencyContact, typed: str, others: Sequence[ClientPhone]
) -> None:
    e164 = await e164_of(db, row.program_id, typed)
    key = key_of(db, e164)
    if any(other.number_key == key for other in others):
        sentence = "This number is already on the list. Change that line instead."
        raise Conflict(sentence, fields={"number": sentence})
    conceal(db, row, "number", e164)
    row.number_key, row.last2 = key, e164[-2:]


async def e164_of(db: Db, program_id: UUID, typed: str) -> str:
    region: str | None = await db.scalar(select(Program.region).where(Program.id == program_id))
    number = numbers.parse(typed, region or "US")
    if isinstance(number, numbers.Refused):
        raise NotValid(number.sentence, fields={"number": number.sentence})
    return number.e164


def key_of(db: Db, e164: str) -> bytes:
    return seal_of(db).keyed_hash("phone", e164)
