"""Reads about groups and their meetings. Telephones appear by their last two digits only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, or_, select
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import distinct_on

from app.clients.gaps import Ways
from app.clients.models import Client
from app.clients.people import local_today, ways
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.group_sessions import readiness
from app.group_sessions.meetings import needs_outcome
from app.group_sessions.models import ClientLink, Group, GroupSession, LocationCheckIn, Presence
from app.group_sessions.presence import State
from app.group_sessions.staffing import PLACES, WORDS
from app.staff.access import Viewer, may_see_group_session
from app.staff.models import StaffMember, StaffPhone

Tier = Literal["none", "low", "moderate", "high", "imminent"]
MeetingState = Literal["scheduled", "open", "paused", "closed"]
Platform = Literal["zoom", "livekit", "generic", "taps"]
# A list is for finding a meeting again; older ones are found through their incidents.
MOST = 200


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GroupView(View):
    id: UUID
    name: str


class StaffRef(View):
    id: UUID
    name: str
    phone_ends: str | None = Field(
        None, description="Last two digits of the first telephone; none: cannot be rung."
    )


class GroupSessionRow(View):
    id: UUID
    group_id: UUID
    name: str
    state: MeetingState
    starts_at: datetime
    ends_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    lead: StaffRef | None
    cofacilitator: StaffRef | None
    supervisor: StaffRef | None
    backup: StaffRef | None
    expected: int
    platform: Platform
    version: int


class PresenceNow(View):
    state: State
    since: datetime
    until: datetime | None
    ask: bool


class PlaceNow(View):
    state: Literal["confirmed", "told_privately", "unconfirmed", "missing"]
    label: str | None = None
    at: datetime | None = None
    alone: Literal["yes", "no", "unknown"] = "unknown"


class LinkNow(View):
    """`made`: a link that still works exists. `used`: one device has it. `waiting`: another one asks to be let in."""

    made: bool = False
    used: bool = False
    waiting: bool = False


class RosterRow(View):
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    tier: Tier
    assessed: bool
    presence: PresenceNow
    place: PlaceNow
    gaps: list[str]
    link: LinkNow
    outcome: str | None
    needs_outcome: bool = Field(description="Closing asks what came of it for this person.")
    incident_id: UUID | None


class GroupSessionView(GroupSessionRow):
    exception_reason: str | None
    platform_connection_id: UUID | None
    platform_ref: str | None
    seen_all_until: datetime | None
    gaps: list[str] = Field(description="Of the meeting itself: staff missing, or without a telephone.")
    may_change: bool
    roster: list[RosterRow] = Field(description="Empty for people who set up only.")


async def groups(db: Db, program_id: UUID) -> list[GroupView]:
    rows = await db.scalars(
        select(Group).where(Group.program_id == program_id, Group.retired_at.is_(None)).order_by(Group.name)
    )
    return [GroupView(id=group.id, name=group.name) for group in rows]


async def listed(db: Db, viewer: Viewer, state: MeetingState | None) -> list[GroupSessionRow]:
    """Supervisors and administrators: all of the program. Clinicians: those they are one of the four of."""
    query = _meetings(viewer.program_id).order_by(GroupSession.starts_at.desc()).limit(MOST)
    if state is not None:
        query = query.where(GroupSession.state == state)
    if viewer.roles.isdisjoint({"supervisor", "administrator"}):
        query = query.where(or_(*(getattr(GroupSession, place) == viewer.staff_id for place in PLACES)))
    rows = (await db.execute(query)).all()
    staff = await _staff(db, viewer.program_id, [row.GroupSession for row in rows])
    return [GroupSessionRow.model_validate(_row(row, staff)) for row in rows]


async def one(db: Db, viewer: Viewer, group_session_id: UUID) -> GroupSessionView:
    row = (
        await db.execute(_meetings(viewer.program_id).where(GroupSession.id == group_session_id))
    ).one_or_none()
    sees = row is not None and may_see_group_session(viewer, row.GroupSession)
    if row is None or not (sees or "administrator" in viewer.roles):
        raise NotFound("There is no such group session among the ones you work with.")
    meeting: GroupSession = row.GroupSession
    staff = await _staff(db, viewer.program_id, [meeting])
    named = {WORDS[place]: getattr(meeting, place) for place in PLACES if getattr(meeting, place)}
    with_phone = {word for word, person in named.items() if staff[person].phone_ends}
    return GroupSessionView.model_validate(
        _row(row, staff)
        | {
            "exception_reason": meeting.exception_reason,
            "platform_connection_id": meeting.platform_connection_id,
            "platform_ref": meeting.platform_ref,
            "seen_all_until": meeting.seen_all_until,
            "gaps": readiness.staff_gaps(named, with_phone),
            "may_change": not viewer.roles.isdisjoint({"supervisor", "administrator"})
            and meeting.state != "closed",
            "roster": await roster(db, meeting) if sees else [],
        }
    )


def _meetings(program_id: UUID) -> Select[GroupSession, str, int]:
    expected = (
        select(sql.count())
        .select_from(Presence)
        .where(
            Presence.program_id == GroupSession.program_id,
            Presence.group_session_id == GroupSession.id,
            Presence.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        select(GroupSession, Group.name.label("name"), expected.label("expected"))
        .join(Group, (Group.program_id == GroupSession.program_id) & (Group.id == GroupSession.group_id))
        .where(GroupSession.program_id == program_id)
        .execution_options(populate_existing=True)
    )


def _row(row: Any, staff: Mapping[UUID, StaffRef]) -> dict[str, Any]:
    meeting: GroupSession = row.GroupSession
    people = {
        place.removesuffix("_id"): staff.get(person) if (person := getattr(meeting, place)) else None
        for place in PLACES
    }
    fields = (
        "id",
        "group_id",
        "state",
        "starts_at",
        "ends_at",
        "opened_at",
        "closed_at",
        "platform",
        "version",
    )
    return (
        {field: getattr(meeting, field) for field in fields}
        | people
        | {
            "name": row.name,
            "expected": row.expected,
        }
    )


async def _staff(db: Db, program_id: UUID, meetings: Sequence[GroupSession]) -> dict[UUID, StaffRef]:
    ids = {person for meeting in meetings for place in PLACES if (person := getattr(meeting, place))}
    first_phone = (
        select(StaffPhone.last2)
        .where(StaffPhone.program_id == program_id, StaffPhone.staff_id == StaffMember.id)
        .order_by(StaffPhone.rank, StaffPhone.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name, first_phone.label("last2")).where(
            StaffMember.program_id == program_id, StaffMember.id.in_(ids)
        )
    )
    return {row.id: StaffRef(id=row.id, name=row.name, phone_ends=row.last2) for row in rows}


# --- the roster


async def roster(db: Db, meeting: GroupSession) -> list[RosterRow]:
    rows = (
        await db.execute(
            select(Presence, Client)
            .join(Client, (Client.program_id == Presence.program_id) & (Client.id == Presence.client_id))
            .where(
                Presence.program_id == meeting.program_id,
                Presence.group_session_id == meeting.id,
                Presence.removed_at.is_(None),
            )
            .order_by(Client.name_used, Client.id)
        )
    ).all()
    ids = [presence.client_id for presence, _ in rows]
    today = await local_today(db, meeting.program_id, now_of(db))
    known = await ways(db, meeting.program_id, ids, today, [meeting.id])
    places = await newest_places(db, meeting.program_id, meeting.id, ids)
    links = await _links(db, meeting)
    return [
        _person(
            db, presence, client, places.get(client.id), known[client.id], links.get(client.id, LinkNow())
        )
        for presence, client in rows
    ]


async def newest_places(
    db: Db, program_id: UUID, group_session_id: UUID, clients: Collection[UUID]
) -> dict[UUID, LocationCheckIn]:
    """Where each says they are today: a move appends a row, and the newest holds."""
    rows = await db.scalars(
        select(LocationCheckIn)
        .where(
            LocationCheckIn.program_id == program_id,
            LocationCheckIn.group_session_id == group_session_id,
            LocationCheckIn.client_id.in_(list(clients)),
        )
        .ext(distinct_on(LocationCheckIn.client_id))
        .order_by(LocationCheckIn.client_id, LocationCheckIn.confirmed_at.desc(), LocationCheckIn.id)
    )
    return {place.client_id: place for place in rows}


async def _links(db: Db, meeting: GroupSession) -> dict[UUID, LinkNow]:
    rows = await db.execute(
        select(
            ClientLink.client_id,
            sql.bool_or(ClientLink.cookie_hash.is_not(None)).label("used"),
            sql.bool_or(ClientLink.waiting_hash.is_not(None)).label("waiting"),
        )
        .where(
            ClientLink.program_id == meeting.program_id,
            ClientLink.group_session_id == meeting.id,
            ClientLink.ended_at.is_(None),
            ClientLink.expires_at > now_of(db),
        )
        .group_by(ClientLink.client_id)
    )
    return {row.client_id: LinkNow(made=True, used=row.used, waiting=row.waiting) for row in rows}


def _person(
    db: Db, presence: Presence, client: Client, place: LocationCheckIn | None, known: Ways, link: LinkNow
) -> RosterRow:
    return RosterRow.model_validate(
        {
            "client_id": client.id,
            "name": client.name_used,
            "initials": "".join(part[0] for part in client.name_used.split())[:2].upper(),
            "pronouns": client.pronouns,
            "tier": client.tier,
            "assessed": client.assessed,
            "presence": {
                "state": presence.state,
                "since": presence.since,
                "until": presence.until,
                "ask": presence.ask_since is not None,
            },
            "place": place_now(db, client, place),
            "gaps": readiness.gaps(
                known, place_said=place is not None, line_here=line_of(client, place) is not None
            ),
            "link": link,
            "outcome": presence.outcome,
            "needs_outcome": needs_outcome(presence, client.tier),
            "incident_id": presence.incident_id,
        }
    )


def line_of(client: Client, place: LocationCheckIn | None) -> UUID | None:
    """The local line for where they are: the usual place's, unless they said they are somewhere else."""
    if place is None or place.same_place:
        return client.home_dispatch_line_id
    return place.dispatch_line_id


_PLACE_STATES = {"client": "confirmed", "staff": "confirmed", "told_privately": "told_privately"}


def place_now(db: Db, client: Client, place: LocationCheckIn | None) -> PlaceNow:
    if place is None:
        return PlaceNow(state="missing")
    label = client.home_label if place.same_place else reveal(db, place, "label")
    return PlaceNow.model_validate(
        {
            "state": _PLACE_STATES.get(place.source, "unconfirmed"),
            "label": label or ("Usual place" if place.same_place else "Somewhere else"),
            "at": place.confirmed_at,
            "alone": place.alone,
        }
    )
