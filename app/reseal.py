"""`handrail keys rotate`: seals every value anew with the current key, while the program runs.

Rows are taken a few hundred at a time and only when nobody else holds them, so that no alert waits for this.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Column, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.seal import SEALED, Seal, SealBroken
from app.tables import METADATA

BATCH = 500
# How long to leave rows to whoever is writing them before asking again.
PAUSE_SECONDS = 0.2


@dataclass
class Resealed:
    """`broken` are places whose value does not open with any key given: they are left as they are."""

    count: int = 0
    broken: list[str] = field(default_factory=list)


async def reseal(url: str, seal: Seal, tell: Callable[[str], None]) -> Resealed:
    """`url` is of the role that owns the tables: it alone may rewrite the sealed words of the journal."""
    done = Resealed()
    engine = create_async_engine(url, hide_parameters=True)
    try:
        for name in SEALED:
            table_name, _, column_name = name.partition(".")
            table = METADATA.tables[table_name]
            before = done.count
            await _field(engine, table, table.c[column_name], seal, done)
            if done.count > before:
                tell(f"{name}: {done.count - before}")
    finally:
        await engine.dispose()
    return done


async def _field(
    engine: AsyncEngine, table: Table, column: Column[bytes], seal: Seal, done: Resealed
) -> None:
    # The journal's rows are named by their place in the chain, all others by their id.
    key = table.c.seq if "seq" in table.c else table.c.id
    header = seal.current_header
    old = column.is_not(None) & (func.substring(column, 1, len(header)) != header)
    broken: set[object] = set()
    while True:
        wanted = old & key.not_in(broken) if broken else old
        batch = (
            select(table.c.program_id, key.label("key"), column.label("sealed")).where(wanted).limit(BATCH)
        )
        async with engine.begin() as connection:
            rows = (await connection.execute(batch.with_for_update(skip_locked=True))).all()
            for program_id, row_key, sealed in rows:
                place = {
                    "table": table.name,
                    "column": column.name,
                    "row_id": str(row_key),
                    "program_id": program_id,
                }
                try:
                    fresh = seal.seal(seal.open(bytes(sealed), **place), **place)
                except SealBroken as error:
                    broken.add(row_key)
                    done.broken.append(f"{error} (row {row_key})")
                    continue
                await connection.execute(
                    update(table)
                    .where(table.c.program_id == program_id, key == bindparam("its_key"))
                    .values({column.name: fresh}),
                    {"its_key": row_key},
                )
                done.count += 1
            left = 0 if rows else await _left(connection, table, wanted)
        if not rows and not left:
            return
        if not rows:
            await asyncio.sleep(PAUSE_SECONDS)


async def _left(connection: AsyncConnection, table: Table, wanted: object) -> int:
    """Rows that somebody holds right now: they are not resealed yet."""
    counted = select(func.count()).select_from(table).where(wanted)  # type: ignore[arg-type]
    return int((await connection.execute(counted)).scalar_one())
