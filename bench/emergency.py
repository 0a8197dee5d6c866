"""Emergency pressed: until the other staff have it on their screens, and until the screen of whoever pressed is painted.

The floor of the first is that of `bench.boards`; of the second, one frame in the same slowed browser.
"""

import asyncio
import contextlib
import json
from statistics import median
from uuid import UUID, uuid4

import aiohttp
from playwright.async_api import CDPSession, Page, async_playwright

from app.protocols import actions as protocols
from bench.boards import BOARDS, P50_ABOVE, Watch, floor_of
from bench.figures import Figure
from bench.ground import Meeting, add_meeting, add_program
from bench.people import Board, board, signed_in
from bench.processes import Running, running
from tools import chromium as browsers
from tools import setup

ROOMS, EACH, RATE = 4, 6, 2.0
PAINT_BAR_MS, CARD_BAR_MS, RUNS, SLOWER = 300.0, 1500.0, 7, 4
# From the second E to the frame that shows it, as the page's own clock has it.
PAINTED = """(wanted) => { window.painted = new Promise((done) => {
  let pressed = 0;
  addEventListener("keydown", (event) => {
    if (event.key !== "e" || ++pressed < 2) return;
    const from = performance.now();
    const look = () => {
      if (!document.querySelector(wanted)) return;
      watching.disconnect();
      const after = new MessageChannel();
      requestAnimationFrame(() => after.port2.postMessage(0));
      after.port1.onmessage = () => done(performance.now() - from);
    };
    const watching = new MutationObserver(look);
    watching.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => done(Infinity), 20_000);
  }, true);
}); }"""
FRAME = """() => new Promise((done) => { const from = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => done((performance.now() - from) / 2))); })"""


async def run() -> list[Figure]:
    setup.main(["staff-app"])
    async with running("emergency") as house:
        first = await add_program(house.database, 0, EACH, tiers=["low"], pages=False)
        # A program of its own for the browser: nobody's board shows fifteen emergencies.
        other = await add_program(house.database, 1, EACH, tiers=["low"], pages=False)
        for one in (first, other):
            async with house.database.transaction(one.program_id) as db:
                await protocols.publish(db, one.program_id, "imminent-risk", one.staff_ids[0])
        rooms = [first] + [
            await add_meeting(house.database, first, number, EACH, tiers=["low"], pages=False)
            for number in range(1, ROOMS)
        ]
        house.start()
        await house.engine_goes_round()
        return [await _to_others(house, rooms), *await _painted(house, other)]


async def _to_others(house: Running, rooms: list[Meeting]) -> Figure:
    first = rooms[0]
    cookies = [await signed_in(house.database, first, first.staff_ids[n % 4]) for n in range(BOARDS + 1)]
    floor = await floor_of(house, RATE)
    watch = Watch()
    boards = [await board(house.base, cookie) for cookie in cookies[:BOARDS]]
    tasks = [asyncio.create_task(_look(one, watch)) for one in boards]
    about = [(room, client) for client in range(EACH - 2) for room in rooms]
    async with aiohttp.ClientSession() as http:
        for room, client in about:
            await _press(house, http, cookies[BOARDS], room, room.clients[client], watch)
            await asyncio.sleep(1 / RATE)
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    for one in boards:
        with contextlib.suppress(OSError):
            await one.line.close()
    p50, bar = watch.cut(0.5), floor.cut(0.5) + P50_ABOVE
    seen = len(watch.took) == BOARDS * len(about) and not watch.refused
    return Figure(
        f"emergency press to {BOARDS} boards, p50", p50, "ms", floor.cut(0.5), bar, p50 <= bar and seen
    )


async def _look(one: Board, watch: Watch) -> None:
    loop = asyncio.get_running_loop()
    shown: set[str] = set()
    async for text in one.line:
        at = loop.time()
        for card in json.loads(text).get("cards", ()):
            if card["kind"] == "incident" and card["emergency_at"] and card["client_id"] not in shown:
                shown.add(card["client_id"])
                watch.shown(at, (card["client_id"], ""))


async def _press(
    house: Running, http: aiohttp.ClientSession, cookie: str, room: Meeting, client: UUID, watch: Watch
) -> None:
    path = f"{house.base}/api/group-sessions/{room.group_session_id}/clients/{client}/emergency"
    headers = {"Cookie": cookie, "Origin": house.base, "Command-Id": str(uuid4())}
    watch.sent[str(client), ""] = asyncio.get_running_loop().time()
    async with http.post(path, json={"trigger": "harm"}, headers=headers) as answer:
        watch.refused += answer.status != 200


async def _painted(house: Running, meeting: Meeting) -> list[Figure]:
    name, value = (await signed_in(house.database, meeting, meeting.staff_ids[0])).split("=", 1)
    took: dict[str, list[float]] = {"main .waiting": [], "main .aloud": []}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_cookies([{"name": name, "value": value, "url": house.base}])
        page = await context.new_page()
        line = await context.new_cdp_session(page)
        for number in range(RUNS):
            for wanted, found in took.items():
                found.append(await _one(page, line, house.base, number % EACH, wanted))
        frame = float(await page.evaluate(FRAME))
        await browser.close()
    paint, card = (median(found) for found in took.values())
    return [
        Figure("emergency painted, CPU / 4", paint, "ms", frame, PAINT_BAR_MS, paint < PAINT_BAR_MS),
        Figure("emergency card to read, CPU / 4", card, "ms", frame, CARD_BAR_MS, card < CARD_BAR_MS),
    ]


async def _one(page: Page, line: CDPSession, base: str, tile: int, wanted: str) -> float:
    """Slowed from just before the press: how fast the board is there is measured elsewhere."""
    await line.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    await page.goto(base)
    link = page.locator("li.tile h3 a").nth(tile)
    await link.wait_for()
    # What is fetched ahead is there by the time that anybody presses.
    await page.wait_for_load_state("networkidle")
    await link.focus()
    await line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.evaluate(PAINTED, wanted)
    await page.keyboard.press("e")
    await page.keyboard.press("e")
    took = await page.evaluate("window.painted")
    return float("inf") if took is None else float(took)
