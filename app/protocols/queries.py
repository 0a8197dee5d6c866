"""Which protocol runs: the published version, if it still is what was approved."""

import logging
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Select, and_, or_, select, text
from sqlalchemy.orm import aliased

from app.db import Db, given
from app.errors import Refusal
from app.protocols import library
from app.protocols.models import ProtocolVersion
from app.protocols.schema import Protocol

log = logging.getLogger("handrail.protocols")

CONNECTION_LOST = "connection-lost"

# By version and hash: a version never changes, so a parsed one is good for as long as the process lives.
_parsed: dict[tuple[UUID, UUID, str], Protocol] = {}


class NoProtocol(Refusal):
    status, code = 409, "no_protocol"


async def current(db: Db, program_id: UUID, protocol: str = CONNECTION_LOST) -> tuple[UUID, Protocol]:
    """(version id, protocol). Raises NoProtocol when nothing is published."""
    found = await current_of(db, {program_id}, protocol)
    if program_id not in found:
        what = "plan for a lost connection" if protocol == CONNECTION_LOST else f"protocol “{protocol}”"
        raise NoProtocol(f"No {what} is in use. A supervisor approves one and publishes it, under Protocols.")
    return found[program_id]


async def current_of(
    db: Db, programs: Collection[UUID], protocol: str = CONNECTION_LOST
) -> dict[UUID, tuple[UUID, Protocol]]:
    """One query for any number of programs; a program without a published version is missing from the answer.

    A stored version that no longer is what was approved is passed over for the one that it replaced: no plan at all
    would be worse. What a person retired is never used again.
    """
    marks = await _marks(
        db,
        _MARK.where(
            ProtocolVersion.program_id.in_(list(programs)),
            ProtocolVersion.protocol == protocol,
            or_(ProtocolVersion.status == "published", _stands_in()),
        ).order_by(
            (ProtocolVersion.status == "published").desc(),
            ProtocolVersion.published_at.desc(),
            ProtocolVersion.id,
        ),
    )
    found: dict[UUID, tuple[UUID, Protocol]] = {}
    for mark in marks:
        if mark.program_id not in found:
            parsed = await _parsed_of(db, mark)
            if parsed is not None:
                found[mark.program_id] = (mark.id, parsed)
    return found


def _stands_in() -> ColumnElement[bool]:
    """Replaced, and some version of the same protocol is published: it may be the one that was damaged."""
    other = aliased(ProtocolVersion)
    published = select(other.id).where(
        other.program_id == ProtocolVersion.program_id,
        other.protocol == ProtocolVersion.protocol,
        other.status == "published",
    )
    return and_(ProtocolVersion.replaced_by.is_not(None), published.exists())


async def by_ids(db: Db, ids: Collection[UUID]) -> dict[UUID, Protocol]:
    """The versions that incidents are pinned to. One that was tampered with since is answered by the program's
    current one: a running incident is never left without a protocol."""
    found: dict[UUID, Protocol] = {}
    for mark in await _marks(db, _MARKS_OF, ids=list(ids)):
        parsed = await _parsed_of(db, mark)
        found[mark.id] = parsed or (await current(db, mark.program_id, mark.protocol))[1]
    return found


class _Mark(NamedTuple):
    """A version without its body, which is 20 kB that only a process that has never seen it needs."""

    program_id: UUID
    id: UUID
    protocol: str
    sha256: str


_MARK = select(
    ProtocolVersion.program_id, ProtocolVersion.id, ProtocolVersion.protocol, ProtocolVersion.sha256
)


_MARKS_OF = _MARK.where(given(ProtocolVersion.id))


async def _marks(db: Db, query: Select[UUID, UUID, str, str], **values: list[UUID]) -> list[_Mark]:
    return [_Mark(*row) for row in await db.execute(query, values)]


async def _parsed_of(db: Db, mark: _Mark) -> Protocol | None:
    kept = _parsed.get((mark.program_id, mark.id, mark.sha256))
    if kept is not None:
        return kept
    row = await db.get(ProtocolVersion, (mark.program_id, mark.id))
    return None if row is None else parsed_of(row)


def parsed_of(row: ProtocolVersion) -> Protocol | None:
    """None when the stored body is not what its hash says, or not a protocol any more."""
    key = (row.program_id, row.id, row.sha256)
    if key not in _parsed:
        try:
            if library.digest(row.body) != row.sha256:
                log.error("protocol version %s is not what was approved; it is passed over", row.id)
                return None
            _parsed[key] = library.parse(row.body)
        except ValidationError:
            log.error("protocol version %s no longer has the shape of a protocol; it is passed over", row.id)  # noqa: TRY400 -- the body would fill the log
            return None
    return _parsed[key]


async def versions(db: Db, program_id: UUID) -> list[ProtocolVersion]:
    """Newest first."""
    rows = await db.scalars(
        select(ProtocolVersion)
        .where(ProtocolVersion.program_id == program_id)
        .order_by(ProtocolVersion.protocol, ProtocolVersion.made_at.desc(), ProtocolVersion.id)
    )
    return list(rows)


# As SQL text, because the program belongs to a package above this one.
_TROUBLE = text("select settings ->> 'protocol_refused' from program where id = :program")


async def trouble(db: Db, program_id: UUID) -> str | None:
    """A sentence for every board while a shipped file stands refused."""
    said: str | None = await db.scalar(_TROUBLE, {"program": program_id})
    return said
