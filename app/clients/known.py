"""What consent decides on, read for one client at one moment: everything `may_disclose` asks, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.clients import family_queries
from app.clients.consent import Act, Agency, Care, Contact, Known, Tier, Verdict, may_disclose
from app.clients.law import KINDS, cards_of, is_minor_by, law_among, region_of
from app.clients.models import Client, DoNotContact, EmergencyContact, MinorConsent, Release
from app.clients.people import barred_of, birth_date, contact_of, local_today, terms_of
from app.clients.record_models import Guardianship
from app.db import Db, now_of

T = TypeVar("T", Release, EmergencyContact, DoNotContact, MinorConsent, Guardianship)


@dataclass(frozen=True, slots=True)
class ContactOption:
    """One contact with what the law and the client say about telling them now."""

    contact: EmergencyContact
    name: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Standing:
    """A client's contacts in their order, and what is known; `today` is the program's day."""

    client: Client
    contacts: Sequence[EmergencyContact]
    known: Known
    today: date
    rights: Mapping[UUID, Guardianship] = field(default_factory=dict)

    def may(self, db: Db, act: Act, to: EmergencyContact | Agency, tier: Tier) -> Verdict:
        recipient = to if isinstance(to, Agency) else self.contact(db, to)
        return may_disclose(act, recipient, self.known, tier, self.today)

    def contact(self, db: Db, row: EmergencyContact) -> Contact:
        """With the rights that a court or the other guardian left them (MIN-3), where somebody wrote those down."""
        plain, rights = contact_of(db, row), self.rights.get(row.id)
        if rights is None:
            return plain
        return replace(plain, told_in_crisis=rights.told_in_crisis, gets_records=rights.gets_records)

    def options(self, db: Db, act: Act, tier: Tier) -> list[ContactOption]:
        return [
            ContactOption(row, contact_of(db, row).name, self.may(db, act, row, tier))
            for row in self.contacts
            if row.retired_at is None
        ]


async def standing_of(db: Db, client: Client, *, supervisor: bool = False) -> Standing:
    """The danger word counts until a live check has ended it."""
    today = await local_today(db, client.program_id, now_of(db))
    contacts = await _rows(db, EmergencyContact, client)
    rights = {row.contact_id: row for row in await _rows(db, Guardianship, client) if row.ended_at is None}
    guardians = {row.id: signs(row, rights.get(row.id)) for row in contacts}
    region = await region_of(db, client)
    cards = await cards_of(db, client, region)
    born = birth_date(db, client)
    releases = [terms_of(db, row, born, guardians) for row in await _rows(db, Release, client)]
    barred = [barred_of(db, row) for row in await _rows(db, DoNotContact, client) if row.ended_at is None]
    own = [row for row in await _rows(db, MinorConsent, client) if row.ended_at is None]
    law = law_among(cards)
    minor = is_minor_by(law, db, client, today)
    care = Care(
        part2=client.part2,
        minor=minor,
        unsafe_home=client.unsafe_home,
        own_consent=minor and bool(own),
        law=law,
    )
    known = Known(
        client=care,
        releases=releases,
        do_not_contact=barred,
        danger=client.danger_word_used_at is not None,
        supervisor=supervisor,
        state_cards=frozenset(kind for kind in KINDS if kind in cards),
        agreed=await family_queries.agreed(db, client) if minor else None,
        hidden=frozenset(client.hidden_from_guardian),
    )
    ordered = sorted(contacts, key=lambda row: (row.rank, row.id))
    return Standing(client, ordered, known, today, rights)


def signs(row: Any, rights: Any | None) -> bool:
    """A guardian's signature counts with verified authority, and where care is theirs to decide. Of a contact's row and
    the rights somebody wrote down, whole or only these columns."""
    verified: bool = row.guardian and row.authority_verified
    return verified and (rights is None or rights.decides_on_care)


async def contact_options(db: Db, client: Client, tier: Tier) -> list[ContactOption]:
    """All contacts, best rank first: whom a person may ring at this tier, and on which basis."""
    return (await standing_of(db, client)).options(db, "call", tier)


async def _rows(db: Db, table: type[T], client: Client) -> Sequence[T]:
    key: Any = (table.program_id == client.program_id, table.client_id == client.id)
    return (await db.scalars(select(table).where(*key).order_by(table.id))).all()


async def allowed_contacts(db: Db, client: Client, act: Act, tier: Tier) -> dict[UUID, Verdict]:
    """For pages of their own (caregivers, plan copies): the verdict on each standing contact, by id."""
    options = (await standing_of(db, client)).options(db, act, tier)
    return {option.contact.id: option.verdict for option in options}
