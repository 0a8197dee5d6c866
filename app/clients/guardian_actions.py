"""Writing down what a guardian may decide, be told and see. A changed right is a new row; the one before is ended."""

from datetime import date
from typing import Any
from uuid import UUID

from app.clients import contact_actions, versions
from app.clients.guardian_queries import barred_contacts, rights_of
from app.clients.guardian_views import GivenRights
from app.clients.law import is_minor
from app.clients.merge import merge
from app.clients.models import Client, EmergencyContact
from app.clients.numbered import row_of
from app.clients.people import local_today
from app.clients.record_models import Guardianship
from app.clients.views import NewDoNotContact
from app.clients.waiting import stop_what_waits
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import Conflict, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

RIGHTS = ("decides_on_care", "told_in_crisis", "gets_records")
WORDS = ("custody_note", "verified_how")


async def write_rights(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID, given: GivenRights) -> None:
    """What a colleague changed of the same guardian meanwhile is refused with names, as in the record itself."""
    client = await versions.locked(db, viewer.program_id, client_id)
    await _check(db, client, given)
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    standing = (await rights_of(db, client)).get(contact.id)
    before = _values(db, standing) | {"barred": contact.id in await barred_contacts(db, client)}
    wanted = given.model_dump(mode="json", exclude={"version", "bar_reason"})
    wanted |= {name: wanted[name] or None for name in WORDS}
    merged = merge(wanted, before, await versions.since(db, client, given.version, "guardian", contact.id))
    versions.refuse_clashes(merged.clashes)
    if not merged.changes and contact.guardian:
        return
    after = before | merged.changes
    entries = await _bar(db, viewer, client, contact, given, before=before["barred"], after=after["barred"])
    if standing is not None:
        standing.ended_at = now_of(db)
        # The row that stands is the only one: the one before is ended before it is there.
        await db.flush()
    _add(db, viewer, client, contact, after)
    contact.guardian, contact.authority_verified = True, after["verified_on"] is not None
    if not after["told_in_crisis"]:
        entries += await stop_what_waits(db, viewer, client_id, contact.id, "contact_changed")
    changed = {name: after[name] for name in after if after[name] != before[name]}
    was = {name: before[name] if standing else None for name in changed}
    versions.append(db, viewer, client, was, changed, part="guardian", row_id=contact.id)
    detail = {"name": reveal(db, contact, "name"), "fields": sorted(changed)} | {
        name: after[name] for name in (*RIGHTS, "barred")
    }
    entry = NewEntry(Kind.guardian_changed, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry, *entries])


async def _check(db: Db, client: Client, given: GivenRights) -> None:
    today = await local_today(db, client.program_id, now_of(db))
    if not await is_minor(db, client, today):
        raise Conflict("Guardians are for clients under age. Write down a release instead.", code="of_age")
    if given.verified_on is not None and given.verified_on > today:
        sentence = "This day lies ahead. Write the day on which the paper was seen."
        raise NotValid(sentence, fields={"verified_on": sentence})


async def _bar(
    db: Db,
    viewer: Viewer,
    client: Client,
    contact: EmergencyContact,
    given: GivenRights,
    *,
    before: bool,
    after: bool,
) -> list[NewEntry]:
    """A barred guardian sits on the do-not-contact list, which beats every other (MIN-3, R18)."""
    if before and not after:
        raise Conflict(
            "This person is on the do-not-contact list. A supervisor takes them off it first.", code="barred"
        )
    if not after or before:
        return []
    if not given.bar_reason:
        sentence = "Write down why: one sentence, such as the order that says so."
        raise NotValid(sentence, fields={"bar_reason": sentence})
    line = NewDoNotContact(
        name=reveal(db, contact, "name") or "", contact_id=contact.id, reason=given.bar_reason
    )
    _, entries = await contact_actions.barring(db, viewer, client.id, line)
    return entries


def _values(db: Db, row: Guardianship | None) -> dict[str, Any]:
    """As JSON would hold them; what nobody has written down is no right."""
    if row is None:
        return dict.fromkeys(RIGHTS, False) | dict.fromkeys((*WORDS, "verified_on"))
    return (
        {name: getattr(row, name) for name in RIGHTS}
        | {name: reveal(db, row, name) for name in WORDS}
        | {"verified_on": row.verified_on.isoformat() if row.verified_on else None}
    )


def _add(db: Db, viewer: Viewer, client: Client, contact: EmergencyContact, values: dict[str, Any]) -> None:
    row = Guardianship(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client.id,
        contact_id=contact.id,
        **{name: values[name] for name in RIGHTS},
        verified_on=None if values["verified_on"] is None else date.fromisoformat(values["verified_on"]),
        by_staff_id=viewer.staff_id,
        made_at=now_of(db),
    )
    for name in WORDS:
        conceal(db, row, name, values[name])
    db.add(row)


async def end_rights(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID) -> None:
    """No guardian any more. They stay a contact, with what was signed for them."""
    client = await versions.locked(db, viewer.program_id, client_id)
    contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    if not contact.guardian:
        return
    standing = (await rights_of(db, client)).get(contact.id)
    before = _values(db, standing)
    if standing is not None:
        standing.ended_at = now_of(db)
    contact.guardian = contact.authority_verified = False
    stopped = await stop_what_waits(db, viewer, client_id, contact.id, "contact_changed")
    versions.append(db, viewer, client, before, dict.fromkeys(before), part="guardian", row_id=contact.id)
    detail = {"what": "ended", "name": reveal(db, contact, "name")}
    entry = NewEntry(Kind.guardian_changed, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry, *stopped])
