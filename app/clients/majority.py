"""The day somebody comes of age: `minor` is derived from the birth date, and kept true while nobody looks."""

from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client
from app.clients.people import is_minor, local_today
from app.db import Db, now_of
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write_all


async def turn(db: Db) -> int:
    """All programs at once, in the engine's role: minors whose birthday has come on their program's calendar."""
    minors = (
        await db.scalars(select(Client).where(Client.minor.is_(True)).with_for_update(skip_locked=True))
    ).all()
    todays = {
        program_id: await local_today(db, program_id, now_of(db))
        for program_id in {client.program_id for client in minors}
    }
    grown = [client for client in minors if not is_minor(db, client, todays[client.program_id])]
    entries: dict[UUID, list[NewEntry]] = {}
    for client in grown:
        client.minor = False
        entries.setdefault(client.program_id, []).append(
            NewEntry(Kind.client_of_age, RULE, client_id=client.id)
        )
    if grown:
        await write_all(db, entries)
    return len(grown)
