"""What a story touches: telephones that ring, and screens of the staff app."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
from sqlalchemy import select

from app.calls import simulated
from app.calls.models import SimulatedCall
from app.calls.simulated import As
from tests.house import PIN, Browser

if TYPE_CHECKING:
    from tests.stories.world import World


@dataclass
class Phone:
    """One phone that rings, or rang."""

    world: "World"
    attempt_id: UUID
    whose: str

    async def answers(self, as_: As = "themselves") -> "Phone":
        async with self.world.house.database.transaction(self.world.program_id) as db:
            await simulated.act(db, self.attempt_id, as_)
        await self.world.settle()
        return self

    async def presses(self, digits: str) -> "Phone":
        async with self.world.house.database.transaction(self.world.program_id) as db:
            await simulated.press(db, self.attempt_id, digits)
        await self.world.settle()
        return self

    async def hangs_up(self) -> None:
        async with self.world.house.database.transaction(self.world.program_id) as db:
            await simulated.hang_up(db, self.attempt_id)
        await self.world.settle()

    async def row(self) -> SimulatedCall:
        async with self.world.house.engine.transaction(None) as db:
            found = await db.scalars(select(SimulatedCall).where(SimulatedCall.attempt_id == self.attempt_id))
            return found.one()

    async def heard(self) -> str:
        """The last words said on this phone."""
        return (await self.row()).words or ""

    async def is_over(self) -> bool:
        return (await self.row()).state == "ended"


@dataclass
class Screen:
    """What one person sees and presses in the staff app."""

    world: "World"
    browser: Browser

    async def looks(self, path: str, **query: str) -> httpx.Response:
        """A person who was away for a quarter of an hour enters their PIN and goes on."""
        answer = await self.browser.get(path, **query)
        if answer.status_code == 423:
            unlocked = await self.browser.post("/api/unlock", pin=PIN)
            assert unlocked.status_code == 200, unlocked.text
            answer = await self.browser.get(path, **query)
        return answer

    async def cards(self, kind: str) -> list[dict[str, Any]]:
        answer = await self.looks("/api/board")
        assert answer.status_code == 200, answer.text
        return [card for card in answer.json()["cards"] if card["kind"] == kind]

    async def tile(self, name: str) -> dict[str, Any]:
        return next(card for card in await self.cards("tile") if card["name"].startswith(name))

    async def alerts(self) -> list[str]:
        """First names, in no order."""
        return [card["name"].split()[0] for card in await self.cards("incident")]

    async def alert(self, name: str) -> dict[str, Any]:
        """The alert about this client; the story expected it."""
        for card in await self.cards("incident"):
            if card["name"].startswith(name):
                self.world.expected_alerts.add(UUID(card["incident_id"]))
                return card
        raise AssertionError(f"no alert about {name}; {await self.world.told()}")

    async def no_alert(self, name: str) -> None:
        found = [card for card in await self.cards("incident") if card["name"].startswith(name)]
        assert not found, found[0]["headline"]

    async def shows(self, name: str, presence: str) -> None:
        tile = await self.tile(name)
        assert tile["presence"]["state"] == presence, tile["presence"]

    async def page(self, name: str) -> dict[str, Any]:
        return await self.page_of(await self.incident_id(name))

    async def page_of(self, incident_id: str) -> dict[str, Any]:
        answer = await self.looks(f"/api/incidents/{incident_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def incident_id(self, name: str) -> str:
        return str((await self.alert(name))["incident_id"])

    async def press(self, name: str, what: str, **body: Any) -> Any:
        """A press on the alert about this client that must be taken."""
        answer = await self.tries(name, what, **body)
        assert answer.status_code == 200, answer.text
        await self.world.settle()
        return answer.json()

    async def tries(self, name: str, what: str, **body: Any) -> httpx.Response:
        return await self.browser.post(f"/api/incidents/{await self.incident_id(name)}/{what}", **body)

    async def refused(self, name: str, what: str, **body: Any) -> str:
        """A press that must not be taken: the sentence that the person reads."""
        answer = await self.tries(name, what, **body)
        assert 400 <= answer.status_code < 500, answer.text
        await self.world.settle()
        return str(answer.json()["detail"])

    async def recognises(self, name: str, **found: Any) -> None:
        """Live, by voice, with place and tier noted (R3)."""
        told = {"checked": ["voice"], "place": "Home", "alone": "yes", "tier": "low", **found}
        await self.press(name, "verified", **told)

    async def ends_well(self, name: str, tier: str = "low") -> None:
        """Spoken with, recognised, closed: for stories that are about what came before."""
        await self.press(name, "reached", by="voice")
        await self.recognises(name, tier=tier)
        await self.press(name, "close", outcome="rejoined", note="Spoken with and recognised.")

    async def taps(self, name: str, what: str, **body: Any) -> None:
        client_id = self.world.clients[name]
        path = f"/api/group-sessions/{self.world.group_session_id}/clients/{client_id}/{what}"
        answer = await self.browser.post(path, **body)
        assert answer.status_code == 200, answer.text
        await self.world.settle()

    # --- who has what

    async def lane(self, name: str, lane: str) -> dict[str, Any]:
        card = await self.alert(name)
        found = [one for one in card["lanes"] if one["lane"] == lane]
        assert found, f"no lanes about {name}"
        return dict(found[0])

    async def has(self, name: str, lane: str) -> str | None:
        """First name of who has it, or None; needed or not."""
        owner = (await self.lane(name, lane))["owner"]
        return owner["name"].split()[0] if owner else None

    async def alarmed(self, name: str) -> set[str]:
        """The lanes that people outside the room are alarmed about."""
        return {one["lane"] for one in (await self.alert(name))["lanes"] if one["alarm"]}

    async def lane_press(self, name: str, lane: str, what: str, **body: Any) -> None:
        await self.press(name, f"lanes/{lane}/{what}", **body)

    async def lane_refused(self, name: str, lane: str, what: str, **body: Any) -> str:
        return await self.refused(name, f"lanes/{lane}/{what}", **body)

    async def private_room(self, name: str) -> dict[str, Any] | None:
        """As the tile shows it."""
        room = (await self.tile(name))["room"]
        return dict(room) if room else None

    async def opens_room(self, name: str, goes: str | None = None) -> None:
        body = {"staff_id": str(self.world.people[goes].id)} if goes else {}
        await self.taps(name, "breakout", **body)

    async def tries_to_open(self, name: str) -> httpx.Response:
        client_id = self.world.clients[name]
        path = f"/api/group-sessions/{self.world.group_session_id}/clients/{client_id}/breakout"
        return await self.browser.post(path)

    async def in_room(self, name: str, what: str, **body: Any) -> None:
        """A press on the private room that this client is in."""
        answer = await self.tries_in_room(name, what, **body)
        assert answer.status_code == 200, answer.text
        await self.world.settle()

    async def tries_in_room(self, name: str, what: str, **body: Any) -> httpx.Response:
        room = await self.private_room(name)
        assert room, f"{name} is in no private room"
        return await self.browser.post(f"/api/breakouts/{room['id']}/{what}", **body)

    async def sees_everyone(self) -> None:
        answer = await self.browser.post(f"/api/group-sessions/{self.world.group_session_id}/seen-all")
        assert answer.status_code == 200, answer.text
        await self.world.settle()

    async def step(self, name: str, key: str) -> dict[str, Any]:
        page = await self.page(name)
        found = [s for s in page["steps"] if s["key"] == key and s["status"] in ("pending", "dialing")]
        assert found, [(s["key"], s["status"]) for s in page["steps"]]
        step: dict[str, Any] = found[0]
        return step

    async def says(self, name: str, key: str, outcome: str) -> None:
        """Answers a step that waits for a person."""
        step = await self.step(name, key)
        await self.press(name, f"steps/{step['id']}/outcome", outcome=outcome)

    async def stands_at(self, name: str) -> set[str]:
        """The keys of the steps that are open now."""
        page = await self.page(name)
        return {step["key"] for step in page["steps"] if step["status"] in ("pending", "dialing")}


@dataclass
class Companion:
    """The client's own page, without its script: buttons are forms."""

    world: "World"
    http: httpx.AsyncClient

    async def shows(self) -> str:
        page = await self.http.get("/c/here")
        assert page.status_code == 200, page.text
        return page.text

    async def taps(self, what: str, **fields: str) -> None:
        command = re.search(r'name="command" value="([^"]+)"', await self.shows())
        assert command
        answer = await self.http.post(f"/c/{what}", data={"command": command[1], **fields})
        assert answer.status_code == 303, answer.text
        await self.world.settle()
