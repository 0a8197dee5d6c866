"""Forged, malformed, oversized and wrongly typed requests on public routes: a clear refusal, no 500, no effect."""

import json
from typing import Any
from uuid import uuid4

import pytest

from app.staff.access import COOKIE
from tests.house import PASSPHRASE, House

PUBLIC: dict[str, dict[str, Any]] = {
    "/api/sign-in": {"email": "sam@harbor.example", "passphrase": PASSPHRASE},
    "/api/sign-in/totp": {"code": "123456"},
    "/api/sign-in/recovery": {"code": "ABCD-EFGH-JKMN"},
    "/api/sign-in/enrol": {"token": "x.y"},
    "/api/sign-in/enrol/finish": {
        "token": "x.y",
        "passphrase": PASSPHRASE,
        "code": "123456",
        "pin": "480392",
    },
    "/api/demo/sign-in": {"staff_id": "00000000-0000-4000-8000-000000000000"},
    "/api/unlock": {"pin": "480392"},
    "/api/me/pin": {"pin": "480392", "passphrase": PASSPHRASE},
    "/api/sign-out": {},
    "/api/sign-out-everywhere": {},
    "/api/lock": {},
    "/api/staff": {"name": "A", "email": "a@b.example", "roles": ["clinician"]},
}
ODD: list[Any] = [
    None,
    17,
    True,
    [],
    {},
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e",
    "x" * 5000,
    "' or 1=1 --",
    "🧗" * 50,
]


@pytest.mark.parametrize("path", PUBLIC)
async def test_odd_values_are_refused(house: House, path: str) -> None:
    browser = await house.browser()
    for name in PUBLIC[path]:
        for odd in ODD:
            answer = await browser.http.post(
                path,
                content=_json({**PUBLIC[path], name: odd}),
                headers={"Content-Type": "application/json", "Command-Id": "0" * 32},
            )
            assert 400 <= answer.status_code < 500, (path, name, odd, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert PASSPHRASE not in answer.text


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe\x00", b"[" * 20000, b"x" * 70000, b'{"a":1e999}']
)
async def test_odd_bodies_are_refused(house: House, path: str, body: bytes) -> None:
    browser = await house.browser()
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = await browser.http.post(path, content=body, headers={"Content-Type": kind})
        assert 400 <= answer.status_code < 500, (path, kind, answer.text)


async def test_an_administrator_can_break_nothing_with_odd_words(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    for odd in ODD[6:]:
        for body in ({"name": odd}, {"title": odd}, {"first_name": odd}):
            answer = await ruth.http.post(
                "/api/staff",
                content=_json({**PUBLIC["/api/staff"], **body}),
                headers={"Content-Type": "application/json", "Command-Id": _command()},
            )
            assert answer.status_code < 500, (odd, body, answer.text)


async def test_a_forged_cookie_opens_nothing(house: House) -> None:
    await house.staff("Sam Okafor", "clinician")
    stranger = await house.browser()
    for forged in (f"{house.program.hex}.{'A' * 43}", f"{house.program.hex}.é", "0" * 32 + ".x"):
        header = f"{COOKIE}={forged}".encode()
        for path in ("/api/me", "/api/staff"):
            assert (await stranger.http.get(path, headers={b"Cookie": header})).status_code == 401
        totp = await stranger.http.post("/api/sign-in/totp", json={"code": "1"}, headers={b"Cookie": header})
        assert totp.status_code == 401


def _json(body: dict[str, Any]) -> bytes:
    """As a program would send it: lone surrogates escaped, which is legal JSON and illegal text."""
    return json.dumps(body).encode()


def _command() -> str:
    return str(uuid4())
