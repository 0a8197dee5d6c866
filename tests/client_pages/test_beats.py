"""The heartbeat: by socket, by plain request, and what is refused."""

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
import websockets

from app.client_pages import beats, endings, looks
from app.group_sessions.models import Presence
from app.journal.wake import LocalWake
from app.rooms.heartbeat import Beats
from tests.client_pages.conftest import Phone, Room
from tests.client_pages.serving import served


async def test_a_plain_request_beats_too(room: Room) -> None:
    phone = await room.companion_of("Ana")
    for word in ("1", "0", "bye"):
        answer = await phone.http.post("/c/beat", content=word)
        assert answer.json() == {"ok": 1}
    now = room.house.clock.now()
    assert room.ear.heard == [(room.clients["Ana"], w, now) for w in ("visible", "hidden", "goodbye")]


@pytest.mark.parametrize("word", ["", "4", "11", "hello", "x" * 5000, "\u0000", "ï"])
async def test_other_words_are_refused(room: Room, word: str) -> None:
    phone = await room.companion_of("Ana")
    answer = await phone.http.post("/c/beat", content=word.encode(), headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert room.ear.heard == []


async def test_only_the_companion_page_beats(room: Room) -> None:
    """Filling in a form or waiting to be let in is no presence, and a finished page learns that it has ended."""
    path = await room.link_for("Ana")
    stranger, first, second = await room.phone(), await room.phone(), await room.phone()
    json_please = {"Accept": "application/json"}
    refused = await stranger.http.post("/c/beat", content="1", headers=json_please)
    assert (refused.status_code, refused.json()["state"]) == (401, "ended")
    await first.presses(path)
    await second.presses(path)
    assert (await second.http.post("/c/beat", content="1")).json() == {"state": "ended"}
    foreign = await first.http.post("/c/beat", content="1", headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    await room.change_meeting(state="closed", closed_at=room.house.clock.now())
    assert (await first.http.post("/c/beat", content="1")).json() == {"state": "ended"}
    assert room.ear.heard == []


def _socket(base: str, phone: Phone | None, origin: str | None = None) -> websockets.connect:
    headers = {} if phone is None else {"Cookie": f"handrail_page={phone.http.cookies['handrail_page']}"}
    return websockets.connect(
        base.replace("http", "ws") + "/c/beat",
        additional_headers=headers,
        origin=websockets.Origin(origin or base),
        proxy=None,
    )


async def test_the_socket_hears_and_says_nothing_but_that_it_heard(room: Room) -> None:
    phone = await room.companion_of("Ana")
    async with served(room.house.app) as base, _socket(base, phone) as line:
        for word in ("1", "0", "1"):
            await line.send(word)
            assert json.loads(await line.recv()) == {"ok": 1}
        assert room.ear.words == ["visible", "hidden", "visible"]

        await room.change_meeting(state="closed", closed_at=room.house.clock.now())
        room.house.clock.move(31)
        await line.send("1")
        assert json.loads(await line.recv()) == {"state": "ended"}
        with pytest.raises(websockets.ConnectionClosed):
            await line.recv()


async def test_a_page_learns_with_its_next_beat_that_its_group_has_closed(room: Room) -> None:
    """Without a look of its own: every page of a process shares one, made only after something was written."""
    phone = await room.companion_of("Ana")
    wake: LocalWake = room.house.app.state.wake
    async with served(room.house.app) as base, _socket(base, phone) as line:
        await line.send("1")
        assert json.loads(await line.recv()) == {"ok": 1}
        await room.change_meeting(state="closed", closed_at=room.house.clock.now())
        wake.announce(room.house.program, 1)
        await asyncio.sleep(looks.AT_MOST_EVERY_SECONDS)
        room.house.clock.move(5)
        await line.send("1")
        assert json.loads(await line.recv()) == {"state": "ended"}


async def test_a_database_that_is_away_turns_nobody_away(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await room.companion_of("Ana")
    known: endings.Endings = room.house.app.state.endings

    def away(_program_id: object) -> None:
        raise OSError

    async with served(room.house.app) as base, _socket(base, phone) as line:
        with monkeypatch.context() as gone:
            gone.setattr(room.house.database, "transaction", away)
            assert not await known.over(room.house.program, uuid4())
        await line.send("1")
        assert json.loads(await line.recv()) == {"ok": 1}


async def test_sockets_without_the_right_cookie_or_origin_are_not_opened(room: Room) -> None:
    phone = await room.companion_of("Ana")
    async with served(room.house.app) as base:
        for attempt in (_socket(base, None), _socket(base, phone, "https://elsewhere.example")):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await attempt
            assert refused.value.response.status_code == 403
        phone.http.cookies.set("handrail_page", f"{uuid4().hex}.{uuid4().hex}.{'a' * 43}", domain="127.0.0.1")
    assert room.ear.heard == []


@pytest.mark.parametrize("word", ["hello", "", "1" * 9000, b"1", b"\xff"])
async def test_a_socket_that_says_anything_else_is_closed(room: Room, word: str | bytes) -> None:
    phone = await room.companion_of("Ana")
    async with served(room.house.app) as base, _socket(base, phone) as line:
        await line.send(word)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await line.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    assert room.ear.heard == []


async def test_a_flood_of_beats_is_cut_off(room: Room) -> None:
    phone = await room.companion_of("Ana")
    async with served(room.house.app) as base, _socket(base, phone) as line:
        for _ in range(beats.MOST_WORDS):
            await line.send("1")
        with pytest.raises(websockets.ConnectionClosed):
            await _drain(line)
    assert len(room.ear.heard) <= beats.MOST_WORDS
    statuses = {(await phone.http.post("/c/beat", content="1")).status_code for _ in range(130)}
    assert statuses == {200, 429}


async def _drain(line: websockets.ClientConnection) -> None:
    while True:
        await line.recv()


async def test_a_page_stays_heard_while_the_database_is_away(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await room.companion_of("Ana")
    async with served(room.house.app) as base, _socket(base, phone) as line:

        def away(*_: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(room.house.app.state, "database", type("Away", (), {"transaction": away})())
        room.house.clock.move(31)
        await line.send("1")
        assert json.loads(await line.recv()) == {"ok": 1}
        shown = await phone.opens("/c/here")
        assert shown.status_code == 503
        assert "The problem is on our side" in shown.text
        assert "+1 503-555-0100" in shown.text, "the number as last read"
        assert (await phone.sends("/c/note", command=str(uuid4()), note="hello")).status_code == 503
    assert room.ear.words == ["visible"]


async def test_a_page_that_vanishes_leaves_no_error_behind(room: Room) -> None:
    phone = await room.companion_of("Ana")
    async with served(room.house.app) as base:
        line = await _socket(base, phone)
        await line.send("1")
        await line.recv()
        line.transport.abort()
        await asyncio.sleep(0.1)
        async with httpx.AsyncClient(base_url=base) as another:
            assert (await another.get("/c/here")).status_code == 401


async def test_the_rooms_intake_writes_what_the_page_said(room: Room) -> None:
    house = room.house
    house.app.state.beats = intake = Beats(house.database, house.clock)
    phone = await room.companion_of("Ana")
    for word in ("1", "0"):
        assert (await phone.http.post("/c/beat", content=word)).json() == {"ok": 1}
        house.clock.move(5)
    await phone.http.post("/c/beat", content="bye")
    await intake.once()
    [presence] = await room.rows(Presence)
    said_bye = house.clock.now()
    assert (presence.last_beat_at, presence.page_visible) == (said_bye - timedelta(seconds=5), False)
    assert presence.goodbye_at == said_bye
    await phone.taps("moment")
    [presence] = await room.rows(Presence)
    assert presence.state == "away"
