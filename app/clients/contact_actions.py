"""Changes of telephones, contacts, releases and the do-not-contact list. Nothing is deleted: rows are retired."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app import numbers
from app.clients import views
from app.clients.models import ClientPhone, DoNotContact, EmergencyContact, Release
from app.clients.queries import client_of
from app.db import Db, conceal, new_id, now_of, reveal, seal_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer
from app.staff.models import Program

T = TypeVar("T", ClientPhone, EmergencyContact, Release, DoNotContact)


async def add_phone(db: Db, viewer: Viewer, client_id: UUID, given: views.NewPhone) -> UUID:
    await client_of(db, viewer.program_id, client_id)
    phone = ClientPhone(
        program_id=viewer.program_id, id=new_id(), client_id=client_id, label="Phone", rank=0, last2=""
    )
    for name, value in given.model_dump(exclude_none=True, exclude={"number", "rank"}).items():
        setattr(phone, name, value)
    others = await _standing_phones(db, viewer.program_id, client_id)
    await _set_number(db, phone, given.number, others)
    db.add(phone)
    _place(phone, given.rank, others)
    await _write(db, viewer, Kind.phone_changed, client_id, {"what": "added", "ends": phone.last2})
    return phone.id


async def change_phone(
    db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID, given: views.ChangePhone
) -> None:
    phone = await _row(db, ClientPhone, viewer.program_id, client_id, phone_id)
    others = [p for p in await _standing_phones(db, viewer.program_id, client_id) if p.id != phone.id]
    values = given.model_dump(exclude_none=True)
    if "number" in values:
        await _set_number(db, phone, values["number"], others)
        # A new number is a new telephone: the STOP of the one before does not bind it.
        phone.text_stopped_at = None
    for name in values.keys() - {"number", "rank"}:
        setattr(phone, name, values[name])
    if "rank" in values:
        _place(phone, values["rank"], others)
    detail = {"what": "changed", "ends": phone.last2, "fields": sorted(values)}
    await _write(db, viewer, Kind.phone_changed, client_id, detail)


async def retire_phone(db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID) -> None:
    phone = await _row(db, ClientPhone, viewer.program_id, client_id, phone_id)
    phone.retired_at = now_of(db)
    others = [p for p in await _standing_phones(db, viewer.program_id, client_id) if p.id != phone.id]
    _renumber(others)
    await _write(db, viewer, Kind.phone_changed, client_id, {"what": "removed", "ends": phone.last2})


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
    await _set_number(db, contact, given.number, [])
    others = await _standing_contacts(db, viewer.program_id, client_id)
    db.add(contact)
    _place(contact, given.rank, others)
    client.no_safe_contact = None
    detail = {"what": "added", "name": given.name, "relation": given.relation}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)
    return contact.id


async def change_contact(
    db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID, given: views.ChangeContact
) -> None:
    contact = await _row(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    others = [c for c in await _standing_contacts(db, viewer.program_id, client_id) if c.id != contact.id]
    values = given.model_dump(exclude_none=True)
    if "minutes_away" in given.model_fields_set:
        values["minutes_away"] = given.minutes_away
    if "number" in values:
        await _set_number(db, contact, values["number"], [])
    if "name" in values:
        conceal(db, contact, "name", values["name"])
    for name in values.keys() - {"number", "name", "rank"}:
        setattr(contact, name, values[name])
    if "rank" in values:
        _place(contact, values["rank"], others)
    detail = {"what": "changed", "name": reveal(db, contact, "name"), "fields": sorted(values)}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)


async def retire_contact(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID) -> None:
    contact = await _row(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    contact.retired_at = now_of(db)
    others = [c for c in await _standing_contacts(db, viewer.program_id, client_id) if c.id != contact.id]
    _renumber(others)
    detail = {"what": "removed", "name": reveal(db, contact, "name")}
    await _write(db, viewer, Kind.contact_changed, client_id, detail)


async def add_release(db: Db, viewer: Viewer, client_id: UUID, given: views.NewRelease) -> UUID:
    contact = await _row(db, EmergencyContact, viewer.program_id, client_id, given.contact_id)
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
    release = await _row(db, Release, viewer.program_id, client_id, release_id)
    if release.revoked_at is not None:
        return
    release.revoked_at = now_of(db)
    await _write(db, viewer, Kind.release_changed, client_id, {"what": "revoked", "release_id": release.id})


async def bar(db: Db, viewer: Viewer, client_id: UUID, given: views.NewDoNotContact) -> UUID:
    await client_of(db, viewer.program_id, client_id)
    barred = DoNotContact(program_id=viewer.program_id, id=new_id(), client_id=client_id, made_at=now_of(db))
    if given.contact_id is not None:
        contact = await _row(db, EmergencyContact, viewer.program_id, client_id, given.contact_id)
        barred.contact_id, barred.number_key = contact.id, contact.number_key
    if given.number:
        barred.number_key = _key(db, await _e164(db, viewer.program_id, given.number))
    conceal(db, barred, "name", given.name)
    conceal(db, barred, "reason", given.reason)
    db.add(barred)
    await _write(db, viewer, Kind.do_not_contact_changed, client_id, {"what": "added", "name": given.name})
    return barred.id


async def lift_bar(db: Db, viewer: Viewer, client_id: UUID, barred_id: UUID) -> None:
    barred = await _row(db, DoNotContact, viewer.program_id, client_id, barred_id)
    if barred.ended_at is not None:
        return
    barred.ended_at = now_of(db)
    detail = {"what": "lifted", "name": reveal(db, barred, "name")}
    await _write(db, viewer, Kind.do_not_contact_changed, client_id, detail)


# --- what they share


async def _row(db: Db, table: type[T], program_id: UUID, client_id: UUID, row_id: UUID) -> T:
    """Of this very client: an id of another client's row is simply not there."""
    found = await db.scalar(
        select(table)
        .where(table.program_id == program_id, table.id == row_id, table.client_id == client_id)
        .with_for_update()
    )
    if found is None or (isinstance(found, ClientPhone | EmergencyContact) and found.retired_at is not None):
        raise NotFound("This line is no longer there. Somebody may have removed it; look again.")
    return found


