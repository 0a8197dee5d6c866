"""The facts that readiness decides on, for any number of clients at once: a dozen queries, whatever the number."""

from collections.abc import Collection, Mapping
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


# Who must not be rung for a test: a shared or unsafe number, and whoever is reached by text, relay or not at all.
_FACTS = text(
    """
    with phones as (
        select p.client_id, count(*) as phones, count(*) filter (where p.safe_to_ring) as safe
        from client_phone p
        where p.program_id = :program and p.client_id = any(:clients) and p.retired_at is null
          and (p.today_only_for is null or p.today_only_for = any(:meetings))
        group by p.client_id
    ), first as (
        select distinct on (p.client_id) p.client_id, p.id, p.number_key
        from client_phone p join client c on c.program_id = p.program_id and c.id = p.client_id
        where p.program_id = :program and p.client_id = any(:clients) and p.retired_at is null
          and p.today_only_for is null and not p.shared and c.first_outreach = 'ring'
          and c.danger_word_used_at is null and (p.safe_to_ring or not c.unsafe_home)
        order by p.client_id, p.rank, p.id
    ), rung as (
        select distinct on (t.phone_id) t.phone_id, t.number_key, t.at
        from number_ring t
        where t.program_id = :program and t.client_id = any(:clients) and t.result = 'answered'
        order by t.phone_id, t.at desc
    )
    select c.id, c.unsafe_home, c.no_safe_contact,
      c.home_dispatch_line_id, c.home_address is not null as home_address,
      coalesce(p.phones, 0) as phones, coalesce(p.safe, 0) as safe,
      f.id as phone_id, r.at as rung_at
    from client c
    left join phones p on p.client_id = c.id
    left join first f on f.client_id = c.id
    left join rung r on r.phone_id = f.id and r.number_key = f.number_key
    where c.program_id = :program and c.id = any(:clients)
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
    rows = (await db.execute(_FACTS, values)).all()
    now = now_of(db)
    lines = {row.id: row.verified_on for row in await db.execute(_LINES, {"program": program_id})}
    contacts = await listed(db, program_id, ids, await local_today(db, program_id, now))
    words = await standing(db, program_id, ids)
    plans = await plans_standing(db, program_id, ids)
    made = {}
    for row in rows:
        place = (places or {}).get(row.id)
        at_home = place is None or place.same_place
        line_id = row.home_dispatch_line_id if at_home else place.dispatch_line_id  # type: ignore[union-attr]
        known = Known(
            place="later" if meeting is None else "missing" if place is None else "said",
            address=row.home_address if at_home else place.address is not None,  # type: ignore[union-attr]
            line=_line(lines, line_id, now),
            contacts=contacts.get(row.id, Listed()).contacts,
            may_call=contacts.get(row.id, Listed()).may_call,
            answered=row.no_safe_contact,
            phones=row.phones,
            safe_phones=row.safe,
            unsafe_home=row.unsafe_home,
            ring=_ring(row, now),
            plan=_plan(plans.get(row.id)),
            danger_word=_danger_word(words[row.id]),
            question=words[row.id].question_set,
        )
        made[row.id] = Readiness(known, ready(known), row.phone_id, line_id)
    return made


def _line(
    lines: Mapping[UUID, date | None], line_id: UUID | None, now: datetime
) -> Literal["none", "unchecked", "checked"]:
    if line_id is None or line_id not in lines:
        return "none"
    verified = lines[line_id]
    return "checked" if verified is not None and now.date() - verified <= CHECK_EVERY else "unchecked"


def _ring(row: Any, now: datetime) -> Literal["due", "fresh", "not_allowed"]:
    if row.phone_id is None:
        return "not_allowed"
    return "fresh" if row.rung_at is not None and now - row.rung_at < RING_EVERY else "due"


def _plan(plan: PlanStanding | None) -> Literal["none", "overdue", "agreed"]:
    if plan is None:
        return "none"
    return "overdue" if plan.overdue else "agreed"


def _danger_word(words: WordsStanding) -> Literal["none", "due", "set"]:
    if not words.danger_set:
        return "none"
    return "due" if "danger" in words.due else "set"
