"""Calls and texts that wait to go out, stopped in the transaction that takes their permission away (PRIV-4).

As SQL text because the tables belong to packages above this one. What already rings is hung up before it is answered;
a call that was answered is left to the people on it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from app.db import Db, now_of
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer

# A staff leg that waits for the stopped one has nobody to be joined with.
_STOP = text(
    """
    with gone as (
        select a.program_id, a.id from contact_attempt a
        join incident i on i.program_id = a.program_id and i.id = a.incident_id and i.client_id = :client
        where a.program_id = :program and a.status = any(:standing)
          and (a.contact_id = :contact or (a.who = 'contact' and a.number_key = :number)
               or (cast(:texts as boolean) and a.who = 'client' and a.channel = 'text'))
    ), stopped as (
        update contact_attempt a set
            status = case when a.status = 'planned' then 'cancelled' else a.status end,
            result = case when a.status = 'planned' then :why else a.result end,
            ended_at = case when a.status = 'planned' then cast(:now as timestamptz) else a.ended_at end,
            wanted = case when a.status = 'planned' then a.wanted else 'hang_up' end
        from gone
        where a.program_id = gone.program_id
          and (a.id = gone.id or (a.client_leg_id = gone.id and a.status = any(:standing)))
        returning a.id, a.incident_id, a.who, a.channel, a.last2
    )
    select * from stopped order by id
    """
)
STANDING = ["planned", "dialing", "ringing"]


async def stop_what_waits(
    db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID | None, why: str
) -> list[NewEntry]:
    """Everything towards this contact. Gives the entries; the caller writes them last, with its own."""
    return await _stop(db, viewer, client_id, why, contact=contact_id)


async def stop_barred(
    db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID | None, number_key: bytes | None
) -> list[NewEntry]:
    return await _stop(db, viewer, client_id, "do_not_contact", contact=contact_id, number=number_key)


async def stop_texts(db: Db, viewer: Viewer, client_id: UUID, why: str) -> list[NewEntry]:
    """Texts to the client, who no longer wants any."""
    return await _stop(db, viewer, client_id, why, texts=True)


async def _stop(
    db: Db,
    viewer: Viewer,
    client_id: UUID,
    why: str,
    *,
    contact: UUID | None = None,
    number: bytes | None = None,
    texts: bool = False,
) -> list[NewEntry]:
    await db.flush()
    values: dict[str, Any] = {
        "program": viewer.program_id,
        "client": client_id,
        "contact": contact,
        "number": number,
        "texts": texts,
        "why": why,
        "now": now_of(db),
        "standing": STANDING,
    }
    found: Sequence[Row[Any]] = (await db.execute(_STOP, values)).all()
    return [
        NewEntry(
            Kind.attempt_cancelled,
            viewer.actor,
            incident_id=row.incident_id,
            client_id=client_id,
            detail={
                "attempt_id": row.id,
                "who": row.who,
                "channel": row.channel,
                "last2": row.last2,
                "why": why,
            },
            retention="phone",
        )
        for row in found
    ]
