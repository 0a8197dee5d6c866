"""Finding clients by the name used or by a telephone number, a page at a time. No sealed value is opened for it.

A number is found by its keyed hash, the client's own or one of their contacts': whoever rings back is known by it.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy import literal as sql_literal

from app import numbers
from app.clients import views
from app.clients.models import Client, ClientPhone, EmergencyContact
from app.clients.numbered import key_of
from app.clients.queries import rows_of
from app.db import Db
from app.errors import NotValid
from app.staff.access import Viewer, reachable_clients
from app.staff.models import Program

DIGITS_OF_A_NUMBER = 7


async def page(db: Db, viewer: Viewer, asked: views.FindClients) -> views.ClientPage:
    """Six queries, however many clients there are."""
    words = " ".join(asked.words.split())
    ways: dict[UUID, str] = {}
    wanted: list[ColumnElement[bool]] = [Client.program_id == viewer.program_id]
    if is_number(words):
        ways = await _by_number(db, viewer.program_id, words)
        wanted.append(Client.id.in_(ways))
    elif words:
        wanted.append(Client.name_used.icontains(words, autoescape=True))
    reach = await reachable_clients(db, viewer)
    if reach is not None:
        wanted.append(Client.id.in_(reach))
    ended = await db.scalar(select(func.count()).where(*wanted, Client.ended_at.is_not(None)))
    if not asked.ended:
        wanted.append(Client.ended_at.is_(None))
    total = await db.scalar(select(func.count()).where(*wanted))
    chosen = _ordered(select(Client).where(*wanted)).offset(asked.offset).limit(asked.limit)
    shown = await rows_of(db, viewer.program_id, (await db.scalars(chosen)).all())
    for row in shown:
        row.found_by = ways.get(row.id)  # type: ignore[assignment] # one of the two words below
    return views.ClientPage(rows=shown, total=total or 0, ended=ended or 0, offset=asked.offset)


def is_number(words: str) -> bool:
    """Enough digits, and nothing that a number is not written with."""
    digits = sum(c.isdigit() for c in words)
    return digits >= DIGITS_OF_A_NUMBER and not any(c.isalpha() for c in words)


def _ordered(clients: Select[Any]) -> Select[Any]:
    return clients.order_by(func.lower(Client.name_used), Client.id)


async def _by_number(db: Db, program_id: UUID, typed: str) -> dict[UUID, str]:
    region = await db.scalar(select(Program.region).where(Program.id == program_id))
    number = numbers.parse(typed, region or "US")
    if isinstance(number, numbers.Refused):
        raise NotValid(number.sentence, fields={"words": number.sentence})
    key = key_of(db, number.e164)
    own = select(ClientPhone.client_id, sql_literal("phone").label("way")).where(
        ClientPhone.program_id == program_id,
        ClientPhone.number_key == key,
        ClientPhone.retired_at.is_(None),
    )
    theirs = select(EmergencyContact.client_id, sql_literal("contact")).where(
        EmergencyContact.program_id == program_id,
        EmergencyContact.number_key == key,
        EmergencyContact.retired_at.is_(None),
    )
    found: dict[UUID, str] = {}
    for row in await db.execute(union_all(own, theirs)):
        if found.get(row.client_id) != "phone":
            found[row.client_id] = row.way
    return found
