"""The card "What happens if I drop?": a client reads their own chain, signs it or asks for a change, and it comes true."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.client_pages.models import DropCardAnswer
from app.clients.models import Client
from tests.stories.world import World

PIN = "2580"


@dataclass
class Card:
    """The page behind Ana's PIN."""

    world: World
    http: httpx.AsyncClient

    async def page(self) -> str:
        shown = await self.http.get("/c/mine")
        assert shown.status_code == 200
        return unescape(shown.text)

    async def lines(self) -> list[str]:
        return [
            f"{by}: {words}"
            for by, words in re.findall(r"<li><b>(.*?)</b><br>(.*?)</li>", await self.page(), re.DOTALL)
        ]

    async def says(self, **fields: str) -> httpx.Response:
        command = re.search(r'name="command" value="([^"]+)"', await self.page())
        assert command
        return await self.http.post("/c/mine/card", data={"command": command[1], **fields})


async def staff_page(world: World, what: str = "", **body: Any) -> dict[str, Any]:
    jon = await world.screen("Jon")
    path = f"/api/clients/{world.clients['Ana']}/own-page{what}"
    answer = await (jon.browser.post(path, **body) if what else jon.browser.get(path))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def card_of(world: World) -> Card:
    await staff_page(world, "/pin", pin=PIN)
    page = await world.companion("Ana")
    opened = await page.http.post("/c/mine", data={"pin": PIN})
    assert opened.headers["location"] == "/c/mine"
    return Card(world, page.http)


@pytest.mark.row("R4")
async def test_the_phone_on_the_table_tells_nothing_until_the_pin_is_given(world: World) -> None:
    await world.client("Ana", ends=("01", "02"))
    await world.contact("Ana", "Lee Invented")
    await staff_page(world, "/pin", pin=PIN)
    jon = await world.screen("Jon")
    path = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/link"
    link = (await jon.browser.post(path)).json()["url"]
    preview, phone, roommates = [(await world.house.browser()).http for _ in range(3)]
    assert (await preview.get(link)).status_code == 200, "whoever only looks at it takes nothing"
    assert (await phone.post(link)).headers["location"] == "/c/here"
    assert (await roommates.post(link)).status_code == 303
    assert "Ring us, and we open it here" in (await roommates.get("/c/here")).text

    for closed in ("/c/here", "/c/mine"):
        lying_there = unescape((await phone.get(closed)).text)
        for word in ("Lee", "Ramsey", "406-555", "4065550", "ends 01"):
            assert word not in lying_there
    assert (await phone.post("/c/mine", data={"pin": "9753"})).headers["location"] == "/c/calm"
    assert "Lee" not in (await phone.get("/c/mine")).text
    assert (await phone.post("/c/mine", data={"pin": PIN})).headers["location"] == "/c/mine"
    assert "Lee Invented" in unescape((await phone.get("/c/mine")).text)


@pytest.mark.row("B16")
async def test_a_client_reads_signs_and_asks_to_change_what_happens_if_they_drop(world: World) -> None:
    await world.client("Ana", tier="high", ends=("01", "02"))
    await world.contact("Ana", "Lee Invented")
    card = await card_of(world)
    assert await card.lines() == [
        "within 10 seconds: Maya or Jon sees it and takes it.",
        "within 30 seconds: We call you (number ends 01).",
        "within 60 seconds: If your voicemail answers: a first name and our number, nothing more.",
        "within 60 seconds: We text you (number ends 01). It does not say why.",
        "within 75 seconds: We call your other number (ends 02).",
        "within 100 seconds: We call your first number again (ends 01).",
        "within 2 minutes: Dana comes in to help.",
        "from then on: We keep calling you, until one of us has talked with you.",
        "within 3 minutes: A person decides whether to call Lee Invented. No machine ever calls them.",
        "within 5 minutes: A person decides whether local help should come to where you said you are. "
        "Nothing is sent by itself.",
        "within 6 minutes: Our team is called again and again, until a person has decided.",
    ]
    assert (await card.says(answer="agreed")).headers["location"] == "/c/mine?said=agreed"
    assert "You said yes to this on " in await card.page()
    told = await staff_page(world)
    assert (told["card"]["answer"], told["card"]["asks"]) == ("agreed", False)

    world.house.clock.move(60)
    refused = await card.says(answer="change", wishes="")
    assert refused.status_code == 422
    await card.says(answer="change", wishes="Please text before you call")
    assert "We will talk about it with you." in await card.page()
    jon = await world.screen("Jon")
    marks = [mark["text"] for mark in (await jon.tile("Ana"))["marks"]]
    assert "Asks to change their card" in marks
    told = await staff_page(world)
    assert told["card"]["asks"] is True
    read = await staff_page(world, "/card/read")
    assert read["wishes"] == "Please text before you call"
    assert "within 30 seconds: We call you (number ends 01)." in read["lines"]
    await staff_page(world, f"/card/{told['card']['id']}/settled")
    assert "and we talked about it" in await card.page()
    assert "Asks to change their card" not in str((await jon.tile("Ana"))["marks"])


