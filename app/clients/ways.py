"""How clients can be reached, for any number of them at once: half a dozen plain reads, whatever the number.

Put together here and not by joins: joined in the database, 2,000 people without statistics took seven seconds.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from app.clients.gaps import Ways
from app.clients.may_call import Listed, listed
from app.clients.people import local_today
from app.db import Db, now_of
from app.places.queries import CHECK_EVERY
from app.prepared import Prepared

# R8: a number is rung again only after so long.
RING_EVERY = timedelta(days=30)
Line = Literal["none", "unchecked", "checked"]
NONE = Listed()


@dataclass(frozen=True, slots=True)
class Reached:
    """`phone_id`: the number a test ring would be about. `lines`: of the program, with how long each has been checked."""

    ways: Ways
    phone_id: UUID | None
    line_id: UUID | None
    question: bool
    lines: Mapping[UUID, Line]

    def away(self, *, address: bool, line_id: UUID | None) -> "Reached":
        """Somewhere else than at the usual place: only what is known of that place counts."""
        ways = replace(self.ways, address=address, line=_line(self.lines, line_id))
        return replace(self, ways=ways, line_id=line_id)


_CLIENTS = Prepared(
    """
    select c.id, c.birth_date, c.minor, c.part2, c.unsafe_home, c.danger_word_used_at is not null as danger,
      c.first_outreach, c.no_safe_contact, c.home_dispatch_line_id as line_id, c.home_address is not null as address,
      c.ordinary_question is not null as question
    from client c where c.program_id = :program and c.id = any(cast(:clients as uuid[]))
    """
)
# One row for each client. A test ring is never about a shared or unsafe number, nor about one given for today.
_PHONES = Prepared(
    """
    select p.client_id, count(*) as phones, count(*) filter (where p.safe_to_ring) as safe,
      (array_agg(p.id order by p.rank, p.id) filter (where p.today_only_for is null and not p.shared))[1] as first,
      (array_agg(p.id order by p.rank, p.id)
        filter (where p.today_only_for is null and not p.shared and p.safe_to_ring))[1] as first_safe
    from client_phone p
    where p.program_id = :program and p.client_id = any(cast(:clients as uuid[])) and p.retired_at is null
      and (p.today_only_for is null or p.today_only_for = any(cast(:meetings as uuid[])))
    group by p.client_id
    """
)
# Numbers that answered lately, as they still stand. As text: the rings belong to a package above this one.
_RUNG = Prepared(
    """
    select distinct t.phone_id from number_ring t
    join client_phone p on p.program_id = t.program_id and p.id = t.phone_id and p.number_key = t.number_key
    where t.program_id = :program and t.client_id = any(cast(:clients as uuid[])) and t.result = 'answered'
      and t.at > :since
    """
)
_LINES = Prepared(
    "select id, verified_on from dispatch_line where program_id = :program and retired_at is null"
)


async def reached(
    db: Db, program_id: UUID, clients: Collection[UUID], meetings: Collection[UUID] = ()
) -> dict[UUID, Reached]:
    """`meetings`: numbers given at their check-in count too."""
    ids, now = list(clients), now_of(db)
    if not ids:
        return {}
    today = await local_today(db, program_id, now)
    rows = await _CLIENTS.rows(db, program=program_id, clients=ids)
    phones = {
        row.client_id: row
        for row in await _PHONES.rows(db, program=program_id, clients=ids, meetings=list(meetings))
    }
    rung = {
        row.phone_id for row in await _RUNG.rows(db, program=program_id, clients=ids, since=now - RING_EVERY)
    }
    lines = {row.id: _checked(row.verified_on, now) for row in await _LINES.rows(db, program=program_id)}
    contacts = await listed(db, program_id, rows, today)
    # Most people lack the same few things: one value for all of them.
    made: dict[tuple[Any, ...], Ways] = {}
    found = {}
    for row in rows:
        own, named = phones.get(row.id), contacts.get(row.id, NONE)
        phone_id = _to_ring(row, own)
        ring = "not_allowed" if phone_id is None else "fresh" if phone_id in rung else "due"
        key: tuple[Any, ...] = (
            row.address, _line(lines, row.line_id), named.contacts, named.may_call, named.confirmed, row.no_safe_contact,
            own.phones if own else 0, own.safe if own else 0, row.unsafe_home, ring,
        )  # fmt: skip
        ways = made.get(key)
        if ways is None:
            ways = made[key] = Ways(*key)
        found[row.id] = Reached(ways, phone_id, row.line_id, row.question, lines)
    return found


def _checked(verified_on: date | None, now: datetime) -> Line:
    return "checked" if verified_on is not None and now.date() - verified_on <= CHECK_EVERY else "unchecked"


def _line(lines: Mapping[UUID, Line], line_id: UUID | None) -> Line:
    return "none" if line_id is None else lines.get(line_id, "none")


def _to_ring(client: Any, phones: Any | None) -> UUID | None:
    """Nobody who is not reached by a ring, and nobody after a danger word."""
    if phones is None or client.first_outreach != "ring" or client.danger:
        return None
    chosen: UUID | None = phones.first_safe if client.unsafe_home else phones.first
    return chosen
