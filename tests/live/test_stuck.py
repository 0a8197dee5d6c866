"""A reader that stops reading costs the others no message, and is cut off."""

import asyncio
import socket
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection

from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write
from tests.live.boards import PATIENCE, Boards, cut_off
from tests.stories.world import World

ROUNDS = 130


async def _much_happens(world: World) -> None:
    """Every client's card changes, over and over: about 10 kB for each board each time."""
    for _ in range(ROUNDS):
        async with world.house.database.transaction(world.program_id) as db:
            about = [
                NewEntry(Kind.presence_changed, RULE, client_id=c, group_session_id=world.group_session_id)
                for c in world.clients.values()
            ]
            await write(db, world.program_id, about)
        # One message each, not one for all.
        await asyncio.sleep(0.02)


async def _stuck(boards: Boards, name: str) -> ClientConnection:
    """A socket whose window is as small as it can be, and that nobody reads."""
    browser = (await boards.world.screen(name)).browser
    seq = (await browser.get("/api/board")).json()["seq"]
    host, port = boards.address.removeprefix("ws://").split(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, (host, int(port)))
    line = await boards.open_live(browser, seq, sock=raw, max_queue=1)
    line.transport.pause_reading()
    return line


async def _becomes(true: Callable[[], bool], within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110  nothing tells when
            await asyncio.sleep(0.02)


async def test_the_others_miss_nothing_and_the_stuck_one_is_cut_off(boards: Boards) -> None:
    world = boards.world
    for number in range(10):
        await world.client(f"Ana{number}", surname="R.", page=False)
    dana = await boards.of("Dana")
    await _stuck(boards, "Jon")
    assert boards.server.server_state.connections
    took: list[dict[str, object]] = []

    async def reads() -> None:
        while True:
            took.append(await dana.next())

    reader = asyncio.create_task(reads())
    await _much_happens(world)
    await _becomes(lambda: boards.world.house.app.state.publisher.open_boards == 1)
    reader.cancel()
    await dana.agrees("all that happened")
    assert len([message for message in took if message.get("cards")]) > ROUNDS / 2


async def test_one_that_reads_again_learns_that_it_was_cut_off(boards: Boards) -> None:
    world = boards.world
    for number in range(10):
        await world.client(f"Ana{number}", page=False)
    stuck = await _stuck(boards, "Jon")
    await _much_happens(world)
    await _becomes(lambda: boards.world.house.app.state.publisher.open_boards == 0)
    stuck.transport.resume_reading()
    assert await cut_off(stuck, []) == 1013


async def test_one_that_never_reads_again_holds_no_connection(boards: Boards) -> None:
    world = boards.world
    for number in range(10):
        await world.client(f"Ana{number}", page=False)
    await _stuck(boards, "Jon")
    await _much_happens(world)
    await _becomes(lambda: not boards.server.server_state.connections, within=40)
