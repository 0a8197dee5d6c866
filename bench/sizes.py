"""What a browser must fetch before its person can act, and what a board costs the server."""

import asyncio
import gzip
import re
from pathlib import Path

import httpx

from bench.figures import Figure
from bench.ground import add_program
from bench.people import Board, board, devices, signed_in, snapshot
from bench.processes import ROOT, Running, running

DIST = ROOT / "frontend" / "dist"
BOARD_KB, PAGE_KB, SOCKET_KB = 90.0, 10.0, 60.0
SOCKETS, WARM = 300, 100


async def run() -> list[Figure]:
    async with running("sizes") as house:
        house.start()
        await house.engine_goes_round()
        # Nobody's page fell silent just then: a dozen alerts to 400 boards at once are no board's own memory.
        meeting = await add_program(house.database, 0, 12, pages=False)
        [device, *_] = await devices(house.database, meeting)
        cookie = await signed_in(house.database, meeting, meeting.staff_ids[0])
        return [first_load(), await _page(house, str(device)), await _memory(house, cookie)]


def first_load() -> Figure:
    """The scripts that index.html asks for at once, and what those import at once."""
    first = re.findall(r'(?:src|href)="/?([^"]+\.js)"', (DIST / "index.html").read_text())
    wanted, seen = list(first), set[str]()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        text = (DIST / name).read_text()
        folder = Path(name).parent
        wanted += [str(folder / part) for part in re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', text)]
    kilobytes = sum(len(gzip.compress((DIST / name).read_bytes(), 9)) for name in seen) / 1000
    return Figure(
        "board's first load, JavaScript gz", kilobytes, "kB", 0, BOARD_KB, 0 < kilobytes <= BOARD_KB
    )


async def _page(house: Running, device: str) -> Figure:
    """The check-in page with everything it links to, as sent."""
    async with httpx.AsyncClient(base_url=house.base, cookies={"handrail_page": device}) as http:
        shown = await http.get("/c/here")
        shown.raise_for_status()
        total = len(shown.content)
        for path in sorted(set(re.findall(r'(?:href|src)="(/c/a/[^"]+)"', shown.text))):
            total += len((await http.get(path)).content)
    return Figure("check-in page in all", total / 1000, "kB", 0, PAGE_KB, total / 1000 <= PAGE_KB)


async def _memory(house: Running, cookie: str) -> Figure:
    """Resident memory of the web process with 300 boards, less what it had with 100."""
    seq = await snapshot(house.base, cookie)
    # The first ones fill the pool of database connections and every cache, which are no board's.
    boards = await _opened(house, cookie, seq, WARM)
    before = _resident(house)
    boards += await _opened(house, cookie, seq, SOCKETS)
    each = (_resident(house) - before) / SOCKETS
    for one in boards:
        one.line.transport.abort()
    return Figure("memory per connected board", each, "kB", 0, SOCKET_KB, each <= SOCKET_KB)


async def _opened(house: Running, cookie: str, seq: int, number: int) -> list[Board]:
    made: list[Board] = []
    while len(made) < number:
        made += await asyncio.gather(*(board(house.base, cookie, seq=seq) for _ in range(20)))
    # A beat of the boards passes, with what it takes for a moment.
    await asyncio.sleep(6)
    return made


def _resident(house: Running) -> float:
    assert house.process is not None  # noqa: S101
    status = Path(f"/proc/{house.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return float(found[1]) * 1.024 if found else float("nan")
