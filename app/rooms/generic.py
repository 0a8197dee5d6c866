"""A signed JSON form for every other video platform, one event per delivery.

X-Handrail-Timestamp: 1772654400
X-Handrail-Signature: v1=<hex HMAC-SHA256 of "v1:<timestamp>:<body>">

{"delivery_id": "...", "room": "...", "person": "...", "connection": "...", "kind": "joined",
 "cause": null, "occurred_at": "2026-03-04T20:00:00Z", "shown_as": "Ana"}
"""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from app.errors import NotValid
from app.rooms.deliveries import Delivery, Forged, fresh, seconds

Text = Annotated[str, Field(min_length=1, max_length=500)]


class Form(BaseModel):
    """Fields that we do not know are ignored: a platform may send more one day."""

    delivery_id: Text
    room: Text
    person: Text
    connection: Text
    kind: Literal["joined", "left", "aborted"]
    cause: Literal["deliberate", "lost", "moved", "removed", "ended", "unknown"] | None = None
    occurred_at: AwareDatetime
    shown_as: Annotated[str, Field(max_length=80)] = ""


def sign(body: bytes, secret: str, stamp: str) -> str:
    return "v1=" + hmac.new(secret.encode(), b"v1:" + stamp.encode() + b":" + body, sha256).hexdigest()


def check(headers: Any, body: bytes, secret: str, now: datetime) -> None:
    """Raises Forged."""
    stamp = headers.get("x-handrail-timestamp", "")
    given = headers.get("x-handrail-signature", "")
    signed = hmac.compare_digest(sign(body, secret, stamp).encode(), given.encode())
    if not signed or not fresh(seconds(stamp), now):
        raise Forged


def read(body: bytes) -> list[Delivery]:
    try:
        form = Form.model_validate_json(body)
    except ValidationError as error:
        fields = {".".join(str(part) for part in e["loc"]) or "body": e["msg"] for e in error.errors()}
        raise NotValid("This delivery is not as expected.", fields=fields) from None
    cause = None if form.kind == "joined" else form.cause or "unknown"
    return [
        Delivery(
            form.delivery_id,
            form.room,
            f"person:{form.person}",
            form.connection,
            form.kind,
            form.occurred_at,
            cause,
            form.shown_as,
        )
    ]
