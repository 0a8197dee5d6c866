"""Guardians of a client with what each may do: for the record, and for whoever opens the sealed words by a press."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.guardian_views import Guardians, GuardianView, GuardianWords
from app.clients.law import is_minor, of_age_of
from app.clients.models import Client, DoNotContact, EmergencyContact
from app.clients.people import birth_date, local_today, of_age_soon
from app.clients.record_models import Guardianship
from app.db import Db, now_of, reveal
from app.staff import queries as staff


async def guardians(db: Db, client: Client) -> Guardians:
    today = await local_today(db, client.program_id, now_of(db))
    contacts = await db.scalars(
        select(EmergencyContact)
        .where(
            EmergencyContact.program_id == client.program_id,
            EmergencyContact.client_id == client.id,
            EmergencyContact.guardian.is_(True),
            EmergencyContact.retired_at.is_(None),
        )
        .order_by(EmergencyContact.rank, EmergencyContact.id)
    )
    rights, barred = await rights_of(db, client), await barred_contacts(db, client)
    names = await staff.names(db, client.program_id, {row.by_staff_id for row in rights.values()})
    born, minor = birth_date(db, client), await is_minor(db, client, today)
    return Guardians(
        young=minor,
        of_age_on=of_age_soon(born, today, await of_age_of(db, client, today)) if minor and born else None,
        version=client.version,
        guardians=[_view(db, row, rights.get(row.id), row.id in barred, names) for row in contacts],
    )


async def rights_of(db: Db, client: Client) -> dict[UUID, Guardianship]:
    """What stands now, by contact."""
    rows = await db.scalars(
        select(Guardianship).where(
            Guardianship.program_id == client.program_id,
            Guardianship.client_id == client.id,
            Guardianship.ended_at.is_(None),
        )
    )
    return {row.contact_id: row for row in rows}


async def barred_contacts(db: Db, client: Client) -> set[UUID | None]:
    found = await db.scalars(
        select(DoNotContact.contact_id).where(
            DoNotContact.program_id == client.program_id,
            DoNotContact.client_id == client.id,
            DoNotContact.ended_at.is_(None),
            DoNotContact.contact_id.is_not(None),
        )
    )
    return set(found)


def words_of(db: Db, row: Guardianship) -> GuardianWords:
    return GuardianWords(
        custody_note=reveal(db, row, "custody_note"), verified_how=reveal(db, row, "verified_how")
    )


def _view(
    db: Db, contact: EmergencyContact, row: Guardianship | None, barred: bool, names: Mapping[UUID, str]
) -> GuardianView:
    """What nobody has written down counts as it does in consent: with verified authority, everything."""
    plain: dict[str, Any] = {
        "contact_id": contact.id,
        "name": reveal(db, contact, "name"),
        "relation": contact.relation,
        "verified": contact.authority_verified,
        "barred": barred,
    }
    if row is None:
        rights = dict.fromkeys(
            ("decides_on_care", "told_in_crisis", "gets_records"), contact.authority_verified and not barred
        )
        return GuardianView(
            **plain, **rights, written=False, verified_on=None, kept=False, by=None, made_at=None
        )
    return GuardianView(
        **plain,
        decides_on_care=row.decides_on_care,
        told_in_crisis=row.told_in_crisis,
        gets_records=row.gets_records,
        written=True,
        verified_on=row.verified_on,
        kept=row.custody_note is not None or row.verified_how is not None,
        by=names.get(row.by_staff_id),
        made_at=row.made_at,
    )
