"""A program with a meeting under way, in a database of the test's own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.clients.models import Client
from app.clock import MovableClock
from app.db import ENGINE_ROLE, WEB_ROLE, Database, conceal, new_id
from app.group_sessions.models import Group, GroupSession, Presence
from app.journal.models import JournalHead
from app.seal import Seal
from app.staff.models import Program, StaffMember
from app.tables import METADATA

START = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)


# Naming it maps every table: the models refer to each other across packages.
MAPPED = METADATA


class Meeting:
    """`web` and `engine` are the two roles; both read one clock."""

    def __init__(self, url: str, seal: Seal) -> None:
        self.clock = MovableClock(START)
        self.web = Database(url, role=WEB_ROLE, clock=self.clock, seal=seal, pool_size=2)
        self.engine = Database(url, role=ENGINE_ROLE, clock=self.clock, seal=seal, pool_size=2)
        self.program_id, self.group_session_id = new_id(), new_id()
        self.staff_id = new_id()

    async def begin(self) -> None:
        group_id = new_id()
        async with self.engine.transaction(None) as db:
            db.add(
                Program(
                    id=self.program_id,
                    name="Harbor Test",
                    outward_name="the office",
                    kind="selftest",
                    lines="simulated",
                    region="US",
                    time_zone="America/New_York",
                    callback_number="+12025550100",
                    provider_account="none",
                    made_at=START,
                )
            )
            await db.flush()
            db.add(JournalHead(program_id=self.program_id, seq=0, hash=b"\0" * 32))
            db.add(Group(program_id=self.program_id, id=group_id, name="Evening Harbor"))
            db.add(
                StaffMember(
                    program_id=self.program_id,
                    id=self.staff_id,
                    name="Maya Example",
                    first_name="Maya",
                    email="maya@example.test",
                    roles=["clinician"],
                    made_at=START,
                )
            )
            await db.flush()
            db.add(
                GroupSession(
                    program_id=self.program_id,
                    id=self.group_session_id,
                    group_id=group_id,
                    state="open",
                    starts_at=START,
                    ends_at=START + timedelta(hours=3),
                    opened_at=START,
                )
            )

    async def expects(self, name: str, tier: str = "low") -> UUID:
        client = Client(
            program_id=self.program_id, id=new_id(), name_used=name, pronouns="they", tier=tier, made_at=START
        )
        async with self.engine.transaction(None) as db:
            conceal(db, client, "safe_name", name)
            conceal(db, client, "legal_name", name)
            db.add(client)
            await db.flush()
            db.add(
                Presence(
                    program_id=self.program_id,
                    group_session_id=self.group_session_id,
                    client_id=client.id,
                    since=START,
                )
            )
        return client.id

    async def close(self) -> None:
        await self.web.close()
        await self.engine.close()


@pytest.fixture
async def meeting(database_url: str, seal: Seal) -> AsyncIterator[Meeting]:
    made = Meeting(database_url, seal)
    await made.begin()
    yield made
    await made.close()
