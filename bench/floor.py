"""The floor: a bare socket server that makes one durable insert per message and passes it to everybody."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench.processes import ROOT, free_port


async def _serve(url: str, port: int) -> None:
    pool = await asyncpg.create_pool(url.replace("+asyncpg", "", 1), min_size=5, max_size=10)
    await pool.execute("create table if not exists bench_floor (id text)")
    everybody: set[ServerConnection] = set()

    async def one(text: str) -> None:
        await pool.execute("insert into bench_floor values ($1)", text)
        broadcast(everybody, text)

    async def talk(line: ServerConnection) -> None:
        everybody.add(line)
        try:
            async with asyncio.TaskGroup() as group:
                async for text in line:
                    group.create_task(one(str(text)))
        finally:
            everybody.discard(line)

    async with serve(talk, "127.0.0.1", port, compression=None):
        await asyncio.Event().wait()


@asynccontextmanager
async def floor_server(url: str) -> AsyncIterator[int]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.floor", url, str(port), cwd=ROOT
    )
    try:
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        writer.close()
        yield port
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
