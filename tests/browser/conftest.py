"""The demo's product in a process of its own, one Chromium for all tests, and a new evening for each."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from app.settings import write_key_ring
from tests.browser.screens import Building, Desk
from tests.plugins.shared_postgres import TestServer
from tools import chromium as browsers
from tools import setup
from tools.product import Product, on_free_port

FLAGS = [
    *browsers.FLAGS,
    # Several people's windows are looked at in turn; none of them may stop drawing meanwhile.
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
]


@pytest.fixture(scope="package")
def product(
    postgres: TestServer, key_ring: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Ended with the last test here: an engine with nothing to do still looks, ten times a second."""
    setup.main(["staff-app"])
    url = asyncio.run(postgres.clone())
    made = on_free_port(url, write_key_ring(key_ring), Path(tmp_path_factory.mktemp("product")) / "log")
    made.start()
    yield made
    made.stop()
    asyncio.run(postgres.drop(url))


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browsers.find(), args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(product: Product) -> AsyncIterator[Desk]:
    """At the beginning of a new evening: eleven people, two groups under way, nobody lost."""
    headers = {"Origin": product.base}
    async with httpx.AsyncClient(base_url=product.base, headers=headers, timeout=30) as http:
        made = Desk(http)
        await made.press("/start-again")
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def building(product: Product, chromium: Browser) -> AsyncIterator[Building]:
    """Tests that need an evening where nobody is lost ask for the desk as well."""
    made = Building(chromium, product.base)
    yield made
    assert await made.close() == []
