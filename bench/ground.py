"""A database and programs to measure on: real Postgres, real durability, invented people by the thousand."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import insert

from app import migrate
from app.clients.models import Client, ClientPhone
from app.clock import SystemClock
from app.db import ENGINE_ROLE, WEB_ROLE, Database, Db, conceal, new_id, now_of, seal_of
from app.embedded_postgres import EmbeddedPostgres, default_home
from app.group_sessions.models import Group, GroupSession, Presence
from app.protocols import actions as protocols
from app.rooms.models import PlatformConnection
from app.seal import Seal, new_key
from app.settings import Settings, write_key_ring
from app.staff.actions import create_program
from app.staff.models import StaffMember, StaffPhone

SECRET = "an invented secret, good for nothing"  # noqa: S105
TIERS = ("imminent", "high", "moderate", "low", "none")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One open meeting of a program of its own. `connection_id`: of its video platform, with the secret SECRET."""

    program_id: UUID
    group_session_id: UUID
    connection_id: UUID
    staff_ids: tuple[UUID, ...]
    clients: tuple[UUID, ...]


@dataclass
class Ground:
    settings: Settings
    engine: Database
    web: Database
    meetings: list[Meeting]


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """An empty, migrated database of its own; commits reach the disk as in production."""
    server = EmbeddedPostgres(default_home("bench"), environment="test")
    await asyncio.to_thread(server.start)
    name = f"bench_{secrets.token_hex(4)}"
    try:
        raw = server.url("postgres").replace("postgresql+asyncpg://", "postgresql://", 1)
        connection = await asyncpg.connect(raw)
        await connection.execute(f'create database "{name}"')
        url = server.url(name)
        await asyncio.to_thread(migrate.upgrade, url)
        ring = dict([new_key()])
        settings = Settings(
            environment="test",
            database_url=url,
            public_base_url="http://127.0.0.1:8099",
            keys=write_key_ring(ring),
            calls_per_second=100,
        )
        clock, seal = SystemClock(), Seal(ring)
        engine = Database(url, role=ENGINE_ROLE, clock=clock, seal=seal)
        web = Database(url, role=WEB_ROLE, clock=clock, seal=seal)
        yield Ground(settings, engine, web, [])
        await engine.close()
        await web.close()
        await connection.execute(f'drop database "{name}" with (force)')
        await connection.close()
    finally:
        await asyncio.to_thread(server.stop)


async def add_programs(found: Ground, programs: int, clients_each: int) -> None:
    """Programs with one open meeting each; everybody present a moment ago, tiers mixed."""
    for number in range(programs):
        found.meetings.append(await add_program(found.engine, number, clients_each))


async def add_program(
    engine: Database, number: int, clients_each: int, *, tiers: Sequence[str] = TIERS, pages: bool = True
) -> Meeting:
    """`pages`: a page of each client's was heard just now. Without, only the video platform speaks about them."""
    async with engine.transaction(None) as db:
        program = await create_program(
            db,
            name=f"Bench {number}",
            outward_name="the office",
            kind="drill",
            region="US",
            time_zone="America/New_York",
            callback_number="+15035550100",
        )
    program_id = program.id
    async with engine.transaction(program_id) as db:
        await protocols.load_shipped(db, program_id)
    async with engine.transaction(program_id) as db:
        now = now_of(db)
        staff = [new_id() for _ in range(4)]
        await db.execute(
            insert(StaffMember),
            [
                {
                    "program_id": program_id,
                    "id": staff_id,
                    "name": f"Staff {place}",
                    "first_name": f"Staff{place}",
                    "email": f"staff{place}@bench{number}.example",
                    "roles": ["clinician", "supervisor"],
                    "made_at": now,
                    "recovery_hashes": [],
                    "preferences": {},
                }
                for place, staff_id in enumerate(staff)
            ],
        )

        phones = []
        for place, staff_id in enumerate(staff):
            row_id = new_id()
            number_of = f"+150355501{place:02d}"
            phones.append(
                {"program_id": program_id, "id": row_id, "staff_id": staff_id, "label": "mobile", "rank": 1}
                | _sealed(db, "staff_phone", row_id, number_of)
            )
        await db.execute(insert(StaffPhone), phones)
        connection = PlatformConnection(
            program_id=program_id, id=new_id(), platform="generic", label="Invented video"
        )
        conceal(db, connection, "secret", SECRET)
        db.add(connection)
        await db.flush()
        made = await _add_meeting(db, program_id, connection.id, staff, 0, clients_each, tiers, pages)
        await protocols.publish(db, program_id, "connection-lost", staff[2])
    return made


