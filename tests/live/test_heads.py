"""What comes before a body has an end, whichever parser reads it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.heads import MOST_BESIDE, MOST_BYTES
from app.settings import Settings
from tests.live.conftest import served

LINE = b"x" * 1000


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = FastAPI()

    @app.post("/")
    async def index(text: str = "") -> str:
        return text

    async with served(app, Settings(environment="test", port=0)) as (address, _):
        yield int(address.rpartition(":")[2])


async def answered(port: int, *pieces: bytes) -> bytes:
    """The first line that comes back. Each piece is read by itself, as it is from the net."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            return await reader.readline()
    except ConnectionError:
        return b"closed"
    finally:
        writer.close()


START = b"POST / HTTP/1.1\r\nHost: here\r\n"


async def test_an_ordinary_request_is_answered(port: int) -> None:
    assert await answered(port, START + b"Content-Length: 0\r\n\r\n") == b"HTTP/1.1 200 OK\r\n"
    assert (
        await answered(port, START, b"A: 1\r\n" * 20, b"Content-Length: 0\r\n\r\n") == b"HTTP/1.1 200 OK\r\n"
    )


@pytest.mark.parametrize(
    "pieces",
    [
        (START, *[b"A: " + LINE + b"\r\n"] * (MOST_BYTES // 1000 + 2), b"Content-Length: 0\r\n\r\n"),
        (START + (b"A: " + LINE + b"\r\n") * (MOST_BYTES // 1000 + 2) + b"Content-Length: 0\r\n\r\n",),
        (START + b"A: ", *[LINE] * 60),
        (b"POST /?" + LINE * 20 + b" HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n",),
        (b"nonsense\r\n\r\n",),
    ],
    ids=["in pieces", "at once", "one endless line", "address", "nonsense"],
)
async def test_an_endless_head_is_refused(port: int, pieces: tuple[bytes, ...]) -> None:
    assert (await answered(port, *pieces)).startswith((b"HTTP/1.1 4", b"closed"))
    assert await answered(port, START + b"Content-Length: 0\r\n\r\n") == b"HTTP/1.1 200 OK\r\n"


async def pours(writer: asyncio.StreamWriter) -> None:
    """More than any socket keeps for a reader that has gone."""
    for _ in range(32 * MOST_BESIDE // 65536):
        writer.write(b"x" * 65536)
        await writer.drain()


async def test_what_follows_a_body_has_an_end_too(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(START + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: ")
    with pytest.raises(ConnectionError):
        await pours(writer)
    writer.close()
    assert await answered(port, START + b"Content-Length: 0\r\n\r\n") == b"HTTP/1.1 200 OK\r\n"
