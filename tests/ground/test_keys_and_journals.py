"""Keys are rotated under a running program; a journal that somebody touched is found out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from app.administration import rotate, verify_journals
from app.clock import MovableClock
from app.db import ENGINE_ROLE, Database, conceal, new_id, reveal, seal_of
from app.journal.canonical import GENESIS
from app.journal.kinds import Kind
from app.journal.models import JournalHead
from app.journal.write import RULE, NewEntry, write
from app.seal import SEALED, Seal, rotated_ring
from app.settings import Settings, write_key_ring
from app.staff.models import Program, StaffMember, StaffPhone
from app.tables import METADATA, PACKAGES

NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
NUMBER = "+12025550143"


def settings_of(url: str, ring: dict[str, bytes]) -> Settings:
    return Settings(
        environment="test",
        database_url=url,
        public_base_url="http://127.0.0.1:8000",
        keys=write_key_ring(ring),
    )


@pytest.fixture
async def database(database_url: str, seal: Seal) -> AsyncIterator[Database]:
    made = Database(database_url, role=ENGINE_ROLE, clock=MovableClock(NOW), seal=seal)
    yield made
    await made.close()


@pytest.fixture
async def program_id(database: Database) -> UUID:
    """A program with one member of staff, three phones and two journal lines with words."""
    program = Program(
        id=new_id(),
        name="Alder",
        outward_name="the office",
        kind="drill",
        lines="simulated",
        region="US",
        time_zone="America/New_York",
        callback_number="+12025550100",
        provider_account="none",
        made_at=NOW,
    )
    sam = StaffMember(
        program_id=program.id,
        id=new_id(),
        name="Sam Invented",
        first_name="Sam",
        email="sam@example.org",
        roles=["clinician"],
        made_at=NOW,
    )
    async with database.transaction(None) as db:
        db.add(program)
        await db.flush()
        db.add(JournalHead(program_id=program.id, seq=0, hash=GENESIS))
        db.add(sam)
        await db.flush()
        for rank in range(3):
            phone = StaffPhone(program_id=program.id, id=new_id(), staff_id=sam.id, label="own", rank=rank)
            conceal(db, phone, "number", NUMBER)
            phone.number_key = seal_of(db).keyed_hash("phone", NUMBER)
            phone.last2 = NUMBER[-2:]
            db.add(phone)
        await db.flush()
        entries = [NewEntry(next(iter(Kind)), RULE, detail={"words": words}) for words in ("one", "two")]
        await write(db, program.id, entries)
    return program.id


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_no_package_with_tables_is_forgotten() -> None:
    app = Path(__file__).resolve().parents[2] / "app"
    assert {found.parent.name for found in app.glob("*/models.py")} == {
        package.__name__.split(".")[1] for package in PACKAGES
    }


def test_the_list_of_sealed_fields_is_the_models() -> None:
    """A column that says it is sealed is listed, and nothing is listed that does not exist."""
    columns = {f"{t.name}.{c.name}": c for t in METADATA.tables.values() for c in t.columns}
    missing = {name for name in SEALED if name not in columns}
    assert not missing
    said = {name for name, column in columns.items() if (column.comment or "").startswith("sealed")}
    assert said <= set(SEALED)
    assert all(columns[name].type.python_type is bytes for name in SEALED)


@pytest.mark.usefixtures("program_id")
async def test_rotation_reseals_every_value_and_loses_none(
    database_url: str, key_ring: dict[str, bytes]
) -> None:
    told: list[str] = []
    ring = rotated_ring(key_ring)
    assert await rotate(settings_of(database_url, ring), told.append)
    assert "5 values sealed anew" in " ".join(told)

    without_old = {kid: key for kid, key in ring.items() if kid not in key_ring}
    after = Database(database_url, role=ENGINE_ROLE, clock=MovableClock(NOW), seal=Seal(without_old))
    async with after.transaction(None) as db:
        phones = (await db.execute(StaffPhone.__table__.select())).all()
        assert len(phones) == 3
        for row in phones:
            phone = await db.get(StaffPhone, (row.program_id, row.id))
            assert phone is not None
            assert reveal(db, phone, "number") == NUMBER
            assert phone.number_key == seal_of(db).keyed_hash("phone", NUMBER)
    await after.close()
    assert await verify_journals(settings_of(database_url, without_old), told.append)

    told.clear()
    assert await rotate(settings_of(database_url, ring), told.append)
    assert "0 values sealed anew" in " ".join(told)


async def test_rotation_waits_for_a_row_that_somebody_is_writing(
    database: Database, database_url: str, program_id: UUID, key_ring: dict[str, bytes]
) -> None:
    ring = rotated_ring(key_ring)
    async with database.transaction(None) as db:
        held = (await db.execute(StaffPhone.__table__.select().limit(1).with_for_update())).one()
        rotation = asyncio.create_task(rotate(settings_of(database_url, ring), lambda _: None))
        await asyncio.sleep(0.5)
        assert not rotation.done()
    assert await asyncio.wait_for(rotation, 10)
    old = await ask(
        database_url, "SELECT count(*) FROM staff_phone WHERE position('test1'::bytea in number) > 0"
    )
    assert old == 0
    assert held.program_id == program_id


@pytest.mark.usefixtures("program_id")
async def test_a_value_that_does_not_open_is_left_and_named(
    database_url: str, key_ring: dict[str, bytes]
) -> None:
    told: list[str] = []
    await ask(
        database_url,
        "UPDATE staff_phone SET number = (SELECT number FROM staff_phone WHERE rank = 1) WHERE rank = 0",
    )
    assert not await rotate(settings_of(database_url, rotated_ring(key_ring)), told.append)
    assert any("left as it is: staff_phone.number" in line for line in told)
    assert "4 values sealed anew" in " ".join(told)
    assert not any("555" in line for line in told)


@pytest.mark.usefixtures("program_id")
async def test_a_whole_journal_is_said_to_be_whole(database_url: str, key_ring: dict[str, bytes]) -> None:
    told: list[str] = []
    assert await verify_journals(settings_of(database_url, key_ring), told.append)
    assert told == ["Alder: 2 lines, whole"]


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE entry SET occurred_at = occurred_at + interval '1 minute' WHERE seq = 1",
        "UPDATE entry_detail SET sealed = (SELECT sealed FROM entry_detail WHERE seq = 2) WHERE seq = 1",
        "DELETE FROM entry_detail WHERE seq = 1",
        "DELETE FROM entry_detail WHERE seq = 2; DELETE FROM entry WHERE seq = 2",
    ],
)
@pytest.mark.usefixtures("program_id")
async def test_a_touched_journal_is_found_out(
    tamper: str, database_url: str, key_ring: dict[str, bytes]
) -> None:
    told: list[str] = []
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    await connection.execute(tamper)
    await connection.close()
    assert not await verify_journals(settings_of(database_url, key_ring), told.append)
    assert "NOT WHOLE" in told[0]


async def test_writers_who_do_not_hear_of_each_other_still_make_one_chain(
    database_url: str, key_ring: dict[str, bytes], seal: Seal, program_id: UUID
) -> None:
    """Each begins where it left the journal itself, and finds out that somebody went on there."""
    writers = [
        Database(database_url, role=ENGINE_ROLE, clock=MovableClock(NOW), seal=seal, pool_size=2)
        for _ in range(2)
    ]
    for writer in writers:
        writer.keep_heads()
    try:

        async def writes(place: int, *, and_fails: bool = False) -> None:
            async with writers[place % 2].transaction(program_id) as db:
                for part in ("a", "b"):
                    entry = NewEntry(next(iter(Kind)), RULE, detail={"words": f"{place}{part}"})
                    await write(db, program_id, [entry])
                if and_fails:
                    raise RuntimeError

        # Alone, in turn, and at once, also within a process.
        for place in (0, 0, 1, 0, 1, 1):
            await writes(place)
        await asyncio.gather(*(writes(place) for place in range(8)))
        # What was never committed is nowhere.
        with pytest.raises(RuntimeError):
            await writes(0, and_fails=True)
        await writes(0)
    finally:
        for writer in writers:
            await writer.close()
    assert await ask(database_url, "select seq from journal_head") == 2 + 2 * 15
    assert await ask(database_url, "select count(*) from entry_detail") == 2 + 2 * 15
    assert await verify_journals(settings_of(database_url, key_ring), print)


async def test_where_a_journal_was_left_is_forgotten_when_somebody_goes_on_there(database: Database) -> None:
    one, other = new_id(), new_id()
    elsewhere = database.keep_heads()
    assert database.heads is not None
    database.heads.update({one: (4, b"4"), other: (7, b"7")})
    elsewhere(one, 4)
    elsewhere(other, 8)
    elsewhere(new_id(), 1)
    assert set(database.heads) == {one}
    # After a reconnect anything may have been missed.
    elsewhere(None, 0)
    assert not database.heads
