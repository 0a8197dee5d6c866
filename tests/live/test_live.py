"""The live socket: who may open it, where it goes on from, and when it tells a browser to start again."""

import asyncio
import json
from uuid import uuid4

import pytest
import websockets

from app.engine import state
from app.journal import read
from tests.house import PIN
from tests.live.boards import Boards

RESET = {"reset": True}


async def _head(boards: Boards) -> int:
    async with boards.world.house.engine.transaction(None) as db:
        return await read.head(db, boards.world.program_id)


async def test_a_board_hears_a_drop_and_what_people_press(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana")
    maya = await boards.of("Maya")
    await world.drops("Ana")
    await maya.until(await _head(boards))
    [alert] = [card for card in maya.cards.values() if card["kind"] == "incident"]
    assert alert["name"] == "Ana R."
    assert alert["owner"] is None

    jon = await world.screen("Jon")
    await jon.press("Ana", "take")
    await maya.until(await _head(boards))
    assert maya.cards[alert["id"]]["owner"]["name"] == "Jon Bell"


async def test_a_socket_goes_on_where_its_browser_left_off(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana")
    maya = await boards.of("Maya")
    await maya.line.close()
    await world.drops("Ana")
    await (await world.screen("Jon")).press("Ana", "take")

    maya.line = await boards.open_socket(maya.browser)
    await maya.line.send(json.dumps({"after": maya.seq}))
    await maya.agrees("a socket that was away")
    assert "incident" in {card["kind"] for card in maya.cards.values()}


@pytest.mark.parametrize("ahead", [1, 10_000_000])
async def test_a_cursor_from_the_future_starts_again(boards: Boards, ahead: int) -> None:
    """As after a restore: the browser knows entries that the database does not."""
    browser = (await boards.world.screen("Maya")).browser
    seq = await _head(boards)
    assert await boards.says(browser, json.dumps({"after": seq + ahead})) == [RESET]


async def test_an_unknown_cursor_starts_again(boards: Boards) -> None:
    browser = (await boards.world.screen("Maya")).browser
    assert await boards.says(browser, json.dumps({"after": -1})) == [RESET]


async def test_a_backlog_that_is_too_long_starts_again(
    boards: Boards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.board.publisher.BACKLOG", 3)
    await boards.world.client("Ana")
    browser = (await boards.world.screen("Maya")).browser
    seq = await _head(boards)
    assert await boards.says(browser, json.dumps({"after": seq - 4})) == [RESET]
    line = await boards.open_socket(browser)
    await line.send(json.dumps({"after": seq - 3}))
    assert json.loads(await line.recv())["seq"] == seq


async def test_a_cursor_from_before_somebody_changed_what_this_person_may_see_starts_again(
    boards: Boards,
) -> None:
    house = boards.world.house
    ruth = await house.staff("Ruth Alvarez", "administrator")
    tess = await house.add_person("Tess Amano", "clinician")
    browser = await house.signed_in(tess)
    before = (await browser.get("/api/board")).json()["seq"]
    changed = await ruth.patch(f"/api/staff/{tess.id}", roles=["clinician", "supervisor"])
    assert changed.status_code == 200, changed.text
    assert await boards.says(browser, json.dumps({"after": before})) == [RESET]


@pytest.mark.parametrize(
    "first",
    ["", "x", "[]", "{}", "null", '{"after":"1"}', '{"after":null}', '{"after":true}', '{"after":1.5}'],
)
async def test_a_first_message_that_is_none_is_refused(boards: Boards, first: str) -> None:
    browser = (await boards.world.screen("Maya")).browser
    async with boards.connect(browser) as line:
        await line.send(first)
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await line.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "after_missing")


@pytest.mark.parametrize("word", ["x" * 2000, "no json", "x" * 20_000])
async def test_what_no_browser_of_ours_says_ends_the_socket(boards: Boards, word: str) -> None:
    maya = await boards.of("Maya")
    await maya.line.send(word)
    assert await maya.is_cut_off() in (1000, 1009)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:9", "null", None])
async def test_another_sites_page_opens_no_socket(boards: Boards, origin: str | None) -> None:
    browser = (await boards.world.screen("Maya")).browser
    async with boards.connect(browser, origin=origin) as line:
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await line.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_nobody_opens_a_socket_without_a_sign_in(boards: Boards) -> None:
    async with boards.connect(None) as line:
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await line.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_disabling_somebody_closes_their_sockets_within_a_second(boards: Boards) -> None:
    house = boards.world.house
    ruth = await house.staff("Ruth Alvarez", "administrator")
    jon = await boards.of("Jon")
    dana = await boards.of("Dana")
    answer = await ruth.patch(f"/api/staff/{boards.world.people['Jon'].id}", disabled=True)
    assert answer.status_code == 200, answer.text
    await jon.is_cut_off(within=1.0)
    assert not any(message.get("cards") for message in jon.heard)
    await dana.agrees("somebody else was disabled")


async def test_a_sign_out_closes_the_socket_of_that_browser_only(boards: Boards) -> None:
    here = await boards.of("Jon")
    # A code of the authenticator is good once.
    boards.world.house.clock.move(30)
    there = await boards.of("Jon")
    assert (await here.browser.post("/api/sign-out")).status_code == 204
    await here.is_cut_off(within=1.0)
    await there.agrees("a sign-out elsewhere")


@pytest.mark.row("R14")
async def test_a_locked_screen_hears_that_something_is_wrong_and_never_who(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana", tier="high")
    maya = await boards.of("Maya")
    assert (await maya.browser.post("/api/lock")).status_code == 204
    await maya.is_cut_off()
    assert RESET in maya.heard

    line = await boards.open_socket(maya.browser)
    await line.send(json.dumps({"after": maya.seq}))
    words = [await line.recv()]
    await world.drops("Ana")
    while not json.loads(words[-1]).get("alarms"):
        words.append(await asyncio.wait_for(line.recv(), 10))
    [alarm] = json.loads(words[-1])["alarms"]
    assert (alarm["tile"], alarm["tier"]) == (1, "high")
    for word in words:
        assert json.loads(word).keys() <= {"locked", "seq", "alarms", "beat"}, word
        assert "Ana" not in word
        assert str(world.clients["Ana"]) not in word

    assert (await maya.browser.post("/api/unlock", pin=PIN)).status_code == 200
    while json.loads(words[-1]) != RESET:
        words.append(await asyncio.wait_for(line.recv(), 10))


async def test_nothing_of_another_program_ever_appears(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana")
    stranger = await world.house.add_person("Sol Vega", "supervisor", "clinician", program="Elsewhere")
    theirs = await boards.of_browser(await world.house.signed_in(stranger))
    maya = await boards.of("Maya")
    await world.drops("Ana")
    await maya.until(await _head(boards))
    await asyncio.sleep(1.5)
    await (await world.house.staff("Ruth Alvarez", "administrator", program="Elsewhere")).post(
        "/api/sign-out"
    )
    while not any("cards" in message for message in theirs.heard):
        await theirs.next()
    assert theirs.cards == {}
    assert str(world.clients["Ana"]) not in json.dumps(theirs.heard)


async def test_a_colleague_of_another_group_sees_that_time_goes_on_and_nothing_else(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana")
    tess = await boards.of_browser(await world.house.staff("Tess Amano", "clinician"))
    await world.drops("Ana")
    seq = await _head(boards)
    await tess.until(seq)
    assert tess.cards == {}
    assert not any(message.get("cards") or message.get("gone") for message in tess.heard)


async def test_a_beat_says_every_five_seconds_that_the_board_is_live(boards: Boards) -> None:
    loop = asyncio.get_running_loop()
    maya = await boards.of("Maya")
    async with boards.world.house.engine.transaction(None) as db:
        await state.recognise(db)
    await boards.world.engine.look_after()
    at: list[float] = []
    while len(at) < 2:
        if "beat" in (message := await maya.next(within=8)):
            at.append(loop.time())
    assert 4.5 <= at[1] - at[0] <= 6.5
    assert message["seq"] == await _head(boards)
    assert message["beat"]["engine_tick"] is not None
    assert message["beat"]["telephone"] == "simulated"


async def test_an_alert_that_was_on_a_visible_screen_is_recorded_once(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana", tier="high")
    maya = await boards.of("Maya")
    await world.drops("Ana")
    incident = await world.incident("Ana")
    seen = await _head(boards) + 1
    for _ in range(3):
        await maya.line.send(json.dumps({"seen": maya.seq, "incident": str(incident.id)}))
    await maya.line.send(json.dumps({"seen": maya.seq, "incident": str(uuid4())}))
    await maya.line.send(json.dumps({"seen": maya.seq, "incident": "nonsense"}))
    await maya.until(seen)
    await asyncio.sleep(0.3)
    assert await world.house.entries("incident.alert_seen") == [
        ("incident.alert_seen", world.people["Maya"].id)
    ]
    assert await _head(boards) == seen


async def test_a_stranger_to_the_group_cannot_say_that_an_alert_was_seen(boards: Boards) -> None:
    world = boards.world
    await world.client("Ana", tier="high")
    tess = await boards.of_browser(await world.house.staff("Tess Amano", "clinician"))
    await world.drops("Ana")
    incident = await world.incident("Ana")
    await tess.line.send(json.dumps({"seen": tess.seq, "incident": str(incident.id)}))
    await asyncio.sleep(0.5)
    assert await world.house.entries("incident.alert_seen") == []
