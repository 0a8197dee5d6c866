"""The written, versioned form of an entry that is hashed, and the chain. docs/decisions says why it may not change.

Version 1: JSON with sorted keys and no spaces, times as UTC with microseconds, ids as lower-case text, absent
ids as null, prefixed by the version line. hash = SHA-256(previous hash || canonical form).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

VERSION = b"handrail.entry/1\n"
GENESIS = hashlib.sha256(b"handrail.journal/1").digest()


@dataclass(frozen=True, slots=True)
class Line:
    """The hashed fields of one entry."""

    program_id: UUID
    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: str
    actor_id: UUID | None
    incident_id: UUID | None
    client_id: UUID | None
    group_session_id: UUID | None
    detail_hash: bytes | None


def canonical(line: Line) -> bytes:
    return VERSION + json.dumps(
        {
            "program_id": str(line.program_id),
            "seq": line.seq,
            "kind": line.kind,
            "occurred_at": _time(line.occurred_at),
            "recorded_at": _time(line.recorded_at),
            "actor_kind": line.actor_kind,
            "actor_id": _id(line.actor_id),
            "incident_id": _id(line.incident_id),
            "client_id": _id(line.client_id),
            "group_session_id": _id(line.group_session_id),
            "detail_hash": line.detail_hash.hex() if line.detail_hash else None,
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode("ascii")


def chained(previous: bytes, line: Line) -> bytes:
    return hashlib.sha256(previous + canonical(line)).digest()


def detail_text(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def detail_hash(salt: bytes, text: str) -> bytes:
    """Salted, so that a purged short detail cannot be guessed back from its hash."""
    return hashlib.sha256(salt + text.encode()).digest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    return str(value)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _id(value: UUID | None) -> str | None:
    return str(value) if value else None
