"""Whom to ring for where everybody is: one glance over the open groups, without an address on the screen (P9)."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client
from app.db import Db, now_of
from app.group_sessions.models import Group, GroupSession, LocationCheckIn, Presence
from app.group_sessions.roster import PlaceNow, Tier, View, newest_places, place_now
from app.places import regions
from app.places.covering import because, likely_words
from app.places.queries import Directory, directory, shown
from app.places.region_reviews import RegionView, all_regions
from app.places.views import DispatchLineView
from app.staff import licences
from app.staff.access import Viewer, may_see_group_session
from app.staff.queries import names

OPEN = ("open", "paused")


class QuickLine(View):
    """`line_id`: in `lines`, where each line stands once."""

    line_id: UUID
    why: str
    likely: bool


class QuickPerson(View):
    """`country`: whose emergency numbers are theirs, in `regions`. `licence`: a question, never a lock."""

    client_id: UUID
    name: str
    initials: str
    tier: Tier
    place: PlaceNow
    country: str
    time_zone: str | None
    likely: str | None
    doubts: list[str]
    licence: list[str]
    order_because: str
    lines: list[QuickLine]


class QuickGroup(View):
    name: str
    people: list[QuickPerson]


class QuickReference(View):
    """`regions`: of the countries in question, the program's own first."""

    groups: list[QuickGroup]
    lines: list[DispatchLineView]
    regions: list[RegionView]
    follows_the_phone: str | None


async def of_open_groups(db: Db, viewer: Viewer) -> QuickReference:
    """Of the meetings this person may see; the most urgent people first."""
    found = await db.execute(
        select(GroupSession, Group.name)
        .join(Group, (Group.program_id == GroupSession.program_id) & (Group.id == GroupSession.group_id))
        .where(GroupSession.program_id == viewer.program_id, GroupSession.state.in_(OPEN))
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    known = await directory(db, viewer.program_id)
    groups = []
    for meeting, name in found.all():
        if may_see_group_session(viewer, meeting):
            groups.append(QuickGroup(name=name, people=await _people(db, meeting, known)))
    return await reference(db, viewer.program_id, known, groups)


async def _people(db: Db, meeting: GroupSession, known: Directory) -> list[QuickPerson]:
    clients = (
        await db.scalars(
            select(Client)
            .join(Presence, (Presence.program_id == Client.program_id) & (Presence.client_id == Client.id))
            .where(
                Presence.program_id == meeting.program_id,
                Presence.group_session_id == meeting.id,
                Presence.removed_at.is_(None),
            )
        )
    ).all()
    places = await newest_places(db, meeting.program_id, meeting.id, [client.id for client in clients])
    asks = await asking(db, meeting)
    people = [person(db, known, client, places.get(client.id), client.tier, asks) for client in clients]
    return sorted(people, key=lambda one: (-TIERS.index(one.tier), one.name))


async def asking(db: Db, meeting: GroupSession) -> Callable[[str], list[str]]:
    """What a place in this region asks about the licences of the two who lead the group."""
    ids = [staff_id for staff_id in (meeting.lead_id, meeting.cofacilitator_id) if staff_id]
    people = await names(db, meeting.program_id, ids)
    held = await licences.standing(db, meeting.program_id, ids)
    today = now_of(db).date()
    return lambda region: licences.questions(people, held, region, today)


TIERS: tuple[Tier, ...] = ("none", "low", "moderate", "high", "imminent")


def person(
    db: Db,
    known: Directory,
    client: Client,
    place: LocationCheckIn | None,
    tier: str,
    asks: Callable[[str], list[str]],
) -> QuickPerson:
    where = known.place_of(db, client, place)
    found = known.covering(where, known.linked(client, place), tier)
    return QuickPerson.model_validate(
        {
            "client_id": client.id,
            "name": client.name_used,
            "initials": "".join(part[0] for part in client.name_used.split())[:2].upper(),
            "tier": tier,
            "place": place_now(db, client, place),
            "country": where.country,
            "time_zone": where.time_zone,
            "likely": likely_words(where),
            "doubts": list(where.doubts),
            "licence": asks(where.region) if where.state else [],
            "order_because": because(found, tier),
            "lines": [
                {"line_id": now.line.id, "why": now.match.why, "likely": now.match.likely} for now in found
            ],
        }
    )


async def reference(
    db: Db, program_id: UUID, known: Directory, groups: Sequence[QuickGroup]
) -> QuickReference:
    used = {line.line_id for group in groups for one in group.people for line in one.lines}
    countries = _countries(known, (one for group in groups for one in group.people))
    every = {place.country: place for place in await all_regions(db, program_id)}
    return QuickReference(
        groups=list(groups),
        lines=await shown(db, program_id, [line for line in known.lines if line.id in used]),
        regions=[every[country] for country in countries if country in every],
        follows_the_phone=regions.follows_the_phone(countries[0]),
    )


def _countries(known: Directory, people: Iterable[QuickPerson]) -> list[str]:
    return list(dict.fromkeys([known.country, *(one.country for one in people)]))
