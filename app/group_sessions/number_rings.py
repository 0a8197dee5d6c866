"""A test ring: a person rings a client's number once, to see that it reaches them. R8 says which numbers, how often."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client, ClientPhone
from app.clients.ways import RING_EVERY
from app.db import Db, new_id, now_of, reveal
from app.errors import Conflict, NotAllowed, NotFound
from app.group_sessions.models import NumberRing
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

Result = Literal["answered", "no_answer", "wrong_number"]


async def show(db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID) -> str:
    """The number, for one ring by hand. Reading it is written down."""
    phone = await _may_ring(db, viewer, client_id, phone_id)
    number = reveal(db, phone, "number") or ""
    await _write(db, viewer, Kind.number_shown, client_id, ends=phone.last2)
    return number


async def record(db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID, result: Result) -> None:
    phone = await _may_ring(db, viewer, client_id, phone_id)
    db.add(
        NumberRing(
            program_id=viewer.program_id,
            id=new_id(),
            client_id=client_id,
            phone_id=phone.id,
            number_key=phone.number_key,
            result=result,
            by_staff_id=viewer.staff_id,
            at=now_of(db),
        )
    )
    await _write(db, viewer, Kind.number_rung, client_id, ends=phone.last2, result=result)


async def _may_ring(db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID) -> ClientPhone:
    phone = await db.get(ClientPhone, (viewer.program_id, phone_id))
    client = await db.get(Client, (viewer.program_id, client_id))
    if client is None or phone is None or phone.client_id != client_id or phone.retired_at is not None:
        raise NotFound("This number is no longer there. Somebody may have removed it; look again.")
    sentence = _never(client, phone)
    if sentence:
        raise NotAllowed(sentence, code="no_test_ring")
    rung = await _last_answered(db, phone)
    if rung is not None and now_of(db) - rung < RING_EVERY:
        raise Conflict(
            "This number answered a test ring in the last 30 days. It is not rung again yet.",
            code="rung_lately",
        )
    return phone


def _never(client: Client, phone: ClientPhone) -> str | None:
    if phone.shared:
        return (
            "Others answer this number too, so it is never rung for a test. Ask the client about it instead."
        )
    if client.danger_word_used_at is not None:
        return "Their danger word was used. Nothing rings them for a test until they have been seen live."
    if client.unsafe_home and not phone.safe_to_ring:
        return "This number is not marked safe to ring. Ask the client about it instead."
    if client.first_outreach != "ring":
        return "This client is not reached by a ring first. Ask them about the number instead."
    return None


async def _last_answered(db: Db, phone: ClientPhone) -> datetime | None:
    found: datetime | None = await db.scalar(
        select(NumberRing.at)
        .where(
            NumberRing.program_id == phone.program_id,
            NumberRing.phone_id == phone.id,
            NumberRing.number_key == phone.number_key,
            NumberRing.result == "answered",
        )
        .order_by(NumberRing.at.desc())
        .limit(1)
    )
    return found


async def _write(db: Db, viewer: Viewer, kind: Kind, client_id: UUID, **detail: str) -> None:
    entry = NewEntry(kind, viewer.actor, client_id=client_id, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])
