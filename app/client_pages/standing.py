"""Who is looking at a client page, and until when they may. One read, by the link in the device's cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from app.client_pages.tokens import Device
from app.clients.law import is_minor
from app.clients.models import Client, ClientPhone
from app.db import Db, now_of
from app.group_sessions import dial_in, told
from app.group_sessions.models import ClientLink, GroupSession, LocationCheckIn, Presence, PresenceFact
from app.journal.kinds import Kind
from app.journal.models import Entry
from app.staff.models import Program, StaffMember

AFTERWARDS = timedelta(hours=1)
# P1: a place told in the morning says nothing about the evening.
EARLIEST = timedelta(hours=2)
# "I need a moment" names no end; after this long the page no longer says that it was told.
MOMENT = timedelta(minutes=15)

State = Literal["early", "open", "waiting", "finished"]
Plan = Literal["ring", "text", "relay", "agreed", "no_number"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A client on a device. `waiting`: this device is not the one the link belongs to; staff must admit it (R4)."""

    program_id: UUID
    link_id: UUID
    group_session_id: UUID
    client_id: UUID
    state: State
    language: str
    callback_number: str
    region: str
    time_zone: str
    home_label: str | None
    home_line_id: UUID | None
    starts_at: datetime
    first_outreach: str
    unsafe_home: bool
    staff: tuple[str, ...]
    dial_in: str | None
    incident_id: UUID | None
    minor: bool


@dataclass(frozen=True, slots=True)
class Now:
    """What the companion page shows beside its buttons. Nothing that the client did not tell on this page (R4)."""

    checked_in: bool
    told: str | None
    until: datetime | None
    at_usual_place: bool | None
    plan: Plan
    given_last2: str | None
    no_phone: bool
    backup_known: bool
    kit_due: bool


def ends(link: ClientLink, meeting: GroupSession, removed_at: datetime | None) -> datetime | None:
    """When the link stops working; None while the meeting is under way, however long it runs over."""
    if link.ended_at is not None or removed_at is not None:
        return link.ended_at or removed_at
    if meeting.closed_at is not None:
        return meeting.closed_at + AFTERWARDS
    if meeting.state in ("open", "paused"):
        return None
    return max(link.expires_at, meeting.ends_at + AFTERWARDS)


async def of_device(db: Db, device: Device) -> Standing | None:
    """None: the cookie is no longer good, for whatever reason."""
    row = (await db.execute(_link(device.program_id).where(ClientLink.id == device.link_id))).one_or_none()
    if row is None:
        return None
    link = row.ClientLink
    if device.hash not in (link.cookie_hash, link.waiting_hash):
        return None
    end = ends(link, row.GroupSession, row.removed_at)
    now = now_of(db)
    if end is not None and end <= now:
        return None
    return await _standing(db, row, _state(link, row.GroupSession, device, now))


async def callback_number(db: Db, program_id: UUID) -> str | None:
    number = await db.execute(select(Program.callback_number).where(Program.id == program_id))
    return number.scalar_one_or_none()


def _state(link: ClientLink, meeting: GroupSession, device: Device, now: datetime) -> State:
    if link.cookie_hash != device.hash:
        return "waiting"
    if meeting.state == "closed":
        return "finished"
    if meeting.state == "scheduled" and now < meeting.starts_at - EARLIEST:
        return "early"
    return "open"


Lead, Cofacilitator = aliased(StaffMember), aliased(StaffMember)


def _link(program_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ClientLink,
            GroupSession,
            Client,
            Program,
            Presence.removed_at,
            Presence.incident_id,
            Lead.first_name.label("lead"),
            Cofacilitator.first_name.label("cofacilitator"),
        )
        .join(
            GroupSession,
            and_(
                GroupSession.program_id == ClientLink.program_id,
                GroupSession.id == ClientLink.group_session_id,
            ),
        )
        .join(Client, and_(Client.program_id == ClientLink.program_id, Client.id == ClientLink.client_id))
        .join(Program, Program.id == ClientLink.program_id)
        .join(
            Presence,
            and_(
                Presence.program_id == ClientLink.program_id,
                Presence.group_session_id == ClientLink.group_session_id,
                Presence.client_id == ClientLink.client_id,
            ),
        )
        .outerjoin(Lead, and_(Lead.program_id == ClientLink.program_id, Lead.id == GroupSession.lead_id))
        .outerjoin(
            Cofacilitator,
            and_(
                Cofacilitator.program_id == ClientLink.program_id,
                Cofacilitator.id == GroupSession.cofacilitator_id,
            ),
        )
        .where(ClientLink.program_id == program_id)
    )


