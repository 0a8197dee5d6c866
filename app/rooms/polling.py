"""Looks into the rooms of open groups every ten seconds, where a server can be asked. Beside the engine's loop, with a
database connection and requests of its own: a server that hangs holds up nothing but the look at its own rooms."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from app.clock import Clock, SystemClock
from app.db import ENGINE_ROLE, Database, Db, now_of, reveal
from app.group_sessions.models import GroupSession, PresenceFact
from app.lanes.models import Breakout
from app.rooms import intake
from app.rooms.deliveries import Delivery
from app.rooms.livekit_look import Known, NotHeard, Server, compared, who_is_anywhere
from app.rooms.models import PlatformConnection, PlatformPerson
from app.seal import Seal
from app.settings import Settings

log = logging.getLogger("handrail.rooms")

EVERY = timedelta(seconds=10)
LOOK_AGAIN_SECONDS = 1.0
AFTER_FAULT_SECONDS = 5.0
# Servers asked at once; each has its own timeout.
AT_ONCE = 20

Missing = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Room:
    """The room of one open meeting, the private rooms beside it, and how to ask for them."""

    program_id: UUID
    connection_id: UUID
    meeting_id: UUID
    name: str
    server: Server
    beside: tuple[str, ...] = ()


class Looks:
    """What was missing at the last look, by room. Kept in memory: a new process waits for two looks of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._missing: dict[tuple[UUID, str], Missing] = {}
        self._deaf: set[UUID] = set()

    async def once(self) -> int:
        """How many rooms were looked into."""
        async with self._database.transaction(None) as db:
            rooms = await _due(db)
        for start in range(0, len(rooms), AT_ONCE):
            await asyncio.gather(*(self._look(room) for room in rooms[start : start + AT_ONCE]))
        return len(rooms)

    async def _look(self, room: Room) -> None:
        place = (room.connection_id, room.name)
        try:
            there = await who_is_anywhere(room.server, room.name, room.beside)
        except NotHeard as why:
            self._missing.pop(place, None)
            if room.connection_id not in self._deaf:
                self._deaf.add(room.connection_id)
                log.warning("rooms: a video server could not be asked (%s); its webhooks alone count", why)
            return
        self._deaf.discard(room.connection_id)
        try:
            async with self._database.transaction(room.program_id) as db:
                known = await _known(db, room)
                looked = compared(room.name, there, known, self._missing.get(place, {}), now_of(db))
                connection = await db.get(PlatformConnection, (room.program_id, room.connection_id))
                if connection is not None and connection.ended_at is None:
                    await _tell(db, connection, room, known, looked.deliveries)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("rooms: a look could not be written down (%s)", type(error).__name__)
            return
        self._missing[place] = looked.missing


async def _due(db: Db) -> list[Room]:
    """Claims connections whose time has come, so that several engines share the looking."""
    now = now_of(db)
    rows = await db.scalars(
        select(PlatformConnection)
        .where(
            PlatformConnection.platform == "livekit",
            PlatformConnection.ended_at.is_(None),
            PlatformConnection.api_url.is_not(None),
            or_(PlatformConnection.looked_at.is_(None), PlatformConnection.looked_at <= now - EVERY),
        )
        .with_for_update(skip_locked=True)
    )
    connections = {connection.id: connection for connection in rows}
    if not connections:
        return []
    for connection in connections.values():
        connection.looked_at = now
    meetings = await db.scalars(
        select(GroupSession).where(
            GroupSession.platform_connection_id.in_(connections),
            GroupSession.state.in_(("open", "paused")),
            GroupSession.platform_ref.is_not(None),
        )
    )
    found = []
    standing = list(meetings)
    beside = await _beside(db, [meeting.id for meeting in standing])
    for meeting in standing:
        if meeting.platform_connection_id is None or meeting.platform_ref is None:
            continue
        connection = connections[meeting.platform_connection_id]
        secret = reveal(db, connection, "secret") or ""
        server = Server(connection.api_url or "", connection.api_key or "", secret)
        rooms = tuple(beside.get(meeting.id, ()))
        found.append(Room(meeting.program_id, connection.id, meeting.id, meeting.platform_ref, server, rooms))
    return found


async def _beside(db: Db, meetings: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Somebody who went to a private room is missing from the group's, and not lost."""
    rows = await db.execute(
        select(Breakout.group_session_id, Breakout.room_ref).where(
            Breakout.group_session_id.in_(meetings),
            Breakout.room_ref.is_not(None),
            Breakout.ended_at.is_(None),
        )
    )
    found: dict[UUID, list[str]] = {}
    for meeting_id, name in rows:
        found.setdefault(meeting_id, []).append(str(name))
    return found


async def _tell(
    db: Db,
    connection: PlatformConnection,
    room: Room,
    known: Mapping[str, Known],
    deliveries: Sequence[Delivery],
) -> None:
    """Of a client whose connection we know, as a fact about them; of anybody else, as a webhook would be."""
    of_others = []
    for delivery in deliveries:
        whose = known.get(delivery.connection)
        if whose is not None and whose.client_id is not None:
            await intake.tell(db, connection, room.meeting_id, whose.client_id, delivery)
        else:
            of_others.append(delivery)
    await intake.take(db, connection, of_others)


async def _known(db: Db, room: Room) -> dict[str, Known]:
    """Connections of this meeting that we were told of, by webhook or by an earlier look; and those of people whom
    nobody has named yet, which wait with their deliveries."""
    facts = await db.execute(
        select(PresenceFact.connection, PresenceFact.client_id, PresenceFact.kind).where(
            PresenceFact.program_id == room.program_id,
            PresenceFact.group_session_id == room.meeting_id,
            PresenceFact.source == "platform",
            PresenceFact.connection.is_not(None),
        )
    )
    known: dict[str, Known] = {}
    for connection, client_id, kind in facts:
        if connection is None:
            continue
        before = known.get(connection)
        left = kind in ("left", "aborted") or (before is not None and before.left)
        known[connection] = Known("", left, client_id)
    people = await db.scalars(
        select(PlatformPerson).where(
            PlatformPerson.program_id == room.program_id,
            PlatformPerson.connection_id == room.connection_id,
            PlatformPerson.room_ref == room.name,
            PlatformPerson.pending.is_not(None),
        )
    )
    for person in people:
        for delivery in sorted(intake.kept(db, person), key=lambda one: one.occurred_at):
            gone = delivery.kind != "joined"
            known[delivery.connection] = Known(delivery.person, gone, shown_as=delivery.shown_as)
    return known


async def serve(settings: Settings, stop: asyncio.Event, clock: Clock | None = None) -> None:
    """Until `stop`. Where nothing can be asked this is one small read a second."""
    clock = clock or SystemClock()
    seal = Seal(settings.key_ring())
    database = Database(settings.database_url, role=ENGINE_ROLE, clock=clock, seal=seal, pool_size=2)
    looks = Looks(database)
    try:
        while not stop.is_set():
            wait = LOOK_AGAIN_SECONDS
            try:
                await looks.once()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("rooms: cannot look (%s)", type(error).__name__)
                wait = AFTER_FAULT_SECONDS
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await stop.wait()
    finally:
        await database.close()