async def _standing_phones(db: Db, program_id: UUID, client_id: UUID) -> list[ClientPhone]:
    found = await db.scalars(
        select(ClientPhone)
        .where(
            ClientPhone.program_id == program_id,
            ClientPhone.client_id == client_id,
            ClientPhone.retired_at.is_(None),
            ClientPhone.today_only_for.is_(None),
        )
        .order_by(ClientPhone.rank, ClientPhone.id)
        .with_for_update()
    )
    return list(found)


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


def _place(
    row: ClientPhone | EmergencyContact, rank: int | None, others: Sequence[ClientPhone | EmergencyContact]
) -> None:
    """At this rank, the others keeping their order around it; last when none is given."""
    order = list(others)
    order.insert(len(order) if rank is None else min(rank - 1, len(order)), row)
    _renumber(order)


def _renumber(rows: Sequence[ClientPhone | EmergencyContact]) -> None:
    for rank, row in enumerate(rows, start=1):
        row.rank = rank


async def _set_number(
    db: Db, row: ClientPhone | EmergencyContact, typed: str, others: Sequence[ClientPhone]
) -> None:
    e164 = await _e164(db, row.program_id, typed)
    key = _key(db, e164)
    if any(other.number_key == key for other in others):
        sentence = "This number is already on the list. Change that line instead."
        raise Conflict(sentence, fields={"number": sentence})
    conceal(db, row, "number", e164)
    row.number_key, row.last2 = key, e164[-2:]


async def _e164(db: Db, program_id: UUID, typed: str) -> str:
    region: str | None = await db.scalar(select(Program.region).where(Program.id == program_id))
    number = numbers.parse(typed, region or "US")
    if isinstance(number, numbers.Refused):
        raise NotValid(number.sentence, fields={"number": number.sentence})
    return number.e164


def _key(db: Db, e164: str) -> bytes:
    return seal_of(db).keyed_hash("phone", e164)


async def _write(db: Db, viewer: Viewer, kind: Kind, client_id: UUID, detail: dict[str, Any]) -> None:
    await write(db, viewer.program_id, [NewEntry(kind, viewer.actor, client_id=client_id, detail=detail)])
