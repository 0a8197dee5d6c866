"""Copies of a client, whom one may be made for, and corrections that wait for staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.calls.models import PlainText
from app.caregiver_pages import views
from app.caregiver_pages.copies import read_proposal
from app.caregiver_pages.models import CaregiverCopy, CaregiverProposal
from app.caregiver_pages.standing import by_release, covered, tier_of
from app.clients.consent import Blocked, ticks_for
from app.clients.consent_words import TICKS
from app.clients.known import Standing, standing_of
from app.clients.models import EmergencyContact
from app.clients.queries import client_of
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.plans.models import SafetyPlanVersion
from app.staff.models import StaffMember

LOST = frozenset({"failed", "unknown", "voided"})


async def copies(db: Db, program_id: UUID, client_id: UUID) -> views.Copies:
    client = await client_of(db, program_id, client_id)
    standing = await standing_of(db, client)
    contacts = {row.id: row for row in standing.contacts}
    rows = (
        await db.scalars(
            select(CaregiverCopy)
            .where(CaregiverCopy.program_id == program_id, CaregiverCopy.client_id == client_id)
            .order_by(CaregiverCopy.made_at.desc(), CaregiverCopy.id)
        )
    ).all()
    waiting = await db.scalars(
        select(CaregiverProposal)
        .where(
            CaregiverProposal.program_id == program_id,
            CaregiverProposal.client_id == client_id,
            CaregiverProposal.decided_at.is_(None),
        )
        .order_by(CaregiverProposal.made_at)
    )
    versions = await _versions(db, program_id, client_id)
    lost = await _lost_texts(db, program_id, client_id)
    staff = await _staff(db, program_id)
    return views.Copies(
        contacts=[_may(db, standing, row) for row in standing.contacts if row.retired_at is None],
        copies=[_view(db, standing, row, contacts[row.contact_id], versions, staff, lost) for row in rows],
        proposals=[_proposal(db, row, contacts[row.contact_id]) for row in waiting],
    )


async def copy_of(db: Db, program_id: UUID, client_id: UUID, copy_id: UUID) -> CaregiverCopy:
    row = await db.get(CaregiverCopy, (program_id, copy_id))
    if row is None or row.client_id != client_id:
        raise NotFound("There is no such copy for this client.")
    return row


def _may(db: Db, standing: Standing, contact: EmergencyContact) -> views.MayShare:
    tier = tier_of(standing.client)
    verdicts = [standing.may(db, act, contact, tier) for act in ("plan_copy", "coaching")]
    plan, coaching = (by_release(verdict) for verdict in verdicts)
    ticks = sorted(
        {
            tick
            for verdict in verdicts
            if not isinstance(verdict, Blocked) and by_release(verdict)
            for tick in ticks_for(verdict, "release")
        }
    )
    block = next((v for v in verdicts if isinstance(v, Blocked)), None) if not (plan or coaching) else None
    return views.MayShare(
        contact_id=contact.id,
        name=reveal(db, contact, "name") or "",
        relation=contact.relation,
        last2=contact.last2,
        language=contact.language,
        guardian=contact.guardian,
        plan=plan,
        coaching=coaching,
        ticks=ticks,
        tick_words=[TICKS[tick] for tick in ticks],
        block=block.sentence if block else None,
        lawful_instead=block.lawful_instead if block else None,
    )


def _view(
    db: Db,
    standing: Standing,
    row: CaregiverCopy,
    contact: EmergencyContact,
    versions: dict[UUID, SafetyPlanVersion],
    staff: dict[UUID, str],
    lost: dict[UUID, datetime],
) -> views.CopyView:
    version = versions.get(row.plan_version_id) if row.plan_version_id else None
    lines = len(views.Shared.model_validate_json(reveal(db, row, "body") or "{}").lines)
    return views.CopyView.model_validate(
        {
            "id": row.id,
            "contact_id": row.contact_id,
            "contact_name": reveal(db, contact, "name") or "",
            "state": _state(db, standing, row, contact, now_of(db)),
            "with_plan": row.with_plan,
            "with_coaching": row.with_coaching,
            "lines": lines,
            "plan_number": version.number if version else None,
            "newer_plan": version is not None and version.status == "superseded",
            "language": row.language,
            "made_by": staff.get(row.made_by, ""),
            "made_at": row.made_at,
            "expires_at": row.expires_at,
            "sent_at": row.sent_at,
            "text_lost": row.contact_id in lost and lost[row.contact_id] >= row.made_at,
            "ended_at": row.ended_at,
            "opened_times": row.opened_times,
            "opened_at": row.opened_at,
            "confirmed_at": row.confirmed_at,
        }
    )


def _state(
    db: Db, standing: Standing, row: CaregiverCopy, contact: EmergencyContact, now: datetime
) -> views.State:
    if row.ended_at is not None:
        return "ended"
    if row.expires_at <= now:
        return "expired"
    return "open" if any(covered(db, standing, row, contact)) else "not_allowed"


def _proposal(db: Db, row: CaregiverProposal, contact: EmergencyContact) -> views.ProposalView:
    said = read_proposal(db, row)
    return views.ProposalView(
        id=row.id,
        contact_id=row.contact_id,
        contact_name=reveal(db, contact, "name") or "",
        made_at=row.made_at,
        number=said["number"] or None,
        language=said["language"] or None,
        times=said["times"] or None,
    )


async def _lost_texts(db: Db, program_id: UUID, client_id: UUID) -> dict[UUID, datetime]:
    """By contact: when their newest text was due, if it did not leave."""
    rows = await db.scalars(
        select(PlainText)
        .where(PlainText.program_id == program_id, PlainText.client_id == client_id)
        .order_by(PlainText.due_at)
    )
    newest = {row.contact_id: row for row in rows if row.contact_id is not None}
    return {contact: row.due_at for contact, row in newest.items() if row.status in LOST}


async def _versions(db: Db, program_id: UUID, client_id: UUID) -> dict[UUID, SafetyPlanVersion]:
    rows = await db.scalars(
        select(SafetyPlanVersion).where(
            SafetyPlanVersion.program_id == program_id, SafetyPlanVersion.client_id == client_id
        )
    )
    return {row.id: row for row in rows}


async def _staff(db: Db, program_id: UUID) -> dict[UUID, str]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    return {row.id: row.name for row in rows}
