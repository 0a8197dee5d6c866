"""Tiles: one client in one meeting, with everything staff must know at a glance. Built for many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.board.cards import FlagView, Mark, PlaceView, PresenceView, PresenceWord, SignalView, Tier, TileCard
from app.board.names import Alike, first_name, names_alike
from app.clients import flags
from app.clients.models import Client
from app.db import Db, now_of, reveal
from app.group_sessions.fusing import GONE
from app.group_sessions.models import GroupSession, LocationCheckIn, Presence
from app.group_sessions.presence import AWAY
from app.group_sessions.ready import Place, of_places, two_of
from app.group_sessions.watches import WATCHED_STATES
from app.incidents.cases import CONCERN
from app.incidents.models import Incident
from app.prepared import Prepared

LANGUAGES = {
    "es": "Español",
    "en": "English",
    "fr": "Français",
    "pt": "Português",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
RURAL_MINUTES = 30
DROPS_FOR_A_PLAN = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A tile and what an incident's card borrows from it."""

    tile: TileCard
    client: Client
    presence: Presence


async def people(
    db: Db,
    program_id: UUID,
    *,
    clients: Collection[UUID] | None = None,
    meetings: Collection[UUID],
    gaps: Mapping[Place, list[str]] = MappingProxyType({}),
) -> list[Person]:
    """Tiles of these clients (None: everybody) in those of these meetings that are not closed. `gaps`: what is known
    already of what people lack; the others are counted anew, as Prepare counts them."""
    concern = aliased(Incident)
    query = (
        select(Presence, Client, Incident.id, concern.id)
        .join(Client, (Client.program_id == Presence.program_id) & (Client.id == Presence.client_id))
        .outerjoin(
            Incident,
            (Incident.program_id == Presence.program_id)
            & (Incident.id == Presence.incident_id)
            & (Incident.state == "open"),
        )
        .outerjoin(
            concern,
            (concern.program_id == Presence.program_id)
            & (concern.client_id == Presence.client_id)
            & (concern.kind == CONCERN)
            & (concern.state == "open"),
        )
        .where(
            Presence.program_id == program_id,
            Presence.group_session_id.in_(list(meetings)),
            Presence.removed_at.is_(None),
        )
    )
    if clients is not None:
        query = query.where(Presence.client_id.in_(list(clients)))
    rows = (await db.execute(query)).all()
    if not rows:
        return []
    ids = {row[0].client_id for row in rows}
    places = await _places(db, program_id, ids, meetings)
    here = [(row[0].group_session_id, row[0].client_id) for row in rows]
    lacking = dict(gaps) | await _gaps(db, program_id, [place for place in here if place not in gaps], places)
    confusable = await names_alike(db, program_id, meetings)
    asks = await _asks(db, program_id, ids, meetings)
    flagged = await flags.shown(db, program_id, ids)
    return [_person(db, row, places, lacking, confusable, asks, flagged) for row in rows]


async def _gaps(
    db: Db, program_id: UUID, wanted: Collection[Place], places: Mapping[Place, LocationCheckIn]
) -> dict[Place, list[str]]:
    if not wanted:
        return {}
    rows = await db.scalars(
        select(GroupSession).where(
            GroupSession.program_id == program_id, GroupSession.id.in_({meeting for meeting, _ in wanted})
        )
    )
    two = {meeting.id: two_of(meeting) for meeting in rows}
    asked = {place: places.get(place) for place in wanted}
    found = await of_places(db, program_id, asked, two)
    return {place: list(now.state.all) for place, now in found.items()}


@dataclass(slots=True)
class Asked:
    marks: list[Mark] = field(default_factory=list)
    signal: SignalView | None = None


