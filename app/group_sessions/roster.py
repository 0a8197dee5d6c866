"""The people of one meeting: who is expected, where, how they can be reached, and what is missing for each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func as sql
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from app.clients import flags
from app.clients.models import Client
from app.db import Db, now_of, reveal
from app.group_sessions import readiness
from app.group_sessions.models import ClientLink, GroupSession, LocationCheckIn, Presence
from app.group_sessions.outcomes import needs_outcome
from app.group_sessions.presence import State
from app.group_sessions.ready import Readiness, of_meeting
from app.staff.access import Viewer
from app.tasks.queries import Standing, of_gaps

Tier = Literal["none", "low", "moderate", "high", "imminent"]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


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


class TaskOfGap(View):
    """Somebody has it as a task already; nobody, when `owner` is null."""

    id: UUID
    owner: str | None
    mine: bool


class GapView(View):
    """`phone_id`: the number a test ring is about. `line_id`: the local line to check."""

    key: readiness.GapKey
    to_do: str = Field(description="What the task says that mends it.")
    phone_id: UUID | None = None
    line_id: UUID | None = None
    task: TaskOfGap | None = None


class PartView(View):
    """One of the five. Ready without gaps; `answered`: "declined" and "none exists" are complete (R8)."""

    part: readiness.Part
    gaps: list[GapView]
    answered: Literal["declined", "none_exists"] | None = None


class FlagNow(View):
    """R15: until when the tier stands before it must be looked at again."""

    until: datetime
    overdue: bool


class RosterRow(View):
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    tier: Tier
    assessed: bool
    presence: PresenceNow
    place: PlaceNow
    gaps: list[str] = Field(description="In the words of the board's tile.")
    parts: list[PartView] = Field(description="The five, in their order.")
    link: LinkNow
    flag: FlagNow | None
    outcome: str | None
    needs_outcome: bool = Field(description="Closing asks what came of it for this person.")
    incident_id: UUID | None


async def roster(db: Db, viewer: Viewer, meeting: GroupSession) -> list[RosterRow]:
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
    places = await newest_places(db, meeting.program_id, meeting.id, ids)
    links = await _links(db, meeting)
    ready = await of_meeting(db, meeting, ids, places)
    standing = await of_gaps(db, meeting.program_id, ids)
    flagged = await flags.shown(db, meeting.program_id, ids)
    return [
        _person(
            db,
            presence,
            client,
            places.get(client.id),
            ready[client.id],
            links.get(client.id, LinkNow()),
            parts_of(client.id, ready[client.id], standing, viewer),
            flagged.get(client.id),
        )
        for presence, client in rows
    ]


def parts_of(
    client_id: UUID, now: Readiness, standing: Mapping[tuple[UUID, str], Standing], viewer: Viewer
) -> list[PartView]:
    def gap(key: readiness.GapKey) -> GapView:
        task = standing.get((client_id, key))
        return GapView(
            key=key,
            to_do=readiness.TO_DO[key],
            phone_id=now.phone_id if key == "test ring" else None,
            line_id=now.line_id if key == "line check" else None,
            task=TaskOfGap(id=task.id, owner=task.owner, mine=task.owner_id == viewer.staff_id)
            if task
            else None,
        )

    return [
        PartView(
            part=part,
            gaps=[gap(key) for key in now.state.gaps[part]],
            answered=now.known.ways.answered if part == "contact" and not now.known.ways.may_call else None,
        )
        for part in readiness.PARTS
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
    db: Db,
    presence: Presence,
    client: Client,
    place: LocationCheckIn | None,
    now: Readiness,
    link: LinkNow,
    parts: list[PartView],
    flag: flags.Shown | None,
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
            "gaps": list(now.state.all),
            "parts": parts,
            "link": link,
            "flag": {"until": flag.until, "overdue": flag.overdue} if flag else None,
            "outcome": presence.outcome,
            "needs_outcome": needs_outcome(presence, client.tier),
            "incident_id": presence.incident_id,
        }
    )


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
