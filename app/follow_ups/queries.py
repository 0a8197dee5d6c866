"""What is owed: of one client with everything a person needs to call, and of everybody for the board."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select

from app.clients.models import Client, EmergencyContact
from app.clients.queries import client_of
from app.clients.telling import tier_of
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.follow_ups import options, planning, rules
from app.follow_ups.models import CheckInPlan, FollowUp
from app.follow_ups.views import FollowUps, FollowUpView, OwnerRef, PlanView, PlanWords, Proposal, Said
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, reachable_clients, require_client
from app.staff.models import Program, StaffMember
from app.tasks.models import Task

# What was is shown this far back; the journal holds all of it.
PAST = 20
# The board shows what comes within so long, and all that is late.
AHEAD = rules.OPENS
MOST = 100


async def of_client(db: Db, viewer: Viewer, client_id: UUID) -> FollowUps:
    client = await client_of(db, viewer.program_id, client_id)
    names = await _names(db, viewer.program_id)
    views = await _views(db, viewer, names, FollowUp.client_id == client_id)
    plans = await _plans(db, viewer, names, client_id, views)
    owed = sorted((one for one in views if one.ended_at is None), key=lambda one: one.due_at)
    call = next((one for one in owed if one.kind == "caregiver_call"), None)
    standing = next((plan for plan in plans if plan.ended_at is None), None)
    return FollowUps(
        owed=owed,
        plan=standing,
        asks_for_plan=standing is None and client.tier in rules.SEVERE and client.ended_at is None,
        proposal=await _proposal(db, client),
        contacts=await options.contacts(db, client, call.tier if call else client.tier),
        phones=await options.phones(db, client),
        first_outreach=client.first_outreach,
        past=_newest(one for one in views if one.kind == "caregiver_call")[:PAST],
        past_plans=[plan for plan in plans if plan.ended_at is not None][:PAST],
    )


def _newest(views: Iterable[FollowUpView]) -> list[FollowUpView]:
    over = [(one.ended_at, one) for one in views if one.ended_at is not None]
    return [one for _, one in sorted(over, key=lambda pair: pair[0], reverse=True)]


async def owed(db: Db, viewer: Viewer) -> list[FollowUpView]:
    """For the board: mine, what nobody has, and for a supervisor everybody's; late, or due within a day."""
    reach = await reachable_clients(db, viewer)
    soon = FollowUp.ended_at.is_(None) & (FollowUp.due_at <= now_of(db) + AHEAD)
    open_window = (
        (FollowUp.kind == "caregiver_call") & FollowUp.ended_at.is_(None) & (FollowUp.opens_at <= now_of(db))
    )
    where: ColumnElement[bool] = or_(soon, open_window)
    if reach is not None:
        where &= FollowUp.client_id.in_(reach)
    names = await _names(db, viewer.program_id)
    found = await _views(db, viewer, names, where, oldest=True)
    return [one for one in found if reach is None or one.mine or one.owner is None]


