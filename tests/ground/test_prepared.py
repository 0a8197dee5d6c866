"""Statements sent straight to the driver: in the transaction at hand, and failing as all others do."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.prepared import Prepared
from tests.house import House, built

PROGRAM = Prepared("select name, kind from program where id = :program")
TWICE = Prepared("insert into program select * from program where id = :program")
WRONG = Prepared("select 1 / cast(:by as int) as ratio")


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring) as house:
        yield house


async def _program(house: House) -> object:
    async with house.engine.transaction(None) as db:
        return await db.scalar(text("select id from program where name = 'Harbor'"))


async def test_rows_have_names_and_see_what_the_transaction_has_done(house: House) -> None:
    program = await _program(house)
    async with house.engine.transaction(None) as db:
        await db.execute(text("update program set name = 'Quay' where id = :id"), {"id": program})
        [row] = await PROGRAM.rows(db, program=program)
        assert row.name == "Quay"
        assert await PROGRAM.rows(db, program=uuid4()) == []


async def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(house: House) -> None:
    program = await _program(house)
    with pytest.raises(IntegrityError):
        async with house.engine.transaction(None) as db:
            await TWICE.rows(db, program=program)
    with pytest.raises(DBAPIError) as refused:
        async with house.engine.transaction(None) as db:
            await WRONG.rows(db, by=0)
    assert not refused.value.connection_invalidated


async def _cut_off(house: House, database_url: str, program: object) -> None:
    async with house.engine.transaction(None) as db:
        pid = await db.scalar(text("select pg_backend_pid()"))
        owner = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        await owner.execute("select pg_terminate_backend($1)", pid)
        await owner.close()
        await PROGRAM.rows(db, program=program)


async def test_a_connection_that_is_gone_is_said_to_be_gone_and_the_next_one_works(
    house: House, database_url: str
) -> None:
    program = await _program(house)
    with pytest.raises(OperationalError) as away:
        await _cut_off(house, database_url, program)
    assert away.value.connection_invalidated
    async with house.engine.transaction(None) as db:
        assert await PROGRAM.rows(db, program=program)
