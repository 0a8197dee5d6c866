"""Cards for what changed, or for everything, with what each viewer's message holds.

A card is built and serialised once per change; a viewer's own marks (mine, my_role) are the only variants.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.board.access import Access
from app.board.caller_cards import CALLER_KINDS, Callers, caller_cards
from app.board.cards import (
    Board,
    Card,
    GroupCard,
    IncidentCard,
    PersonRef,
    TileCard,
)
from app.board.care_cards import Care, care_cards, concerned
from app.board.group_cards import group_cards
from app.board.health import health
from app.board.incident_cards import incident_cards, outage_cards
from app.board.people import people
from app.db import Db
from app.group_sessions.models import GroupSession
from app.group_sessions.ready import Place
from app.incidents.models import Incident
from app.incidents.queries import pressers
from app.journal import read
from app.journal.read import Touched
from app.lanes import views
from app.prepared import Prepared
from app.staff.access import Viewer
from app.staff.models import StaffMember

OPEN = ("scheduled", "open", "paused")


@dataclass(eq=False)
class Built:
    """A card, the meetings whose staff may see it, and its JSON by variant (plain, or with the viewer's own mark).

    `staff`: who may see it besides, when its meeting is over.
    """

    card: Card
    meetings: frozenset[UUID]
    staff: frozenset[UUID] = frozenset()
    _json: dict[str, str] = field(default_factory=dict)

    def for_viewer(self, viewer: Viewer) -> str:
        variant = self._variant(viewer)
        if variant not in self._json:
            self._json[variant] = self._marked(variant).model_dump_json()
        return self._json[variant]

    def seen_by(self, viewer: Viewer) -> Card:
        return self._marked(self._variant(viewer))

    def _variant(self, viewer: Viewer) -> str:
        card = self.card
        if isinstance(card, IncidentCard):
            return "mine" if card.owner and card.owner.id == viewer.staff_id else ""
        if isinstance(card, GroupCard):
            for role in ("lead", "cofacilitator", "supervisor", "backup"):
                person: PersonRef | None = getattr(card, role)
                if person and person.id == viewer.staff_id:
                    return role
        return ""

    def _marked(self, variant: str) -> Card:
        if not variant:
            return self.card
        update = {"mine": True} if variant == "mine" else {"my_role": variant}
        return self.card.model_copy(update=update)


@dataclass(eq=False)
class Cards:
    """`gone_for`: what is gone for these people too, though its meeting is over."""

    built: list[Built]
    gone: list[tuple[str, frozenset[UUID]]]
    gone_for: dict[str, frozenset[UUID]] = field(default_factory=dict)


NOTHING = Cards([], [])


def of_presence(known: Iterable[TileCard | GroupCard]) -> Cards:
    return Cards([Built(card, frozenset({card.group_session_id})) for card in known], [])


def of_opened(known: Iterable[IncidentCard]) -> Cards:
    return Cards([Built(card, frozenset({card.group_session_id})) for card in known], [])


async def cards(
    db: Db, program_id: UUID, touched: Touched, gaps: Mapping[Place, list[str]] = MappingProxyType({})
) -> Cards:
    """What the entries in a span concern, as it is now. `gaps`: what is known of what people lack, and still holds."""
    meetings = set(touched.group_sessions)
    clients = set(touched.clients)
    rows = await _concerned(db, program_id, meetings, clients)
    states: dict[UUID, str] = {row.id: row.state for row in rows}
    client_meetings = {row.id for row in rows if row.client_id in clients}
    standing = {m for m, state in states.items() if state in OPEN}
    groups_touched = {m for m in meetings if m in standing}
    if touched.kinds & STAFF_KINDS:
        groups_touched |= await _standing(db, program_id)
    everybody = {m for m in groups_touched if touched.kinds & WHOLE_GROUP_KINDS}
    if touched.kinds & NAMES_KINDS or any(kind.startswith(LINES) for kind in touched.kinds):
        everybody |= await _standing(db, program_id)
    found = await _build(
        db,
        program_id,
        groups=groups_touched | (client_meetings & standing),
        tiles_of=clients,
        tiles_in=standing | everybody,
        whole=everybody,
        incidents=await _with_siblings(db, program_id, touched),
        gaps=gaps,
    )
    built, gone, gone_for = found.built, found.gone, found.gone_for
    if touched.kinds & (CALLER_KINDS | NAMES_KINDS):
        ringing = await caller_cards(db, program_id)
        built += _of_callers(ringing)
        gone += ringing.gone
    if concerned(touched.kinds):
        names = await _staff_names(db, program_id)
        care = await care_cards(db, program_id, names, touched.group_sessions)
        built += _of_care(care)
        gone += [(card_id, frozenset({meeting})) for card_id, meeting, _ in care.gone]
        gone_for |= {card_id: four for card_id, _, four in care.gone}
    gone += _over(rows)
    return Cards(built, gone, gone_for)


def _over(rows: Sequence[Any]) -> list[tuple[str, frozenset[UUID]]]:
    """Meetings that have ended, and whoever was taken off a roster."""
    states: dict[UUID, str] = {row.id: row.state for row in rows}
    gone = [
        (f"group:{meeting}", frozenset({meeting})) for meeting, state in states.items() if state not in OPEN
    ]
    return gone + [
        (f"tile:{row.id}:{row.client_id}", frozenset({row.id}))
        for row in rows
        if row.client_id is not None and (row.removed_at is not None or row.state not in OPEN)
    ]


async def _with_siblings(db: Db, program_id: UUID, touched: Touched) -> Collection[UUID]:
    """Whatever else is open about the same clients: each of their cards names the other."""
    if not touched.incidents:
        return touched.incidents
    found = await db.execute(
        select(Incident.id).where(
            Incident.program_id == program_id,
            Incident.client_id.in_(list(touched.clients)),
            Incident.state == "open",
        )
    )
    return {*touched.incidents, *found.scalars()}


# These meetings and the standing ones of these clients; with everybody of a meeting that has ended.
_CONCERNED = Prepared(
    """
    select g.id, g.state, p.client_id, p.removed_at
    from group_session g
    left join presence p on p.program_id = g.program_id and p.group_session_id = g.id
        and (p.client_id = any(:clients) or g.state = 'closed')
    where g.program_id = :program
        and (g.id = any(:meetings) or (g.state <> 'closed' and p.client_id is not null))
    """
)


async def _concerned(
    db: Db, program_id: UUID, meetings: Collection[UUID], clients: Collection[UUID]
) -> Sequence[Any]:
    """`id` and `state` of a meeting, with a `client_id` of its roster and when they were taken off it."""
    return await _CONCERNED.rows(db, program=program_id, meetings=list(meetings), clients=list(clients))


# After these the whole group is shown anew: it opened, or its roster changed.
WHOLE_GROUP_KINDS = frozenset(
    {
        "group_session.opened",
        "group_session.changed",
        "group_session.roster_changed",
        "group_session.scheduled",
        # Their two have the words now: what everybody of the group lacked is there.
        "code_word.rehearsed",
    }
)
# After these the local lines of anybody may be others, or checked.
LINES = "place."

# After these somebody in another group may have got, or lost, a namesake (R17). They are rare.
NAMES_KINDS = frozenset(
    {
        "group_session.opened",
        "group_session.closed",
        "group_session.roster_changed",
        "client.changed",
    }
)


# After these a group's four people may be called, or marked, otherwise.
STAFF_KINDS = frozenset({"staff.changed"})


async def _standing(db: Db, program_id: UUID) -> set[UUID]:
    found = await db.execute(
        select(GroupSession.id).where(GroupSession.program_id == program_id, GroupSession.state.in_(OPEN))
    )
    return set(found.scalars())


async def snapshot(db: Db, viewer: Viewer, access: Access) -> Board:
    program_id = viewer.program_id
    seq = await read.head(db, program_id)
    meetings = await _standing(db, program_id)
    if not access.everything:
        meetings &= access.meetings
    incidents_query = select(Incident.id).where(Incident.program_id == program_id, Incident.state == "open")
    if not access.everything:
        mine = pressers().contains([viewer.staff_id])
        incidents_query = incidents_query.where(Incident.group_session_id.in_(list(meetings)) | mine)
    incidents = frozenset((await db.execute(incidents_query)).scalars())
    found = await _build(
        db, program_id, groups=meetings, tiles_of=None, tiles_in=meetings, whole=meetings, incidents=incidents
    )
    built = [one for one in found.built if _may(access, one.meetings, one.staff, viewer)]
    callers = await caller_cards(db, program_id, gone=False)
    built += [one for one in _of_callers(callers) if _may(access, one.meetings)]
    care = await care_cards(db, program_id, await _staff_names(db, program_id))
    built += [one for one in _of_care(care) if _may(access, one.meetings, one.staff, viewer)]
    return Board(seq=seq, cards=[b.seen_by(viewer) for b in built], health=await health(db, program_id))


def _of_callers(found: Callers) -> list[Built]:
    return [Built(card, meetings) for card, meetings in found.cards]


def _of_care(found: Care) -> list[Built]:
    return [Built(card, frozenset({card.group_session_id}), staff) for card, staff in found.cards]


async def _build(
    db: Db,
    program_id: UUID,
    *,
    groups: Collection[UUID],
    tiles_of: Collection[UUID] | None,
    tiles_in: Collection[UUID],
    whole: Collection[UUID],
    incidents: Collection[UUID],
    gaps: Mapping[Place, list[str]] = MappingProxyType({}),
) -> Cards:
    names = await _staff_names(db, program_id)
    found = await people(db, program_id, clients=tiles_of, meetings=tiles_in, gaps=gaps) if tiles_in else []
    if whole and tiles_of is not None:
        known = {person.tile.id for person in found}
        found += [
            p for p in await people(db, program_id, meetings=whole, gaps=gaps) if p.tile.id not in known
        ]
    rooms = await views.rooms(db, program_id, {p.client.id for p in found}, names)
    for person in found:
        person.tile.room = rooms.get((person.tile.group_session_id, person.client.id))
    built = [Built(p.tile, frozenset({p.tile.group_session_id})) for p in found]
    built += [
        Built(card, frozenset({card.group_session_id}))
        for card in await group_cards(db, program_id, groups, names)
    ]
    gone: list[tuple[str, frozenset[UUID]]] = []
    gone_for: dict[str, frozenset[UUID]] = {}
    if incidents:
        rows = await db.execute(
            select(
                Incident.id,
                Incident.group_session_id,
                Incident.state,
                Incident.outage_id,
                pressers().label("pressers"),
            ).where(Incident.program_id == program_id, Incident.id.in_(list(incidents)))
        )
        states = list(rows)
        # Whoever pressed Emergency in another group of theirs follows it here.
        pressed = {r.id: frozenset(r.pressers) for r in states if r.pressers}
        open_cards = await incident_cards(
            db, program_id, [r.id for r in states if r.state == "open"], found, names
        )
        built += [
            Built(card, frozenset({card.group_session_id}), pressed.get(card.incident_id, NOBODY))
            for card in open_cards
        ]
        gone_for = {f"incident:{incident}": people for incident, people in pressed.items()}
        gone += [(f"incident:{r.id}", frozenset({r.group_session_id})) for r in states if r.state != "open"]
        outages = {r.outage_id for r in states if r.outage_id}
        shown = await outage_cards(db, program_id, outages, names)
        built += [Built(card, meetings) for card, meetings in shown]
        everywhere = frozenset(r.group_session_id for r in states)
        standing = {card.outage_id for card, _ in shown}
        gone += [(f"outage:{outage}", everywhere) for outage in outages - standing]
    return Cards(built, gone, gone_for)


async def _staff_names(db: Db, program_id: UUID) -> dict[UUID, str]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    return {row.id: row.name for row in rows}


# --- messages


def message(viewer: Viewer, access: Access, after: int, seq: int, found: Cards) -> str:
    """Hand-joined JSON: each card is serialised once and pasted into every message that may hold it."""
    mine = ",".join(b.for_viewer(viewer) for b in found.built if _may(access, b.meetings, b.staff, viewer))
    gone = ",".join(
        f'"{card_id}"'
        for card_id, meetings in found.gone
        if _may(access, meetings, found.gone_for.get(card_id, NOBODY), viewer)
    )
    return f'{{"after":{after},"seq":{seq},"cards":[{mine}],"gone":[{gone}]}}'


NOBODY: frozenset[UUID] = frozenset()


def _may(
    access: Access, meetings: frozenset[UUID], staff: frozenset[UUID] = NOBODY, viewer: Viewer | None = None
) -> bool:
    if access.everything or access.meetings & meetings:
        return True
    return viewer is not None and viewer.staff_id in staff and "clinician" in viewer.roles
