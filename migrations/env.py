"""How migrations run: as the owner of the tables, one at a time, all in one transaction, never waiting long for a lock."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.settings import Settings
from app.tables import METADATA

# Any number that nothing else uses as an advisory lock; two `handrail migrate` at once take turns.
ONE_AT_A_TIME = 7_253_100_115


def address() -> str:
    given = context.config.attributes.get("url")
    if given:
        return str(given)
    settings = Settings()
    url = settings.database_owner_url or settings.database_url
    if not url:
        raise SystemExit("DATABASE_OWNER_URL is missing: set it to the role that owns the tables.")
    return url


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        # A migration that waits behind a long reader stops everybody behind it: rather fail and try again.
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        context.run_migrations()


async def online() -> None:
    engine = create_async_engine(address(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Handrail migrates a running database only.")
asyncio.run(online())
