"""The demo as a visitor has it: one process on a free port, with a browser that has no screen."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.settings import write_key_ring
from tests.plugins.shared_postgres import TestServer
from tools.product import Product, on_free_port

PATIENCE_SECONDS = 20.0


@dataclass
class Visitor:
    """Sits at the desk, and may be signed in as anybody of the staff besides."""

    product: Product
    http: httpx.Client
    signed_in: dict[str, httpx.Client] = field(default_factory=dict)

    def desk(self) -> dict[str, Any]:
        return self._told(self.http.get("/api/desk"))

    def presses(self, path: str, **body: Any) -> dict[str, Any]:
        return self._told(self.http.post(f"/api/desk{path}", json=body or None))

    def member(self, name: str) -> dict[str, Any]:
        [one] = [one for one in self.desk()["cast"] if one["name"] == name]
        return dict(one)

    def makes(self, name: str, what: str) -> dict[str, Any]:
        return self.presses(f"/clients/{self.member(name)['client_id']}/{what}")

    def phone(self, who: str, state: str = "ringing") -> dict[str, Any]:
        """Waits for it: the engine works in real time."""

        def look() -> dict[str, Any] | None:
            phones = [p for p in self.desk()["phones"] if p["who"].startswith(who) and p["state"] == state]
            return phones[0] if phones else None

        return self.waits(look)

    def answers(self, who: str, as_: str = "themselves") -> str:
        attempt: str = self.phone(who)["attempt_id"]
        self.presses(f"/phones/{attempt}/answer", **{"as": as_})
        return attempt

    def waits(self, look: Callable[[], Any]) -> Any:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.1)
        raise AssertionError(f"this never came: {self.desk()}")

    # --- as staff

    def staff(self, name: str) -> httpx.Client:
        if name not in self.signed_in:
            client = _client(self.product)
            [person] = [one for one in client.get("/api/demo/staff").json() if one["name"] == name]
            self._told(client.post("/api/demo/sign-in", json={"staff_id": person["id"]}))
            self.signed_in[name] = client
        return self.signed_in[name]

    def cards(self, name: str, kind: str) -> list[dict[str, Any]]:
        board = self._told(self.staff(name).get("/api/board"))
        return [card for card in board["cards"] if card["kind"] == kind]

    def acts(self, name: str, path: str, /, **body: Any) -> None:
        self._told(self.staff(name).post(path, json=body or None, headers={"Command-Id": str(uuid4())}))

    def closes(self) -> None:
        for client in (self.http, *self.signed_in.values()):
            client.close()

    @staticmethod
    def _told(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json() if answer.content else {}
        return told


def _client(product: Product) -> httpx.Client:
    return httpx.Client(base_url=product.base, headers={"Origin": product.base}, timeout=30)


@pytest.fixture(scope="module")
def product(
    postgres: TestServer, key_ring: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    url = asyncio.run(postgres.clone())
    made = on_free_port(url, write_key_ring(key_ring), tmp_path_factory.mktemp("demo") / "log")
    made.start()
    yield made
    made.stop()
    asyncio.run(postgres.drop(url))


@pytest.fixture
def visitor(product: Product) -> Iterator[Visitor]:
    """At the beginning of a new evening."""
    made = Visitor(product, _client(product))
    made.presses("/start-again")
    yield made
    made.closes()
