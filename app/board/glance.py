"""One look at what has happened in a program and, where that is presence alone, at who is where: one round trip.

A statement is its own snapshot and needs no transaction around it. It goes over a connection of its own, which stays
with a program until another one is looked at.
"""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from app.board import ahead
from app.board.cards import IncidentCard
from app.db import Database
from app.journal.kinds import Kind
from app.journal.read import TOUCHED, Touched, touched_of
from app.prepared import Prepared

PRESENCE_ALONE = frozenset({Kind.presence_changed.value})
CLOSE_SECONDS = 1

# `offset 0` keeps each step as it is written. Joined freely, the database, which thinks a young table small, looked at
# every client of the program for each of its groups: 2 ms of a drop's way instead of 0.2.
_LOOK = Prepared(
    f"""
    with touched as materialized ({TOUCHED})
    select t.*, p.* from touched t
    left join lateral (
        select g.id as meeting, g.seen_all_until, r.client_id, r.state, r.since, r.until, r.evidence_at,
               r.ask_since, r.watch_until, i.id as incident_id
        from unnest(t.meetings) m (id)
        cross join lateral (
            select id, seen_all_until from group_session
            where program_id = :program and id = m.id and state <> 'closed' offset 0
        ) g
        cross join lateral (
            select client_id, state, since, until, evidence_at, ask_since, watch_until, incident_id
            from presence
            where program_id = :program and group_session_id = g.id and removed_at is null offset 0
        ) r
        left join lateral (
            select id from incident
            where program_id = :program and id = r.incident_id and state = 'open' offset 0
        ) i on true
        where t.kinds <@ array['{Kind.presence_changed}']
    ) p on true
    """  # noqa: S608  constants
)
# Planned once for any cursor; unknown, it might be a third of the journal, and would be read from one end to the other.
_PLANNED_ONCE = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off"
_SET = Prepared("select set_config('handrail.program', :program, false)")


@dataclass(frozen=True, slots=True)
class Seen:
    """`rows`: everybody of the meetings that were touched, when it was by presence alone."""

    touched: Touched
    rows: Sequence[Any]


class Glance:
    """One per web process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: asyncpg.Connection[Any] | None = None
        self._program: UUID | None = None
        self._turn = asyncio.Lock()

    async def at(self, program_id: UUID, after: int) -> Seen | None:
        """None when it cannot be had: the ordinary way then says what is wrong, or works."""
        async with self._turn:
            try:
                return await self._look(program_id, after)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await self._forget()
                return None

    async def opened(self, program_id: UUID, incidents: Collection[UUID]) -> list[IncidentCard]:
        """Cards ahead of their entries, of those of these incidents that are emergencies opened a moment ago."""
        async with self._turn:
            try:
                connection = await self._within(program_id)
                return await ahead.cards(connection, self._database.seal, program_id, incidents)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await self._forget()
                return []

    async def person(self, program_id: UUID, meeting_id: UUID, client_id: UUID) -> ahead.Person | None:
        """Of an emergency that is about to open; None: it is read once it has."""
        async with self._turn:
            try:
                connection = await self._within(program_id)
                return await ahead.person(connection, self._database.seal, program_id, meeting_id, client_id)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await self._forget()
                return None

    async def close(self) -> None:
        async with self._turn:
            await self._forget()

    async def _look(self, program_id: UUID, after: int) -> Seen:
        connection = await self._within(program_id)
        rows = await _LOOK.fetch(connection, program=program_id, after=after)
        return Seen(touched_of(rows[0]), [row for row in rows if row.meeting is not None])

    async def _within(self, program_id: UUID) -> "asyncpg.Connection[Any]":
        if self._connection is None:
            self._connection = await self._database.connect()
            await self._connection.execute(_PLANNED_ONCE)
        if self._program != program_id:
            self._program = None
            await _SET.fetch(self._connection, program=str(program_id))
            self._program = program_id
        return self._connection

    async def _forget(self) -> None:
        connection, self._connection, self._program = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await connection.close(timeout=CLOSE_SECONDS)
