"""Changes of contacts, releases and the do-not-contact list. Nothing is deleted: rows are retired."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients import views
from app.clients.models import DoNotContact, EmergencyContact, Release
from app.clients.numbered import e164_of, key_of, place, renumber, row_of, set_number
from app.clients.queries import client_of
from app.db import Db, conceal, new_id, now_of, reveal
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer


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
    if "minutes_away" in given.model_fields_set:
        values["minutes_away"] = given.minutes_away
    if "number" in values:
        await set_number(db, contact, values["number"], [])
    if "name" in values:
        conceal(db, contact, "name", values["name"])
    for name in values.keys() - {"number", "name", "rank"}:
        setattr(contact, name, values[name])
    if "rank" in values:
        place(contact, values["rank"], others)
    detail = {"what": "changed", "name": reveal(db, contact, "name"), "fields": sorted(values)}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)


async def retire_contact(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID) -> None:
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    contact.retired_at = now_of(db)
    others = [c for c in await _standing_contacts(db, viewer.program_id, client_id) if c.id != contact.id]
    renumber(others)
    detail = {"what": "removed", "name": reveal(db, contact, "name")}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)


async def add_release(db: Db, viewer: Viewer, client_id: UUID, given: views.NewRelease) -> UUID:
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, given.contact_id)
    release = Release(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        made_at=now_of(db),
        **given.model_dump(exclude={"scope"}),
    )
    conceal(db, release, "scope", given.scope)
    db.add(release)
    detail = {"what": "signed", "contact": reveal(db, contact, "name"), "scope": given.scope}
    await _write(db, viewer, Kind.release_changed, client_id, detail)
    return release.id


async def revoke_release(db: Db, viewer: Viewer, client_id: UUID, release_id: UUID) -> None:
    """Counts from this moment: consent is asked again at every call, whatever a screen showed (PRIV-4)."""
    release = await row_of(db, Release, viewer.program_id, client_id, release_id)
    if release.revoked_at is not None:
        return
    release.revoked_at = now_of(db)
    await _write(db, viewer, Kind.release_changed, client_id, {"what": "revoked", "release_id": release.id})


async def bar(db: Db, viewer: Viewer, client_id: UUID, given: views.NewDoNotContact) -> UUID:
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
    await _write(db, viewer, Kind.do_not_contact_changed, client_id, {"what": "added", "name": given.name})
    return barred.id


async def lift_bar(db: Db, viewer: Viewer, client_id: UUID, barred_id: UUID) -> None:
    barred = await row_of(db, DoNotContact, viewer.program_id, client_id, barred_id)
    if barred.ended_at is not None:
        return
    barred.ended_at = now_of(db)
    detail = {"what": "lifted", "name": reveal(db, barred, "name")}
    await _write(db, viewer, Kind.do_not_contact_changed, client_id, detail)


# --- what they share


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


async def _write(db: Db, viewer: Viewer, kind: Kind, client_id: UUID, detail: dict[str, Any]) -> None:
    await write(db, viewer.program_id, [NewEntry(kind, viewer.actor, client_id=client_id, detail=detail)])
