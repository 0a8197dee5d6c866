"""Reads of clients' records, already narrowed to what this viewer may see."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text

from app.clients import fields, flags, guardian_queries, views
from app.clients.alike import alike
from app.clients.contact_queries import barred_view, contact_view, release_view
from app.clients.gaps import of_record
from app.clients.known import standing_of
from app.clients.law import is_minor, of_age_of, unreviewed
from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact, Release
from app.clients.people import age_on, birth_date, local_today, of_age_soon
from app.clients.ways import reached
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.staff import queries as staff
from app.staff.access import Viewer, reachable_clients

# By name: the table is of a layer above.
_DEATH = text(
    "select true from death where program_id = :program and client_id = :client and taken_back_at is null"
)
T = TypeVar("T", ClientPhone, EmergencyContact, Release, DoNotContact)


async def client_of(db: Db, program_id: UUID, client_id: UUID) -> Client:
    client = await db.get(Client, (program_id, client_id))
    if client is None:
        raise NotFound("There is no such client among the people you work with.")
    return client


async def death_stands(db: Db, program_id: UUID, client_id: UUID) -> bool:
    """Asked once more before anything leaves the building by itself (R20)."""
    return bool(await db.scalar(_DEATH, {"program": program_id, "client": client_id}))


async def rows_of(db: Db, program_id: UUID, clients: Sequence[Client]) -> list[views.ClientRow]:
    """Ten queries, however many clients."""
    ids = [client.id for client in clients]
    known = await reached(db, program_id, ids)
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
                "gaps": of_record(known[client.id].ways),
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
    standing = await standing_of(db, client)
    terms = {held.id: held for held in standing.known.releases}
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
            "minor": await is_minor(db, client, today),
            "of_age_on": None
            if born is None
            else of_age_soon(born, today, await of_age_of(db, client, today)),
            "of_age_unreviewed": await unreviewed(db, client, today),
            "alike": None if viewer is None else await _alike(db, viewer, client),
            "ended": client.ended_at is not None,
            "may_be_taken_up": client.ended_at is not None
            and not await death_stands(db, program_id, client_id),
            "flag": await _flag(db, client),
            "sealed": [name for name in fields.REVEALED if getattr(client, name) is not None],
            "phones": [_phone(p) for p in sorted(phones, key=lambda p: p.rank) if p.retired_at is None],
            "contacts": [
                contact_view(db, c) for c in sorted(contacts, key=lambda c: c.rank) if c.retired_at is None
            ],
            "releases": [release_view(db, r, terms[r.id], standing) for r in releases],
            "do_not_contact": [barred_view(db, b) for b in barred if b.ended_at is None],
            "gaps": of_record((await reached(db, program_id, [client_id]))[client_id].ways),
        }
    )


async def _flag(db: Db, client: Client) -> dict[str, Any] | None:
    flag = await flags.standing_of(db, client)
    if flag is None:
        return None
    by = await staff.names(db, client.program_id, {flag.set_by}) if flag.set_by else {}
    return {
        "since": flag.since,
        "until": flag.until,
        "overdue": flag.overdue_at is not None,
        "set_by": by.get(flag.set_by) if flag.set_by else None,
    }


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


async def revealed(db: Db, program_id: UUID, client_id: UUID) -> views.Revealed:
    """The caller writes the entry: who looked, when, for which incident."""
    client = await client_of(db, program_id, client_id)
    phones = await _of_clients(db, ClientPhone, program_id, [client_id])
    contacts = await _of_clients(db, EmergencyContact, program_id, [client_id])
    barred = await _of_clients(db, DoNotContact, program_id, [client_id])
    rights = await guardian_queries.rights_of(db, client)
    numbered: list[ClientPhone | EmergencyContact] = [*phones, *contacts]
    return views.Revealed.model_validate(
        {
            **fields.values_of(db, client, fields.REVEALED),
            "numbers": {row.id: reveal(db, row, "number") for row in numbered if row.retired_at is None},
            "reasons": {row.id: reveal(db, row, "reason") for row in barred if row.ended_at is None},
            "guardians": {
                contact_id: guardian_queries.words_of(db, row) for contact_id, row in rights.items()
            },
        }
    )
