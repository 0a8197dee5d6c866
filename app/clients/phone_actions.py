"""Changes of a client's own telephones. Each is a version of the record: numbers are replaced, never forgotten."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients import versions, views
from app.clients.merge import merge
from app.clients.models import Client, ClientPhone
from app.clients.numbered import e164_of, place, renumber, row_of, set_number
from app.db import Db, new_id, now_of, reveal
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

PLAIN = ("label", "rank", "voicemail_ok", "text_ok", "safe_to_ring", "shared")


async def add_phone(db: Db, viewer: Viewer, client_id: UUID, given: views.NewPhone) -> UUID:
    client = await versions.locked(db, viewer.program_id, client_id)
    phone = ClientPhone(
        program_id=viewer.program_id, id=new_id(), client_id=client_id, label="Phone", rank=0, last2=""
    )
    for name, value in given.model_dump(exclude_none=True, exclude={"number", "rank"}).items():
        setattr(phone, name, value)
    others = await _standing(db, viewer.program_id, client_id)
    await set_number(db, phone, given.number, others)
    db.add(phone)
    place(phone, given.rank, others)
    await _version(db, viewer, client, phone, "added", {}, _values(db, phone))
    return phone.id


async def change_phone(
    db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID, given: views.ChangePhone
) -> None:
    """What a colleague changed of the same telephone meanwhile is refused with names, as in the record itself."""
    client = await versions.locked(db, viewer.program_id, client_id)
    phone = await row_of(db, ClientPhone, viewer.program_id, client_id, phone_id)
    others = [p for p in await _standing(db, viewer.program_id, client_id) if p.id != phone.id]
    wanted = given.model_dump(exclude_none=True, exclude={"version"})
    before = _values(db, phone)
    if given.number is not None:
        wanted["number"] = await e164_of(db, viewer.program_id, given.number)
    meanwhile = []
    if given.version is not None:
        meanwhile = await versions.since(db, client, given.version, "phone", phone.id)
    merged = merge(wanted, before, meanwhile)
    versions.refuse_clashes(merged.clashes)
    if "number" in merged.changes:
        await set_number(db, phone, merged.changes["number"], others)
        # A new number is a new telephone: the STOP of the one before does not bind it.
        phone.text_stopped_at = None
    for name in merged.changes.keys() - {"rank", "number"}:
        setattr(phone, name, merged.changes[name])
    if "rank" in merged.changes:
        place(phone, merged.changes["rank"], others)
    after = {name: value for name, value in _values(db, phone).items() if value != before[name]}
    if after:
        await _version(db, viewer, client, phone, "changed", {name: before[name] for name in after}, after)


async def retire_phone(db: Db, viewer: Viewer, client_id: UUID, phone_id: UUID) -> None:
    client = await versions.locked(db, viewer.program_id, client_id)
    phone = await row_of(db, ClientPhone, viewer.program_id, client_id, phone_id)
    phone.retired_at = now_of(db)
    renumber([p for p in await _standing(db, viewer.program_id, client_id) if p.id != phone.id])
    before = _values(db, phone)
    await _version(db, viewer, client, phone, "removed", before, dict.fromkeys(before))


def _values(db: Db, phone: ClientPhone) -> dict[str, Any]:
    return {"number": reveal(db, phone, "number")} | {name: getattr(phone, name) for name in PLAIN}


async def _standing(db: Db, program_id: UUID, client_id: UUID) -> list[ClientPhone]:
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


async def _version(
    db: Db,
    viewer: Viewer,
    client: Client,
    phone: ClientPhone,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    versions.append(db, viewer, client, before, after, part="phone", row_id=phone.id)
    detail = {"what": what, "ends": phone.last2, "fields": sorted(after)}
    entry = NewEntry(Kind.phone_changed, viewer.actor, client_id=client.id, detail=detail)
    await write(db, viewer.program_id, [entry])