async def _standing(db: Db, row: Any, state: State) -> Standing:
    client, meeting, program = row.Client, row.GroupSession, row.Program
    today = now_of(db).astimezone(ZoneInfo(program.time_zone)).date()
    return Standing(
        program_id=program.id,
        link_id=row.ClientLink.id,
        group_session_id=meeting.id,
        client_id=client.id,
        state=state,
        language=client.language,
        callback_number=program.callback_number,
        region=program.region,
        time_zone=program.time_zone,
        home_label=client.home_label,
        home_line_id=client.home_dispatch_line_id,
        starts_at=meeting.starts_at,
        first_outreach=client.first_outreach,
        unsafe_home=client.unsafe_home,
        staff=tuple(name for name in (row.lead, row.cofacilitator) if name),
        dial_in=dial_in.of_group(program.settings, meeting.group_id),
        incident_id=row.incident_id,
        minor=await is_minor(db, client, today),
    )


async def now_on_page(db: Db, standing: Standing) -> Now:
    last = await _last_told(db, standing)
    at_usual_place = (
        await db.execute(
            select(LocationCheckIn.same_place)
            .where(
                LocationCheckIn.program_id == standing.program_id,
                LocationCheckIn.group_session_id == standing.group_session_id,
                LocationCheckIn.client_id == standing.client_id,
            )
            .order_by(LocationCheckIn.confirmed_at.desc())
            .limit(1)
        )
    ).scalar_one_or_none()
    phones = await _phones(db, standing)
    reached = await told.reach_today(db, standing.program_id, standing.group_session_id, standing.client_id)
    kit = (await told.equipment(db, standing.program_id, [standing.client_id])).get(standing.client_id)
    given = [phone.last2 for phone in phones if phone.today_only_for is not None]
    return Now(
        checked_in=await _checked_in(db, standing),
        told=last[0] if last else None,
        until=last[1] if last else None,
        at_usual_place=at_usual_place,
        plan=plan(standing.first_outreach, standing.unsafe_home, [phone.safe_to_ring for phone in phones]),
        given_last2=given[-1] if given else None,
        no_phone=reached is not None and reached.phone == "none" and not given,
        backup_known=sum(phone.today_only_for is None for phone in phones) > 1,
        kit_due=kit is None or kit.due,
    )


async def _last_told(db: Db, standing: Standing) -> tuple[str, datetime | None] | None:
    """What the client last told with a button, while it still holds. What staff tapped is not shown here."""
    fact = (
        await db.execute(
            select(PresenceFact.kind, PresenceFact.until, PresenceFact.occurred_at)
            .where(
                PresenceFact.program_id == standing.program_id,
                PresenceFact.group_session_id == standing.group_session_id,
                PresenceFact.client_id == standing.client_id,
                PresenceFact.source == "client",
            )
            .order_by(PresenceFact.occurred_at.desc())
            .limit(1)
        )
    ).one_or_none()
    if fact is None or fact.kind not in ("moment", "away", "leaving"):
        return None
    holds_until = fact.until or fact.occurred_at + MOMENT
    return (fact.kind, fact.until) if now_of(db) < holds_until else None


def plan(first_outreach: str, unsafe_home: bool, safe_to_ring: list[bool]) -> Plan:
    """What the page may promise (P20): only what the protocol will do for this client (R2, R24).

    A danger word changes what staff do and must not change this page: somebody else may be reading it.
    """
    if first_outreach == "do_not_ring" or (unsafe_home and not any(safe_to_ring)):
        return "agreed"
    if not safe_to_ring:
        return "no_number"
    match first_outreach:
        case "text_first":
            return "agreed" if unsafe_home else "text"
        case "relay":
            return "relay"
        case _:
            return "ring"


async def _phones(db: Db, standing: Standing) -> list[ClientPhone]:
    rows = await db.execute(
        select(ClientPhone)
        .where(
            ClientPhone.program_id == standing.program_id,
            ClientPhone.client_id == standing.client_id,
            ClientPhone.retired_at.is_(None),
        )
        .order_by(ClientPhone.rank)
    )
    return [phone for phone in rows.scalars() if phone.today_only_for in (None, standing.group_session_id)]


async def _checked_in(db: Db, standing: Standing) -> bool:
    """The journal knows, also of somebody who skipped every question."""
    found = await db.execute(
        select(Entry.seq)
        .where(
            Entry.program_id == standing.program_id,
            Entry.client_id == standing.client_id,
            Entry.group_session_id == standing.group_session_id,
            Entry.kind == Kind.checked_in.value,
        )
        .limit(1)
    )
    return found.first() is not None
