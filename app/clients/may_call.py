"""Whom consent would let us ring on a quiet evening, for any number of clients at once: six queries, two more where
there are young people.

The rule is `may_disclose` itself, asked for every contact: a release that has ended or is of the wrong kind counts as
little in a list as it would tonight. Only what the rule needs is opened: birth dates, and names where somebody is on a
do-not-contact list. What a family agreed on is settled: a guardian who is not told tonight is no gap to mend.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.clients.consent import Barred, Care, Contact, Known, May, Terms, may_disclose
from app.clients.family_queries import agreed_of
from app.clients.known import signs
from app.clients.law import minors_law_of, region_of
from app.clients.models import Client, DoNotContact, EmergencyContact, MinorConsent, Release
from app.clients.people import OF_AGE, age_on
from app.clients.record_models import Guardianship
from app.clients.terms import MinorsLaw, elements_missing
from app.db import Db, seal_of


@dataclass(frozen=True, slots=True)
class Listed:
    """How many contacts stand on a client's list, and how many of them may be rung at a calm tier."""

    contacts: int = 0
    may_call: int = 0


async def listed(db: Db, program_id: UUID, clients: Collection[UUID], today: date) -> dict[UUID, Listed]:
    """Clients without any contact are missing."""
    ids = list(clients)
    contacts = await _rows(db, _CONTACTS, EmergencyContact, program_id, ids)
    rights = {row.contact_id: row for row in await _rows(db, _RIGHTS, Guardianship, program_id, ids)}
    known = await _known(db, program_id, ids, contacts, rights, today)
    found: dict[UUID, Listed] = {}
    for row in contacts:
        of = known[row.client_id]
        # Names are opened only where somebody may not be contacted under any entry of theirs.
        name = _open(db, "emergency_contact", "name", program_id, row) if of.do_not_contact else ""
        verdict = may_disclose("call", _contact(row, name, rights.get(row.id)), of, "none", today)
        settled = isinstance(verdict, May) or verdict.code == "family_agreement"
        before = found.get(row.client_id, Listed())
        found[row.client_id] = Listed(before.contacts + 1, before.may_call + settled)
    return found


async def _known(
    db: Db,
    program_id: UUID,
    ids: list[UUID],
    contacts: Collection[Any],
    rights: Mapping[UUID, Any],
    today: date,
) -> dict[UUID, Known]:
    clients = (
        await db.execute(_CLIENTS.where(Client.program_id == program_id, _any_of(Client.id, ids)))
    ).all()
    guardians = {row.id: signs(row, rights.get(row.id)) for row in contacts}
    releases: dict[UUID, list[Any]] = {}
    for row in await _rows(db, _RELEASES, Release, program_id, ids):
        releases.setdefault(row.client_id, []).append(row)
    barred: dict[UUID, list[Barred]] = {}
    for row in await _rows(db, _BARRED, DoNotContact, program_id, ids):
        name = _open(db, "do_not_contact", "name", program_id, row)
        barred.setdefault(row.client_id, []).append(Barred(name, row.contact_id, row.number_key))
    alone = {row.client_id for row in await _rows(db, _ALONE, MinorConsent, program_id, ids)}
    born = {
        client.id: date.fromisoformat(_open(db, "client", "birth_date", program_id, client))
        for client in clients
        if client.birth_date is not None
    }
    minors = {
        client.id
        for client in clients
        if (age_on(born[client.id], today) < OF_AGE if client.id in born else client.minor)
    }
    agreed = await agreed_of(db, program_id, minors, today) if minors else {}
    laws = await _laws(db, program_id, [one for one in releases if one in minors], releases)
    found = {}
    for client in clients:
        minor = client.id in minors
        found[client.id] = Known(
            client=Care(
                part2=client.part2,
                minor=minor,
                unsafe_home=client.unsafe_home,
                own_consent=minor and client.id in alone,
                law=laws.get(client.id),
            ),
            releases=[_terms(row, born.get(client.id), guardians) for row in releases.get(client.id, ())],
            do_not_contact=barred.get(client.id, ()),
            danger=client.danger_word_used_at is not None,
            agreed=agreed.get(client.id),
        )
    return found


