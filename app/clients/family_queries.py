"""The family agreement that stands: for the record, and for whoever is about to call."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients import family_views
from app.clients.family import Agreed, standing
from app.clients.law import is_minor
from app.clients.models import Client, EmergencyContact
from app.clients.people import local_today
from app.clients.record_models import AgreementReading, FamilyAgreement
from app.db import Db, now_of, reveal
from app.staff.models import StaffMember

TIERS = ("low", "moderate", "high", "imminent")


async def latest(db: Db, program_id: UUID, client_id: UUID) -> FamilyAgreement | None:
    found: FamilyAgreement | None = await db.scalar(
        select(FamilyAgreement).where(
            FamilyAgreement.program_id == program_id,
            FamilyAgreement.client_id == client_id,
            FamilyAgreement.ended_at.is_(None),
        )
    )
    return found


async def _readings(db: Db, row: FamilyAgreement) -> Sequence[AgreementReading]:
    found = await db.scalars(
        select(AgreementReading)
        .where(AgreementReading.program_id == row.program_id, AgreementReading.agreement_id == row.id)
        .order_by(AgreementReading.made_at, AgreementReading.who.desc(), AgreementReading.id)
    )
    return found.all()


async def agreement(db: Db, client: Client) -> family_views.AgreementView | None:
    """With who read it; None when nothing is written."""
    row = await latest(db, client.program_id, client.id)
    if row is None:
        return None
    readings = await _readings(db, row)
    staff = await _staff(db, row, readings)
    contacts = {reading.contact_id for reading in readings if reading.contact_id}
    rows = await db.scalars(
        select(EmergencyContact).where(
            EmergencyContact.program_id == client.program_id, EmergencyContact.id.in_(contacts)
        )
    )
    names: dict[UUID | None, str] = {one.id: reveal(db, one, "name") or "" for one in rows}
    names[None] = client.name_used
    today = await local_today(db, client.program_id, now_of(db))
    return family_views.AgreementView.model_validate(
        {
            **_body(db, row),
            "id": row.id,
            "version": row.version,
            "review_due": row.review_due,
            "standing": standing(*_read(readings), row.review_due, today),
            "made_at": row.made_at,
            "by": staff[row.by_staff_id],
            "readings": [
                {
                    "who": one.who,
                    "contact_id": one.contact_id,
                    "name": names.get(one.contact_id, ""),
                    "how": one.how,
                    "read_on": one.read_on,
                    "by": staff[one.by_staff_id],
                }
                for one in readings
            ],
        }
    )


async def agreed(db: Db, client: Client) -> Agreed | None:
    """As values, for the sentence beside each contact. Nothing once the client is of age: the agreement has ended."""
    today = await local_today(db, client.program_id, now_of(db))
    if not await is_minor(db, client, today):
        return None
    row = await latest(db, client.program_id, client.id)
    return None if row is None else _agreed(_body(db, row), await _readings(db, row), row.review_due, today)


async def agreed_of(db: Db, program_id: UUID, minors: Collection[UUID], today: date) -> dict[UUID, Agreed]:
    """The same for any number of young people: two queries."""
    rows = (
        await db.scalars(
            select(FamilyAgreement).where(
                FamilyAgreement.program_id == program_id,
                FamilyAgreement.client_id.in_(minors),
                FamilyAgreement.ended_at.is_(None),
            )
        )
    ).all()
    read: dict[UUID, list[AgreementReading]] = {}
    if rows:
        readings = select(AgreementReading).where(
            AgreementReading.program_id == program_id,
            AgreementReading.client_id.in_([one.client_id for one in rows]),
        )
        for one in await db.scalars(readings):
            read.setdefault(one.agreement_id, []).append(one)
    return {
        row.client_id: _agreed(_body(db, row), read.get(row.id, ()), row.review_due, today) for row in rows
    }


def _agreed(
    body: Mapping[str, Any], readings: Sequence[AgreementReading], review_due: date, today: date
) -> Agreed:
    return Agreed(
        told={tier: body[tier]["told"] for tier in TIERS},
        may_call=frozenset(UUID(one) for one in body["may_call"]),
        standing=standing(*_read(readings), review_due, today),
        words={tier: body[tier]["words"] for tier in TIERS},
    )


def _body(db: Db, row: FamilyAgreement) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(reveal(db, row, "body") or "{}")
    return body


def _read(readings: Sequence[AgreementReading]) -> tuple[bool, int]:
    young = any(one.who == "young_person" for one in readings)
    return young, len({one.contact_id for one in readings if one.contact_id})


async def _staff(db: Db, row: FamilyAgreement, readings: Sequence[AgreementReading]) -> dict[UUID, str]:
    ids = {row.by_staff_id} | {one.by_staff_id for one in readings}
    found = await db.execute(
        select(StaffMember.id, StaffMember.name).where(
            StaffMember.program_id == row.program_id, StaffMember.id.in_(ids)
        )
    )
    return {one.id: one.name for one in found}
