"""What boards show of an emergency that has just opened, ahead of everything else that its entries concern.

Building whatever an incident touches takes fifty statements. Between the two transactions of the press (see
`app/emergency/saying.py`) nearly nothing of it can be there yet, and one is enough. The card is the one that a fresh
board would show at that moment; it covers no entry: what does follows by the ordinary way, and replaces it. Where
anything more stands that a card would have to tell, there is none, and boards wait for that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from app.board.cards import IncidentCard, PersonRef, PlaceView
from app.board.names import first_name, first_names, words_of
from app.board.people import initials, marks_of, place_of, presence_view
from app.clients.models import Client
from app.emergency.saying import Said
from app.group_sessions.models import LocationCheckIn, Presence
from app.incidents.models import Incident
from app.incidents.words import headline
from app.prepared import Prepared
from app.seal import Seal


@dataclass(frozen=True, slots=True)
class Person:
    """`known`: a row of the columns below."""

    known: Any
    place: PlaceView


# What a card tells of the person and the meeting, of a row `i` that says whose it is.
_PERSON = """
           gr.name as group_name, pr.settings -> 'dial_in' ->> cast(g.group_id as text) as dial_in,
           c.name_used, c.pronouns, c.first_outreach, c.unsafe_home, c.danger_word_used_at, c.minor, c.language,
           c.pet_mark, c.travel_minutes, c.home_label,
           p.state, p.since, p.until, p.evidence_at, p.ask_since, p.watch_until,
           l.id as place_id, l.label, l.same_place, l.source, l.confirmed_at, l.alone,
           f.names, f.twice
"""
_KNOWN_OF = f"""
    join client c on c.program_id = i.program_id and c.id = i.client_id
    join presence p on p.program_id = i.program_id and p.group_session_id = i.group_session_id
        and p.client_id = i.client_id and p.removed_at is null
    join group_session g on g.program_id = i.program_id and g.id = i.group_session_id and g.state <> 'closed'
    join "group" gr on gr.program_id = g.program_id and gr.id = g.group_id
    join program pr on pr.id = i.program_id
    left join lateral (
        select n.id, n.label, n.same_place, n.source, n.confirmed_at, n.alone from location_check_in n
        where n.program_id = i.program_id and n.client_id = i.client_id and n.group_session_id = i.group_session_id
        order by n.confirmed_at desc limit 1
    ) l on true
    cross join lateral (
        select array_agg(n.name) as names, array_agg(n.twice) as twice
        from ({first_names("array[i.group_session_id]")}) n
    ) f
"""  # noqa: S608  constants
_IN_NO_PRIVATE_ROOM = """
        not exists (select 1 from breakout x where x.program_id = i.program_id and x.client_id = i.client_id
                    and x.ended_at is null)