async def _laws(
    db: Db, program_id: UUID, clients: list[UUID], releases: Mapping[UUID, list[Any]]
) -> dict[UUID, MinorsLaw | None]:
    """Only where a young person signed alone does the row of their state decide."""
    found = {}
    for client_id in clients:
        if any(row.signed_by == "client_by_state_law" for row in releases[client_id]):
            client = await db.get_one(Client, (program_id, client_id))
            found[client_id] = await minors_law_of(db, client, await region_of(db, client))
    return found


def _contact(row: Any, name: str, rights: Any | None) -> Contact:
    return Contact(
        id=row.id,
        name=name,
        number_key=row.number_key,
        lives_with_client=row.lives_with_client,
        guardian=row.guardian,
        authority_verified=row.authority_verified,
        known_objection=row.known_objection,
        adult=row.adult,
        knows_of_treatment=row.knows_of_treatment,
        told_in_crisis=rights is None or rights.told_in_crisis,
    )


def _terms(row: Any, born: date | None, guardians: Mapping[UUID, bool]) -> Terms:
    """What the rule decides on; its words stay sealed."""
    return Terms(
        id=row.id,
        contact_id=row.contact_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        revoked=False,
        ended=row.event_at is not None,
        covers=frozenset(row.covers),
        part2=row.part2,
        # That a sealed element is there is all this asks.
        missing=frozenset(elements_missing(row._mapping)) if row.part2 else frozenset(),
        signed_by=row.signed_by,
        age_signed=None if born is None else age_on(born, row.signed_on or row.starts_on),
        signer_verified=row.signer_contact_id is None or guardians.get(row.signer_contact_id, False),
        scope="",
    )


def _open(db: Db, table: str, column: str, program_id: UUID, row: Any) -> str:
    return seal_of(db).open(
        getattr(row, column), table=table, column=column, row_id=row.id, program_id=program_id
    )


def _any_of(column: Any, ids: list[UUID]) -> Any:
    """One array instead of a list of values, which would be written out anew each time: 50 ms of 2,000."""
    return column == any_(bindparam(None, ids, type_=ARRAY(Uuid()), unique=True))


async def _rows(db: Db, query: Any, table: Any, program_id: UUID, ids: list[UUID]) -> Collection[Any]:
    found = await db.execute(query.where(table.program_id == program_id, _any_of(table.client_id, ids)))
    rows: Collection[Any] = found.all()
    return rows


_CLIENTS = select(
    Client.id, Client.birth_date, Client.minor, Client.part2, Client.unsafe_home, Client.danger_word_used_at
)
_CONTACTS = select(
    EmergencyContact.id,
    EmergencyContact.client_id,
    EmergencyContact.name,
    EmergencyContact.number_key,
    EmergencyContact.lives_with_client,
    EmergencyContact.guardian,
    EmergencyContact.authority_verified,
    EmergencyContact.known_objection,
    EmergencyContact.adult,
    EmergencyContact.knows_of_treatment,
).where(EmergencyContact.retired_at.is_(None))
_RELEASES = select(
    Release.id,
    Release.client_id,
    Release.contact_id,
    Release.recipient,
    Release.scope,
    Release.purpose,
    Release.discloser,
    Release.right_to_revoke_told,
    Release.starts_on,
    Release.ends_on,
    Release.ends_event,
    Release.event_at,
    Release.covers,
    Release.part2,
    Release.signed_by,
    Release.signed_how,
    Release.signed_on,
    Release.signer_contact_id,
    Release.notice_version,
).where(Release.revoked_at.is_(None))
_BARRED = select(
    DoNotContact.id,
    DoNotContact.client_id,
    DoNotContact.name,
    DoNotContact.contact_id,
    DoNotContact.number_key,
).where(DoNotContact.ended_at.is_(None))
_RIGHTS = select(Guardianship.contact_id, Guardianship.decides_on_care, Guardianship.told_in_crisis).where(
    Guardianship.ended_at.is_(None)
)
_ALONE = select(MinorConsent.client_id).where(MinorConsent.ended_at.is_(None))
