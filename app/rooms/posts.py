"""One request of a video platform, and what it says once its signature has been checked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.db import Db, seal_of
from app.prepared import Prepared
from app.rooms import generic, livekit, zoom
from app.rooms.deliveries import Delivery, Forged

Platform = Literal["zoom", "livekit", "generic"]


@dataclass(frozen=True, slots=True)
class Post:
    """Not yet believed."""

    program_id: UUID
    connection_id: UUID
    platform: Platform
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """A platform's connection whose secret must have signed it."""

    platform: str
    api_key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Read:
    """`answer`: what the platform asked for in return, if anything."""

    deliveries: list[Delivery]
    answer: dict[str, str] | None = None


_SENDERS = Prepared(
    """
    select id, platform, api_key, secret from platform_connection
    where program_id = :program and id = any(cast(:ids as uuid[])) and ended_at is null
    """
)


async def senders(db: Db, program_id: UUID, ids: Collection[UUID]) -> dict[UUID, Sender]:
    """Those of these connections that are there and have not ended."""
    seal = seal_of(db)
    return {
        row.id: Sender(
            row.platform,
            row.api_key or "",
            seal.open(
                row.secret, table="platform_connection", column="secret", row_id=row.id, program_id=program_id
            ),
        )
        for row in await _SENDERS.rows(db, program=program_id, ids=list(ids))
    }


def read(post: Post, sender: Sender | None, now: datetime) -> Read:
    """Unknown, ended and of another platform read like a wrong signature: addresses cannot be tried out.

    Raises Forged, and NotValid for what is signed and cannot be read.
    """
    if sender is None or sender.platform != post.platform:
        raise Forged
    match post.platform:
        case "zoom":
            zoom.check(post.headers, post.body, sender.secret, now)
            answer = zoom.challenge(post.body, sender.secret)
            return Read([] if answer else zoom.read(post.body), answer)
        case "livekit":
            return Read(livekit.check_and_read(post.headers, post.body, sender.api_key, sender.secret))
        case "generic":
            generic.check(post.headers, post.body, sender.secret, now)
            return Read(generic.read(post.body))