async def add_meeting(
    engine: Database, beside: Meeting, number: int, clients_each: int, *, tiers: Sequence[str], pages: bool
) -> Meeting:
    """One more open meeting of the same program and staff."""
    async with engine.transaction(beside.program_id) as db:
        staff, already = list(beside.staff_ids), number * clients_each
        place = (db, beside.program_id, beside.connection_id, staff, already)
        return await _add_meeting(*place, clients_each, tiers, pages)


async def _add_meeting(
    db: Db,
    program_id: UUID,
    connection_id: UUID,
    staff: list[UUID],
    already: int,
    clients_each: int,
    tiers: Sequence[str],
    pages: bool,
) -> Meeting:
    now = now_of(db)
    group_id, meeting_id = new_id(), new_id()
    db.add(Group(program_id=program_id, id=group_id, name=f"Bench {already}"))
    await db.flush()
    db.add(
        GroupSession(
            program_id=program_id,
            id=meeting_id,
            group_id=group_id,
            state="open",
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=3),
            opened_at=now - timedelta(hours=1),
            lead_id=staff[0],
            cofacilitator_id=staff[1],
            supervisor_id=staff[2],
            backup_id=staff[3],
            platform="generic",
            platform_connection_id=connection_id,
            platform_ref=str(meeting_id),
        )
    )
    await db.flush()
    clients = [new_id() for _ in range(clients_each)]
    if clients:
        await _add_clients(db, program_id, meeting_id, clients, already, tiers, pages)
    return Meeting(program_id, meeting_id, connection_id, tuple(staff), tuple(clients))


def _sealed(db: Db, table: str, row_id: UUID, e164: str) -> dict[str, Any]:
    seal, program_id = seal_of(db), db.info["program_id"]
    return {
        "number": seal.seal(e164, table=table, column="number", row_id=row_id, program_id=program_id),
        "number_key": seal.keyed_hash("phone", f"{program_id}{e164}"),
        "last2": e164[-2:],
    }


async def _add_clients(
    db: Any,
    program_id: UUID,
    meeting_id: UUID,
    clients: list[UUID],
    already: int,
    tiers: Sequence[str],
    pages: bool,
) -> None:
    now = now_of(db)
    blank = db.info["seal"]

    def name(row_id: UUID, column: str) -> bytes:
        value: bytes = blank.seal(
            "Nobody Invented", table="client", column=column, row_id=row_id, program_id=program_id
        )
        return value

    await db.execute(
        insert(Client),
        [
            {
                "program_id": program_id,
                "id": client_id,
                "name_used": f"Client{already + place} Invented",
                "pronouns": "they/them",
                "safe_name": name(client_id, "safe_name"),
                "legal_name": name(client_id, "legal_name"),
                "tier": tiers[place % len(tiers)],
                "made_at": now,
            }
            for place, client_id in enumerate(clients)
        ],
    )
    rows = []
    for place, client_id in enumerate(clients):
        row_id = new_id()
        rows.append(
            {
                "program_id": program_id,
                "id": row_id,
                "client_id": client_id,
                "label": "mobile",
                "rank": 1,
                "voicemail_ok": True,
                "text_ok": True,
            }
            | _sealed(db, "client_phone", row_id, f"+1406555{(already + place) % 10_000:04d}")
        )
    await db.execute(insert(ClientPhone), rows)
    await db.execute(
        insert(Presence),
        [
            {
                "program_id": program_id,
                "group_session_id": meeting_id,
                "client_id": client_id,
                "state": "present",
                "since": now,
                "last_beat_at": now if pages else None,
                "page_visible": True if pages else None,
                "page_changed_at": now - timedelta(minutes=5) if pages else None,
                "evidence_at": now,
                "check_at": now,
            }
            for client_id in clients
        ],
    )
