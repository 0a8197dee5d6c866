"""The check-in on a slow phone: how long until somebody can answer it, in a real browser.

Lighthouse's "slow 4G" (150 ms there and back, 1.6 Mbit/s down, 0.75 up) with a processor four times slower, a cold cache each
time. The floor is a bare page of as many bytes, with nothing behind it, in the same browser and run.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

import httpx
from playwright.async_api import Browser, async_playwright

from bench.figures import Figure
from bench.ground import add_program
from bench.people import devices
from bench.processes import running
from tools import chromium as browsers

BAR_S = 1.0
RUNS = 7
ROUND_TRIP_MS, DOWN, UP = 150, 1_638_400 / 8, 750_000 / 8
SLOWER = 4
# Usable: painted, its script has run, and its button can be pressed.
USABLE = """() => new Promise(done => {
  let look = () => {
    let paint = performance.getEntriesByName("first-contentful-paint")[0];
    let loaded = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
    if (paint && loaded) done(Math.max(paint.startTime, loaded) / 1000); else setTimeout(look, 10);
  };
  look();
})"""


async def run() -> list[Figure]:
    async with running("page") as house:
        house.start()
        await house.engine_goes_round()
        meeting = await add_program(house.database, 0, 2)
        [device, *_] = await devices(house.database, meeting)
        async with httpx.AsyncClient(base_url=house.base, cookies={"handrail_page": str(device)}) as http:
            weight = len((await http.get("/c/here")).content)
        cookie = {"name": "handrail_page", "value": str(device), "url": house.base}
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=browsers.find(), args=browsers.FLAGS)
            with _bare(weight) as bare:
                floors = [await _usable(browser, bare) for _ in range(RUNS)]
                taken = [await _usable(browser, f"{house.base}/c/here", cookie) for _ in range(RUNS)]
            await browser.close()
    value = median(taken)
    return [Figure("check-in usable, slow 4G, CPU / 4", value, "s", median(floors), BAR_S, value < BAR_S)]


async def _usable(browser: Browser, address: str, cookie: dict[str, Any] | None = None) -> float:
    """Seconds from asking for the page, in a browser that has never seen it."""
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    if cookie is not None:
        await context.add_cookies([cookie])  # type: ignore[list-item]
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    await line.send("Network.enable")
    slow = {"latency": ROUND_TRIP_MS, "downloadThroughput": DOWN, "uploadThroughput": UP, "offline": False}
    await line.send("Network.emulateNetworkConditions", slow)
    await line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(address, wait_until="commit")
    seconds = float(await page.evaluate(USABLE))
    await context.close()
    await asyncio.sleep(0.1)
    return seconds


@contextmanager
def _bare(weight: int) -> Iterator[str]:
    """Serves one page of so many bytes, without style or script."""
    head = b"<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>Bare</title><h1>Bare</h1><button>Go</button>"
    body = head + b"<p>" + b"x " * ((weight - len(head)) // 2)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
