"""Giving one client's record out: to the client, or to a guardian who has a right to it. Each copy is written down."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from app.bring import record
from app.clients import guardian_queries
from app.clients.consent import Blocked
from app.clients.consent_words import Tick
from app.clients.disclose import Telling, disclose
from app.clients.known import standing_of
from app.clients.models import Client, EmergencyContact
from app.clients.telling import tier_of
from app.db import Db
from app.errors import NotAllowed, NotFound
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

WHAT = "Their record, without what is hidden from a guardian"
PURPOSE = "A guardian asked for a copy of the record"


async def give(
    db: Db,
    viewer: Viewer,
    client: Client,
    *,
    guardian_id: UUID | None,
    made_as: str,
    ticked: Collection[Tick] = (),
) -> dict[str, Any]:
    """The record, and its entries. For a guardian consent is asked at this very moment, and the disclosure is kept."""
    entries = []
    if guardian_id is not None:
        entries.append(await _to_guardian(db, viewer, client, guardian_id, ticked))
    whole = await record.gather(db, client, guardian=guardian_id is not None)
    detail = {"as": made_as, "for": whole["copy_for"], "guardian_id": guardian_id}
    entries.append(
        NewEntry(Kind.record_exported, viewer.actor, client_id=client.id, detail=detail, retention="audit")
    )
    await write(db, viewer.program_id, entries)
    return whole


async def _to_guardian(
    db: Db, viewer: Viewer, client: Client, guardian_id: UUID, ticked: Collection[Tick]
) -> NewEntry:
    contact = await db.get(EmergencyContact, (client.program_id, guardian_id))
    if contact is None or contact.client_id != client.id or contact.retired_at is not None:
        raise NotFound("This person is no longer a contact of the client. Choose another one.")
    standing = (await guardian_queries.rights_of(db, client)).get(guardian_id)
    if standing is None or not standing.gets_records:
        raise NotAllowed(
            "No paper on record says that this person may have copies. Write down which right they have and how it was "
            "verified, under guardians, or give the copy to the client.",
            code="no_right_to_records",
        )
    tier = tier_of(client)
    verdict = (await standing_of(db, client)).may(db, "record_copy", contact, tier)
    if isinstance(verdict, Blocked):
        raise NotAllowed(f"{verdict.sentence} {verdict.lawful_instead}", code="contact_blocked")
    told = Telling(act="record_copy", content=WHAT, purpose=PURPOSE, basis=verdict.basis, ticked=ticked)
    return await disclose(db, viewer, client, contact, told, tier=tier)
