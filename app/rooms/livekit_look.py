"""Asking a LiveKit server who is in a room: its webhooks can be lost (telephony.md 2b), and a lost "left" is a person
whom nobody misses. What a look tells becomes the same deliveries as a webhook's, so that neither counts twice."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import aiohttp
from livekit.api import LiveKitAPI
from livekit.protocol.models import ParticipantInfo
from livekit.protocol.room import ListParticipantsRequest

from app.rooms.deliveries import Delivery, word

SECONDS = 5.0
# Recorders, streams and robots are nobody.
_PEOPLE = (ParticipantInfo.STANDARD, ParticipantInfo.SIP)
_THERE = (ParticipantInfo.JOINED, ParticipantInfo.ACTIVE)


EMPTY = "empty"


class NotHeard(Exception):
    """The server gave no answer that says anything. Our silence is not theirs: nothing follows from it."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    key: str
    secret: str


@dataclass(frozen=True, slots=True)
class Present:
    """One connection that is in the room now."""

    connection: str
    person: str
    joined_at: datetime
    shown_as: str = ""


async def who_is_there(server: Server, room: str) -> list[Present]:
    """Raises NotHeard, within the time for one request. An empty room says nothing either: an open group has at least
    its staff in it, so the answer is of another server, or of one that has just started."""
    try:
        async with asyncio.timeout(SECONDS + 1):
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            # No failing over to other regions: the next look comes in seconds.
            async with LiveKitAPI(
                server.url, server.key, server.secret, timeout=timeout, failover=False
            ) as asked:
                answer = await asked.room.list_participants(ListParticipantsRequest(room=room))
    except Exception as error:  # noqa: BLE001  the library raises a dozen of its parts' own
        raise NotHeard(type(error).__name__) from None
    found = [
        Present(
            connection=word(one.sid),
            person=f"identity:{word(one.identity)}",
            joined_at=datetime.fromtimestamp(one.joined_at, UTC),
            shown_as=word(one.name)[:80],
        )
        for one in answer.participants
        if one.kind in _PEOPLE and one.state in _THERE and one.sid and one.identity and one.joined_at
    ]
    if not found:
        raise NotHeard(EMPTY)
    return found


async def who_is_anywhere(server: Server, room: str, beside: Collection[str]) -> list[Present]:
    """In the group's room and in the private rooms beside it. Nobody may be in one of those yet, or any more."""
    there = await who_is_there(server, room)
    for name in beside:
        try:
            there += await who_is_there(server, name)
        except NotHeard as why:
            if str(why) != EMPTY:
                raise
    return there


@dataclass(frozen=True, slots=True)
class Known:
    """A connection that we have been told joined; `left` when we have been told that as well. `client_id`: whose it is,
    unless nobody has said so yet."""

    person: str
    left: bool
    client_id: UUID | None = None
    shown_as: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is to be told, and since when each known connection is missing: it counts as gone when two looks in a row
    did not find it, from the first of them on."""

    deliveries: tuple[Delivery, ...]
    missing: Mapping[str, datetime]


def compared(
    room: str,
    there: Sequence[Present],
    known: Mapping[str, Known],
    missing: Mapping[str, datetime],
    now: datetime,
) -> Looked:
    told = [_joined(room, one) for one in there if one.connection not in known]
    gone: dict[str, datetime] = {}
    here: Collection[str] = {one.connection for one in there}
    for connection, one in known.items():
        if one.left or connection in here:
            continue
        if connection in missing:
            told.append(_left(room, connection, one, missing[connection]))
        else:
            gone[connection] = now
    return Looked(tuple(told), gone)


def _joined(room: str, one: Present) -> Delivery:
    return Delivery(
        delivery_id=f"look:joined:{one.connection}",
        room=room,
        person=one.person,
        connection=one.connection,
        kind="joined",
        occurred_at=one.joined_at,
        shown_as=one.shown_as,
    )


def _left(room: str, connection: str, one: Known, since: datetime) -> Delivery:
    """Nobody told us why: for the person that is a lost connection until a webhook says otherwise."""
    return Delivery(
        delivery_id=f"look:left:{connection}",
        room=room,
        person=one.person,
        connection=connection,
        kind="left",
        occurred_at=since,
        cause="unknown",
        shown_as=one.shown_as,
    )
