"""The facts that readiness decides on, for any number of clients at once: a dozen queries, whatever the number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text

from app.clients.may_call import Listed, listed
from app.clients.people import local_today
from app.code_words.queries import WordsStanding, standing
from app.db import Db, now_of
from app.group_sessions.models import LocationCheckIn
from app.group_sessions.readiness import Known, Ready, ready
from app.places.queries import CHECK_EVERY
from app.plans.queries import PlanStanding
from app.plans.queries import standing as plans_standing

# R8: a number is rung again only after so long.
RING_EVERY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is missing for one client, and the row that the press beside a gap is about."""

    known: Known
    state: Ready
    phone_id: UUID | None
    line_id: UUID | None


# Plain reads, put together here: joined in the database, 2,000 people without statistics took seven seconds.
_CLIENTS = text(
    """
    select c.id, c.unsafe_home, c.first_outreach, c.danger_word_used_at, c.no_safe_contact, c.home_dispatch_line_id,
      c.home_address is not null as home_address
    from client c where c.program_id = :program and c.id = any(:clients)
    """
)
_PHONES = text(
    """
    select p.client_id, p.id, p.number_key, p.shared, p.safe_to_ring, p.today_only_for is not null as today_only
    from client_phone p
    where p.program_id = :program and p.client_id = any(:clients) and p.retired_at is null
      and (p.today_only_for is null or p.today_only_for = any(:meetings))
    order by p.rank, p.id
    """
)
_RINGS = text(
    """
    select t.phone_id, t.number_key, max(t.at) as at from number_ring t
    where t.program_id = :program and t.client_id = any(:clients) and t.result = 'answered'
    group by t.phone_id, t.number_key
    """
)
_LINES = text("select id, verified_on from dispatch_line where program_id = :program and retired_at is null")


async def of_clients(
    db: Db,
    program_id: UUID,
    clients: Collection[UUID],
    *,
    meeting: UUID | None = None,
    places: Mapping[UUID, LocationCheckIn] | None = None,
) -> dict[UUID, Readiness]:
    """`places`: today's, by client, for this meeting. Without a meeting nobody has a place to say yet."""
    ids = list(clients)
    values = {"program": program_id, "clients": ids, "meetings": [meeting] if meeting else []}
    rows = (await db.execute(_CLIENTS, values)).all()
    phones: dict[UUID, list[Any]] = {}
    for phone in await db.execute(_PHONES, values):
        phones.setdefault(phone.client_id, []).append(phone)
    rings = {(ring.phone_id, bytes(ring.number_key)): ring.at for ring in await db.execute(_RINGS, values)}
    now = now_of(db)
    lines = {row.id: row.verified_on for row in await db.execute(_LINES, {"program": program_id})}
    contacts = await listed(db, program_id, ids, await local_today(db, program_id, now))
    words = await standing(db, program_id, ids)
    plans = await plans_standing(db, program_id, ids)
    made = {}
    for row in rows:
        place = (places or {}).get(row.id)
        at_home = place is None or place.same_place
        own = phones.get(row.id, [])
        first = _to_ring(row, own)
        line_id = row.home_dispatch_line_id if at_home else place.dispatch_line_id  # type: ignore[union-attr]
        known = Known(
            place="later" if meeting is None else "missing" if place is None else "said",
            address=row.home_address if at_home else place.address is not None,  # type: ignore[union-attr]
            line=_line(lines, line_id, now),
            contacts=contacts.get(row.id, Listed()).contacts,
            may_call=contacts.get(row.id, Listed()).may_call,
            answered=row.no_safe_contact,
            phones=len(own),
            safe_phones=sum(phone.safe_to_ring for phone in own),
            unsafe_home=row.unsafe_home,
            ring=_ring(first, rings, now),
            plan=_plan(plans.get(row.id)),
            danger_word=_danger_word(words[row.id]),
            question=words[row.id].question_set,
        )
        made[row.id] = Readiness(known, ready(known), first.id if first else None, line_id)
    return made


def _line(
    lines: Mapping[UUID, date | None], line_id: UUID | None, now: datetime
) -> Literal["none", "unchecked", "checked"]:
    if line_id is None or line_id not in lines:
        return "none"
    verified = lines[line_id]
    return "checked" if verified is not None and now.date() - verified <= CHECK_EVERY else "unchecked"


def _to_ring(client: Any, phones: Sequence[Any]) -> Any | None:
    """The number a test ring would be about. Never a shared or unsafe one, and nobody who is not reached by a ring."""
    if client.first_outreach != "ring" or client.danger_word_used_at is not None:
        return None
    return next(
        (
            phone
            for phone in phones
            if not phone.today_only and not phone.shared and (phone.safe_to_ring or not client.unsafe_home)
        ),
        None,
    )


def _ring(
    phone: Any | None, rings: Mapping[tuple[UUID, bytes], datetime], now: datetime
) -> Literal["due", "fresh", "not_allowed"]:
    if phone is None:
        return "not_allowed"
    rung = rings.get((phone.id, bytes(phone.number_key)))
    return "fresh" if rung is not None and now - rung < RING_EVERY else "due"


def _plan(plan: PlanStanding | None) -> Literal["none", "overdue", "agreed"]:
    if plan is None:
        return "none"
    return "overdue" if plan.overdue else "agreed"


def _danger_word(words: WordsStanding) -> Literal["none", "due", "set"]:
    if not words.danger_set:
        return "none"
    return "due" if "danger" in words.due else "set"
