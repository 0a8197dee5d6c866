"""The second factor: codes of an authenticator app that work once, and ten recovery codes for the day the phone is lost."""

import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
import segno
from sqlalchemy import any_, func, literal, or_, update

from app.db import Db, conceal, now_of, reveal, seal_of
from app.staff.models import StaffMember

STEP_SECONDS = 30
# One step either way: telephones' clocks are seconds off, and people type slowly.
DRIFT_STEPS = 1
RECOVERY_CODES = 10
# No 0, 1, I, L, O, U: read from paper at night. 12 of 30 characters are 58 bits.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Shown once. `qr_svg` is an inline SVG without styles, so that the content policy shows it."""

    totp_uri: str
    totp_qr_svg: str
    recovery_codes: list[str]


def begin(db: Db, person: StaffMember) -> Enrolment:
    """Gives the person a new secret and new codes; the ones before stop working."""
    secret = pyotp.random_base32()
    conceal(db, person, "totp_secret", secret)
    person.totp_last_step = None
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    person.recovery_hashes = [_recovery_hash(db, person.id, code) for code in codes]
    uri = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="Handrail")
    picture = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=4
    )
    return Enrolment(uri, picture.getvalue().decode().strip(), codes)


async def use_totp(db: Db, person: StaffMember, code: str) -> bool:
    """True once per code, also when two browsers send the same one at the same moment."""
    secret = reveal(db, person, "totp_secret")
    typed = code.replace(" ", "")
    step = None if secret is None else _step_of(secret, typed, now_of(db))
    if step is None:
        return False
    used = await db.execute(
        update(StaffMember)
        .where(
            StaffMember.program_id == person.program_id,
            StaffMember.id == person.id,
            or_(StaffMember.totp_last_step.is_(None), StaffMember.totp_last_step < step),
        )
        .values(totp_last_step=step)
        .returning(StaffMember.id)
        .execution_options(synchronize_session=False)
    )
    return used.first() is not None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


async def use_recovery_code(db: Db, person: StaffMember, code: str) -> int | None:
    """How many codes are left, or None when this is not one of them. A used code is gone."""
    spent = _recovery_hash(db, person.id, code)
    used = await db.execute(
        update(StaffMember)
        .where(
            StaffMember.program_id == person.program_id,
            StaffMember.id == person.id,
            literal(spent) == any_(StaffMember.recovery_hashes),
        )
        .values(recovery_hashes=func.array_remove(StaffMember.recovery_hashes, spent))
        .returning(func.cardinality(StaffMember.recovery_hashes))
        .execution_options(synchronize_session=False)
    )
    left: int | None = used.scalar_one_or_none()
    return left


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _recovery_hash(db: Db, staff_id: UUID, code: str) -> str:
    """Keyed with a key outside the database: a stolen table does not give codes away to a guesser."""
    letters = "".join(c for c in code.upper() if c.isalnum())
    return seal_of(db).keyed_hash("recovery_code", f"{staff_id}:{letters}").hex()
