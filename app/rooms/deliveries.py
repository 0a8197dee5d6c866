"""What every video platform's webhook becomes: one normalised delivery. Pure, apart from hashing.

An adapter checks the signature over the raw body first and reads it second. It raises Forged for anything that
is not signed by the platform, and NotValid for a signed body that it cannot read.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from app.errors import NotValid, Refusal
from app.group_sessions.evidence import Cause

# Of the sender's timestamp: older than this is a replay, newer is a broken clock.
MAX_AGE = timedelta(minutes=5)
MOST_CHARACTERS = 500


class Forged(Refusal):
    """One sentence for every way of being wrong, so that a forger learns nothing."""

    status, code = 401, "not_signed"

    def __init__(self) -> None:
        super().__init__("This delivery is not signed with the secret of this connection.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """`person` is the steadiest reference that the platform gives; `shown_as` helps staff to say who it is."""

    delivery_id: str
    room: str
    person: str
    connection: str
    kind: Literal["joined", "left", "aborted"]
    occurred_at: datetime
    cause: Cause | None = None
    shown_as: str = ""

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"occurred_at": self.occurred_at.isoformat()}

    @staticmethod
    def from_kept(value: dict[str, Any]) -> "Delivery":
        return Delivery(**(value | {"occurred_at": datetime.fromisoformat(value["occurred_at"])}))


def fresh(sent_at: datetime, now: datetime) -> bool:
    return abs(now - sent_at) <= MAX_AGE


def seconds(text: str) -> datetime:
    """Unix seconds, as they stand in a header. Raises Forged: a timestamp that is none was never signed."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        raise Forged from None


def body_id(body: bytes) -> str:
    """A name for a delivery of a platform that gives none: a repeat has the same body."""
    return hashlib.sha256(body).hexdigest()


def parsed(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise NotValid("This delivery is not JSON.") from None
    if not isinstance(value, dict):
        raise NotValid("This delivery is not a JSON object.")
    return value


def inner(value: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object at this path, or an empty one: unknown and missing fields are the platform's affair."""
    for step in path:
        found = value.get(step)
        if not isinstance(found, dict):
            return {}
        value = found
    return value


def word(value: Any) -> str:
    """Platforms write the same id as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:MOST_CHARACTERS]
