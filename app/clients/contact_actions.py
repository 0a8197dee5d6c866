"""Changes of contacts and the do-not-contact list. Nothing is deleted: rows are retired."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.clients import views
from app.clients.models import DoNotContact, EmergencyContact
from app.clients.numbered import e164_of, key_of, place, renumber, row_of, set_number
from app.clients.queries import client_of
from app.clients.record_models import Guardianship
from app.clients.waiting import stop_barred, stop_what_waits
from app.db import Db, conceal, new_id, now_of, reveal
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

# Of a contact: what a form may set back to "nobody asked".
NOT_KNOWN = frozenset({"minutes_away", "can_reach_home", "knows_code_words", "knows_of_treatment", "adult"})


async def add_contact(db: Db, viewer: Viewer, client_id: UUID, given: views.NewContact) -> UUID:
    client = await client_of(db, viewer.program_id, client_id)
    contact = EmergencyContact(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        relation=given.relation,
        rank=0,
        last2="",
    )
    for name, value in given.model_dump(exclude_none=True, exclude={"number", "name", "rank"}).items():
        setattr(contact, name, value)
    contact.confirmed_at, contact.confirmed_by = now_of(db), viewer.staff_id
    conceal(db, contact, "name", given.name)
    await set_number(db, contact, given.number, [])
    others = await _standing_contacts(db, viewer.program_id, client_id)
    db.add(contact)
    place(contact, given.rank, others)
    client.no_safe_contact = None
    detail = {"what": "added", "name": given.name, "relation": given.relation}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)
    return contact.id


async def change_contact(
    db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID, given: views.ChangeContact
) -> None:
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    others = [c for c in await _standing_contacts(db, viewer.program_id, client_id) if c.id != contact.id]
    values = given.model_dump(exclude_none=True)
    values |= {name: None for name in given.model_fields_set & NOT_KNOWN if getattr(given, name) is None}
    if "number" in values:
        await set_number(db, contact, values["number"], [])
    if "name" in values:
        conceal(db, contact, "name", values["name"])
    for name in values.keys() - {"number", "name", "rank"}:
        setattr(contact, name, values[name])
    if given.guardian is False:
        await _end_rights(db, contact)
    if "rank" in values:
        place(contact, values["rank"], others)
    # Whoever corrects a line has it before their eyes.
    contact.confirmed_at, contact.confirmed_by = now_of(db), viewer.staff_id
    stopped = []
    if "number" in values or given.known_objection or given.lives_with_client:
        stopped = await stop_what_waits(db, viewer, client_id, contact.id, "contact_changed")
    detail = {"what": "changed", "name": reveal(db, contact, "name"), "fields": sorted(values)}
    await _write(db, viewer, Kind.contact_changed, client_id, detail, stopped)


async def confirm_contact(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID) -> None:
    """Still right: the name, the number, and that they may be asked. Due every 30 days."""
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    contact.confirmed_at, contact.confirmed_by = now_of(db), viewer.staff_id
    detail = {"what": "confirmed", "name": reveal(db, contact, "name")}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)


async def retire_contact(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID) -> None:
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    contact.retired_at = now_of(db)
    await _end_rights(db, contact)
    others = [c for c in await _standing_contacts(db, viewer.program_id, client_id) if c.id != contact.id]
    renumber(others)
    stopped = await stop_what_waits(db, viewer, client_id, contact.id, "contact_removed")
    detail = {"what": "removed", "name": reveal(db, contact, "name")}
    await _write(db, viewer, Kind.contact_changed, client_id, detail, stopped)


async def bar(db: Db, viewer: Viewer, client_id: UUID, given: views.NewDoNotContact) -> UUID:
    barred_id, entries = await barring(db, viewer, client_id, given)
    await write(db, viewer.program_id, entries)
    return barred_id


async def barring(
    db: Db, viewer: Viewer, client_id: UUID, given: views.NewDoNotContact
) -> tuple[UUID, list[NewEntry]]:
    """Gives the entries; the caller writes them last, with its own."""
    await client_of(db, viewer.program_id, client_id)
    barred = DoNotContact(program_id=viewer.program_id, id=new_id(), client_id=client_id, made_at=now_of(db))
    if given.contact_id is not None:
        contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, given.contact_id)
        barred.contact_id, barred.number_key = contact.id, contact.number_key
    if given.number:
        barred.number_key = key_of(db, await e164_of(db, viewer.program_id, given.number))
    conceal(db, barred, "name", given.name)
    conceal(db, barred, "reason", given.reason)
    db.add(barred)
    stopped = await stop_barred(db, viewer, client_id, barred.contact_id, barred.number_key)
    entry = NewEntry(
        Kind.do_not_contact_changed,
        viewer.actor,
        client_id=client_id,
        detail={"what": "added", "name": given.name},
    )
    return barred.id, [entry, *stopped]


async def lift_bar(db: Db, viewer: Viewer, client_id: UUID, barred_id: UUID) -> None:
    barred = await row_of(db, DoNotContact, viewer.program_id, client_id, barred_id)
    if barred.ended_at is not None:
        return
    barred.ended_at = now_of(db)
    detail = {"what": "lifted", "name": reveal(db, barred, "name")}
    await _write(db, viewer, Kind.do_not_contact_changed, client_id, detail)


# --- what they share


async def _end_rights(db: Db, contact: EmergencyContact) -> None:
    """Who is no guardian of the client any more has none of a guardian's rights left."""
    await db.execute(
        update(Guardianship)
        .where(
            Guardianship.program_id == contact.program_id,
            Guardianship.contact_id == contact.id,
            Guardianship.ended_at.is_(None),
        )
        .values(ended_at=now_of(db))
    )


async def _standing_contacts(db: Db, program_id: UUID, client_id: UUID) -> list[EmergencyContact]:
    found = await db.scalars(
        select(EmergencyContact)
        .where(
            EmergencyContact.program_id == program_id,
            EmergencyContact.client_id == client_id,
            EmergencyContact.retired_at.is_(None),
        )
        .order_by(EmergencyContact.rank, EmergencyContact.id)
        .with_for_update()
    )
    return list(found)


async def _write(
    db: Db,
    viewer: Viewer,
    kind: Kind,
    client_id: UUID,
    detail: dict[str, Any],
    more: Sequence[NewEntry] = (),
) -> None:
    entry = NewEntry(kind, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry, *more])
