"""What of a copy may be shown at this very moment: consent is asked anew each time, whatever a link once opened."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.caregiver_pages.models import CaregiverCopy
from app.client_pages.tokens import Device, hashed
from app.clients.consent import Blocked, May, Tier
from app.clients.known import Standing, standing_of
from app.clients.models import Client, EmergencyContact
from app.db import Db, now_of
from app.staff.models import Program


@dataclass(frozen=True, slots=True)
class Open:
    """A copy that holds now, and of it what their release covers."""

    copy: CaregiverCopy
    client: Client
    contact: EmergencyContact
    program: Program
    plan: bool
    coaching: bool


async def of_token(db: Db, program_id: UUID, token: str) -> Open | None:
    """Guessed, ended, expired and revoked all come to the same: nothing."""
    return await _open(db, program_id, CaregiverCopy.token_hash == hashed(token))


async def of_pending(db: Db, device: Device) -> Open | None:
    """For the device that asked for the last code."""
    found = await _open(db, device.program_id, CaregiverCopy.id == device.link_id)
    return found if found is not None and found.copy.pending_hash == device.hash else None


async def of_device(db: Db, device: Device) -> Open | None:
    """For the device that gave the code, while that holds."""
    found = await _open(db, device.program_id, CaregiverCopy.id == device.link_id)
    if found is None or found.copy.device_hash != device.hash:
        return None
    until = found.copy.device_until
    return found if until is not None and until > now_of(db) else None


async def _open(db: Db, program_id: UUID, which: object) -> Open | None:
    copy: CaregiverCopy | None = await db.scalar(
        select(CaregiverCopy)
        .where(CaregiverCopy.program_id == program_id, which)  # type: ignore[arg-type]
        .with_for_update()
    )
    if copy is None or copy.ended_at is not None or copy.expires_at <= now_of(db):
        return None
    client = await db.get_one(Client, (program_id, copy.client_id))
    contact = await db.get_one(EmergencyContact, (program_id, copy.contact_id))
    plan, coaching = covered(db, await standing_of(db, client), copy, contact)
    if not (plan or coaching):
        return None
    program = await db.get_one(Program, program_id)
    return Open(copy, client, contact, program, plan, coaching)


def covered(db: Db, standing: Standing, copy: CaregiverCopy, contact: EmergencyContact) -> tuple[bool, bool]:
    """Plan, coaching. A page for a family stands on a release and on nothing else (F1)."""
    if contact.retired_at is not None or standing.client.ended_at is not None:
        return False, False
    return (
        copy.with_plan and by_release(standing.may(db, "plan_copy", contact, tier_of(standing.client))),
        copy.with_coaching and by_release(standing.may(db, "coaching", contact, tier_of(standing.client))),
    )


def by_release(verdict: May | Blocked) -> bool:
    return isinstance(verdict, May) and "release" in verdict.bases


def tier_of(client: Client) -> Tier:
    tier: Tier = client.tier  # type: ignore[assignment] # written through views.ClientFields only
    return tier
