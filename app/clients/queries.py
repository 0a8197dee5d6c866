"""Reads of clients' records, already narrowed to what this viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.clients import fields, views
from app.clients.alike import alike
from app.clients.consent import Tier, Verdict, may_contact
from app.clients.gaps import of_record
from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact, Release
from app.clients.people import (
    age_on,
    barred_of,
    birth_date,
    care_of,
    contact_of,
    is_minor,
    local_today,
    of_age_soon,
    terms_of,
    ways,
)
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.staff.access import Viewer, reachable_clients

T = TypeVar("T", ClientPhone, EmergencyContact, Release, DoNotContact)


async def client_of(db: Db, program_id: UUID, client_id: UUID) -> Client:
    client = await db.get(Client, (program_id, client_id))
    if client is None:
        raise NotFound("There is no such client among the people you work with.")
    return client


async def rows(db: Db, viewer: Viewer) -> list[views.ClientRow]:
    """Everybody in reach. Screens that show many ask for a page (`search.page`)."""
    reach = await reachable_clients(db, viewer)
    query = select(Client).where(Client.program_id == viewer.program_id)
    if reach is not None:
        query = query.where(Client.id.in_(reach))
    return await rows_of(
        db, viewer.program_id, (await db.scalars(query.order_by(Client.name_used, Client.id))).all()
    )


async def rows_of(db: Db, program_id: UUID, clients: Sequence[Client]) -> list[views.ClientRow]:
    """Three queries, however many clients."""
    ids = [client.id for client in clients]
    today = await local_today(db, program_id, now_of(db))
    known = await ways(db, program_id, ids, today)
    ends: dict[UUID, list[str]] = {}
    standing = select(ClientPhone.client_id, ClientPhone.last2).where(
        ClientPhone.program_id == program_id,
        ClientPhone.client_id.in_(ids),
        ClientPhone.retired_at.is_(None),
        ClientPhone.today_only_for.is_(None),
    )
    for client_id, last2 in await db.execute(standing.order_by(ClientPhone.client_id, ClientPhone.rank)):
        ends.setdefault(client_id, []).append(last2)
    return [
        views.ClientRow.model_validate(
            {
                "id": client.id,
                "name": client.name_used,
                "pronouns": client.pronouns,
                "tier": client.tier,
                "assessed": client.assessed,
                "language": client.language,
                "minor": client.minor,
                "first_outreach": client.first_outreach,
                "unsafe_home": client.unsafe_home,
                "part2": client.part2,
                "phone_ends": ends.get(client.id, []),
                "gaps": of_record(known[client.id]),
                "ended": client.ended_at is not None,
            }
        )
        for client in clients
    ]


async def _of_clients(db: Db, table: type[T], program_id: UUID, clients: Sequence[UUID]) -> Sequence[T]:
    found = await db.scalars(
        select(table).where(table.program_id == program_id, table.client_id.in_(clients)).order_by(table.id)
    )
    return found.all()


async def record(
    db: Db, program_id: UUID, client_id: UUID, viewer: Viewer | None = None
) -> views.ClientRecord:
    """`viewer`: then also whose names are easily taken for this one, among the people they work with."""
    client = await client_of(db, program_id, client_id)
    today = await local_today(db, program_id, now_of(db))
    born = birth_date(db, client)
    phones = await _of_clients(db, ClientPhone, program_id, [client_id])
    contacts = await _of_clients(db, EmergencyContact, program_id, [client_id])
    releases = await _of_clients(db, Release, program_id, [client_id])
    barred = await _of_clients(db, DoNotContact, program_id, [client_id])
    plain = {
        name: getattr(client, name)
        for name in (
            "id", "version", "name_used", "pronouns", "language", "interpreter_needed", "tier", "tier_since",
            "assessed", "first_outreach", "unsafe_home", "part2", "home_label", "home_dispatch_line_id",
            "travel_minutes", "pet_mark", "no_safe_contact", "interpreter_language", "relay", "hidden_from_guardian",
        )
    }  # fmt: skip
    return views.ClientRecord.model_validate(
        {
            **plain,
            "safe_name": reveal(db, client, "safe_name"),
            "legal_name": reveal(db, client, "legal_name"),
            "birth_date": born,
            "age": None if born is None else age_on(born, today),
            "minor": is_minor(db, client, today),
            "of_age_on": None if born is None else of_age_soon(born, today),
            "alike": None if viewer is None else await _alike(db, viewer, client),
            "ended": client.ended_at is not None,
            "sealed": [name for name in fields.REVEALED if getattr(client, name) is not None],
            "phones": [_phone(p) for p in sorted(phones, key=lambda p: p.rank) if p.retired_at is None],
            "contacts": [
                _contact(db, c) for c in sorted(contacts, key=lambda c: c.rank) if c.retired_at is None
            ],
            "releases": [_release(db, r, today) for r in releases],
            "do_not_contact": [_barred(db, b) for b in barred if b.ended_at is None],
            "gaps": of_record((await ways(db, program_id, [client_id], today))[client_id]),
        }
    )


async def _alike(db: Db, viewer: Viewer, client: Client) -> list[str]:
    """Only among those the viewer may see: a warning must not tell who else is in care (R17)."""
    reach = await reachable_clients(db, viewer)
    others = select(Client.name_used).where(
        Client.program_id == client.program_id, Client.id != client.id, Client.ended_at.is_(None)
    )
    if reach is not None:
        others = others.where(Client.id.in_(reach))
    return alike(client.name_used, (await db.scalars(others)).all())


def _phone(phone: ClientPhone) -> dict[str, Any]:
    return {
        "id": phone.id,
        "label": phone.label,
        "rank": phone.rank,
        "last2": phone.last2,
        "voicemail_ok": phone.voicemail_ok,
        "text_ok": phone.text_ok,
        "text_stopped": phone.text_stopped_at is not None,
        "safe_to_ring": phone.safe_to_ring,
        "shared": phone.shared,
        "today_only": phone.today_only_for is not None,
    }


def _contact(db: Db, contact: EmergencyContact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "name": reveal(db, contact, "name"),
        "relation": contact.relation,
        "rank": contact.rank,
        "last2": contact.last2,
        "language": contact.language,
        "lives_with_client": contact.lives_with_client,
        "minutes_away": contact.minutes_away,
        "guardian": contact.guardian,
        "authority_verified": contact.authority_verified,
        "known_objection": contact.known_objection,
    }


def _release(db: Db, row: Release, today: date) -> dict[str, Any]:
    state = "active"
    if row.revoked_at is not None:
        state = "revoked"
    elif today < row.starts_on:
        state = "not_started"
    elif row.ends_on is not None and today > row.ends_on:
        state = "expired"
    return {
        "id": row.id,
        "contact_id": row.contact_id,
        "scope": reveal(db, row, "scope"),
        "purpose": row.purpose,
        "part2": row.part2,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "signed_by": row.signed_by,
        "method": row.method,
        "state": state,
    }


def _barred(db: Db, row: DoNotContact) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": reveal(db, row, "name"),
        "contact_id": row.contact_id,
        "number_known": row.number_key is not None,
    }


async def revealed(db: Db, program_id: UUID, client_id: UUID) -> views.Revealed:
    """The caller writes the entry: who looked, when, for which incident."""
    client = await client_of(db, program_id, client_id)
    phones = await _of_clients(db, ClientPhone, program_id, [client_id])
    contacts = await _of_clients(db, EmergencyContact, program_id, [client_id])
    barred = await _of_clients(db, DoNotContact, program_id, [client_id])
    numbered: list[ClientPhone | EmergencyContact] = [*phones, *contacts]
    return views.Revealed.model_validate(
        {
            **fields.values_of(db, client, fields.REVEALED),
            "numbers": {row.id: reveal(db, row, "number") for row in numbered if row.retired_at is None},
            "reasons": {row.id: reveal(db, row, "reason") for row in barred if row.ended_at is None},
        }
    )


@dataclass(frozen=True, slots=True)
class ContactOption:
    """One contact with what the law and the client say about ringing them now."""

    contact: EmergencyContact
    name: str
    verdict: Verdict


async def contact_options(db: Db, client: Client, tier: Tier) -> list[ContactOption]:
    """All contacts, best rank first, at this tier; the danger word counts until a live check has ended it."""
    today = await local_today(db, client.program_id, now_of(db))
    contacts = await _of_clients(db, EmergencyContact, client.program_id, [client.id])
    releases = [terms_of(db, r) for r in await _of_clients(db, Release, client.program_id, [client.id])]
    barred = [
        barred_of(db, row)
        for row in await _of_clients(db, DoNotContact, client.program_id, [client.id])
        if row.ended_at is None
    ]
    care, danger = care_of(db, client, today), client.danger_word_used_at is not None
    options = []
    for row in sorted((c for c in contacts if c.retired_at is None), key=lambda c: (c.rank, c.id)):
        contact = contact_of(db, row)
        verdict = may_contact(contact, releases, barred, care, tier, today, danger)
        options.append(ContactOption(row, contact.name, verdict))
    return options
