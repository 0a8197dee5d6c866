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
    """Written out by hand, in the order of the sorted keys: json.dumps takes four times as long, and no value here
    (ids, times, kinds, hex) can hold a character that JSON would escape. A test compares the two."""
    return VERSION + (
        f'{{"actor_id":{_id(line.actor_id)},"actor_kind":"{line.actor_kind}","client_id":{_id(line.client_id)},'
        f'"detail_hash":{_hex(line.detail_hash)},"group_session_id":{_id(line.group_session_id)},'
        f'"incident_id":{_id(line.incident_id)},"kind":"{line.kind}","occurred_at":"{_time(line.occurred_at)}",'
        f'"program_id":"{line.program_id}","recorded_at":"{_time(line.recorded_at)}","seq":{line.seq}}}'
    ).encode("ascii")


def chained(previous: bytes, line: Line) -> bytes:
    return hashlib.sha256(previous + canonical(line)).digest()


def detail_text(detail: Mapping[str, Any]) -> str:
    return _ENCODER.encode(detail)


def detail_hash(salt: bytes, text: str) -> bytes:
    """Salted, so that a purged short detail cannot be guessed back from its hash."""
    return hashlib.sha256(salt + text.encode()).digest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    return str(value)


# Kept, because json.dumps makes a new one for each detail.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _time(moment: datetime) -> str:
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _id(value: UUID | None) -> str:
    return f'"{value}"' if value else "null"


def _hex(value: bytes | None) -> str:
    return f'"{value.hex()}"' if value else "null"