# As text, because it is read for every change of a board: building it anew took as long as running it eight times.
_ASKS = Prepared(
    """
    with newest as (
        select distinct on (f.group_session_id, f.client_id) f.group_session_id, f.client_id, f.kind, f.occurred_at
        from presence_fact f
        where f.program_id = :program and f.client_id = any(:clients) and f.group_session_id = any(:meetings)
            and f.source = 'client'
        order by f.group_session_id, f.client_id, f.occurred_at desc, f.kind = 'moment'
    )
    select group_session_id, client_id, 'care' as kind, 'Asked for a moment' as words
    from newest where kind = 'moment' and occurred_at > :moment_since
    union all
    select r.group_session_id, r.client_id, r.kind, r.words
    from (
        select distinct on (t.group_session_id, t.client_id) t.group_session_id, t.client_id, t.phone, t.adult
        from reach_today t
        where t.program_id = :program and t.client_id = any(:clients) and t.group_session_id = any(:meetings)
        order by t.group_session_id, t.client_id, t.at desc, t.id
    ) told
    cross join lateral (values
        (told.group_session_id, told.client_id, 'care', 'No phone today', told.phone = 'none'),
        (told.group_session_id, told.client_id, 'care', 'No adult today', told.adult = 'nobody')
    ) r (group_session_id, client_id, kind, words, holds)
    where r.holds
    union all
    select m.id, w.client_id, 'other', 'Asks to change their card'
    from (
        select distinct on (a.client_id) a.client_id, a.answer, a.handled_at
        from drop_card_answer a
        where a.program_id = :program and a.client_id = any(:clients)
        order by a.client_id, a.at desc, a.id
    ) w
    cross join unnest(cast(:meetings as uuid[])) m (id)
    where w.answer = 'change' and w.handled_at is null
    union all
    select distinct n.group_session_id, n.client_id, 'note', 'Private note'
    from client_note n
    where n.program_id = :program and n.client_id = any(:clients) and n.group_session_id = any(:meetings)
        and n.read_at is null
    union all
    select q.group_session_id, q.client_id, 'signal', json_build_object('possible', q.possible, 'source', q.source,
        'since', q.first_at, 'outside_told', q.outside_told > 0)::text
    from client_signal q
    where q.program_id = :program and q.client_id = any(:clients) and q.group_session_id = any(:meetings)
        and q.answered_at is null
    union all
    select l.group_session_id, l.client_id, 'device', 'Other device waits'
    from client_link l
    where l.program_id = :program and l.client_id = any(:clients) and l.group_session_id = any(:meetings)
        and l.waiting_hash is not null and l.ended_at is null
    union all
    select v.group_session_id, v.client_id, 'other', case
        when exists (select 1 from page_card c where c.program_id = v.program_id and c.intervention_id = v.id
                     and c.closed_at is null) then 'An exercise is on their page'
        when v.started_at is not null then 'Doing an exercise' else 'An exercise was offered' end
    from intervention v
    where v.program_id = :program and v.client_id = any(:clients) and v.group_session_id = any(:meetings)
        and v.ended_at is null
    union all
    select i.group_session_id, i.client_id, 'care', 'Agree a connection plan'
    from incident i
    where i.program_id = :program and i.client_id = any(:clients) and i.group_session_id = any(:meetings)
        and i.outcome = 'brief_drop'
    group by i.group_session_id, i.client_id having count(*) >= :drops
    """
)


async def _asks(
    db: Db, program_id: UUID, clients: Collection[UUID], meetings: Collection[UUID]
) -> dict[tuple[UUID, UUID], Asked]:
    """What a client's own page asks of the two staff: a moment, a private note, another device to let in; and after
    the third brief drop of a meeting, a plan for the next one (R9)."""

    values = {
        "program": program_id,
        "clients": list(clients),
        "meetings": list(meetings),
        "moment_since": now_of(db) - AWAY,
        "drops": DROPS_FOR_A_PLAN,
    }
    rows = await _ASKS.rows(db, **values)
    asks: dict[tuple[UUID, UUID], Asked] = {}
    for group_session_id, client_id, kind, words in rows:
        asked = asks.setdefault((group_session_id, client_id), Asked())
        if kind == "signal":
            asked.signal = SignalView.model_validate_json(words)
            asked.marks.append(Mark(kind=kind, text=possible(asked.signal)))
        else:
            asked.marks.append(Mark(kind=kind, text=words))
    return asks


def possible(signal: SignalView) -> str:
    if signal.possible == "quiet":
        return "Possible quiet signal"
    return f"Possible {signal.possible} word in a {signal.source}"


async def _places(
    db: Db, program_id: UUID, clients: Collection[UUID], meetings: Collection[UUID]
) -> dict[tuple[UUID, UUID], LocationCheckIn]:
    newest = (
        select(LocationCheckIn)
        .where(
            LocationCheckIn.program_id == program_id,
            LocationCheckIn.client_id.in_(list(clients)),
            LocationCheckIn.group_session_id.in_(list(meetings)),
        )
        .ext(distinct_on(LocationCheckIn.group_session_id, LocationCheckIn.client_id))
        .order_by(
            LocationCheckIn.group_session_id, LocationCheckIn.client_id, LocationCheckIn.confirmed_at.desc()
        )
    )
    found = (await db.execute(newest)).scalars()
    return {(place.group_session_id, place.client_id): place for place in found}


