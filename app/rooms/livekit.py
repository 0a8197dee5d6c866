"""LiveKit's webhooks, checked by its own library. A connection is a `PA_` sid; `joined_at` is finer than the time
of the leave, so both take the event's own seconds: a leave may not seem older than its join."""

from datetime import UTC, datetime
from typing import Any

from livekit.api import TokenVerifier, WebhookReceiver
from livekit.protocol.models import DisconnectReason, ParticipantInfo

from app.errors import NotValid
from app.group_sessions.evidence import Cause
from app.rooms.deliveries import Delivery, Forged, word

_KINDS: dict[str, Any] = {
    "participant_joined": "joined",
    "participant_left": "left",
    "participant_connection_aborted": "aborted",
}
# As LiveKit's IsIntentionalDisconnect, except a server that shuts down: for the person that is a lost connection.
_CAUSES: dict[int, Cause] = {
    DisconnectReason.UNKNOWN_REASON: "unknown",
    DisconnectReason.CLIENT_INITIATED: "deliberate",
    DisconnectReason.DUPLICATE_IDENTITY: "moved",
    DisconnectReason.PARTICIPANT_REMOVED: "removed",
    DisconnectReason.ROOM_DELETED: "ended",
    DisconnectReason.MIGRATION: "moved",
    DisconnectReason.ROOM_CLOSED: "ended",
}
# Recorders, streams and robots are nobody.
_PEOPLE = (ParticipantInfo.STANDARD, ParticipantInfo.SIP)


def check_and_read(headers: Any, body: bytes, key: str, secret: str) -> list[Delivery]:
    """Raises Forged, NotValid. The header is the bare token: LiveKit sends no "Bearer"."""
    try:
        text = body.decode()
        event = WebhookReceiver(TokenVerifier(key, secret)).receive(text, headers.get("authorization", ""))
    except UnicodeDecodeError:
        raise NotValid("This delivery is not text.") from None
    except Exception:  # noqa: BLE001  the library raises bare Exception and a dozen of its parts' own
        raise Forged from None
    kind = _KINDS.get(event.event)
    person = event.participant
    if kind is None or person.kind not in _PEOPLE or not (event.id and person.sid and person.identity):
        return []
    return [
        Delivery(
            delivery_id=word(event.id),
            room=word(event.room.name),
            person=f"identity:{word(person.identity)}",
            connection=word(person.sid),
            kind=kind,
            occurred_at=datetime.fromtimestamp(event.created_at, UTC),
            cause=None if kind == "joined" else _CAUSES.get(person.disconnect_reason, "lost"),
            shown_as=word(person.name)[:80],
        )
    ]
