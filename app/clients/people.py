"""Small facts about a client that several modules need: age, what is missing, the values that consent decides on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clients.consent import Barred, Contact, Terms
from app.clients.models import Client, DoNotContact, EmergencyContact, Release
from app.clients.terms import elements_missing
from app.db import Db, reveal
from app.staff.models import Program

# MIN-4: releases need signing anew and guardians' access ends that day, so it is said in time.
OF_AGE_SOON = timedelta(days=30)
NOBODY: Mapping[UUID, bool] = MappingProxyType({})


async def local_today(db: Db, program_id: UUID, now: datetime) -> date:
    """Releases begin and end with the program's day, not with the server's."""
    zone: str | None = await db.scalar(select(Program.time_zone).where(Program.id == program_id))
    return now.astimezone(ZoneInfo(zone or "UTC")).date()


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def of_age_on(born: date, of_age: int) -> date:
    """`of_age`: the years of the state (see law). Born on 29 February: of age on 1 March."""
    try:
        return born.replace(year=born.year + of_age)
    except ValueError:
        return date(born.year + of_age, 3, 1)


def of_age_soon(born: date, today: date, of_age: int) -> date | None:
    day = of_age_on(born, of_age)
    return day if today < day <= today + OF_AGE_SOON else None


def birth_date(db: Db, client: Client) -> date | None:
    written = reveal(db, client, "birth_date")
    return date.fromisoformat(written) if written else None


def contact_of(db: Db, row: EmergencyContact) -> Contact:
    return Contact(
        id=row.id,
        name=reveal(db, row, "name") or "",
        number_key=row.number_key,
        lives_with_client=row.lives_with_client,
        guardian=row.guardian,
        authority_verified=row.authority_verified,
        known_objection=row.known_objection,
        listed=row.retired_at is None,
        adult=row.adult,
        knows_of_treatment=row.knows_of_treatment,
    )


def terms_of(
    db: Db, row: Release, born: date | None = None, guardians: Mapping[UUID, bool] = NOBODY
) -> Terms:
    """`guardians`: by contact, whether somebody has verified their authority."""
    given: dict[str, Any] = {
        "contact_id": row.contact_id,
        "recipient": reveal(db, row, "recipient") or "",
        "scope": reveal(db, row, "scope") or "",
        "ends_on": row.ends_on,
        "ends_event": row.ends_event,
        "purpose": row.purpose,
        "discloser": row.discloser,
        "right_to_revoke_told": row.right_to_revoke_told,
        "signed_how": row.signed_how,
        "signed_on": row.signed_on,
        "notice_version": row.notice_version,
    }
    signer = row.signer_contact_id
    return Terms(
        id=row.id,
        contact_id=row.contact_id,
        recipient=given["recipient"],
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        ended=row.event_at is not None,
        revoked=row.revoked_at is not None,
        covers=frozenset(row.covers),  # type: ignore[arg-type] # written through views.Cover only
        form=row.form,  # type: ignore[arg-type] # held by the table
        part2=row.part2,
        missing=frozenset(elements_missing(given)) if row.part2 else frozenset(),
        signed_by=row.signed_by,  # type: ignore[arg-type] # held by the table
        age_signed=None if born is None else age_on(born, row.signed_on or row.starts_on),
        signer_verified=signer is None or guardians.get(signer, False),
        scope=given["scope"],
        notice_version=row.notice_version,
    )


def barred_of(db: Db, row: DoNotContact) -> Barred:
    return Barred(name=reveal(db, row, "name") or "", contact_id=row.contact_id, number_key=row.number_key)
