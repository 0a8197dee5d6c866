"""Migrations go up, down and up again, say what the models say, and let the program's login in."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from app import migrate
from tests.ground.test_cli import handrail
from tests.plugins.shared_postgres import TestServer


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def as_login(url: str, name: str) -> str:
    start, _, rest = url.partition("://")
    return f"{start}://{name}:invented@{rest.partition('@')[2]}"


@pytest.fixture
async def login(postgres: TestServer) -> AsyncIterator[str]:
    """An ordinary login, as a hosting service gives one."""
    name = f"app_{uuid4().hex[:8]}"
    await postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD 'invented'")
    yield name
    await postgres.run(f"DROP ROLE {name}")


async def test_up_down_and_up_again_and_the_models_agree(empty_database_url: str) -> None:
    for step in (
        lambda: migrate.upgrade(empty_database_url),
        lambda: migrate.downgrade(empty_database_url, "base"),
        lambda: migrate.upgrade(empty_database_url),
        lambda: migrate.check(empty_database_url),
    ):
        await asyncio.to_thread(step)
    assert await ask(empty_database_url, "SELECT to_regclass('entry')::text") == "entry"
    assert not await asyncio.to_thread(migrate.behind, empty_database_url)
    await ask(empty_database_url, "UPDATE alembic_version SET version_num = '0001'")
    assert await asyncio.to_thread(migrate.behind, empty_database_url)
    # Migrated by a newer version, while this one still runs: additive migrations leave it running.
    await ask(empty_database_url, "UPDATE alembic_version SET version_num = '9999'")
    assert not await asyncio.to_thread(migrate.behind, empty_database_url)


async def test_two_migrations_at_once_take_turns(empty_database_url: str) -> None:
    await asyncio.gather(
        *(asyncio.to_thread(handrail, "migrate", DATABASE_URL=empty_database_url) for _ in range(2))
    )
    assert await ask(empty_database_url, "SELECT count(*) FROM alembic_version") == 1


async def test_migrate_lets_the_programs_login_work_under_its_roles_only(
    database_url: str, login: str
) -> None:
    url = as_login(database_url, login)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(url, "SET ROLE handrail_web")
    done = await asyncio.to_thread(handrail, "migrate", DATABASE_URL=url, DATABASE_OWNER_URL=database_url)
    assert done.returncode == 0, done.stderr
    for role in ("handrail_web", "handrail_engine"):
        await ask(url, f"SET ROLE {role}")
    assert not await asyncio.to_thread(migrate.behind, url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(url, "DROP TABLE entry")
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("SET ROLE handrail_web")
        await connection.execute("SELECT * FROM entry")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE entry SET kind = 'x'")
    finally:
        await connection.close()


async def test_a_login_that_nobody_may_let_in_is_told_what_to_ask_for(database_url: str, login: str) -> None:
    with pytest.raises(migrate.NotLetIn, match=f'GRANT handrail_web, handrail_engine TO "{login}"'):
        await asyncio.to_thread(migrate.let_in, as_login(database_url, login), as_login(database_url, login))
    with pytest.raises(migrate.NotLetIn, match="does not exist"):
        await asyncio.to_thread(migrate.let_in, database_url, as_login(database_url, "nobody_here"))
