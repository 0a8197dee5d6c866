"""Bodies and signatures as the platforms make them, made without our own code."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

EIGHT = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)


def openssl_hmac(secret: str, text: str) -> str:
    """HMAC by its definition (RFC 2104), not by the library that the adapter uses."""
    key = secret.encode().ljust(64, b"\0")
    inside = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + text.encode()).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inside).hexdigest()


def zoom_body(
    kind: str, *, at: datetime = EIGHT, user_id: Any = 16778240, room: str = "85012345678", **participant: Any
) -> bytes:
    person = {
        "user_id": user_id,
        "participant_uuid": "55AE",
        "id": "",
        "email": "",
        "user_name": "Ana",
        "public_ip": "203.0.113.7",
        "join_time": at.isoformat(),
    }
    value = {
        "event": f"meeting.participant_{kind}",
        "event_ts": int(at.timestamp() * 1000),
        "payload": {
            "account_id": "acc",
            "object": {"id": room, "uuid": "uuid==", "topic": "t", "participant": person | participant},
        },
        "a_new_field": {"nobody": "knows"},
    }
    return json.dumps(value).encode()


def zoom_headers(body: bytes, secret: str, stamp: str) -> dict[str, str]:
    signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, "sha256").hexdigest()
    return {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={signed}"}


def generic_body(kind: str, at: datetime, *, delivery: str = "d-1", **given: Any) -> bytes:
    value = {
        "delivery_id": delivery,
        "room": "evening",
        "person": "p-1",
        "connection": "c-1",
        "kind": kind,
        "occurred_at": at.isoformat(),
        "shown_as": "Ana",
        "tomorrow": "more",
    }
    return json.dumps(value | given).encode()


def generic_headers(body: bytes, secret: str, stamp: str) -> dict[str, str]:
    signed = hmac.new(secret.encode(), f"v1:{stamp}:".encode() + body, "sha256").hexdigest()
    return {"x-handrail-timestamp": stamp, "x-handrail-signature": f"v1={signed}"}


def livekit_body(
    event: str,
    *,
    id: str = "EV_1",
    at: datetime = EIGHT,
    identity: str = "ana",
    sid: str = "PA_1",
    room: str = "evening",
    **participant: Any,
) -> bytes:
    value = {
        "event": event,
        "id": id,
        "createdAt": str(int(at.timestamp())),
        "room": {"sid": "RM_1", "name": room},
        "participant": {"sid": sid, "identity": identity, "name": "Ana", "state": "ACTIVE"} | participant,
        "aNewField": 1,
    }
    return json.dumps(value).encode()


def livekit_token(body: bytes, key: str, secret: str) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    now = datetime.now(UTC)
    claims = {"iss": key, "nbf": now, "exp": now + timedelta(minutes=5), "sha256": digest}
    return jwt.encode(claims, secret, algorithm="HS256")
