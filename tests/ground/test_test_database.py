"""The database under the tests."""

import asyncpg
import pytest

from tests.plugins.shared_postgres import TestServer


async def test_a_clone_has_every_table_and_is_nobody_elses(postgres: TestServer, database_url: str) -> None:
    other = await postgres.clone()
    here, there = [await asyncpg.connect(u.replace("+asyncpg", "")) for u in (database_url, other)]
    try:
        await here.execute("CREATE TABLE only_here ()")
        assert await here.fetchval("SELECT count(*) FROM alembic_version") == 1
        assert await there.fetchval("SELECT to_regclass('only_here')") is None
    finally:
        await here.close()
        await there.close()
        await postgres.drop(other)


async def test_no_test_reaches_another_machine() -> None:
    with pytest.raises(Exception, match="A test tried to use"):
        await asyncpg.connect("postgresql://nobody@192.0.2.1/none", timeout=2)
