"""The link: fetched by anybody without effect, pressed once, bound to one device (R4)."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.client_pages import side_pages, tokens
from app.client_pages.logs import HideTokens, hide_sockets, hide_tokens
from tests.client_pages.conftest import Room


async def test_fetching_a_link_changes_nothing_and_says_nothing(room: Room) -> None:
    path = await room.link_for("Ana")
    before = await room.everything()
    preview = await room.phone()
    for _ in range(3):
        shown = await preview.opens(path, **{"User-Agent": "preview", "Sec-Fetch-Site": "cross-site"})
        assert shown.status_code == 200
    assert await room.everything() == before
    assert "set-cookie" not in shown.headers
    assert "Ana" not in shown.text
    assert "Maya" not in shown.text
    assert "Harbor" not in shown.text
    guessed = await preview.opens("/c/" + tokens.new_token(uuid4()))
    assert guessed.text == shown.text, "a guess must not read differently"
    assert (await (await room.phone()).presses(path)).status_code == 303


async def test_answers_are_kept_by_nobody_and_framed_by_nobody(room: Room) -> None:
    phone = await room.companion_of("Ana")
    for address in (await room.link_for("Ana"), "/c/here"):
        headers = (await phone.opens(address)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        policy = headers["content-security-policy"]
        for rule in ("default-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy


async def test_a_press_binds_the_link_to_the_device_and_leaves_the_token_behind(room: Room) -> None:
    path = await room.link_for("Ana")
    phone = await room.phone()
    pressed = await phone.presses(path)
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/c/here")
    cookie = pressed.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/c" in cookie
    token = path.rpartition("/")[2]
    async with room.house.engine.transaction(None) as db:
        dump = str((await db.execute(text("select l::text from client_link l"))).scalars().all())
    assert token not in dump
    assert tokens.hashed(token).hex() in dump
    shown = await phone.page()
    assert token not in shown
    assert [kind for kind, _ in await room.journal()][-2:] == [
        "group_session.link_made",
        "group_session.device_admitted",
    ]
    again = await phone.presses(path)
    assert (again.status_code, again.headers["location"]) == (303, "/c/here")
    assert "Ring us, and we open it here" not in await phone.page()


@pytest.mark.row("R4")
async def test_another_device_is_told_to_ring_and_staff_let_it_in_with_one_press(room: Room) -> None:
    path = await room.link_for("Ana")
    first, second = await room.phone(), await room.phone()
    await first.presses(path)
    assert (await second.presses(path)).status_code == 303
    waiting = await second.page()
    assert "Ring us, and we open it here" in waiting
    assert "tel:+15035550100" in waiting
    assert "Home" not in waiting
    assert "Maya" not in waiting
    assert (await room.journal())[-1][0] == "group_session.device_waiting"
    refused = await second.presses("/c/moment", command=str(uuid4()))
    assert refused.headers["location"] == "/c/here"
    assert await room.told() == []
    assert "Before" in await first.page()

    staff = await room.staff(room.jon)
    admitted = await staff.post(room.staff_path("Ana", "admit-device"))
    assert admitted.status_code == 200
    assert admitted.json()["waiting_since"]
    assert "Before" in await second.page()
    gone = await first.opens("/c/here")
    assert gone.status_code == 401
    assert "belongs to another device" in gone.text
    assert 'href="/c/calm"' in gone.text
    nobody = await staff.post(room.staff_path("Ana", "admit-device"))
    assert (nobody.status_code, nobody.json()["code"]) == (404, "nobody_waits")


async def test_a_fresh_link_ends_unused_ones_and_takes_over_only_when_pressed(room: Room) -> None:
    unused = await room.link_for("Ana")
    used = await room.link_for("Ana")
    phone, other = await room.phone(), await room.phone()
    assert (await phone.presses(unused)).status_code == 404
    await phone.presses(used)
    fresh = await room.link_for("Ana")
    assert "Before" in await phone.page(), "a link made by mistake cuts nobody off"
    assert (await other.presses(fresh)).status_code == 303
    assert "Before" in await other.page()
    assert (await phone.opens("/c/here")).status_code == 401


async def test_guessed_ended_foreign_and_misspelt_links_read_the_same(room: Room) -> None:
    path = await room.link_for("Ana")
    ended = await room.link_for("Ana")
    await room.change_meeting(
        state="closed", closed_at=room.house.clock.now() - timedelta(hours=1, seconds=1)
    )
    phone = await room.phone()
    guessed = "/c/" + tokens.new_token(room.program)
    texts = set()
    for address in (path, ended, guessed):
        answer = await phone.presses(address)
        assert answer.status_code == 404
        texts.add(answer.text)
    assert len(texts) == 1
    assert "+1 503-555-0100" in texts.pop()
    elsewhere = tokens.new_token(uuid4())
    for address in ("/c/" + elsewhere, "/c/short", "/c/" + "A" * 54, path[:-1], path + "x", "/c/%00%ff"):
        answer = await phone.presses(address)
        assert answer.status_code == 404, address
        assert "Ana" not in answer.text


async def test_a_link_lasts_as_long_as_the_meeting_and_an_hour(room: Room) -> None:
    phone = await room.companion_of("Ana")
    room.house.clock.move(5 * 3600)
    assert "You’re connected" in await phone.page(), "an open group that runs over cuts nobody off"
    await room.change_meeting(state="closed", closed_at=room.house.clock.now())
    assert "That was it for today" in await phone.page()
    room.house.clock.move(3601)
    assert (await phone.opens("/c/here")).status_code == 401


async def test_a_link_used_days_before_waits_for_the_day(room: Room) -> None:
    """P1: a place told days before would pass for today's."""
    starts = room.house.clock.now() + timedelta(days=2)
    await room.change_meeting(
        state="scheduled", opened_at=None, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    phone = await room.phone_of("Ana")
    assert "You’re early" in await phone.page()
    answer = await phone.presses("/c/here", command=str(uuid4()), place="same")
    assert answer.status_code == 303
    assert await room.places() == []
    room.house.clock.move(timedelta(days=2, hours=-1).total_seconds())
    assert "Are you at Home, as usual?" in await phone.page()


async def test_taken_off_the_list_ends_the_page(room: Room) -> None:
    phone = await room.companion_of("Ana")
    async with room.house.engine.transaction(None) as db:
        await db.execute(
            text("update presence set removed_at = made_at from client where client.id = client_id")
        )
    assert (await phone.opens("/c/here")).status_code == 401


@pytest.mark.parametrize("path", ["link", "admit-device"])
async def test_links_are_for_staff_of_the_group(room: Room, path: str) -> None:
    house = room.house
    nobody = await house.browser()
    assert (await nobody.post(room.staff_path("Ana", path))).status_code == 401
    for name, roles, program in (
        ("Pat Other", ("clinician",), "Harbor"),
        ("Ada Office", ("administrator",), "Harbor"),
        ("Eve Elsewhere", ("supervisor",), "Elsewhere"),
    ):
        browser = await house.staff(name, *roles, program=program)
        assert (await browser.post(room.staff_path("Ana", path))).status_code == 404, name
    supervisor = await house.staff("Sam Super", "supervisor")
    answer = await supervisor.post(room.staff_path("Ana", path))
    assert answer.status_code == 200 if path == "link" else answer.json()["code"] == "nobody_waits"
    assert (
        await supervisor.post(room.staff_path("Ana", path).replace(str(room.clients["Ana"]), str(uuid4())))
    ).status_code == 404


async def test_forms_of_other_sites_are_refused(room: Room) -> None:
    path = await room.link_for("Ana")
    phone = await room.phone()
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = await phone.http.post(path, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    del phone.http.headers["Sec-Fetch-Site"]
    assert (await phone.presses(path)).status_code == 303, "phones of a few years ago say only `Origin: null`"


def test_nobodys_network_address_is_in_the_log_for_a_socket(caplog: pytest.LogCaptureFixture) -> None:
    hide_sockets("uvicorn.error.test")
    log = logging.getLogger("uvicorn.error.test")
    with caplog.at_level(logging.INFO, "uvicorn.error.test"):
        log.info('%s - "WebSocket %s" [accepted]', "203.0.113.7:5", "/c/beat")
        log.info("connection open")
        log.info("Uvicorn running on %s", "http://127.0.0.1:8000")
        log.error("data transfer failed")
    assert [record.getMessage() for record in caplog.records] == [
        "Uvicorn running on http://127.0.0.1:8000",
        "data transfer failed",
    ]


def test_the_token_stays_out_of_the_access_log(caplog: pytest.LogCaptureFixture) -> None:
    token = tokens.new_token(uuid4())
    whole = f"GET /c/{token} and more"
    hide_tokens("uvicorn.access.test")
    hide_tokens("uvicorn.access.test")
    log = logging.getLogger("uvicorn.access.test")
    assert len([known for known in log.filters if isinstance(known, HideTokens)]) == 1
    with caplog.at_level(logging.INFO, "uvicorn.access.test"):
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "POST", f"/c/{token}?lang=es", "1.1", 303)
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "POST", f"/c/{token[:-4]}", "1.1", 404)
        log.info(whole)
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", "/c/here?said=note", "1.1", 200)
    assert token[:-4] not in caplog.text
    assert "/c/…" in caplog.text
    assert "/c/here?said=note" in caplog.text


async def test_a_bug_is_a_page_that_says_whom_to_ring(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await room.companion_of("Ana")
    monkeypatch.delattr(side_pages, "for_clients")
    shown = await phone.opens("/c/help")
    assert shown.status_code == 500
    assert "The problem is on our side" in shown.text
    assert "+1 503-555-0100" in shown.text
