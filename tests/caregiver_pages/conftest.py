"""Ana, her sister Ida with a release of her own, Sam who prepares the copy, and a line that remembers its texts."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from app.calls import texts
from app.calls.lines import LineRefused, Lines, Placed, ProviderCall
from app.caregiver_pages.routes import router as pages
from app.client_pages.routes import router as client_pages
from app.clients.record_routes import router as records
from app.clients.routes import router as clients
from app.plans.routes import router as plans
from app.staff.routes import router as staff
from app.tables import METADATA
from tests.clients.test_records import added, ok
from tests.house import BASE, Browser, House, built
from tests.plans.making import core, line

# Naming it maps every table: the models refer to each other across packages.
MAPPED = METADATA
IDA: dict[str, Any] = {
    "name": "Ida Testperson",
    "relation": "sister",
    "number": "(503) 555-0111",
    "adult": True,
}
RELEASE: dict[str, Any] = {
    "covers": ["share_plan", "caregiver_coaching"],
    "scope": "The plan as I chose it",
    "purpose": "So that she can help",
    "starts_on": "2027-02-01",
    "signed_by": "client",
    "signed_how": "paper",
}


@dataclass
class Phones:
    """A line that reaches nobody and remembers what it was given."""

    sent: list[Placed] = field(default_factory=list)
    refuses: bool = False

    async def send_text(self, placed: Placed) -> str:
        if self.refuses:
            raise LineRefused("30006", permanent=True)
        self.sent.append(placed)
        return f"SM{len(self.sent)}"

    async def place_call(self, placed: Placed) -> str:
        raise AssertionError(f"nobody is rung here: {placed}")

    async def cancel_call(self, provider_id: str) -> None:
        raise AssertionError(provider_id)

    async def redirect_call(self, provider_id: str, url: str) -> None:
        raise AssertionError((provider_id, url))

    async def list_recent(self, number: str, since: Any) -> list[ProviderCall]:
        raise AssertionError((number, since))

    async def close(self) -> None:
        """Nothing to close."""


@dataclass
class Family:
    """Somebody's browser, without script: it follows no redirect by itself and keeps cookies."""

    http: httpx.AsyncClient

    async def opens(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def presses(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data=fields)


@dataclass
class Home:
    house: House
    sam: Browser
    path: str
    contact: str
    lines: list[dict[str, Any]]
    phones: Phones

    async def releases(self, **more: Any) -> dict[str, Any]:
        answer = await self.sam.post(
            f"{self.path}/releases", **{**RELEASE, "contact_id": self.contact, **more}
        )
        return ok(answer)

    async def tries(self, **more: Any) -> httpx.Response:
        body: dict[str, Any] = {
            "contact_id": self.contact,
            "with_plan": True,
            "with_coaching": True,
            "line_ids": [self.lines[0]["id"], self.lines[1]["id"]],
            "previewed": True,
        }
        return await self.sam.post(f"{self.path}/copies", **{**body, **more})

    async def shares(self, **more: Any) -> str:
        """Answers the path of the link."""
        made = ok(await self.tries(**more))
        return str(made["url"]).removeprefix(BASE)

    async def copies(self) -> dict[str, Any]:
        return ok(await self.sam.get(f"{self.path}/copies"))

    async def family(self) -> Family:
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.house.app, raise_app_exceptions=False), base_url=BASE
        )
        await self.house.stack.enter_async_context(http)
        return Family(http)

    async def texts(self) -> list[str]:
        """Everything that waited leaves now; answers the words so far."""
        lines = Lines(simulated=self.phones, outside=self.phones)
        for _ in range(5):
            await texts.once(self.house.engine, lines, self.house.app.state.settings)
            self.house.clock.move(1.1)
        return [placed.text for placed in self.phones.sent]

    async def code(self) -> str:
        newest = [words for words in await self.texts() if "code" in words or "código" in words][-1]
        found = re.search(r"\b(\d{6})\b", newest)
        assert found, newest
        return found[1]

    async def opened(self, link: str, family: Family | None = None) -> Family:
        """All the way: the press, the code from the text, the page."""
        family = family or await self.family()
        assert (await family.presses(link)).headers["location"] == "/c/f/code"
        answer = await family.presses("/c/f/code", code=await self.code())
        assert answer.headers.get("location") == "/c/f/here", answer.text
        return family


@pytest.fixture
async def home(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[Home]:
    async with built(database_url, key_ring, staff, records, clients, plans, pages, client_pages) as house:
        sam = await house.staff("Sam Okafor", "clinician", "supervisor")
        client = await added(sam, name_used="Ana R.", safe_name="Ana", birth_date="1990-05-01")
        path = f"/api/clients/{client['id']}"
        contact = ok(await sam.post(f"{path}/contacts", **IDA))["contacts"][0]["id"]
        lines = [
            line("Ring me and talk about the garden"),
            line("I stop answering Ida"),
            line("Only for Sam"),
        ]
        content = core(helps_first=[lines[0]], signs=[lines[1], lines[2]])
        ok(await sam.post(f"{path}/plan/draft", version=0, content=content))
        ok(await sam.post(f"{path}/plan/agree", version=1, with_client=True, how="video"))
        made = Home(house, sam, path, contact, lines, Phones())
        await made.releases()
        yield made
