"""Signing in: two factors, each code once, few guesses, and answers that tell a stranger nothing."""

import asyncio
import statistics
import time
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import select

from app.journal.kinds import Kind
from app.staff import actions
from app.staff.access import ABSOLUTE, COOKIE
from app.staff.demo import DEMO_PROGRAM_ID
from app.staff.models import Program, SignIn
from tests.house import BASE, PASSPHRASE, PIN, House


async def test_a_clinician_signs_in_with_passphrase_and_code(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    assert (await browser.get("/api/me")).status_code == 401

    first = await browser.post("/api/sign-in", email=" Sam.Okafor@HARBOR.example ", passphrase=PASSPHRASE)
    assert first.json() == {"next": "totp"}
    assert (await browser.get("/api/me")).status_code == 401, "the passphrase alone opens nothing"

    second = await browser.post("/api/sign-in/totp", code=browser.code(sam))
    me = second.json()
    assert (me["first_name"], me["roles"], me["locked"], me["has_pin"]) == ("Sam", ["clinician"], False, True)
    assert me["program"]["kind"] == "live"
    assert (await browser.get("/api/me")).json() == me
    cookie = second.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert await house.entries(Kind.signed_in) == [(Kind.signed_in, sam.id)]


async def test_the_cookie_is_secure_except_on_loopback(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    answer = await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    assert "Secure" not in answer.headers["set-cookie"]
    house.app.state.settings = house.app.state.settings.model_copy(
        update={"public_base_url": "https://handrail.example.org"}
    )
    browser.http.headers["Origin"] = "https://handrail.example.org"
    answer = await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    assert "Secure" in answer.headers["set-cookie"]


async def test_only_the_hash_of_the_token_is_kept(house: House) -> None:
    browser = await house.staff("Sam Okafor", "clinician")
    token = (browser.http.cookies.get(COOKIE) or "").partition(".")[2]
    async with house.engine.transaction(None) as db:
        kept = (await db.scalars(select(SignIn))).all()
    assert all(token.encode() not in row.token_hash for row in kept)
    assert len({row.token_hash for row in kept}) == 2, "the token after the code is another than before it"


async def test_the_cookie_from_before_the_code_is_worthless_after_it(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    before = browser.http.cookies.get(COOKIE)
    assert (await browser.post("/api/sign-in/totp", code=browser.code(sam))).status_code == 200
    thief = await house.browser()
    thief.http.cookies.set(COOKIE, before or "")
    assert (await thief.get("/api/me")).status_code == 401
    house.clock.move(60)
    assert (await thief.post("/api/sign-in/totp", code=browser.code(sam))).json()["code"] == "begin_again"


async def test_an_unknown_address_and_a_wrong_passphrase_read_the_same(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    known = await browser.post("/api/sign-in", email=sam.email, passphrase="not the passphrase of Sam")
    unknown = await browser.post("/api/sign-in", email="nobody@harbor.example", passphrase=PASSPHRASE)
    assert known.status_code == unknown.status_code == 401
    assert known.json() == unknown.json()
    assert known.json()["code"] == "not_recognised"


async def test_an_unknown_address_takes_as_long_as_a_wrong_passphrase(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")

    async def seconds(email: str) -> float:
        browser = await house.browser()
        started = time.perf_counter()
        await browser.post("/api/sign-in", email=email, passphrase="not the passphrase of Sam")
        return time.perf_counter() - started

    await seconds(sam.email)
    known = statistics.median([await seconds(sam.email) for _ in range(3)])
    unknown = statistics.median([await seconds("nobody@harbor.example") for _ in range(3)])
    assert abs(known - unknown) < 0.1
    assert min(known, unknown) >= 0.3


async def test_a_code_works_once(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    first, second = await house.browser(), await house.browser()
    for browser in (first, second):
        await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    code = first.code(sam)
    answers = await asyncio.gather(
        first.post("/api/sign-in/totp", code=code), second.post("/api/sign-in/totp", code=code)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_a_code_from_the_step_before_works_and_an_older_one_does_not(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    code = browser.code(sam)
    house.clock.move(61)
    assert (await browser.post("/api/sign-in/totp", code=code)).status_code == 401
    late = browser.code(sam)
    house.clock.move(30)
    assert (await browser.post("/api/sign-in/totp", code=f"{late[:3]} {late[3:]}")).status_code == 200


async def test_five_wrong_codes_end_the_attempt(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    for _ in range(5):
        assert (await browser.post("/api/sign-in/totp", code="000000")).json()["code"] == "not_recognised"
    right = await browser.post("/api/sign-in/totp", code=browser.code(sam))
    assert right.json()["code"] == "begin_again"
    assert len(await house.entries(Kind.sign_in_failed)) == 5


async def test_between_passphrase_and_code_ten_minutes_may_pass(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)
    house.clock.move(601)
    assert (await browser.post("/api/sign-in/totp", code=browser.code(sam))).json()["code"] == "begin_again"


async def test_guesses_at_one_address_are_limited_and_a_colleague_is_not_touched(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    ana = await house.add_person("Ana Reyes", "clinician")
    browser = await house.browser()
    answers = [
        await browser.post("/api/sign-in", email=sam.email, passphrase=f"guess number {n} of many")
        for n in range(9)
    ]
    assert [a.status_code for a in answers] == [401] * 8 + [429]
    assert (await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)).status_code == 429
    assert (await browser.post("/api/sign-in", email=ana.email, passphrase=PASSPHRASE)).status_code == 200
    house.clock.move(15 * 60 + 1)
    assert (await browser.post("/api/sign-in", email=sam.email, passphrase=PASSPHRASE)).status_code == 200


async def test_many_guesses_at_once_are_all_counted(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    answers = await asyncio.gather(
        *(
            browser.post("/api/sign-in", email=sam.email, passphrase=f"guess number {n} of many")
            for n in range(12)
        )
    )
    assert sorted(a.status_code for a in answers) == [401] * 8 + [429] * 4


async def test_an_invited_person_enrols_once(house: House) -> None:
    async with house.engine.transaction(None) as db:
        program = await db.get(Program, house.program)
        assert program is not None
        token = await actions.create_admin(db, program, name="Ruth Alvarez", email="ruth@harbor.example")
    browser = await house.browser()
    begun = (await browser.post("/api/sign-in/enrol", token=token)).json()
    assert (begun["email"], begun["name"]) == ("ruth@harbor.example", "Ruth Alvarez")
    assert begun["totp_qr_svg"].startswith("<svg")
    assert "style" not in begun["totp_qr_svg"]
    assert len(set(begun["recovery_codes"])) == 10

    totp = pyotp.parse_uri(begun["totp_uri"])
    assert isinstance(totp, pyotp.TOTP)
    finish = {"token": token, "passphrase": PASSPHRASE, "pin": PIN, "code": totp.at(house.clock.now())}
    for wrong, field in (
        ({"passphrase": "too short"}, "passphrase"),
        ({"passphrase": "correct horse battery staple"}, "passphrase"),
        ({"passphrase": "ruth@harbor.example"}, "passphrase"),
        ({"pin": "123456"}, "pin"),
        ({"pin": "12ab56"}, "pin"),
        ({"code": "000000"}, "code"),
    ):
        refused = await browser.post("/api/sign-in/enrol/finish", **{**finish, **wrong})
        assert refused.status_code == 422
        assert field in refused.json()["fields"]
    done = await browser.post("/api/sign-in/enrol/finish", **finish)
    assert done.json()["roles"] == ["administrator"]
    assert (await browser.get("/api/me")).status_code == 200
    assert (await browser.post("/api/sign-in/enrol", token=token)).status_code == 404

    # The codes on paper work, each once, however they are typed.
    elsewhere = await house.browser()
    paper = begun["recovery_codes"][0].lower().replace("-", " ")
    for expected in (200, 401):
        await elsewhere.post("/api/sign-in", email="ruth@harbor.example", passphrase=PASSPHRASE)
        assert (await elsewhere.post("/api/sign-in/recovery", code=paper)).status_code == expected


async def test_an_invitation_lasts_a_day(house: House) -> None:
    async with house.engine.transaction(None) as db:
        program = await db.get(Program, house.program)
        assert program is not None
        token = await actions.create_admin(db, program, name="Ruth Alvarez", email="ruth@harbor.example")
    house.clock.move(24 * 3600 + 1)
    browser = await house.browser()
    assert (await browser.post("/api/sign-in/enrol", token=token)).status_code == 404
    assert (await browser.post("/api/sign-in/enrol", token="nonsense")).status_code == 404
    assert (await browser.post("/api/sign-in/enrol", token=f"{uuid4().hex}.{'x' * 43}")).status_code == 404


async def test_after_twelve_hours_the_sign_in_ends(house: House) -> None:
    browser = await house.staff("Sam Okafor", "clinician")
    for _ in range(int(ABSOLUTE.total_seconds() // 600) - 1):
        house.clock.move(600)
        assert (await browser.post("/api/me/still-here")).status_code == 204
    house.clock.move(601)
    assert (await browser.get("/api/me")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Origin": BASE}, True),
        ({"Origin": "http://localhost:8000"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:8001"}, False),
        ({"Origin": BASE, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": BASE, "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
    ],
)
async def test_another_sites_page_can_write_nothing(
    house: House, headers: dict[str, str], passes: bool
) -> None:
    browser = await house.staff("Sam Okafor", "clinician")
    del browser.http.headers["Origin"]
    for path in ("/api/lock", "/api/me/preferences", "/api/demo/sign-in"):
        body = {"staff_id": str(uuid4())} if "demo" in path else {}
        answer = await browser.http.post(path, json=body, headers=headers)
        assert (answer.status_code != 403) == passes, (path, answer.text)


async def test_there_is_no_one_press_sign_in_outside_the_demo(house: House) -> None:
    sam = await house.add_person("Sam Okafor", "clinician")
    browser = await house.browser()
    assert (await browser.get("/api/demo/staff")).status_code == 404
    assert (await browser.post("/api/demo/sign-in", staff_id=str(sam.id))).status_code == 404


async def test_in_the_demo_only_the_demos_people_are_a_press_away(house: House) -> None:
    real = await house.add_person("Sam Okafor", "clinician")
    await house.add_program("Demo", kind="demo", program_id=DEMO_PROGRAM_ID)
    maya = await house.add_person("Maya Lindqvist", "clinician", program="Demo")
    house.app.state.settings = house.app.state.settings.model_copy(update={"environment": "demo"})
    browser = await house.browser()
    assert [p["name"] for p in (await browser.get("/api/demo/staff")).json()] == ["Maya Lindqvist"]
    assert (await browser.post("/api/demo/sign-in", staff_id=str(real.id))).status_code == 404
    me = await browser.post("/api/demo/sign-in", staff_id=str(maya.id))
    assert me.json()["program"]["kind"] == "demo"
    assert (await browser.get("/api/me")).json()["name"] == "Maya Lindqvist"
