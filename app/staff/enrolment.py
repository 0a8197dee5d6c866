"""Invitations: a link that works for a day, with which a person sets a passphrase, a second factor and a PIN."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.errors import NotFound, NotValid
from app.staff import second_factor
from app.staff.access import cookie_value, hash_token
from app.staff.models import StaffMember

INVITATION = timedelta(hours=24)


def invite(db: Db, person: StaffMember) -> str:
    """A fresh invitation; what they signed in with before stops working, because that is why people ask for one."""
    secret = secrets.token_urlsafe(32)
    person.enrol_hash = hash_token(secret)
    person.enrol_expires_at = now_of(db) + INVITATION
    person.passphrase_hash = None
    person.totp_secret = None
    person.recovery_hashes = []
    return cookie_value(person.program_id, secret)


def enrol_link(public_base_url: str, token: str) -> str:
    """The token stands behind the #: browsers send that part nowhere, so no log has it."""
    return f"{public_base_url}/enrol#{token}"


async def enrol(db: Db, program_id: UUID, secret: str) -> tuple[StaffMember, second_factor.Enrolment]:
    """What the invited person sets up in their authenticator. Asking again makes it anew."""
    person = await invited(db, program_id, secret)
    fresh = second_factor.begin(db, person)
    await db.flush()
    return person, fresh


async def invited(db: Db, program_id: UUID, secret: str) -> StaffMember:
    person = (
        await db.execute(
            select(StaffMember)
            .where(
                StaffMember.program_id == program_id,
                StaffMember.enrol_hash == hash_token(secret),
                StaffMember.enrol_expires_at > now_of(db),
                StaffMember.disabled_at.is_(None),
            )
            .with_for_update()
        )
    ).scalar_one_or_none()
    if person is None:
        raise NotFound("This invitation has been used or is older than 24 hours. Ask for a new one.")
    return person


async def finish_enrolment(
    db: Db, program_id: UUID, secret: str, *, passphrase_hash: str, pin_hash: str, code: str
) -> StaffMember:
    """Checks the code last: only a working authenticator may end the invitation."""
    person = await invited(db, program_id, secret)
    if not await second_factor.use_totp(db, person, code):
        sentence = "This code is not right. Wait for the next one in your authenticator and type that."
        raise NotValid(sentence, fields={"code": sentence})
    person.passphrase_hash, person.pin_hash = passphrase_hash, pin_hash
    person.enrol_hash = person.enrol_expires_at = None
    await db.flush()
    return person
