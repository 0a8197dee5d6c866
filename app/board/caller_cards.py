"""Cards of people who rang us and whom nobody has handled. They are few, so all are built anew on each change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.board.cards import CallerCard, PersonRef
from app.clients.models import Client, ClientPhone, DoNotContact, EmergencyContact
from app.db import Db, now_of, reveal
from app.incidents.callers import concerned
from app.incidents.models import InboundCaller, Incident
from app.journal.kinds import Kind
from app.numbers import readable
from app.staff.models import StaffMember, StaffPhone

# After these a card of a caller may have come, changed or gone.
CALLER_KINDS = frozenset(
    kind.value
    for kind in (
        Kind.caller_waiting,
        Kind.caller_missed,
        Kind.caller_put_through,
        Kind.caller_rung_back,
        Kind.caller_handled,
        Kind.phone_changed,
        Kind.contact_changed,
        Kind.tier_changed,
        Kind.incident_opened,
        Kind.incident_closed,
        Kind.incident_tier_changed,
        Kind.verified,
    )
)
# A sign-in lasts twelve hours; no board can still show what was over before that.
FORGOTTEN = timedelta(hours=13)

Caution = Literal["not_safe", "asked_not", "relay", "shared", "contact", "barred", "unknown", "withheld"]
Who = Literal["client", "contact", "barred", "staff", "unknown"]
OF_OTHERS: dict[Who, list[Caution]] = {
    "contact": ["contact"],
    "barred": ["barred"],
    "unknown": ["unknown"],
}
# Nobody rings these back from the board: the record says what is lawful.
NO_NUMBER = frozenset({"not_safe", "contact", "barred"})


@dataclass(frozen=True, slots=True)
class Callers:
    """Cards with the meetings whose staff see them, and the ids of cards that are over."""

    cards: list[tuple[CallerCard, frozenset[UUID]]]
    gone: list[tuple[str, frozenset[UUID]]]


NO_CALLERS = Callers([], [])


@dataclass(frozen=True, slots=True)
class _Owner:
    who: Who
    name: str | None
    client: Client | None
    phones: tuple[ClientPhone, ...] = ()


async def caller_cards(db: Db, program_id: UUID, *, gone: bool = True) -> Callers:
    since = now_of(db) - FORGOTTEN
    rows = await db.scalars(
        select(InboundCaller)
        .where(
            InboundCaller.program_id == program_id,
            or_(InboundCaller.state != "over", InboundCaller.over_at > since)
            if gone
            else InboundCaller.state != "over",
        )
        .order_by(InboundCaller.last_at, InboundCaller.id)
    )
    found = list(rows)
    if not found:
        return NO_CALLERS
    named = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    names = {row.id: row.name for row in named}
    standing = [caller for caller in found if caller.state != "over"]
    meetings = await concerned(db, program_id, found)
    owners = await _owners(db, program_id, standing, names)
    incidents = await _open_incidents(db, program_id, standing)
    cards = [
        (
            _card(db, caller, owners[caller.id], incidents.get(caller.client_id), names),
            meetings[caller.id],
        )
        for caller in standing
    ]
    over = [(f"caller:{caller.id}", meetings[caller.id]) for caller in found if caller.state == "over"]
    return Callers(cards, over)


def _card(
    db: Db, caller: InboundCaller, owner: _Owner, incident: Incident | None, names: dict[UUID, str]
) -> CallerCard:
    cautions = _cautions(caller, owner)
    plain = None if NO_NUMBER.intersection(cautions) else reveal(db, caller, "number")
    tier = incident.tier if incident else owner.client.tier if owner.client else None
    return CallerCard(
        id=f"caller:{caller.id}",
        caller_id=caller.id,
        who=owner.who,
        name=owner.name,
        client_id=caller.client_id or (owner.client.id if owner.client else None),
        incident_id=incident.id if incident else None,
        tier=tier,
        state=caller.state,
        first_at=caller.first_at,
        last_at=caller.last_at,
        times=caller.times,
        number=readable(plain) if plain else None,
        ends=caller.last2,
        cautions=cautions,
        rung_back_at=caller.rung_back_at,
        rung_back_by=PersonRef(id=caller.rung_back_by, name=names.get(caller.rung_back_by, "A colleague"))
        if caller.rung_back_by
        else None,
    )


def _cautions(caller: InboundCaller, owner: _Owner) -> list[Caution]:
    """What must be known before anybody rings back (R2, R11, R18, R24)."""
    if caller.number is None:
        return ["withheld"]
    if owner.who == "client" and owner.client is not None:
        return _of_client(owner.client, owner.phones)
    return OF_OTHERS.get(owner.who, [])


def _of_client(client: Client, phones: Sequence[ClientPhone]) -> list[Caution]:
    guarded = client.unsafe_home or client.danger_word_used_at is not None
    holds: dict[Caution, bool] = {
        "not_safe": guarded and not any(phone.safe_to_ring for phone in phones),
        "asked_not": client.first_outreach == "do_not_ring",
        "relay": client.first_outreach == "relay",
        "shared": any(phone.shared for phone in phones),
    }
    return [caution for caution, it_does in holds.items() if it_does]


async def _owners(
    db: Db, program_id: UUID, callers: Sequence[InboundCaller], names: dict[UUID, str]
) -> dict[UUID, _Owner]:
    """By caller: whose number it is now, on the records of clients, then of their contacts, then of staff."""
    keys = {caller.number_key for caller in callers}
    clients: dict[bytes, list[tuple[ClientPhone, Client]]] = {}
    for phone, client in await db.execute(
        select(ClientPhone, Client)
        .join(Client, (Client.program_id == ClientPhone.program_id) & (Client.id == ClientPhone.client_id))
        .where(
            ClientPhone.program_id == program_id,
            ClientPhone.number_key.in_(keys),
            ClientPhone.retired_at.is_(None),
        )
        .order_by(Client.name_used, Client.id, ClientPhone.rank)
    ):
        clients.setdefault(phone.number_key, []).append((phone, client))
    contacts = await _others(db, program_id, keys, EmergencyContact, EmergencyContact.retired_at)
    barred = await _others(db, program_id, keys, DoNotContact, DoNotContact.ended_at)
    of_staff = await db.execute(
        select(StaffPhone.number_key, StaffPhone.staff_id).where(
            StaffPhone.program_id == program_id, StaffPhone.number_key.in_(keys)
        )
    )
    staff = {row.number_key: names.get(row.staff_id, "A colleague") for row in of_staff}
    found: dict[UUID, _Owner] = {}
    for caller in callers:
        key = caller.number_key
        if key in clients:
            found[caller.id] = _of_record(caller, clients[key])
        elif key in barred:
            found[caller.id] = _Owner("barred", barred[key].name_used, barred[key])
        elif key in contacts:
            found[caller.id] = _Owner("contact", contacts[key].name_used, contacts[key])
        else:
            found[caller.id] = _Owner("staff" if key in staff else "unknown", staff.get(key), None)
    return found


async def _others(
    db: Db,
    program_id: UUID,
    keys: Collection[bytes],
    table: type[EmergencyContact] | type[DoNotContact],
    ended: InstrumentedAttribute[datetime | None],
) -> dict[bytes, Client]:
    """Numbers of people around a client, with whose they are."""
    rows = await db.execute(
        select(table.number_key, Client)
        .join(Client, (Client.program_id == table.program_id) & (Client.id == table.client_id))
        .where(table.program_id == program_id, table.number_key.in_(keys), ended.is_(None))
        .order_by(Client.name_used.desc(), Client.id)
    )
    return {key: client for key, client in rows if key is not None}


def _of_record(caller: InboundCaller, clients: Sequence[tuple[ClientPhone, Client]]) -> _Owner:
    mine = next((client for _, client in clients if client.id == caller.client_id), clients[0][1])
    everybody = dict.fromkeys(client.name_used for _, client in clients)
    return _Owner("client", " or ".join(everybody), mine, tuple(phone for phone, _ in clients))


async def _open_incidents(
    db: Db, program_id: UUID, callers: Sequence[InboundCaller]
) -> dict[UUID | None, Incident]:
    clients = {caller.client_id for caller in callers if caller.client_id is not None}
    if not clients:
        return {}
    rows = await db.scalars(
        select(Incident)
        .where(Incident.program_id == program_id, Incident.client_id.in_(clients), Incident.state == "open")
        .order_by(Incident.drop_at)
    )
    return {incident.client_id: incident for incident in rows}
