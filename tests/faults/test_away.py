"""What is away for a while, and comes back: the web process under open pages, and the database."""

import asyncio

import httpx
from sqlalchemy import func, select

from app.incidents.models import Incident
from bench import video
from bench.ground import add_program
from bench.holds import broken
from bench.people import Board, board, devices, page, signed_in
from bench.processes import Running, running

PAGES = 200
AWAY_SECONDS = 10.0


async def _lost(house: Running) -> int:
    async with house.database.transaction(None) as db:
        return int(await db.scalar(select(func.count()).select_from(Incident)) or 0)


async def test_the_web_process_dies_under_200_open_pages_and_nobody_is_lost() -> None:
    async with running("pages") as house:
        house.start()
        await house.engine_goes_round()
        meeting = await add_program(house.database, 0, PAGES, tiers=("low", "high"))
        phones = await devices(house.database, meeting)
        pages = [asyncio.create_task(page(house.base, device)) for device in phones]
        try:
            await asyncio.sleep(12)
            assert await _lost(house) == 0
            assert house.kill("web")
            await house.answers()
            await asyncio.sleep(25)
            assert await _lost(house) == 0
            # And it does hear: somebody who falls silent now is missed.
            pages[0].cancel()
            async with asyncio.timeout(30):
                while await _lost(house) == 0:  # noqa: ASYNC110
                    await asyncio.sleep(0.5)
            assert await _lost(house) == 1
        finally:
            for task in pages:
                task.cancel()
            await asyncio.gather(*pages, return_exceptions=True)


async def test_the_database_is_gone_for_ten_seconds_and_nothing_accepted_is_lost() -> None:
    async with running("away") as house, httpx.AsyncClient(timeout=30) as http:
        meetings = [await add_program(house.database, n, 1, tiers=["high"], pages=False) for n in range(4)]
        house.start()
        await house.engine_goes_round()
        cookie = await signed_in(house.database, meetings[0], meetings[0].staff_ids[0])
        screen = await board(house.base, cookie)
        listening = asyncio.create_task(screen.listen())
        dropped = {}
        for meeting in meetings[:2]:
            dropped[meeting.clients[0]] = await video.drops(http, house.base, meeting, meeting.clients[0])
        await asyncio.sleep(6)

        await asyncio.to_thread(house.server.stop)
        gone = asyncio.get_running_loop().time()
        late = [asyncio.create_task(video.drops(http, house.base, m, m.clients[0])) for m in meetings[2:]]
        refused = await http.get(f"{house.base}/api/board", headers={"Cookie": cookie})
        assert (refused.status_code, refused.json()["code"]) == (503, "database_away")
        assert (await http.get(f"{house.base}/livez")).status_code == 200
        await asyncio.sleep(AWAY_SECONDS)
        back = asyncio.get_running_loop().time()
        await asyncio.to_thread(house.server.start)

        for meeting, task in zip(meetings[2:], late, strict=True):
            dropped[meeting.clients[0]] = await task
        await house.engine_goes_round()
        await asyncio.sleep(15)
        assert _beats(screen, gone + 0.5, back) == 0
        assert _beats(screen, back, back + 30) >= 1
        # What was missed came over the same socket, and without a gap.
        assert screen.gaps == 0
        assert any(message.get("cards") for at, message in screen.heard if at > back)
        listening.cancel()
        await screen.line.close()
        assert await broken(house.database, house.settings.lease_seconds, dropped, []) == []


def _beats(screen: Board, since: float, until: float) -> int:
    """Two missed ones, and the board says that it is not live."""
    return sum("beat" in message for at, message in screen.heard if since <= at < until)
