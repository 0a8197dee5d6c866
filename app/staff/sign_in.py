"""Sign-ins: from passphrase to second factor, the lock, the end. Each function is one step inside one transaction.

Hashing happens between transactions, in threads: 40 ms of argon2 must hold no lock and no connection.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.db import Db, new_id, now_of, seal_of
from app.errors import NotSignedIn
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff import limits
from app.staff.access import ABSOLUTE, Viewer, cookie_value, hash_token
from app.staff.models import SignIn, StaffAddress, StaffMember

# From the passphrase to the code: long enough to look for the telephone.
BETWEEN = timedelta(minutes=10)
MOST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What the first step needs to know of an account."""

    program_id: UUID
    staff_id: UUID
    passphrase_hash: str | None


def address_key(db: Db, email: str) -> bytes:
    return seal_of(db).keyed_hash("staff_email", normal(email))


def normal(email: str) -> str:
    return email.strip().casefold()


# --- the passphrase


async def count_try(db: Db, email: str, host: str | None) -> tuple[UUID, UUID] | None:
    """Counts this try, then says whose address it is. Runs without a program: nobody is known yet."""
    network, address = limits.network_of(host), normal(email)
    await limits.count(db, "network", network, limits.PER_NETWORK)
    await limits.count(db, "address", address, limits.PER_ADDRESS)
    await limits.count(db, "address_network", f"{address} {network}", limits.PER_ADDRESS_AND_NETWORK)
    found = await db.execute(
        select(StaffAddress.program_id, StaffAddress.staff_id).where(
            StaffAddress.email_key == address_key(db, email)
        )
    )
    row = found.one_or_none()
    return None if row is None else (row.program_id, row.staff_id)


async def known(db: Db, program_id: UUID, staff_id: UUID) -> Known | None:
    person = await db.get(StaffMember, (program_id, staff_id))
    if person is None or person.disabled_at is not None:
        return None
    return Known(program_id, staff_id, person.passphrase_hash)


async def passphrase_was_right(
    db: Db, account: Known, email: str, host: str | None, fresh_hash: str | None = None
) -> str:
    """Opens a sign-in that waits for the second factor, and returns its cookie.

    `fresh_hash`: the same passphrase hashed with today's cost, when the kept one is of yesterday.
    """
    if fresh_hash is not None:
        await db.execute(
            update(StaffMember)
            .where(StaffMember.program_id == account.program_id, StaffMember.id == account.staff_id)
            .values(passphrase_hash=fresh_hash)
        )
    address = normal(email)
    await limits.forgive(db, "address", address)
    await limits.forgive(db, "address_network", f"{address} {limits.network_of(host)}")
    return await _open(db, account.program_id, account.staff_id, "passphrase", BETWEEN)


async def passphrase_was_wrong(db: Db, account: Known) -> None:
    await _write_failure(db, account.program_id, account.staff_id, "passphrase")


async def _write_failure(db: Db, program_id: UUID, staff_id: UUID, what: str) -> None:
    entry = NewEntry(Kind.sign_in_failed, Actor("person", staff_id), detail={"what": what}, retention="audit")
    await write(db, program_id, [entry])


async def _open(db: Db, program_id: UUID, staff_id: UUID, stage: str, lasts: timedelta) -> str:
    now, token = now_of(db), secrets.token_urlsafe(32)
    db.add(
        SignIn(
            program_id=program_id,
            id=new_id(),
            staff_id=staff_id,
            token_hash=hash_token(token),
            stage=stage,
            made_at=now,
            last_seen_at=now,
            expires_at=now + lasts,
        )
    )
    await db.flush()
    return cookie_value(program_id, token)


# --- the second factor


async def waiting(db: Db, program_id: UUID, token: str) -> tuple[UUID, UUID]:
    """Ids of the sign-in that waits for its second factor and of its person.

    Counts the try, and the caller commits before it looks at the code: five, then the passphrase again.
    """
    found = await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == program_id,
            SignIn.token_hash == hash_token(token),
            SignIn.stage == "passphrase",
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now_of(db),
            SignIn.pin_failures < MOST_FAILURES,
        )
        .values(pin_failures=SignIn.pin_failures + 1)
        .returning(SignIn.id, SignIn.staff_id)
    )
    row = found.one_or_none()
    if row is None:
        raise _begin_again()
    await limits.count(db, "second_factor", str(row.staff_id), limits.PER_SECOND_FACTOR)
    return row.id, row.staff_id


