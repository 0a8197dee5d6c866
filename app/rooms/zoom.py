"""Zoom's webhooks: v0 signature, url validation, and its three traps (telephony.md 2a).

A move to a breakout room is a leave and a join; the join may come first; guests have no id, and the uuid they
have instead changes when they truly leave and return.
"""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app.group_sessions.evidence import Cause
from app.rooms.deliveries import Delivery, Forged, body_id, fresh, inner, parsed, seconds, word

VALIDATION = "endpoint.url_validation"
_KINDS: dict[str, Any] = {
    "meeting.participant_joined": "joined",
    "meeting.participant_joined_breakout_room": "joined",
    "meeting.participant_left": "left",
    "meeting.participant_left_breakout_room": "left",
}
# The steadiest reference first: what we or the clinic set, then Zoom's account, then this visit only.
_PERSON = ("customer_key", "registrant_id", "participant_user_id", "id", "participant_uuid")

# "... left the meeting. Reason : X". Only X is searched: what stands before it begins with a name that anybody
# chose for themselves, and somebody may call themselves "breakout".
_REASONS: tuple[tuple[str, Cause], ...] = (
    ("breakout", "moved"),
    ("host ended", "ended"),
    ("host closed", "ended"),
    ("host started a new meeting", "ended"),
    ("host did not join", "ended"),
    ("removed by host", "removed"),
    ("network connection error", "lost"),
    ("disconnected", "lost"),
    ("client close", "lost"),
    ("free meeting minutes", "lost"),
    ("leave waiting room", "deliberate"),
    ("left", "deliberate"),
)
# The sentences of the documentation, whole or, where a name comes first, by their end.
_SENTENCES: dict[str, Cause] = {
    "host ended the meeting.": "ended",
    "host closed the meeting.": "ended",
    "host started a new meeting.": "ended",
    "host did not join.": "ended",
    "removed by host.": "removed",
    "removed by host from waiting room.": "removed",
    "network connection error.": "lost",
    "exceeded free meeting minutes limit.": "lost",
    "leave waiting room.": "deliberate",
}
_ENDINGS: tuple[tuple[str, Cause], ...] = (
    ("got disconnected from the meeting.", "lost"),
    ("left the meeting.", "deliberate"),
)


def check(headers: Any, body: bytes, secret: str, now: datetime) -> None:
    """Raises Forged."""
    stamp = headers.get("x-zm-request-timestamp", "")
    given = headers.get("x-zm-signature", "")
    made = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    if not hmac.compare_digest(made.encode(), given.encode()) or not fresh(seconds(stamp), now):
        raise Forged


def challenge(body: bytes, secret: str) -> dict[str, str] | None:
    """The answer to Zoom's question whether this address is ours, or None when the body is not that question."""
    value = parsed(body)
    token = inner(value, "payload").get("plainToken")
    if value.get("event") != VALIDATION or not isinstance(token, str):
        return None
    return {
        "plainToken": token,
        "encryptedToken": hmac.new(secret.encode(), token.encode(), sha256).hexdigest(),
    }


def read(body: bytes) -> list[Delivery]:
    value = parsed(body)
    kind = _KINDS.get(word(value.get("event")))
    meeting = inner(value, "payload", "object")
    person = inner(meeting, "participant")
    reference = next((f"{field}:{word(person[field])}" for field in _PERSON if word(person.get(field))), "")
    room, connection, stamp = word(meeting.get("id")), word(person.get("user_id")), value.get("event_ts")
    if kind is None or not (reference and room and connection) or not isinstance(stamp, int):
        return []
    try:
        occurred_at = datetime.fromtimestamp(stamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return []
    return [
        Delivery(
            delivery_id=body_id(body),
            room=room,
            person=reference,
            connection=connection,
            kind=kind,
            occurred_at=occurred_at,
            cause=None if kind == "joined" else cause_of(word(person.get("leave_reason"))),
            shown_as=word(person.get("user_name"))[:80],
        )
    ]


def cause_of(leave_reason: str) -> Cause:
    """Unknown text is unknown, which the rules take for lost."""
    _, found, reason = leave_reason.strip().casefold().rpartition("reason :")
    if found:
        return next((cause for part, cause in _REASONS if part in reason), "unknown")
    if reason in _SENTENCES:
        return _SENTENCES[reason]
    return next((cause for ending, cause in _ENDINGS if reason.endswith(ending)), "unknown")
