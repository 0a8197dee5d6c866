"""The lock, and every other way in which a sign-in stops to hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from app.errors import NotSignedIn
from app.journal.kinds import Kind
from app.staff.access import COOKIE, Viewer, refreshed, signed_in, viewer_of_socket
from app.staff.models import SignIn
from app.staff.origin import ForeignOrigin
from tests.house import BASE, PASSPHRASE, PIN, Browser, House


async def test_after_fifteen_idle_minutes_the_screen_locks_and_the_pin_opens_it(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    house.clock.move(15 * 60)
    assert (await sam.get("/api/staff")).status_code == 200, "not yet"
    house.clock.move(15 * 60 + 1)
    locked = await sam.get("/api/staff")
    assert (locked.status_code, locked.json()["code"]) == (423, "locked")
    assert (await sam.get("/api/me")).json()["locked"] is True
    assert await house.entries(Kind.locked) == [(Kind.locked, sam.me.id if sam.me else None)]

    # Locked for good: nothing but the PIN opens it, however active the browser is.
    for path in ("/api/me/preferences", "/api/me/still-here"):
        assert (await sam.post(path)).status_code == 423
    assert (await sam.post("/api/unlock", pin=PIN)).json()["locked"] is False
    assert (await sam.get("/api/staff")).status_code == 200


async def test_work_keeps_the_screen_open_and_a_screen_that_refreshes_itself_does_not(house: House) -> None:
    sam, ana = await house.staff("Sam Okafor", "clinician"), await house.staff("Ana Reyes", "clinician")
    ana.http.headers["Handrail-Background"] = "1"
    for _ in range(16):
        house.clock.move(60)
        assert (await sam.get("/api/staff")).status_code == 200
        last = await ana.get("/api/staff")
    assert last.status_code == 423


async def test_a_person_locks_the_screen_themselves(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    assert (await sam.post("/api/lock")).status_code == 204
    assert (await sam.get("/api/staff")).status_code == 423
    assert (await sam.post("/api/unlock", pin=PIN)).status_code == 200
    assert [kind for kind, _ in await house.entries(Kind.locked, Kind.unlocked)] == [
        Kind.locked,
        Kind.unlocked,
    ]


async def test_five_wrong_pins_end_the_sign_in(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    await sam.post("/api/lock")
    answers = [await sam.post("/api/unlock", pin=f"99999{n}") for n in range(5)]
    assert [a.status_code for a in answers] == [403] * 4 + [401]
    assert "1 try left" in answers[3].json()["detail"]
    assert (await sam.post("/api/unlock", pin=PIN)).status_code == 401
    assert (await sam.get("/api/me")).status_code == 401


async def test_a_forgotten_pin_is_set_again_with_the_passphrase(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    await sam.post("/api/lock")
    wrong = await sam.post("/api/me/pin", pin="739164", passphrase="not the passphrase of Sam")
    assert wrong.json()["fields"].keys() == {"passphrase"}
    assert (await sam.post("/api/me/pin", pin="111111", passphrase=PASSPHRASE)).status_code == 422
    assert (await sam.post("/api/me/pin", pin="739164", passphrase=PASSPHRASE)).status_code == 204
    assert (await sam.get("/api/staff")).status_code == 423, "a new PIN is not yet an unlocked screen"
    assert (await sam.post("/api/unlock", pin="739164")).status_code == 200


async def test_signing_out_ends_it_on_the_server(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    kept = sam.http.cookies.get(COOKIE)
    assert (await sam.post("/api/sign-out")).status_code == 204
    sam.http.cookies.set(COOKIE, kept or "")
    assert (await sam.get("/api/me")).status_code == 401


async def test_signing_out_everywhere_ends_the_other_browsers_too(house: House) -> None:
    desk = await house.staff("Sam Okafor", "clinician")
    colleague = await house.staff("Ana Reyes", "clinician")
    house.clock.move(60)
    assert desk.me
    laptop = await house.signed_in(desk.me)
    assert (await laptop.post("/api/sign-out-everywhere")).status_code == 204
    assert (await desk.get("/api/me")).status_code == 401
    assert (await colleague.get("/api/me")).status_code == 200


async def test_disabling_somebody_ends_their_sign_ins_and_tells_the_sockets(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    sam = await house.staff("Sam Okafor", "clinician")
    assert sam.me
    viewer = await _viewer(house, sam)
    assert (await ruth.patch(f"/api/staff/{sam.me.id}", disabled=True)).status_code == 200
    assert (await sam.get("/api/me")).status_code == 401
    async with house.database.transaction(house.program) as db:
        assert await refreshed(db, viewer) is None
    # Switched on again, the old sign-ins stay ended.
    assert (await ruth.patch(f"/api/staff/{sam.me.id}", disabled=False)).json()["disabled"] is False
    assert (await sam.get("/api/me")).status_code == 401


async def test_a_changed_role_counts_at_once_and_carries_its_entry(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    sam = await house.staff("Sam Okafor", "clinician")
    assert sam.me
    before = await _viewer(house, sam)
    changed = await ruth.patch(f"/api/staff/{sam.me.id}", roles=["clinician", "supervisor"])
    assert changed.json()["roles"] == ["clinician", "supervisor"]
    async with house.database.transaction(house.program) as db:
        after = await refreshed(db, before)
    assert after
    assert after.roles == {"clinician", "supervisor"}
    assert after.access_seq > before.access_seq
    assert await house.entries(Kind.access_changed) == [
        (Kind.access_changed, ruth.me.id if ruth.me else None)
    ]


async def test_an_open_socket_does_not_keep_the_screen_open(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    viewer = await _viewer(house, sam)
    house.clock.move(15 * 60 + 1)
    async with house.database.transaction(house.program) as db:
        now = await refreshed(db, viewer)
    assert now
    assert now.locked


async def test_being_seen_is_written_at_most_every_half_minute(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")

    async def last_seen() -> datetime:
        async with house.engine.transaction(None) as db:
            seen: datetime = (
                await db.scalars(select(SignIn.last_seen_at).where(SignIn.stage == "full"))
            ).one()
        return seen.astimezone(UTC)

    start = await last_seen()
    house.clock.move(20)
    await sam.get("/api/staff")
    assert await last_seen() == start
    house.clock.move(20)
    await sam.get("/api/staff")
    assert await last_seen() == start + timedelta(seconds=40)


async def test_nonsense_in_the_cookie_is_nobody(house: House) -> None:
    browser = await house.browser()
    for nonsense in (
        "",
        ".",
        "x.y",
        "z" * 32 + ".t",
        house.program.hex,
        f"{house.program.hex}.",
        "\x00.\x00",
    ):
        browser.http.cookies.clear()
        answer = await browser.http.get("/api/me", headers={"Cookie": f"{COOKIE}={nonsense}"})
        assert answer.status_code == 401, nonsense


async def test_a_token_of_one_program_opens_no_other(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    token = (sam.http.cookies.get(COOKIE) or "").partition(".")[2]
    stranger = await house.browser()
    stranger.http.cookies.set(COOKIE, f"{house.programs['Elsewhere'].hex}.{token}")
    assert (await stranger.get("/api/me")).status_code == 401


async def test_a_socket_opens_for_our_own_page_and_a_standing_sign_in_only(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    assert sam.me

    async def opened(origin: str | None, cookie: bytes) -> Viewer:
        headers = [(b"cookie", cookie)] + ([(b"origin", origin.encode())] if origin else [])
        scope = {"type": "websocket", "app": house.app, "headers": headers}
        return await viewer_of_socket(WebSocket(scope, _nothing, _nothing))

    assert (await opened(BASE, _cookies(sam))).staff_id == sam.me.id
    for origin in (None, "null", "https://evil.example", "http://127.0.0.1:9999"):
        with pytest.raises(ForeignOrigin):
            await opened(origin, _cookies(sam))
    with pytest.raises(NotSignedIn):
        await opened(BASE, f"{COOKIE}=nobody".encode())
    house.clock.move(15 * 60 + 1)
    assert (await opened(BASE, _cookies(sam))).locked, "a locked screen still hears that something is wrong"
    await sam.post("/api/sign-out")
    with pytest.raises(NotSignedIn):
        await opened(BASE, _cookies(sam))


async def _nothing(*_: object) -> Any:
    raise AssertionError("nothing is sent or received before the socket is accepted")


async def _viewer(house: House, browser: Browser) -> Viewer:
    scope = {"type": "http", "app": house.app, "headers": [(b"cookie", _cookies(browser))]}
    return await signed_in(HTTPConnection(scope), active=False)


def _cookies(browser: Browser) -> bytes:
    return f"{COOKIE}={browser.http.cookies.get(COOKIE)}".encode()