# Whoever looks: somebody of the same meeting, or of one that is under way, has the same first name.
def initials(name_used: str) -> str:
    return "".join(part[0] for part in name_used.split(" ") if part)[:2].upper()


def place_view(db: Db, client: Client, check_in: LocationCheckIn | None) -> PlaceView:
    if check_in is None:
        return PlaceView(state="missing")
    return place_of(check_in, client.home_label if check_in.same_place else reveal(db, check_in, "label"))


def place_of(check_in: LocationCheckIn, label: str | None) -> PlaceView:
    state = {"client": "confirmed", "told_privately": "told_privately", "staff": "confirmed"}
    return PlaceView(
        state=state.get(check_in.source, "unconfirmed"),
        label=label or "Somewhere else",
        at=check_in.confirmed_at,
        alone=check_in.alone,
    )


def marks_of(client: Client, confusable: Alike = MappingProxyType({})) -> list[Mark]:
    """What changes how we reach somebody comes first."""
    marks = []
    care = {
        "text_first": "Text first",
        "relay": "Relay",
        "do_not_ring": "Do not ring",
    }
    if client.first_outreach in care:
        marks.append(Mark(kind="care", text=care[client.first_outreach]))
    at_home = {"Unsafe home": client.unsafe_home, "May not be free to talk": client.danger_word_used_at}
    marks += [Mark(kind="care", text=words) for words, holds in at_home.items() if holds]
    if words := confusable.get(first_name(client.name_used)):
        marks.append(Mark(kind="names", text=words))
    if client.minor:
        marks.append(Mark(kind="minor", text="Under age"))
    if client.language[:2] != "en":
        marks.append(Mark(kind="language", text=LANGUAGES.get(client.language[:2], client.language)))
    if client.pet_mark:
        marks.append(Mark(kind="pets", text=client.pet_mark))
    if client.travel_minutes and client.travel_minutes >= RURAL_MINUTES:
        marks.append(Mark(kind="rural", text=f"Help is {client.travel_minutes} min away"))
    return marks


def presence_view(presence: Presence) -> PresenceView:
    """A loss is as old on a tile as on its alert: from the drop, not from when it was found."""
    word: PresenceWord = presence.state  # type: ignore[assignment]
    since = presence.since
    if presence.state in GONE and presence.evidence_at is not None:
        since = min(since, presence.evidence_at)
    return PresenceView(
        state=word,
        since=since,
        until=presence.until,
        ask=presence.ask_since is not None,
        watch_until=presence.watch_until if presence.state in WATCHED_STATES else None,
    )


def _person(
    db: Db,
    row: Row[Presence, Client, UUID, UUID],
    places: dict[tuple[UUID, UUID], LocationCheckIn],
    lacking: Mapping[Place, list[str]],
    confusable: Mapping[UUID, Alike],
    asks: dict[tuple[UUID, UUID], Asked],
    flagged: Mapping[UUID, flags.Shown],
) -> Person:
    presence, client, open_incident, concern = row
    check_in = places.get((presence.group_session_id, client.id))
    tier: Tier = client.tier  # type: ignore[assignment]
    flag = flagged.get(client.id)
    asked = asks.get((presence.group_session_id, client.id)) or Asked()
    tile = TileCard(
        id=f"tile:{presence.group_session_id}:{client.id}",
        group_session_id=presence.group_session_id,
        client_id=client.id,
        name=client.name_used,
        initials=initials(client.name_used),
        pronouns=client.pronouns,
        tier=tier,
        assessed=client.assessed,
        presence=presence_view(presence),
        place=place_view(db, client, check_in),
        gaps=lacking[presence.group_session_id, client.id],
        marks=asked.marks + marks_of(client, confusable.get(presence.group_session_id, {})),
        flag=FlagView(until=flag.until, overdue=flag.overdue) if flag else None,
        incident_id=open_incident,
        concern_id=concern,
        signal=asked.signal,
    )
    return Person(tile, client, presence)


# States in which somebody counts as being in the group.
HERE = frozenset({"present", "quiet", "verified", "away", "leaving", "private_room", "reached"})
