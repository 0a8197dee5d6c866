"""How often somebody may guess. Counted before the guess is looked at, so that many at once are still counted."""

import ipaddress
from datetime import timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert

from app.db import Db, now_of, seal_of
from app.errors import TooMany
from app.staff.models import SignInAttempt

WINDOW = timedelta(minutes=15)
# Per address and network first, and low: a stranger elsewhere must not be able to lock a clinician out.
PER_ADDRESS_AND_NETWORK = 8
PER_ADDRESS = 60
PER_NETWORK = 60
# An authenticator code has six digits and three of them are right at any moment: 20 tries per 15 min
# give a guesser who already knows the passphrase one chance in 17,000 per quarter of an hour.
PER_SECOND_FACTOR = 20


async def count(db: Db, what: str, value: str, allowed: int) -> None:
    """Raises TooMany from the guess after `allowed` in a window. The caller commits before it looks at the guess."""
    now = now_of(db)
    key = seal_of(db).keyed_hash(f"limit:{what}", value)
    fresh = SignInAttempt.window_started_at <= now - WINDOW
    statement = insert(SignInAttempt).values(key=key, failures=1, window_started_at=now)
    counted = await db.execute(
        statement.on_conflict_do_update(
            index_elements=[SignInAttempt.key],
            set_={
                "failures": case((fresh, 1), else_=SignInAttempt.failures + 1),
                "window_started_at": case((fresh, now), else_=SignInAttempt.window_started_at),
            },
        ).returning(SignInAttempt.failures)
    )
    if counted.scalar_one() > allowed:
        raise TooMany("Too many tries. Wait 15 minutes, or ask an administrator for a new invitation.")


async def forgive(db: Db, what: str, value: str) -> None:
    """After a success: people who mistype twice a day never meet the limit."""
    key = seal_of(db).keyed_hash(f"limit:{what}", value)
    await db.execute(delete(SignInAttempt).where(SignInAttempt.key == key))


def network_of(host: str | None) -> str:
    """What one person at home can change at will counts as one: a /24, or a /64 of IPv6."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    bits = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