async def _views(
    db: Db, viewer: Viewer, names: dict[UUID, Any], where: ColumnElement[bool], *, oldest: bool = False
) -> list[FollowUpView]:
    order = (FollowUp.due_at, FollowUp.id) if oldest else (FollowUp.due_at.desc(), FollowUp.id)
    rows = await db.execute(
        select(FollowUp, Client.name_used, Task.owner_id)
        .join(Client, (Client.program_id == FollowUp.program_id) & (Client.id == FollowUp.client_id))
        .join(Task, (Task.program_id == FollowUp.program_id) & (Task.id == FollowUp.task_id))
        .where(FollowUp.program_id == viewer.program_id, where)
        .order_by(*order)
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    return [_view(db, viewer, row, name, owner, names) for row, name, owner in rows]


def _view(
    db: Db, viewer: Viewer, row: FollowUp, client: str, owner_id: UUID | None, names: dict[UUID, Any]
) -> FollowUpView:
    kind, tier, now = rules.kind_of(row.kind), rules.tier_of(row.tier), now_of(db)
    # A task of somebody whose access has ended is nobody's.
    owner = owner_id if owner_id in names and not names[owner_id].gone else None
    return FollowUpView(
        id=row.id,
        kind=kind,
        client_id=row.client_id,
        client=client,
        initials="".join(part[0] for part in client.split())[:2].upper(),
        incident_id=row.incident_id,
        tier=tier,
        opens_at=row.opens_at,
        due_at=row.due_at,
        lapses_at=rules.lapses_at(kind, row.due_at, tier),
        when=rules.when(kind, row.opens_at, row.due_at, now) if row.ended_at is None else None,
        lapsed_at=row.lapsed_at,
        tries=row.tries,
        tried_at=row.tried_at,
        task_id=row.task_id,
        owner=_ref(owner, names),
        mine=owner == viewer.staff_id,
        outcome=row.outcome,
        ended_at=row.ended_at,
        ended_by=_ref(row.ended_by, names),
        said=row.said is not None,
    )


async def _plans(
    db: Db, viewer: Viewer, names: dict[UUID, Any], client_id: UUID, views: Sequence[FollowUpView]
) -> list[PlanView]:
    rows = await db.scalars(
        select(CheckInPlan)
        .where(CheckInPlan.program_id == viewer.program_id, CheckInPlan.client_id == client_id)
        .order_by(CheckInPlan.made_at.desc(), CheckInPlan.id)
        .limit(PAST)
    )
    of_plan: dict[UUID, set[UUID]] = {}
    members = await db.execute(
        select(FollowUp.plan_id, FollowUp.id).where(
            FollowUp.program_id == viewer.program_id,
            FollowUp.client_id == client_id,
            FollowUp.plan_id.is_not(None),
        )
    )
    for plan_id, follow_up_id in members:
        if plan_id is not None:
            of_plan.setdefault(plan_id, set()).add(follow_up_id)
    return [
        PlanView(
            id=row.id,
            tier=rules.tier_of(row.tier),
            made_at=row.made_at,
            made_by=_ref(row.made_by, names) or OwnerRef(id=row.made_by, name="A colleague"),
            ended_at=row.ended_at,
            ended_by=_ref(row.ended_by, names),
            ended_why=row.ended_why,
            check_ins=sorted(
                (one for one in views if one.id in of_plan.get(row.id, ())), key=lambda one: one.due_at
            ),
        )
        for row in rows
    ]


async def _proposal(db: Db, client: Client) -> Proposal:
    program = await db.get_one(Program, client.program_id)
    far = (client.travel_minutes or 0) >= rules.FAR_MINUTES
    tier = tier_of(client)
    times = rules.proposal(
        rules.hours_of(program.settings), tier, now_of(db), ZoneInfo(program.time_zone), far=far
    )
    return Proposal(tier=tier, far=far, times=times)


async def _names(db: Db, program_id: UUID) -> dict[UUID, Any]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name, StaffMember.disabled_at.is_not(None).label("gone")).where(
            StaffMember.program_id == program_id
        )
    )
    return {row.id: row for row in rows}


def _ref(staff_id: UUID | None, names: dict[UUID, Any]) -> OwnerRef | None:
    if staff_id is None:
        return None
    return OwnerRef(id=staff_id, name=names[staff_id].name if staff_id in names else "A colleague")


async def open_said(db: Db, viewer: Viewer, follow_up_id: UUID) -> Said:
    """Opens the seal; that somebody looked is an entry."""
    row = await db.get(FollowUp, (viewer.program_id, follow_up_id))
    if row is None:
        raise NotFound("There is no such call among those of the people you work with.")
    await require_client(db, viewer, row.client_id)
    said: dict[str, Any] = json.loads(reveal(db, row, "said") or "{}")
    contact = await db.get(EmergencyContact, (viewer.program_id, row.contact_id)) if row.contact_id else None
    if contact is not None:
        said["contact"] = reveal(db, contact, "name") or ""
    await _looked(db, viewer, row.client_id, {"follow_up": row.id})
    return Said.model_validate(said)


async def open_plan(db: Db, viewer: Viewer, plan_id: UUID) -> PlanWords:
    row = await planning.locked(db, viewer, plan_id)
    await _looked(db, viewer, row.client_id, {"plan": row.id})
    return PlanWords(why=reveal(db, row, "why") or "", reason=reveal(db, row, "reason") or "")


async def _looked(db: Db, viewer: Viewer, client_id: UUID, detail: dict[str, UUID]) -> None:
    entry = NewEntry(Kind.follow_up_read, viewer.actor, client_id=client_id, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])
