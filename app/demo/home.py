"""Where the demo lives on this machine: its own Postgres, its own keys, its own database. Nothing of it is real."""

import asyncio
import os
from hashlib import sha256
from pathlib import Path

import asyncpg

from app import migrate
from app.embedded_postgres import EmbeddedPostgres
from app.seal import new_key
from app.settings import write_key_ring

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "handrail_demo_"


def keys(home: Path) -> str:
    """Made once, readable by this user only. They open invented data and nothing else."""
    path = home / "keys"
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(write_key_ring(_fresh_ring()))
        fresh.rename(path)
    return path.read_text()


def _fresh_ring() -> dict[str, bytes]:
    kid, key = new_key()
    return {kid: key}


def database(postgres: EmbeddedPostgres) -> str:
    """The address of a migrated database. One that an older version of the demo made is dropped: it is invented."""
    name = PREFIX + version()
    url = postgres.url(name)
    if asyncio.run(_made(postgres.url(), name)):
        try:
            migrate.upgrade(url)
        except BaseException:
            asyncio.run(_drop(postgres.url(), name))
            raise
    return url


def version() -> str:
    """Of the tables and the cast: a demo of other tables or other people begins anew."""
    seen = sha256()
    for path in (*sorted((ROOT / "migrations" / "versions").glob("*.py")), *_cast()):
        seen.update(path.read_bytes())
    return seen.hexdigest()[:12]


def _cast() -> list[Path]:
    here = Path(__file__).parent
    return [here / "people.py", here / "seed.py"]


async def _made(admin_url: str, name: str) -> bool:
    """True when the database was not there before."""
    connection = await asyncpg.connect(_plain(admin_url), timeout=10)
    try:
        known = [row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")]
        for other in known:
            if other.startswith(PREFIX) and other != name:
                await connection.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
        if name in known:
            return False
        await connection.execute(f'CREATE DATABASE "{name}"')
        return True
    finally:
        await connection.close()


async def _drop(admin_url: str, name: str) -> None:
    connection = await asyncpg.connect(_plain(admin_url), timeout=10)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://")
