"""What boards show of an emergency that has just opened, ahead of everything else that its entries concern.

Building whatever an incident touches takes fifty statements. Between the two transactions of the press (see
`app/emergency/saying.py`) nearly nothing of it can be there yet, and one is enough. The card is the one that a fresh
board would show at that moment; it covers no entry: what does follows by the ordinary way, and replaces it. Where
anything more stands that a card would have to tell, there is none, and boards wait for that.
"""

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from app.board.cards import IncidentCard, PersonRef, PlaceView
from app.board.names import first_name, first_names, words_of
from app.board.people import initials, marks_of, place_of, presence_view
from app.clients.models import Client
from app.group_sessions.models import LocationCheckIn, Presence
from app.incidents.models import Incident
from app.incidents.words import headline
from app.prepared import Prepared
from app.seal import Seal

_OPENED = Prepared(
    f"""
    select i.id, i.lines, i.practice, i.kind, i.reason, i.tier, i.drop_at, i.learned_at, i.client_id,
           i.group_session_id, i.owner_id, i.taken_at, i.owned_until, i.triage, i.triaged_by, s.emergency_at,
           o.name as owner_name, t.name as triaged_name, gr.name as group_name,
           pr.settings -> 'dial_in' ->> cast(g.group_id as text) as dial_in,
           c.name_used, c.pronouns, c.first_outreach, c.unsafe_home, c.danger_word_used_at, c.minor, c.language,
           c.pet_mark, c.travel_minutes, c.home_label,
           p.state, p.since, p.until, p.evidence_at, p.ask_since, p.watch_until,
           l.id as place_id, l.label, l.same_place, l.source, l.confirmed_at, l.alone,
           f.names, f.twice
    from incident i
    join lane_set s on s.program_id = i.program_id and s.incident_id = i.id and s.emergency_at is not null
    join emergency e on e.program_id = i.program_id and e.incident_id = i.id and e.opened
        and e.declared_at is not null and e.sets_out_by is not null
    join client c on c.program_id = i.program_id and c.id = i.client_id
    join presence p on p.program_id = i.program_id and p.group_session_id = i.group_session_id
        and p.client_id = i.client_id and p.removed_at is null
    join group_session g on g.program_id = i.program_id and g.id = i.group_session_id and g.state <> 'closed'
    join "group" gr on gr.program_id = g.program_id and gr.id = g.group_id
    join program pr on pr.id = i.program_id
    left join staff_member o on o.program_id = i.program_id and o.id = i.owner_id
    left join staff_member t on t.program_id = i.program_id and t.id = i.triaged_by
    left join lateral (
        select n.id, n.label, n.same_place, n.source, n.confirmed_at, n.alone from location_check_in n
        where n.program_id = i.program_id and n.client_id = i.client_id and n.group_session_id = i.group_session_id
        order by n.confirmed_at desc limit 1
    ) l on true
    cross join lateral (
        select array_agg(n.name) as names, array_agg(n.twice) as twice
        from ({first_names("array[i.group_session_id]")}) n
    ) f
    where i.program_id = :program and i.id = any(cast(:incidents as uuid[])) and i.state = 'open'
        and i.protocol_version_id is null and i.by_hand is null and i.outage_id is null and i.verified_at is null
        and i.reached_at is null
        and not exists (select 1 from lane x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from escalation_step x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from contact_attempt x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from protocol_run x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from agreement x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from risk_assessment x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from tier_lowering x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from breakout x where x.program_id = i.program_id and x.client_id = i.client_id
                        and x.ended_at is null)
        and not exists (select 1 from incident x where x.program_id = i.program_id and x.client_id = i.client_id
                        and x.state = 'open' and x.id <> i.id)
    """  # noqa: S608  constants
)


async def cards(driver: Any, seal: Seal, program_id: UUID, incidents: Collection[UUID]) -> list[IncidentCard]:
    """`driver`: a connection of its own, with this program set."""
    rows = await _OPENED.fetch(driver, program=program_id, incidents=list(incidents))
    return [_card(row, _place(row, seal, program_id)) for row in rows]


def _place(row: Any, seal: Seal, program_id: UUID) -> PlaceView:
    if row.place_id is None:
        return PlaceView(state="missing")
    label = row.home_label
    if not row.same_place:
        place = {"table": "location_check_in", "column": "label", "row_id": row.place_id}
        label = seal.open(row.label, program_id=program_id, **place) if row.label is not None else None
    return place_of(cast(LocationCheckIn, row), label)


def _card(row: Any, place: PlaceView) -> IncidentCard:
    alike = words_of(dict(zip(row.names, row.twice, strict=True)))
    return IncidentCard(
        id=f"incident:{row.id}",
        incident_id=row.id,
        lines=row.lines,
        practice=row.practice,
        what=row.kind,
        reason=row.reason,
        headline=headline(cast(Incident, row), row.name_used),
        client_id=row.client_id,
        name=row.name_used,
        initials=initials(row.name_used),
        pronouns=row.pronouns,
        similar_name=first_name(row.name_used) in alike,
        group_session_id=row.group_session_id,
        group_name=row.group_name,
        dial_in=row.dial_in,
        tier=row.tier,
        state="open",
        drop_at=row.drop_at,
        learned_at=row.learned_at,
        place=place,
        marks=marks_of(cast(Client, row)),
        presence=presence_view(cast(Presence, row)),
        owner=PersonRef(id=row.owner_id, name=row.owner_name) if row.owner_id else None,
        mine=False,
        taken_at=row.taken_at,
        owned_until=row.owned_until,
        triage=row.triage,
        triaged_by=PersonRef(id=row.triaged_by, name=row.triaged_name) if row.triaged_by else None,
        order=[],
        calls=[],
        by_hand=[],
        brief_drop_allowed=False,
        client_first_outreach=row.first_outreach,
        emergency_at=row.emergency_at,
        needs_seen=row.owner_id is None,
    )
