"""A board as the browser keeps it: one snapshot, then cards replaced by id as the socket brings them."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import uvicorn
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.house import BASE, Browser
from tests.stories.world import World

# A wake takes milliseconds; on a machine that does much else it may take a while.
PATIENCE = 30.0


@dataclass
class Board:
    """One browser's board. `cards` is what its person sees now."""

    boards: "Boards"
    browser: Browser
    line: ClientConnection
    seq: int
    cards: dict[str, dict[str, Any]]
    heard: list[dict[str, Any]] = field(default_factory=list)
    resets: list[str] = field(default_factory=list)

    async def next(self, within: float = PATIENCE) -> dict[str, Any]:
        """The next message, taken in as the browser does."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.line.recv(), within))
        self.heard.append(message)
        if "cards" in message:
            # Anything else would be a gap, and the browser would start again.
            assert message["after"] == self.seq, (message["after"], self.seq)
            self.seq = message["seq"]
            for card_id in message["gone"]:
                self.cards.pop(card_id, None)
            for card in message["cards"]:
                self.cards[card["id"]] = card
        return message

    async def until(self, seq: int, after_what: str = "something") -> None:
        # Beats come for ever: without an end of its own, waiting for what never comes would never end.
        async with asyncio.timeout(2 * PATIENCE):
            while self.seq < seq:
                if "reset" in await self.next():
                    self.resets.append(after_what)
                    await self._start_again()

    async def _start_again(self) -> None:
        self.seq, self.cards = await self.fresh()
        self.line = await self.boards.open_live(self.browser, self.seq)

    async def fresh(self) -> tuple[int, dict[str, dict[str, Any]]]:
        answer = await self.browser.get("/api/board")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return found["seq"], {card["id"]: card for card in found["cards"]}

    async def agrees(self, after_what: str) -> None:
        """Snapshot plus messages equals a fresh snapshot, card by card."""
        seq, cards = await self.fresh()
        await self.until(seq, after_what)
        assert self.seq == seq
        assert set(self.cards) == set(cards), f"after {after_what}"
        for card_id, card in cards.items():
            mine = self.cards[card_id]
            different = {k: (mine.get(k), card[k]) for k in card if mine.get(k) != card[k]}
            assert not different, f"after {after_what}, {card_id}: (socket, snapshot) {different}"

    async def is_cut_off(self, within: float = PATIENCE) -> int:
        return await cut_off(self.line, self.heard, within)


async def cut_off(line: ClientConnection, heard: list[dict[str, Any]], within: float = PATIENCE) -> int:
    """The code with which the server closed; whatever comes before is added to `heard`."""
    try:
        async with asyncio.timeout(within):
            while True:
                heard.append(json.loads(await line.recv()))
    except websockets.ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006


@dataclass
class Boards:
    world: World
    address: str
    server: uvicorn.Server
    stack: AsyncExitStack

    def connect(self, browser: Browser | None, *, origin: str | None = BASE, **options: Any) -> connect:
        headers = {}
        if browser is not None:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in browser.http.cookies.items())
        return connect(
            f"{self.address}/api/live",
            additional_headers=headers,
            origin=websockets.Origin(origin) if origin else None,
            proxy=None,
            compression=None,
            **options,
        )

    async def open_socket(self, browser: Browser | None, **options: Any) -> ClientConnection:
        return await self.stack.enter_async_context(self.connect(browser, **options))

    async def of(self, name: str) -> Board:
        """This colleague's board on a browser of its own, just opened."""
        return await self.of_browser(await self.world.house.signed_in(self.world.people[name]))

    async def of_browser(self, browser: Browser) -> Board:
        answer = await browser.get("/api/board")
        assert answer.status_code == 200, answer.text
        found = answer.json()
        line = await self.open_live(browser, found["seq"])
        return Board(self, browser, line, found["seq"], {card["id"]: card for card in found["cards"]})

    async def open_live(self, browser: Browser, after: int, **options: Any) -> ClientConnection:
        """A socket that is served from `after` on. One that is up to date hears nothing at first."""
        publisher = self.world.house.app.state.publisher
        before = publisher.open_boards
        line = await self.open_socket(browser, **options)
        await line.send(json.dumps({"after": after}))
        async with asyncio.timeout(PATIENCE):
            while publisher.open_boards == before:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return line

    async def says(self, browser: Browser, *first: str) -> list[dict[str, Any]]:
        """What a socket answers to these words until it is closed."""
        heard: list[dict[str, Any]] = []
        async with self.connect(browser) as line:
            for word in first:
                await line.send(word)
            try:
                while True:
                    heard.append(json.loads(await asyncio.wait_for(line.recv(), PATIENCE)))
            except websockets.ConnectionClosed:
                return heard

    async def leave(self) -> None:
        await self.world.engine.lines.close()
