"""Clients' records: who reaches whom, what lists hide, what is written down, and two people at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, text

from app.clients.models import Client, ClientPhone, EmergencyContact
from app.db import reveal
from app.group_sessions.models import Group, GroupSession, Presence
from app.journal.kinds import Kind
from tests.house import START, Browser, House

MARCUS: dict[str, Any] = {
    "name_used": "Marcus T.",
    "pronouns": "he/him",
    "safe_name": "Mark",
    "legal_name": "Marcus Theodore Testperson",
    "birth_date": "1990-05-01",
    "language": "en",
    "tier": "moderate",
    "home_label": "Home",
    "home_address": {"street": "12 Invented Street", "unit": "4", "town": "Nowhere", "state": "OR"},
    "what_helps": "Talk about the garden",
}
IDA: dict[str, Any] = {"name": "Ida Testperson", "relation": "sister", "number": "(503) 555-0111"}


async def added(browser: Browser, **more: Any) -> dict[str, Any]:
    answer = await browser.post("/api/clients", **{**MARCUS, **more})
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    record: dict[str, Any] = answer.json()
    return record


async def test_a_record_is_kept_and_what_is_dangerous_to_know_is_sealed(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    record = await added(sam)
    assert (record["name_used"], record["safe_name"], record["age"], record["minor"]) == (
        "Marcus T.",
        "Mark",
        36,
        False,
    )
    assert record["sealed"] == ["home_address", "what_helps"]
    assert "Invented Street" not in str(record)
    assert "garden" not in str(record)
    async with house.engine.transaction(None) as db:
        row = (await db.execute(text("select * from client"))).one()
        for secret in ("Testperson", "Invented", "garden", "1990"):
            assert secret.encode() not in b"".join(v for v in row if isinstance(v, bytes))
            assert secret not in " ".join(str(v) for v in row if not isinstance(v, bytes))


async def test_looking_at_numbers_and_the_address_is_written_down_each_time(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    ok(await sam.post(f"{path}/phones", number="503 555 0142", label="Mobile"))
    assert await house.entries(Kind.client_revealed) == []
    shown = ok(await sam.post(f"{path}/reveal"))
    assert shown["home_address"]["street"] == "12 Invented Street"
    assert list(shown["numbers"].values()) == ["+15035550142"]
    await sam.post(f"{path}/reveal")
    assert len(await house.entries(Kind.client_revealed)) == 2
    # No other answer, and no list, ever holds a number.
    for answer in (await sam.get(path), await sam.get("/api/clients")):
        assert "5550142" not in answer.text
        assert "42" in answer.text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 401),
        ("administrator", 403),
        ("another clinician", 404),
        ("another program's supervisor", 404),
        ("supervisor", 200),
        ("the clinician who entered them", 200),
    ],
)
async def test_every_route_asks_who_it_is(house: House, who: str, status: int) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    phone = ok(await sam.post(f"{path}/phones", number="503 555 0142"))["phones"][0]["id"]
    contact = ok(await sam.post(f"{path}/contacts", **IDA))["contacts"][0]["id"]
    release = {
        "contact_id": contact, "scope": "That contact was lost.", "purpose": "safety",
        "starts_on": "2027-03-01", "method": "signed on paper",
    }  # fmt: skip
    signed = ok(await sam.post(f"{path}/releases", **release))["releases"][0]["id"]
    barred = {"name": "Rob Testperson", "reason": "invented"}
    bar = ok(await sam.post(f"{path}/do-not-contact", **barred))["do_not_contact"][0]["id"]
    browsers: dict[str, Callable[[], Awaitable[Browser]]] = {
        "nobody": house.browser,
        "administrator": lambda: house.staff("Ruth Alvarez", "administrator"),
        "another clinician": lambda: house.staff("Ana Reyes", "clinician"),
        "another program's supervisor": lambda: house.staff("Ben Ode", "supervisor", program="Elsewhere"),
        "supervisor": lambda: house.staff("Lena Moss", "supervisor"),
    }
    browser = await browsers[who]() if who in browsers else sam
    for method, where, body in (
        ("GET", "", None),
        ("PATCH", "", {"version": 1, "pronouns": "they/them"}),
        ("POST", "/reveal", {}),
        ("POST", "/phones", {"number": "503 555 0143"}),
        ("PATCH", f"/phones/{phone}", {"label": "Work"}),
        ("DELETE", f"/phones/{phone}", None),
        ("POST", "/contacts", IDA),
        ("PATCH", f"/contacts/{contact}", {"relation": "friend"}),
        ("POST", "/releases", release),
        ("POST", f"/contacts/{contact}/confirm", {}),
        ("GET", "/may-tell", None),
        ("PATCH", f"/releases/{signed}", {"revoked": True}),
        ("DELETE", f"/releases/{signed}", None),
        ("POST", "/do-not-contact", barred),
        ("DELETE", f"/contacts/{contact}", None),
    ):
        answer = await browser.sends(method, path + where, body)
        if status == 200:
            assert answer.status_code in (200, 201), (method, where, answer.text)
        else:
            assert answer.status_code == status, (method, where, answer.text)
            assert "Marcus" not in answer.text
    lifted = await browser.delete(f"{path}/do-not-contact/{bar}")
    expected = 200 if who == "supervisor" else status if status != 200 else 403
    assert lifted.status_code == expected
    listed = await browser.get("/api/clients")
    if listed.status_code == 200:
        names = [row["name"] for row in listed.json()["rows"]]
        assert names == (["Marcus T."] if status == 200 else [])


async def test_a_clinician_sees_the_people_of_their_meetings_until_a_week_after(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    ana = await house.staff("Ana Reyes", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    assert ana.me
    meeting = await _meeting(house, UUID(client["id"]), cofacilitator=ana.me.id)
    assert (await ana.get(path)).status_code == 200
    async with house.engine.transaction(None) as db:
        row = await db.get(GroupSession, (house.program, meeting))
        assert row
        row.state, row.closed_at = "closed", START
    await ana.post("/api/me/still-here")
    assert (await ana.get(path)).status_code == 200, "the calls and notes that follow a meeting"
    house.clock.move(7 * 86400 + 1)
    later = await house.signed_in(ana.me)
    assert (await later.get(path)).status_code == 404
    async with house.engine.transaction(None) as db:
        row = await db.get(GroupSession, (house.program, meeting))
        assert row
        row.state, row.closed_at = "open", None
        presence = await db.get(Presence, (house.program, meeting, UUID(client["id"])))
        assert presence
        presence.removed_at = START
    assert (await later.get(path)).status_code == 404, "taken off the roster"


async def _meeting(house: House, client_id: UUID, cofacilitator: UUID) -> UUID:
    meeting = uuid4()
    async with house.engine.transaction(None) as db:
        group = Group(program_id=house.program, id=uuid4(), name="Tuesday")
        db.add(group)
        await db.flush()
        db.add(
            GroupSession(
                program_id=house.program,
                id=meeting,
                group_id=group.id,
                starts_at=START,
                ends_at=START.replace(hour=17),
                cofacilitator_id=cofacilitator,
            )
        )
        await db.flush()
        db.add(Presence(program_id=house.program, group_session_id=meeting, client_id=client_id, since=START))
    return meeting


async def test_two_people_change_one_record_and_nobodys_words_are_lost(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    lena = await house.staff("Lena Moss", "supervisor")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    both = await asyncio.gather(
        sam.patch(path, version=1, pronouns="they/them"), lena.patch(path, version=1, pronouns="she/her")
    )
    assert sorted(answer.status_code for answer in both) == [200, 409]
    loser = next(answer for answer in both if answer.status_code == 409).json()
    assert loser["code"] == "changed_meanwhile"
    assert "changed this record" in loser["detail"]
    assert ("Sam Okafor" in loser["detail"]) or ("Lena Moss" in loser["detail"])
    assert ok(await sam.get(path))["version"] == 2


async def test_the_same_press_twice_changes_once(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    command = uuid4()
    first = await sam.sends("POST", "/api/clients", MARCUS, command)
    second = await sam.sends("POST", "/api/clients", MARCUS, command)
    assert first.json() == second.json()
    assert first.json()["id"] != str(command), "no browser chooses a client's id"
    assert (await sam.get("/api/clients")).json()["total"] == 1
    path = f"/api/clients/{first.json()['id']}"
    command = uuid4()
    for _ in range(2):
        record = ok(await sam.sends("PATCH", path, {"version": 1, "pronouns": "they/them"}, command))
        assert record["version"] == 2
    assert len(await house.entries(Kind.client_changed)) == 1


async def test_a_tier_is_chosen_by_a_person_who_says_why(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    silent = await sam.patch(path, version=1, tier="high")
    assert silent.json()["fields"].keys() == {"tier_reason"}
    record = ok(await sam.patch(path, version=1, tier="high", tier_reason="Spoke of giving things away."))
    assert (record["tier"], record["assessed"]) == ("high", True)
    assert await house.entries(Kind.tier_changed, Kind.client_changed) == [
        (Kind.tier_changed, sam.me.id if sam.me else None)
    ]


async def test_a_teenager_turns_of_age_by_the_calendar_of_the_program(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam, birth_date="2009-03-02")
    assert (client["age"], client["minor"]) == (17, True)
    # 15:00 UTC plus 16 h 59 min is one minute to midnight in Los Angeles.
    house.clock.move(16 * 3600 + 59 * 60)
    again = await house.signed_in(sam.me) if sam.me else sam
    assert ok(await again.get(f"/api/clients/{client['id']}"))["minor"] is True
    house.clock.move(60)
    assert ok(await again.get(f"/api/clients/{client['id']}"))["minor"] is False


async def test_telephones_keep_an_order_and_are_never_deleted(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    for n in (41, 42, 43):
        record = ok(await sam.post(f"{path}/phones", number=f"503 555 01{n}", label=f"No. {n}"))
    assert [p["last2"] for p in record["phones"]] == ["41", "42", "43"]
    last = record["phones"][2]["id"]
    record = ok(await sam.patch(f"{path}/phones/{last}", rank=1, safe_to_ring=True, text_ok=True))
    assert [(p["last2"], p["rank"]) for p in record["phones"]] == [("43", 1), ("41", 2), ("42", 3)]
    assert record["phones"][0]["safe_to_ring"] is True
    record = ok(await sam.delete(f"{path}/phones/{last}"))
    assert [(p["last2"], p["rank"]) for p in record["phones"]] == [("41", 1), ("42", 2)]
    async with house.engine.transaction(None) as db:
        assert len((await db.scalars(select(ClientPhone))).all()) == 3
    same = await sam.post(f"{path}/phones", number="+1 (503) 555-0141")
    assert (same.status_code, same.json()["code"]) == (409, "conflict")


async def test_a_new_number_is_not_bound_by_the_stop_of_the_old_one(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    phone = ok(await sam.post(f"{path}/phones", number="503 555 0142", text_ok=True))["phones"][0]["id"]
    async with house.engine.transaction(None) as db:
        row = await db.get(ClientPhone, (house.program, UUID(phone)))
        assert row
        row.text_stopped_at = START
    assert ok(await sam.patch(f"{path}/phones/{phone}", label="Work"))["phones"][0]["text_stopped"] is True
    changed = ok(await sam.patch(f"{path}/phones/{phone}", number="503 555 0149"))["phones"][0]
    assert (changed["last2"], changed["text_stopped"]) == ("49", False)
    async with house.engine.transaction(None) as db:
        row = await db.get(ClientPhone, (house.program, UUID(phone)))
        assert row
        assert reveal(db, row, "number") == "+15035550149"


@pytest.mark.parametrize("number", ["911", "112", "988", "+1 900 555 0123", "12345", "no number", "9" * 60])
async def test_a_number_that_must_never_be_dialled_is_never_stored(house: House, number: str) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    path = f"/api/clients/{(await added(sam))['id']}"
    for where, body in (("phones", {"number": number}), ("contacts", {**IDA, "number": number})):
        refused = await sam.post(f"{path}/{where}", **body)
        assert refused.status_code == 422
        assert "number" in refused.json()["fields"]
        assert number not in refused.json()["detail"]
    record = ok(await sam.get(path))
    assert (record["phones"], record["contacts"]) == ([], [])


async def test_gaps_say_what_is_missing_and_a_no_is_an_answer(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    assert client["gaps"] == ["number", "contact", "local line"]
    ok(await sam.post(f"{path}/phones", number="503 555 0142"))
    record = ok(await sam.patch(path, version=1, no_safe_contact="declined"))
    assert record["gaps"] == ["backup number", "test ring", "local line"]
    record = ok(await sam.post(f"{path}/contacts", **IDA))
    assert record["no_safe_contact"] is None
    assert record["gaps"] == ["backup number", "test ring", "release", "local line"]
    assert (await sam.get("/api/clients")).json()["rows"][0]["gaps"] == record["gaps"]


async def test_a_release_is_revoked_never_rewritten(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    path = f"/api/clients/{(await added(sam))['id']}"
    contact = ok(await sam.post(f"{path}/contacts", **IDA))["contacts"][0]["id"]
    given = {
        "contact_id": contact, "scope": "That contact was lost.", "purpose": "safety",
        "starts_on": "2027-03-01", "ends_on": "2027-12-31", "method": "signed on paper",
    }  # fmt: skip
    release = ok(await sam.post(f"{path}/releases", **given))["releases"][0]
    assert release["state"] == "active"
    rewritten = await sam.patch(f"{path}/releases/{release['id']}", scope="Everything")
    assert rewritten.status_code == 422
    revoked = ok(await sam.patch(f"{path}/releases/{release['id']}", revoked=True))["releases"][0]
    assert (revoked["state"], revoked["scope"]) == ("revoked", "That contact was lost.")
    await sam.delete(f"{path}/releases/{release['id']}")
    assert len(await house.entries(Kind.release_changed)) == 2, "signed once, revoked once"

    backwards = await sam.post(f"{path}/releases", **{**given, "ends_on": "2027-01-01"})
    endless = await sam.post(f"{path}/releases", **{**given, "ends_on": None, "form": "part2_specific"})
    assert (backwards.status_code, endless.status_code) == (422, 422)


async def test_a_row_of_one_client_is_not_reached_through_another(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    marcus, ana = await added(sam), await added(sam, name_used="Ana R.")
    contact = ok(await sam.post(f"/api/clients/{marcus['id']}/contacts", **IDA))["contacts"][0]["id"]
    phone = ok(await sam.post(f"/api/clients/{marcus['id']}/phones", number="503 555 0142"))["phones"][0][
        "id"
    ]
    for method, where, body in (
        ("PATCH", f"/contacts/{contact}", {"relation": "friend"}),
        ("DELETE", f"/contacts/{contact}", None),
        ("DELETE", f"/phones/{phone}", None),
        (
            "POST",
            "/releases",
            {
                "contact_id": contact, "scope": "All", "purpose": "safety", "starts_on": "2027-03-01",
                "method": "paper",
            },
        ),
        ("POST", "/do-not-contact", {"name": "Ida", "reason": "invented", "contact_id": contact}),
    ):  # fmt: skip
        answer = await sam.sends(method, f"/api/clients/{ana['id']}{where}", body)
        assert answer.status_code == 404, (method, where, answer.text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tier": "extreme"},
        {"first_outreach": "pigeon"},
        {"name_used": ""},
        {"name_used": "x" * 500},
        {"birth_date": "2999-01-01"},
        {"birth_date": "yesterday"},
        {"language": "english please"},
        {"home_address": {"street": "P.O. Box 17"}},
        {"home_address": "12 Invented Street"},
        {"home_dispatch_line_id": "00000000-0000-4000-8000-000000000000"},
        {"travel_minutes": -5},
        {"surprise": 1},
    ],
)
async def test_what_cannot_be_right_is_refused_and_changes_nothing(
    house: House, wrong: dict[str, Any]
) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    refused = await sam.post("/api/clients", **{**MARCUS, **wrong})
    assert refused.status_code == 422, refused.text
    client = await added(sam)
    refused = await sam.patch(f"/api/clients/{client['id']}", version=1, **wrong)
    assert refused.status_code == 422, refused.text
    assert ok(await sam.get(f"/api/clients/{client['id']}")) == client


async def test_names_cannot_be_emptied_and_optional_words_can(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    path = f"/api/clients/{client['id']}"
    assert (await sam.patch(path, version=1, legal_name=None)).status_code == 422
    assert ok(await sam.patch(path, version=1, what_helps=None, home_address=None))["sealed"] == []


async def test_the_database_itself_keeps_programs_apart(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    client = await added(sam)
    async with house.database.transaction(house.programs["Elsewhere"]) as db:
        assert (await db.scalars(select(Client))).all() == []
        assert (await db.scalars(select(EmergencyContact))).all() == []
        assert await db.get(Client, (house.program, UUID(client["id"]))) is None


async def test_the_list_comes_in_pages_by_address_too(house: House) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    for name in ("Cleo A.", "ana B.", "Ben C."):
        await added(sam, name_used=name)
    first = ok(await sam.get("/api/clients", limit="2"))
    second = ok(await sam.get("/api/clients", limit="2", offset="2"))
    assert [row["name"] for row in (*first["rows"], *second["rows"])] == ["ana B.", "Ben C.", "Cleo A."]
    assert (first["total"], second["total"], second["offset"]) == (3, 3, 2)
    for wrong in ({"limit": "0"}, {"limit": "201"}, {"offset": "-1"}):
        assert (await sam.get("/api/clients", **wrong)).status_code == 422