async def standing_person(db: Db, program_id: UUID, staff_id: UUID) -> StaffMember:
    person = await db.get(StaffMember, (program_id, staff_id))
    if person is None or person.disabled_at is not None:
        raise _begin_again()
    return person


def _begin_again() -> NotSignedIn:
    return NotSignedIn("Begin again with your e-mail and passphrase.", code="begin_again")


async def second_factor_was_wrong(db: Db, person: StaffMember) -> None:
    await _write_failure(db, person.program_id, person.id, "second factor")


async def complete(db: Db, person: StaffMember, how: str, waited: UUID | None = None) -> str:
    """Signed in: a new token, because the one before was known to somebody with the passphrase only."""
    if waited is not None:
        ended = await db.execute(
            update(SignIn)
            .where(SignIn.program_id == person.program_id, SignIn.id == waited, SignIn.ended_at.is_(None))
            .values(ended_at=now_of(db))
            .returning(SignIn.id)
        )
        if ended.first() is None:
            raise _begin_again()
        await limits.forgive(db, "second_factor", str(person.id))
    cookie = await _open(db, person.program_id, person.id, "full", ABSOLUTE)
    entry = NewEntry(Kind.signed_in, Actor("person", person.id), detail={"how": how}, retention="audit")
    await write(db, person.program_id, [entry])
    return cookie


# --- the end


async def end(db: Db, viewer: Viewer, *, why: str = "signed out") -> None:
    await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == viewer.program_id, SignIn.id == viewer.sign_in_id, SignIn.ended_at.is_(None)
        )
        .values(ended_at=now_of(db))
    )
    entry = NewEntry(Kind.signed_out, viewer.actor, detail={"why": why}, retention="audit")
    await write(db, viewer.program_id, [entry])


async def end_all(db: Db, program_id: UUID, staff_id: UUID) -> int:
    """Ends every sign-in of a person and says how many; the caller writes the entry that wakes the boards."""
    ended = await db.execute(
        update(SignIn)
        .where(SignIn.program_id == program_id, SignIn.staff_id == staff_id, SignIn.ended_at.is_(None))
        .values(ended_at=now_of(db))
        .returning(SignIn.id)
    )
    return len(ended.all())


# --- the lock


async def lock(db: Db, viewer: Viewer) -> None:
    locked = await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == viewer.program_id, SignIn.id == viewer.sign_in_id, SignIn.locked_at.is_(None)
        )
        .values(locked_at=now_of(db))
        .returning(SignIn.id)
    )
    if locked.first() is not None:
        entry = NewEntry(Kind.locked, viewer.actor, detail={"why": "pressed"}, retention="audit")
        await write(db, viewer.program_id, [entry])


async def count_pin(db: Db, viewer: Viewer) -> tuple[int, str | None]:
    """Counts one more try at this sign-in's PIN. Which try it is, and the hash to compare with."""
    counted = await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == viewer.program_id, SignIn.id == viewer.sign_in_id, SignIn.ended_at.is_(None)
        )
        .values(pin_failures=SignIn.pin_failures + 1)
        .returning(SignIn.pin_failures)
    )
    tries = counted.scalar_one_or_none()
    if tries is None:
        raise NotSignedIn("Your sign-in has ended. Sign in again to go on.")
    return tries, await _pin_hash(db, viewer.program_id, viewer.staff_id)


async def unlock(db: Db, viewer: Viewer) -> None:
    await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == viewer.program_id, SignIn.id == viewer.sign_in_id, SignIn.ended_at.is_(None)
        )
        .values(locked_at=None, pin_failures=0, last_seen_at=now_of(db))
    )
    await write(db, viewer.program_id, [NewEntry(Kind.unlocked, viewer.actor, retention="audit")])


CONFIRMED = timedelta(minutes=5)


async def confirm(db: Db, viewer: Viewer) -> None:
    """The PIN was right: for five minutes this sign-in may export and change numbers."""
    await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == viewer.program_id, SignIn.id == viewer.sign_in_id, SignIn.ended_at.is_(None)
        )
        .values(pin_failures=0, confirmed_until=now_of(db) + CONFIRMED)
    )
    await write(db, viewer.program_id, [NewEntry(Kind.confirmed, viewer.actor, retention="audit")])


async def _pin_hash(db: Db, program_id: UUID, staff_id: UUID) -> str | None:
    kept: str | None = (
        await db.execute(
            select(StaffMember.pin_hash).where(
                StaffMember.program_id == program_id,
                StaffMember.id == staff_id,
                StaffMember.disabled_at.is_(None),
            )
        )
    ).scalar_one_or_none()
    return kept