"""
_PERSONS = Prepared(
    f"""
    select {_PERSON}
    from (select cast(:program as uuid), cast(:client as uuid), cast(:meeting as uuid))
        i (program_id, client_id, group_session_id)
    {_KNOWN_OF}
    where {_IN_NO_PRIVATE_ROOM}
        and not exists (select 1 from incident x where x.program_id = i.program_id and x.client_id = i.client_id
                        and x.state = 'open')
    """  # noqa: S608  constants
)
_OPENED = Prepared(
    f"""
    select i.id, i.lines, i.practice, i.kind, i.reason, i.tier, i.drop_at, i.learned_at, i.client_id,
           i.group_session_id, i.owner_id, i.taken_at, i.owned_until, i.triage, i.triaged_by, s.emergency_at,
           o.name as owner_name, t.name as triaged_name, {_PERSON}
    from incident i
    join lane_set s on s.program_id = i.program_id and s.incident_id = i.id and s.emergency_at is not null
    join emergency e on e.program_id = i.program_id and e.incident_id = i.id and e.opened
        and e.declared_at is not null and e.sets_out_by is not null
    {_KNOWN_OF}
    left join staff_member o on o.program_id = i.program_id and o.id = i.owner_id
    left join staff_member t on t.program_id = i.program_id and t.id = i.triaged_by
    where i.program_id = :program and i.id = any(cast(:incidents as uuid[])) and i.state = 'open'
        and i.protocol_version_id is null and i.by_hand is null and i.outage_id is null and i.verified_at is null
        and i.reached_at is null and {_IN_NO_PRIVATE_ROOM}
        and not exists (select 1 from lane x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from escalation_step x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from contact_attempt x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from protocol_run x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from agreement x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from risk_assessment x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from tier_lowering x where x.program_id = i.program_id and x.incident_id = i.id)
        and not exists (select 1 from incident x where x.program_id = i.program_id and x.client_id = i.client_id
                        and x.state = 'open' and x.id <> i.id)
    """  # noqa: S608  constants
)


async def person(
    driver: Any, seal: Seal, program_id: UUID, meeting_id: UUID, client_id: UUID
) -> Person | None:
    """What the card of an emergency about them would tell of them, of whom nothing is open yet. `driver`: as below."""
    rows = await _PERSONS.fetch(driver, program=program_id, meeting=meeting_id, client=client_id)
    return Person(rows[0], _place(rows[0], seal, program_id)) if rows else None


def card_of(said: Said, person: Person) -> IncidentCard:
    """Of an emergency that this process has written itself."""
    presser = PersonRef(id=said.by.staff_id, name=said.by.name)
    owner = presser if said.incident.owner_id is not None else None
    return _card(said.incident, person, owner, presser, said.incident.learned_at)


async def cards(driver: Any, seal: Seal, program_id: UUID, incidents: Collection[UUID]) -> list[IncidentCard]:
    """`driver`: a connection of its own, with this program set."""
    rows = await _OPENED.fetch(driver, program=program_id, incidents=list(incidents))
    return [
        _card(
            cast(Incident, row),
            Person(row, _place(row, seal, program_id)),
            PersonRef(id=row.owner_id, name=row.owner_name) if row.owner_id else None,
            PersonRef(id=row.triaged_by, name=row.triaged_name) if row.triaged_by else None,
            row.emergency_at,
        )
        for row in rows
    ]


def _place(row: Any, seal: Seal, program_id: UUID) -> PlaceView:
    if row.place_id is None:
        return PlaceView(state="missing")
    label = row.home_label
    if not row.same_place:
        place = {"table": "location_check_in", "column": "label", "row_id": row.place_id}
        label = seal.open(row.label, program_id=program_id, **place) if row.label is not None else None
    return place_of(cast(LocationCheckIn, row), label)


def _card(
    incident: Incident,
    person: Person,
    owner: PersonRef | None,
    triaged_by: PersonRef | None,
    emergency_at: datetime,
) -> IncidentCard:
    known = person.known
    alike = words_of(dict(zip(known.names, known.twice, strict=True)))
    return IncidentCard(
        id=f"incident:{incident.id}",
        incident_id=incident.id,
        lines=incident.lines,
        practice=incident.practice,
        what=incident.kind,
        reason=incident.reason,
        headline=headline(incident, known.name_used),
        client_id=incident.client_id,
        name=known.name_used,
        initials=initials(known.name_used),
        pronouns=known.pronouns,
        similar_name=first_name(known.name_used) in alike,
        group_session_id=incident.group_session_id,
        group_name=known.group_name,
        dial_in=known.dial_in,
        tier=incident.tier,
        state="open",
        drop_at=incident.drop_at,
        learned_at=incident.learned_at,
        place=person.place,
        marks=marks_of(cast(Client, known)),
        presence=presence_view(cast(Presence, known)),
        owner=owner,
        mine=False,
        taken_at=incident.taken_at,
        owned_until=incident.owned_until,
        triage=incident.triage,
        triaged_by=triaged_by,
        order=[],
        calls=[],
        by_hand=[],
        brief_drop_allowed=False,
        client_first_outreach=known.first_outreach,
        emergency_at=emergency_at,
        needs_seen=owner is None,
    )
