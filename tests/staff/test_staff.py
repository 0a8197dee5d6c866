"""The program's staff: who may change them, and that no change crosses programs or is done twice."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.journal.kinds import Kind
from app.staff.queries import numbers
from tests.house import PASSPHRASE, House

NEW: dict[str, Any] = {
    "name": "Jon Bell",
    "email": "jon@harbor.example",
    "roles": ["clinician"],
    "phones": [{"label": "Mobile", "number": "(503) 555-0142"}],
}


@pytest.mark.parametrize("who", ["nobody", "clinician", "supervisor", "administrator"])
async def test_only_administrators_add_and_change_staff(house: House, who: str) -> None:
    browser = await house.browser() if who == "nobody" else await house.staff("Sam Okafor", who)
    other = await house.add_person("Ana Reyes", "clinician")
    expected = {"nobody": 401, "administrator": None}.get(who, 403)
    for method, path, body in (
        ("POST", "/api/staff", NEW),
        ("PATCH", f"/api/staff/{other.id}", {"title": "LCSW"}),
        ("POST", f"/api/staff/{other.id}/invite", {}),
    ):
        answer = await browser.sends(method, path, body)
        if expected is None:
            assert answer.status_code in (200, 201), answer.text
        else:
            assert answer.status_code == expected, (path, answer.text)
    listed = await browser.get("/api/staff")
    assert listed.status_code == (401 if who == "nobody" else 200)


async def test_another_programs_administrator_reaches_nobody_here(house: House) -> None:
    ana = await house.add_person("Ana Reyes", "clinician")
    stranger = await house.staff("Ruth Alvarez", "administrator", program="Elsewhere")
    assert (await stranger.patch(f"/api/staff/{ana.id}", disabled=True)).status_code == 404
    assert (await stranger.post(f"/api/staff/{ana.id}/invite")).status_code == 404
    assert [p["name"] for p in (await stranger.get("/api/staff")).json()] == ["Ruth Alvarez"]


async def test_an_added_colleague_gets_a_link_and_numbers_stay_sealed(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    made = (await ruth.post("/api/staff", **NEW)).json()
    assert made["enrol_link"].startswith("http://127.0.0.1:8000/enrol#")
    assert made["staff"]["phones"][0]["last2"] == "42"
    assert made["staff"]["enrolled"] is False
    assert "5550142" not in (await ruth.get("/api/staff")).text.replace("-", "")
    async with house.database.transaction(house.program) as db:
        jon = UUID(made["staff"]["id"])
        assert [n.number for n in (await numbers(db, house.program, [jon]))[jon]] == ["+15035550142"]
    assert await house.entries(Kind.staff_added) != []


async def test_the_same_press_twice_adds_one_colleague(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    command = uuid4()
    first = await ruth.sends("POST", "/api/staff", NEW, command)
    second = await ruth.sends("POST", "/api/staff", NEW, command)
    assert first.json()["staff"] == second.json()["staff"]
    assert len((await ruth.get("/api/staff")).json()) == 2


async def test_an_address_can_be_used_once_in_all_programs(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    stranger = await house.staff("Ben Ode", "administrator", program="Elsewhere")
    assert (await ruth.post("/api/staff", **NEW)).status_code == 201
    taken = await stranger.post("/api/staff", **{**NEW, "email": "JON@harbor.example"})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    assert len((await stranger.get("/api/staff")).json()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phones", [{"number": "911"}]),
        ("phones", [{"number": "+1 900 555 0123"}]),
        ("phones", [{"number": "12"}]),
        ("roles", ["director"]),
        ("roles", []),
        ("email", "not an address"),
        ("name", ""),
        ("name", "x" * 500),
        ("name", 17),
        ("surprise", True),
    ],
)
async def test_what_cannot_be_right_is_refused_with_a_sentence(house: House, field: str, value: Any) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    refused = await ruth.post("/api/staff", **{**NEW, field: value})
    assert refused.status_code == 422
    assert refused.json()["fields"]
    assert len((await ruth.get("/api/staff")).json()) == 1


async def test_a_program_keeps_an_administrator(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    assert ruth.me
    assert (await ruth.patch(f"/api/staff/{ruth.me.id}", disabled=True)).status_code == 409
    assert (await ruth.patch(f"/api/staff/{ruth.me.id}", roles=["clinician"])).status_code == 409
    assert (await ruth.get("/api/me")).json()["roles"] == ["administrator"]


async def test_a_new_invitation_ends_what_was_before(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    sam = await house.staff("Sam Okafor", "clinician")
    assert sam.me
    assert (await ruth.post(f"/api/staff/{sam.me.id}/invite")).json()["enrol_link"]
    assert (await sam.get("/api/me")).status_code == 401
    browser = await house.browser()
    assert (await browser.post("/api/sign-in", email=sam.me.email, passphrase=PASSPHRASE)).status_code == 401


async def test_a_write_without_a_command_id_is_refused(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    assert (await ruth.http.post("/api/staff", json=NEW)).status_code == 428
    odd = await ruth.http.post("/api/staff", json=NEW, headers={"Command-Id": "seventeen"})
    assert odd.status_code == 422
    assert len((await ruth.get("/api/staff")).json()) == 1


async def test_preferences_are_kept_and_supervisors_hear_sound_by_default(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    lead = await house.staff("Lena Moss", "supervisor")
    assert (await sam.get("/api/me")).json()["preferences"]["sound"] is False
    assert (await lead.get("/api/me")).json()["preferences"]["sound"] is True
    await sam.post("/api/me/preferences", theme="dark", single_keys=False)
    await sam.post("/api/me/preferences", sound=True)
    assert (await sam.get("/api/me")).json()["preferences"] == {
        "sound": True,
        "single_keys": False,
        "theme": "dark",
    }


async def test_a_commit_that_fails_is_not_answered_with_success(house: House) -> None:
    ruth = await house.staff("Ruth Alvarez", "administrator")
    owner = create_async_engine(house.database.url)
    async with owner.begin() as db:
        # A deferred trigger: every statement works, and the database refuses at the commit itself.
        await db.execute(
            text(
                "create function refuse() returns trigger language plpgsql as "
                "$$ begin raise exception 'no commit today'; end $$"
            )
        )
        await db.execute(
            text(
                "create constraint trigger refuse after insert on staff_member deferrable initially deferred "
                "for each row execute function refuse()"
            )
        )
    await owner.dispose()
    answer = await ruth.post("/api/staff", **NEW)
    assert answer.status_code == 500
    assert "no commit today" not in answer.text
    assert len((await ruth.get("/api/staff")).json()) == 1
