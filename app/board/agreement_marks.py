"""What stands beside an alert of an agreement: times and names, never its words."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from app.agreements import rules
from app.board.cards import AgreementMark, PersonRef, Tier
from app.db import Db
from app.prepared import Prepared

# Those about which a person has still something to answer, the one that counts down last.
_WAITING = Prepared(
    """
    select a.incident_id, a.id, a.made_at, a.until, a.ended_at is not null as answered,
           case when a.check_done_at is null then a.check_wanted_at end as check_wanted_at,
           case when s.disabled_at is null then a.owner_id end as owner_id
    from agreement a
    join staff_member s on s.program_id = a.program_id and s.id = a.owner_id
    where a.program_id = :program and a.incident_id = any(cast(:incidents as uuid[]))
      and (a.ended_at is null or a.check_wanted_at is not null and a.check_done_at is null)
    order by a.ended_at is null, a.made_at, a.id
    """
)


async def agreement_marks(
    db: Db, program_id: UUID, tiers: Mapping[UUID, Tier], names: Mapping[UUID, str]
) -> dict[UUID, AgreementMark]:
    """By incident. `tiers`: of the open incidents that are asked about."""
    found: dict[UUID, list[Any]] = {}
    for row in await _WAITING.rows(db, program=program_id, incidents=list(tiers)):
        found.setdefault(row.incident_id, []).append(row)
    return {incident_id: _mark(rows, tiers[incident_id], names) for incident_id, rows in found.items()}


def _mark(rows: Collection[Any], tier: Tier, names: Mapping[UUID, str]) -> AgreementMark:
    """The newest counts down; a new check that any of them asks for is asked for."""
    *_, newest = rows
    return AgreementMark(
        agreement_id=newest.id,
        made_at=newest.made_at,
        until=newest.until,
        lapses_at=rules.lapses_at(newest.until, tier),
        answered=newest.answered,
        check_wanted_at=min((row.check_wanted_at for row in rows if row.check_wanted_at), default=None),
        owner=PersonRef(id=newest.owner_id, name=names.get(newest.owner_id, "A colleague"))
        if newest.owner_id
        else None,
    )
