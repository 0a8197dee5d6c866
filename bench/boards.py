"""From a platform's request to five boards, measured from outside, beside the least that a socket server can do."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import aiohttp

from bench import video
from bench.figures import Figure, percentile
from bench.floor import floor_server
from bench.ground import Meeting, add_meeting, add_program
from bench.people import Board, board, signed_in
from bench.processes import Running, running

BOARDS, ROOMS, EACH, SECONDS = 5, 20, 10, 8.0
CLIENTS = ROOMS * EACH
# Every measurement is whole rounds of leaving and coming back: whoever stays away for a minute is lost.
RATES = (50, 200)
# Above the floor, in milliseconds.
P50_ABOVE, P99_ABOVE, STUCK_ABOVE = 6.0, 25.0, 10.0


@dataclass
class Watch:
    """When each event was sent, and when each board showed it."""

    sent: dict[tuple[str, str], float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    refused: int = 0

    def shown(self, at: float, key: tuple[str, str]) -> None:
        if key in self.sent:
            self.took.append((at - self.sent[key]) * 1000)

    def cut(self, share: float) -> float:
        return percentile(self.took, share) if self.took else float("inf")


async def run() -> list[Figure]:
    figures = []
    async with running("boards") as house:
        rooms = await _rooms(house)
        house.start()
        await house.engine_goes_round()
        first = rooms[0]
        cookies = [await signed_in(house.database, first, first.staff_ids[n % 4]) for n in range(BOARDS + 1)]
        async with _watched(house, cookies[:BOARDS]) as (watch, _), aiohttp.ClientSession() as http:
            await _events(house, rooms, http, watch, 40, CLIENTS / 40, "joined")
            for rate in RATES:
                floor = await floor_of(house, rate)
                watch.sent.clear()
                watch.took.clear()
                await _events(house, rooms, http, watch, rate, SECONDS)
                p50, p99 = watch.cut(0.5), watch.cut(0.99)
                seen = len(watch.took) / (BOARDS * rate * SECONDS)
                name = f"request to {BOARDS} boards at {rate}/s"
                figures += [
                    _above(f"{name}, p50", p50, floor.cut(0.5), P50_ABOVE, seen),
                    _above(f"{name}, p99", p99, floor.cut(0.99), P99_ABOVE, seen),
                ]
            figures.append(await _stuck(house, rooms, cookies[BOARDS], http, watch))
    return figures


async def _rooms(house: Running) -> list[Meeting]:
    """One program with twenty groups under way, ten people in each."""
    first = await add_program(house.database, 0, EACH, tiers=["low"], pages=False)
    return [first] + [
        await add_meeting(house.database, first, number, EACH, tiers=["low"], pages=False)
        for number in range(1, ROOMS)
    ]


def _above(name: str, value: float, floor: float, above: float, seen: float) -> Figure:
    """An event that a board has not shown at all fails the figure."""
    return Figure(name, value, "ms", floor, floor + above, value <= floor + above and seen >= 0.999)


@asynccontextmanager
async def _watched(house: Running, cookies: list[str]) -> AsyncIterator[tuple[Watch, list[Board]]]:
    boards = [await board(house.base, cookie) for cookie in cookies]
    watch = Watch()
    tasks = [asyncio.create_task(_look(one, watch)) for one in boards]
    try:
        yield watch, boards
    finally:
        for task in tasks:
            task.cancel()
        for one in boards:
            await one.line.close()


async def _look(one: Board, watch: Watch) -> None:
    loop = asyncio.get_running_loop()
    async for text in one.line:
        at = loop.time()
        for card in json.loads(text).get("cards", ()):
            if card["kind"] == "tile":
                watch.shown(at, (card["client_id"], card["presence"]["state"]))


async def _events(
    house: Running,
    rooms: list[Meeting],
    http: aiohttp.ClientSession,
    watch: Watch,
    rate: float,
    seconds: float,
    only: str | None = None,
) -> None:
    """Each client in turn leaves by their own press and comes back: a change of the tile each time, no alarm."""
    loop = asyncio.get_running_loop()
    began, posts = loop.time(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        # Neighbours in time are in different rooms, as they would be.
        meeting = rooms[number % ROOMS]
        client = meeting.clients[number // ROOMS % EACH]
        kind = only or ("left" if number // CLIENTS % 2 == 0 else "joined")
        posts.append(asyncio.create_task(_post(house, meeting, http, watch, client, kind)))
    await asyncio.gather(*posts)
    await asyncio.sleep(1.5)


async def _post(
    house: Running, meeting: Meeting, http: aiohttp.ClientSession, watch: Watch, client: UUID, kind: str
) -> None:
    body = video.delivery(meeting, client, kind, "one", video.CLOCK.now(), cause="deliberate")
    state = {"joined": "present", "left": "left"}[kind]
    # A key is met once in a round of all clients; the same state before it is an older one.
    watch.sent.pop((str(client), "present"), None)
    watch.sent.pop((str(client), "left"), None)
    watch.sent[str(client), state] = asyncio.get_running_loop().time()
    async with http.post(video.address(house.base, meeting), data=body, headers=video.signed(body)) as answer:
        watch.refused += answer.status != 200


async def floor_of(house: Running, rate: float) -> Watch:
    """The same number of listeners and events through a server that only inserts a row and passes it on."""
    watch = Watch()
    async with floor_server(house.settings.database_url) as port, aiohttp.ClientSession() as http:
        address = f"ws://127.0.0.1:{port}"
        async with contextlib.AsyncExitStack() as stack:
            listeners = [await stack.enter_async_context(http.ws_connect(address)) for _ in range(BOARDS)]
            sender = await stack.enter_async_context(http.ws_connect(address))
            tasks = [asyncio.create_task(_floor_look(line, watch)) for line in listeners]
            loop = asyncio.get_running_loop()
            began = loop.time()
            for number in range(int(rate * SECONDS)):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                key = uuid4().hex
                watch.sent[key, ""] = loop.time()
                await sender.send_str(key)
            await asyncio.sleep(1)
            for task in tasks:
                task.cancel()
    return watch


async def _floor_look(line: aiohttp.ClientWebSocketResponse, watch: Watch) -> None:
    loop = asyncio.get_running_loop()
    async for message in line:
        watch.shown(loop.time(), (message.data, ""))


async def _stuck(
    house: Running, rooms: list[Meeting], cookie: str, http: aiohttp.ClientSession, watch: Watch
) -> Figure:
    """The others' p99 without and with a reader that has stopped reading."""
    rate = RATES[0]
    cuts = []
    for stuck in (False, True):
        sock = None
        if stuck:
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            host, port = house.base.removeprefix("http://").split(":")
            await asyncio.to_thread(sock.connect, (host, int(port)))
            reader = await board(house.base, cookie, sock=sock, max_queue=1)
            reader.line.transport.pause_reading()
        watch.sent.clear()
        watch.took.clear()
        await _events(house, rooms, http, watch, rate, SECONDS)
        cuts.append(watch.cut(0.99))
        if sock is not None:
            reader.line.transport.abort()
    added = cuts[1] - cuts[0]
    return Figure(
        "a stuck reader adds to the others' p99", added, "ms", cuts[0], STUCK_ABOVE, added <= STUCK_ABOVE
    )