async def test_what_the_card_says_is_what_then_happens(world: World) -> None:
    """The same rules: the steps of the real chain, in the order and by the limits that the client was told."""
    await world.client("Ana", tier="high", ends=("01", "02"))
    await world.contact("Ana", "Lee Invented")
    said = await (await card_of(world)).lines()
    world.pages["Ana"] = True
    await world.drops("Ana")
    jon = await world.screen("Jon")
    await jon.alert("Ana")
    await world.pass_time(400)
    await world.may_ring("Ana", *world.people)
    page = await jon.page("Ana")
    limits = {
        step["key"]: _seconds(page, step["limit_at"])
        for step in page["steps"]
        if step["status"] != "foretold"
    }
    for key, line in (("first-call", 1), ("text", 3), ("backup", 4), ("again", 5)):
        assert said[line].startswith(f"within {limits[key]} seconds"), (key, said[line], limits)
    assert said[6].startswith(f"within {limits['supervisor'] // 60} minutes")
    assert {"contact", "decide"} <= set(limits)


async def test_the_card_follows_consent_the_channel_and_unsafe_homes(world: World) -> None:
    await world.client("Ana", ends=("01", "02"), first_outreach="do_not_ring")
    await world.contact("Ana", "Lee Invented", release=False)
    await world.contact("Ana", "Max Invented", never=True, ends="32")
    card = await card_of(world)
    said = " ".join(await card.lines())
    assert "We call you" not in said
    assert "Maya or Jon reaches you the way you agreed with us." in said
    assert "As things are, we call nobody else for you, unless a life is in danger." in said
    page = await card.page()
    assert "Lee Invented, sister: we do not call them" in page
    assert "Max Invented, sister: we do not call them" in page


async def test_a_danger_word_shows_nowhere_on_the_card(world: World) -> None:
    """R2: somebody else may be reading it."""
    await world.client("Ana", ends=("01", "02"))
    await world.contact("Ana", "Lee Invented", lives_with_client=True)
    card = await card_of(world)
    before = await card.page()
    async with world.house.engine.transaction(world.program_id) as db:
        client = await db.get(Client, (world.program_id, world.clients["Ana"]))
        assert client is not None
        client.danger_word_used_at = world.now
    assert _without_commands(await card.page()) == _without_commands(before)


async def test_a_card_that_has_changed_since_says_so(world: World) -> None:
    await world.client("Ana", ends=("01", "02"))
    card = await card_of(world)
    await card.says(answer="agreed")
    await world.contact("Ana", "Lee Invented")
    assert "This has changed since you said yes on" in await card.page()


async def test_words_typed_while_it_was_open_still_arrive_and_a_double_press_counts_once(
    world: World,
) -> None:
    await world.client("Ana")
    card = await card_of(world)
    command = re.search(r'name="command" value="([^"]+)"', await card.page())
    assert command
    world.house.clock.move(20 * 60)
    for _ in range(2):
        sent = await card.http.post(
            "/c/mine/card", data={"command": command[1], "answer": "change", "wishes": "Text me first"}
        )
        assert sent.headers["location"] == "/c/mine?said=change"
    async with world.house.engine.transaction(world.program_id) as db:
        assert len((await db.scalars(select(DropCardAnswer))).all()) == 1
    assert "My people" not in await card.page(), "reading asks for the PIN again"


def _seconds(page: dict[str, Any], limit: str) -> int:
    return round((datetime.fromisoformat(limit) - datetime.fromisoformat(page["drop_at"])).total_seconds())


def _without_commands(page: str) -> str:
    return re.sub(r'name="command" value="[^"]+"', "", page)
