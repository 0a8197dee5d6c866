"""Whom consent would let us ring on a quiet evening, for any number of clients at once: three queries, a few more where
there are guardians or young people.

The rule is `may_disclose` itself, asked for every contact: a release that has ended or is of the wrong kind counts as
little in a list as it would tonight. Where two contacts differ in nothing that the rule decides on, it is asked once.
Only what it needs is opened: birth dates, and names where somebody is on a do-not-contact list. What a family agreed on
is settled: a guardian who is not told tonight is no gap to mend.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.clients.consent import Barred, Care, Contact, Known, May, Terms, may_disclose
from app.clients.family import Agreed
from app.clients.family_queries import agreed_of
from app.clients.gaps import CONFIRM_AFTER
from app.clients.known import signs
from app.clients.law import laws_of, near_majority, of_age_by
from app.clients.people import age_on
from app.clients.terms import MinorsLaw, elements_missing
from app.db import Db, now_of, seal_of
from app.prepared import Prepared

# Older than this a signature is a grown person's in every state: ages beyond it are one.
GROWN = 21
ALWAYS = date.min


@dataclass(frozen=True, slots=True)
class Listed:
    """How many contacts stand on a client's list, how many of them may be rung at a calm tier, and how many of these
    somebody has confirmed within 30 days."""

    contacts: int = 0
    may_call: int = 0
    confirmed: int = 0


@dataclass(slots=True)
class _Facts:
    """What is true of all clients asked about, beside their contacts. `papers`: by contact."""

    today: date
    care: dict[UUID, Care] = field(default_factory=dict)
    danger: set[UUID] = field(default_factory=set)
    papers: dict[UUID, list[tuple[Any, ...]]] = field(default_factory=dict)
    barred: dict[UUID, list[Barred]] = field(default_factory=dict)
    agreed: dict[UUID, Agreed] = field(default_factory=dict)


async def listed(db: Db, program_id: UUID, clients: Sequence[Any], today: date) -> dict[UUID, Listed]:
    """`clients`: rows with id, birth_date (sealed), minor, part2, unsafe_home, danger. Those without any contact are
    missing."""
    ids = [row.id for row in clients]
    contacts = await _CONTACTS.rows(db, program=program_id, clients=ids)
    rights: dict[UUID, Any] = {}
    if any(row.guardian for row in contacts):
        rights = {row.contact_id: row for row in await _RIGHTS.rows(db, program=program_id, clients=ids)}
    facts = await _facts(db, program_id, clients, contacts, rights, today)
    since = now_of(db) - CONFIRM_AFTER
    counted: dict[UUID, list[int]] = {}
    settled: dict[tuple[Any, ...], bool] = {}
    for row in contacts:
        count = counted.setdefault(row.client_id, [0, 0, 0])
        count[0] += 1
        if _settled(db, program_id, row, rights.get(row.id), facts, settled):
            count[1] += 1
            count[2] += _fresh(row.confirmed_at, since)
    return {client_id: Listed(*count) for client_id, count in counted.items()}


def _fresh(confirmed_at: datetime | None, since: datetime) -> bool:
    return confirmed_at is not None and confirmed_at >= since


def _settled(
    db: Db, program_id: UUID, row: Any, rights: Any | None, facts: _Facts, known: dict[tuple[Any, ...], bool]
) -> bool:
    care, papers = facts.care[row.client_id], facts.papers.get(row.id, ())
    danger = row.client_id in facts.danger
    told = rights is None or rights.told_in_crisis
    if row.client_id in facts.barred or row.client_id in facts.agreed:
        # Only here does it matter who it is, beyond what is true of them.
        return _asked(
            _contact(db, program_id, row, told, named=True), care, papers, danger, facts, row.client_id
        )
    key = (
        row.lives_with_client, row.guardian, row.authority_verified, row.known_objection, row.adult, told, care, danger,
        *papers,
    )  # fmt: skip
    answer = known.get(key)
    if answer is None:
        contact = _contact(db, program_id, row, told, named=False)
        answer = known[key] = _asked(contact, care, papers, danger, facts, row.client_id)
    return answer


def _asked(
    contact: Contact,
    care: Care,
    papers: Collection[tuple[Any, ...]],
    danger: bool,
    facts: _Facts,
    client_id: UUID,
) -> bool:
    known = Known(
        client=care,
        releases=[_terms(contact.id, paper) for paper in papers],
        do_not_contact=facts.barred.get(client_id, ()),
        danger=danger,
        agreed=facts.agreed.get(client_id),
    )
    verdict = may_disclose("call", contact, known, "none", facts.today)
    return isinstance(verdict, May) or verdict.code == "family_agreement"


async def _facts(
    db: Db,
    program_id: UUID,
    clients: Sequence[Any],
    contacts: Sequence[Any],
    rights: Mapping[UUID, Any],
    today: date,
) -> _Facts:
    facts, ids = _Facts(today), [row.id for row in clients]
    born = {row.id: _born(db, program_id, row) for row in clients}
    near = {row.id for row in clients if near_majority(born[row.id], today)}
    laws = await laws_of(db, program_id, near)
    minors = {row.id for row in clients if _minor(row, born[row.id], today, laws.get(row.id))}
    alone: set[UUID] = set()
    if minors:
        alone = {row.client_id for row in await _ALONE.rows(db, program=program_id, clients=ids)}
        facts.agreed = await agreed_of(db, program_id, minors, today)
    for row in await _BARRED.rows(db, program=program_id, clients=ids):
        name = _open(db, "do_not_contact", "name", program_id, row)
        facts.barred.setdefault(row.client_id, []).append(Barred(name, row.contact_id, row.number_key))
    guardians = {row.id: signs(row, rights.get(row.id)) for row in contacts if row.guardian}
    by_law: set[UUID] = set()
    for row in await _RELEASES.rows(db, program=program_id, clients=ids):
        facts.papers.setdefault(row.contact_id, []).append(
            _paper(row, born.get(row.client_id), guardians, today)
        )
        if row.signed_by == "client_by_state_law" and row.client_id in minors:
            by_law.add(row.client_id)
    laws |= await laws_of(db, program_id, by_law - near)
    for row in clients:
        minor = row.id in minors
        facts.care[row.id] = Care(
            row.part2, minor, row.unsafe_home, minor and row.id in alone, laws.get(row.id)
        )
    facts.danger = {row.id for row in clients if row.danger}
    return facts


def _born(db: Db, program_id: UUID, client: Any) -> date | None:
    return (
        None
        if client.birth_date is None
        else date.fromisoformat(_open(db, "client", "birth_date", program_id, client))
    )


def _minor(client: Any, born: date | None, today: date, law: MinorsLaw | None) -> bool:
    minor: bool = client.minor if born is None else age_on(born, today) < of_age_by(law)
    return minor


def _contact(db: Db, program_id: UUID, row: Any, told: bool, *, named: bool) -> Contact:
    return Contact(
        id=row.id,
        name=_open(db, "emergency_contact", "name", program_id, row) if named else "",
        number_key=row.number_key,
        lives_with_client=row.lives_with_client,
        guardian=row.guardian,
        authority_verified=row.authority_verified,
        known_objection=row.known_objection,
        adult=row.adult,
        told_in_crisis=told,
    )


def _paper(row: Any, born: date | None, guardians: Mapping[UUID, bool], today: date) -> tuple[Any, ...]:
    """What the rule decides on, and no more of it: days count as before, now or after. Its words stay sealed."""
    age = None if born is None else min(age_on(born, row.signed_on or row.starts_on), GROWN)
    missing = frozenset(elements_missing(row._asdict())) if row.part2 else frozenset()
    return (
        row.starts_on <= today,
        row.ends_on is not None and row.ends_on < today,
        row.ended,
        row.form,
        row.part2,
        missing,
        row.signed_by,
        age,
        row.signer_contact_id is None or guardians.get(row.signer_contact_id, False),
    )


def _terms(contact_id: UUID, paper: tuple[Any, ...]) -> Terms:
    started, over, ended, form, part2, missing, signed_by, age, verified = paper
    return Terms(
        contact_id=contact_id,
        starts_on=ALWAYS if started else date.max,
        ends_on=ALWAYS if over else None,
        revoked=False,
        ended=ended,
        form=form,
        part2=part2,
        missing=missing,
        signed_by=signed_by,
        age_signed=age,
        signer_verified=verified,
        scope="",
    )


def _open(db: Db, table: str, column: str, program_id: UUID, row: Any) -> str:
    return seal_of(db).open(
        getattr(row, column), table=table, column=column, row_id=row.id, program_id=program_id
    )


_CONTACTS = Prepared(
    """
    select e.id, e.client_id, e.name, e.number_key, e.lives_with_client, e.guardian, e.authority_verified,
      e.known_objection, e.adult, e.confirmed_at
    from emergency_contact e
    where e.program_id = :program and e.client_id = any(cast(:clients as uuid[])) and e.retired_at is null
    """
)
_RIGHTS = Prepared(
    """
    select g.contact_id, g.decides_on_care, g.told_in_crisis from guardianship g
    where g.program_id = :program and g.client_id = any(cast(:clients as uuid[])) and g.ended_at is null
    """
)
# Only what could allow a call. That a sealed element is there is all that is asked of it.
_RELEASES = Prepared(
    """
    select r.client_id, r.contact_id, r.starts_on, r.ends_on, r.event_at is not null as ended, r.form, r.part2,
      r.signed_by, r.signed_how, r.signed_on, r.signer_contact_id, r.notice_version, r.purpose, r.discloser,
      r.right_to_revoke_told, r.scope is not null as scope, r.ends_event is not null as ends_event
    from release r
    where r.program_id = :program and r.client_id = any(cast(:clients as uuid[])) and r.revoked_at is null
      and r.contact_id is not null and 'contact_in_crisis' = any(r.covers)
    """
)
_BARRED = Prepared(
    """
    select d.id, d.client_id, d.name, d.contact_id, d.number_key from do_not_contact d
    where d.program_id = :program and d.client_id = any(cast(:clients as uuid[])) and d.ended_at is null
    """
)
_ALONE = Prepared(
    """
    select m.client_id from minor_consent m
    where m.program_id = :program and m.client_id = any(cast(:clients as uuid[])) and m.ended_at is null
    """
)
