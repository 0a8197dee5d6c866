"""From an empty database to head, back to empty, and to head again; then the models must say just the same."""

import asyncio
import shutil

import asyncpg

from app import migrate
from app.embedded_postgres import EmbeddedPostgres, default_home

HOME = "schema-check"


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=20)
    try:
        await connection.execute("DROP DATABASE IF EXISTS checked WITH (FORCE)")
        await connection.execute("CREATE DATABASE checked")
    finally:
        await connection.close()


if __name__ == "__main__":
    home = default_home(HOME)
    with EmbeddedPostgres(home, environment="test", options={"fsync": "off"}) as server:
        asyncio.run(_create(server.url()))
        url = server.url("checked")
        migrate.upgrade(url)
        migrate.downgrade(url, "base")
        migrate.upgrade(url)
        migrate.check(url)
    shutil.rmtree(home)
