"""Versions of a record: nothing is overwritten, two people lose nothing, and a mistake is marked, not wiped away."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.clients import majority
from app.clients.people import of_age_on
from app.clients.record_models import ClientDraft, ClientVersion
from app.journal.kinds import Kind
from tests.clients.test_records import IDA, MARCUS, added, ok
from tests.house import Browser, House


async def both(house: House) -> tuple[Browser, Browser, str]:
    """Sam, who entered Marcus, Lena, who supervises, and the address of the record."""
    sam = await house.staff("Sam Okafor", "clinician")
    lena = await house.staff("Lena Moss", "supervisor")
    return sam, lena, f"/api/clients/{(await added(sam))['id']}"


async def history(browser: Browser, path: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = ok(await browser.get(f"{path}/history"))["lines"]
    return lines


async def test_each_change_keeps_what_stood_before_who_when_and_why(house: House) -> None:
    sam, lena, path = await both(house)
    ok(await sam.patch(path, version=1, what_helps="Talk about tomatoes", reason="He told me today."))
    house.clock.move(60)
    ok(await lena.patch(path, version=2, pronouns="they/them"))
    newest, first = await history(sam, path)
    assert (newest["by"], newest["fields"], newest["version"]) == ("Lena Moss", ["pronouns"], 3)
    assert (first["by"], first["reason"]) == ("Sam Okafor", "He told me today.")
    assert first["at"] < newest["at"]
    assert "garden" not in str([newest, first]), "earlier words are one logged press away"
    seen = ok(await sam.post(f"{path}/history/2/open"))
    assert seen["changes"] == [
        {"field": "what_helps", "before": "Talk about the garden", "after": "Talk about tomatoes"}
    ]
    assert len(await house.entries(Kind.client_history_read)) == 1
    async with house.engine.transaction(None) as db:
        bodies = b"".join(row.body for row in await db.scalars(select(ClientVersion)))
        assert b"tomatoes" not in bodies


async def test_what_only_one_of_two_people_touched_is_kept_and_both_are_told(house: House) -> None:
    sam, lena, path = await both(house)
    ok(await lena.patch(path, version=1, what_helps="Talk about tomatoes"))
    # Sam's form shows all names; he changed one. The rest must not undo what Lena wrote.
    record = ok(await sam.patch(path, version=1, pronouns="they/them", what_helps="Talk about the garden"))
    assert record["version"] == 3
    assert record["meanwhile"] == [{"who": "Lena Moss", "fields": ["what_helps"]}]
    assert ok(await sam.post(f"{path}/reveal"))["what_helps"] == "Talk about tomatoes"


async def test_the_same_field_changed_by_two_people_is_refused_with_who_and_which(house: House) -> None:
    sam, lena, path = await both(house)
    ok(await lena.patch(path, version=1, danger_wish="Ring my aunt", pronouns="they/them"))
    house.clock.move(125)
    refused = await sam.patch(path, version=1, danger_wish="Ring nobody", language="es")
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["code"] == "changed_meanwhile"
    assert problem["fields"] == {"danger_wish": "Lena Moss changed this 2 minutes ago."}
    assert "aunt" not in refused.text
    record = ok(await sam.get(path))
    assert (record["language"], record["version"]) == ("en", 2), "nothing of a refused form is saved"
    # Having seen both, Sam decides.
    ok(await sam.patch(path, version=2, danger_wish="Ring nobody", language="es"))
    assert ok(await sam.post(f"{path}/reveal"))["danger_wish"] == "Ring nobody"
    assert ok(await sam.post(f"{path}/history/3/open"))["changes"][0] == {
        "field": "danger_wish", "before": "Ring my aunt", "after": "Ring nobody",
    }  # fmt: skip


async def test_two_people_who_write_the_same_agree(house: House) -> None:
    sam, lena, path = await both(house)
    ok(await lena.patch(path, version=1, pronouns="they/them"))
    assert ok(await sam.patch(path, version=1, pronouns="they/them"))["version"] == 2
    assert len(await history(sam, path)) == 1


@pytest.mark.parametrize("version", [0, 7])
async def test_a_version_that_never_was_is_refused(house: House, version: int) -> None:
    sam, _, path = await both(house)
    refused = await sam.patch(path, version=version, pronouns="they/them")
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")


async def test_telephones_have_versions_too_and_two_people_see_each_other(house: House) -> None:
    sam, lena, path = await both(house)
    record = ok(await sam.post(f"{path}/phones", number="503 555 0142", label="Mobile"))
    phone, version = record["phones"][0]["id"], record["version"]
    ok(await lena.patch(f"{path}/phones/{phone}", version=version, safe_to_ring=True, number="503 555 0143"))
    refused = await sam.patch(f"{path}/phones/{phone}", version=version, number="503 555 0149")
    assert refused.status_code == 409
    assert refused.json()["fields"] == {"number": "Lena Moss changed this just now."}
    kept = ok(await sam.patch(f"{path}/phones/{phone}", version=version, label="Work", safe_to_ring=False))
    assert kept["phones"][0] | {"id": 0} == record["phones"][0] | {
        "id": 0, "label": "Work", "safe_to_ring": True, "last2": "43",
    }  # fmt: skip
    ok(await sam.delete(f"{path}/phones/{phone}"))
    assert [(line["part"], line["what"]) for line in await history(sam, path)] == [
        ("phone", "removed"), ("phone", "changed"), ("phone", "changed"), ("phone", "added"),
    ]  # fmt: skip
    assert {"field": "number", "before": "+15035550142", "after": "+15035550143"} in ok(
        await sam.post(f"{path}/history/{version + 1}/open")
    )["changes"]


async def test_an_entry_made_in_error_is_marked_and_what_nobody_changed_since_goes_back(house: House) -> None:
    sam, lena, path = await both(house)
    ok(await sam.patch(path, version=1, what_helps="About Ana, not Marcus", pronouns="she/her"))
    ok(await lena.patch(path, version=2, pronouns="they/them"))
    why = {"version": 3, "reason": "Written into the wrong record."}
    record = ok(await sam.post(f"{path}/history/2/in-error", **why))
    assert record["pronouns"] == "they/them", "a colleague's later word stays"
    assert ok(await sam.post(f"{path}/reveal"))["what_helps"] == "Talk about the garden"
    lines = await history(lena, path)
    assert (lines[0]["undoes"], lines[0]["fields"]) == (2, ["what_helps"])
    assert (lines[2]["error_by"], lines[2]["error_reason"]) == ("Sam Okafor", why["reason"])
    assert len(await house.entries(Kind.client_entered_in_error)) == 1
    again = await sam.post(f"{path}/history/2/in-error", **why | {"version": 4})
    assert (again.status_code, again.json()["code"]) == (409, "already_marked")
    stale = await sam.post(f"{path}/history/3/in-error", **why)
    assert stale.status_code == 409
    assert (await sam.post(f"{path}/history/99/in-error", **why | {"version": 4})).status_code == 404
    assert (await sam.post(f"{path}/history/3/in-error", version=4, reason=" ")).status_code == 422


async def test_a_birth_date_typed_into_the_wrong_record_goes_back_with_what_follows_from_it(
    house: House,
) -> None:
    sam, _, path = await both(house)
    assert ok(await sam.patch(path, version=1, birth_date="2012-05-01"))["minor"] is True
    record = ok(await sam.post(f"{path}/history/2/in-error", version=2, reason="Wrong record."))
    assert (record["minor"], record["age"]) == (False, 36)


async def test_a_long_history_is_read_a_page_at_a_time(house: House) -> None:
    sam, _, path = await both(house)
    for n in range(53):
        ok(await sam.patch(path, version=n + 1, home_label=f"Home {n}"))
    page = ok(await sam.get(f"{path}/history"))
    assert (len(page["lines"]), page["more"], page["lines"][0]["version"]) == (50, True, 54)
    rest = ok(await sam.get(f"{path}/history", below=page["lines"][-1]["version"]))
    assert ([line["version"] for line in rest["lines"]], rest["more"]) == ([4, 3, 2], False)


async def test_what_is_being_typed_is_kept_for_its_author_alone_sealed_and_for_two_days(house: House) -> None:
    sam, lena, path = await both(house)
    kept = ok(await sam.post(f"{path}/drafts/home", answers={"wish": "Talk about the wea"}))
    assert kept["saved_at"]
    ok(await sam.post(f"{path}/drafts/home", answers={"wish": "Talk about the weather"}))
    mine = (await sam.get(f"{path}/drafts")).json()
    assert [(draft["form"], draft["answers"]) for draft in mine] == [
        ("home", {"wish": "Talk about the weather"})
    ]
    assert (await lena.get(f"{path}/drafts")).json() == []
    async with house.engine.transaction(None) as db:
        row = (await db.scalars(select(ClientDraft))).one()
        assert b"weather" not in row.body
    ok(await sam.post(f"{path}/drafts/home", answers={}))
    assert (await sam.get(f"{path}/drafts")).json() == []
    ok(await sam.post(f"{path}/drafts/home", answers={"wish": "x"}))
    house.clock.move(2 * 86400 + 1)
    assert sam.me
    assert (await (await house.signed_in(sam.me)).get(f"{path}/drafts")).json() == []


@pytest.mark.parametrize(
    ("form", "answers"),
    [("Home!", {}), ("home", {"x" * 90: ""}), ("home", {"a": "x" * 2001}), ("home", {"a": 7})],
)
async def test_a_draft_is_words_by_the_names_of_answers(house: House, form: str, answers: Any) -> None:
    sam, _, path = await both(house)
    assert (await sam.post(f"{path}/drafts/{form}", answers=answers)).status_code == 422


@pytest.mark.parametrize(
    "who", ["nobody", "administrator", "another clinician", "another program's supervisor"]
)
async def test_history_drafts_and_search_are_shut_to_strangers(house: House, who: str) -> None:
    sam, _, path = await both(house)
    ok(await sam.patch(path, version=1, pronouns="they/them"))
    if who == "nobody":
        stranger = await house.browser()
    elif who == "another program's supervisor":
        stranger = await house.staff("Ben Ode", "supervisor", program="Elsewhere")
    else:
        stranger = await house.staff("Ana Reyes", "clinician" if "clinician" in who else who)
    for method, where, body in (
        ("GET", "/history", None),
        ("POST", "/history/2/open", {}),
        ("POST", "/history/2/in-error", {"version": 2, "reason": "invented"}),
        ("GET", "/drafts", None),
        ("POST", "/drafts/home", {"answers": {"a": "b"}}),
    ):
        answer = await stranger.sends(method, path + where, body)
        assert answer.status_code in (401, 403, 404), (method, where, answer.text)
        assert "Marcus" not in answer.text
    for words in ("Marcus", "503 555 0142"):
        found = await stranger.post("/api/clients/search", words=words)
        assert found.status_code in (401, 403) or found.json()["rows"] == []
        assert found.status_code in (401, 403) or found.json()["total"] == 0


async def test_a_client_is_found_by_part_of_the_name_and_by_any_spelling_of_a_number(house: House) -> None:
    sam, lena, path = await both(house)
    ana = await added(sam, name_used="Ana R_")
    ok(await sam.post(f"{path}/phones", number="503 555 0142"))
    ok(await sam.post(f"/api/clients/{ana['id']}/contacts", **IDA))

    async def found(words: str, **more: Any) -> list[tuple[str, str | None]]:
        answer = ok(await lena.post("/api/clients/search", words=words, **more))
        return [(row["name"], row["found_by"]) for row in answer["rows"]]

    assert await found("") == [("Ana R_", None), ("Marcus T.", None)]
    assert await found("ARC") == [("Marcus T.", None)]
    assert await found("r_") == [("Ana R_", None)], "what a pattern would mean is only a letter here"
    assert await found("%") == []
    assert await found("+1 (503) 555-0142") == [("Marcus T.", "phone")]
    assert await found("503.555.0111") == [("Ana R_", "contact")]
    assert await found("503 555 0199") == []
    refused = await lena.post("/api/clients/search", words="000 000 0000 000 000 000")
    assert refused.status_code == 422
    assert "words" in refused.json()["fields"]
    ok(await sam.patch(path, version=2, ended=True))
    assert await found("") == [("Ana R_", None)]
    assert await found("", ended=True, offset=1) == [("Marcus T.", None)]
    page = ok(await lena.post("/api/clients/search", ended=True, limit=1))
    assert (page["total"], page["ended"], len(page["rows"])) == (2, 1, 1)


async def test_names_that_are_easily_taken_for_each_other_are_marked_among_ones_own_people(
    house: House,
) -> None:
    sam, lena, path = await both(house)
    other = await house.staff("Ana Reyes", "clinician")
    await other.post("/api/clients", **{**MARCUS, "name_used": "Markus B."})
    assert ok(await lena.get(path))["alike"] == ["Markus B."]
    assert ok(await sam.get(path))["alike"] == [], "nobody learns who else is in care"


async def test_the_whole_record_is_kept_part_by_part(house: House) -> None:
    sam, _, path = await both(house)
    given: dict[str, Any] = {
        "interpreter_needed": True,
        "interpreter_language": "ase",
        "relay": "video_relay",
        "accessibility": "Large type; captions on.",
        "culture": "Prays at sunset. Address her father first.",
        "responder_notes": "Uses a wheelchair; left ear deaf.",
        "help_first": "The volunteer fire service; never police first.",
        "travel_minutes": 55,
        "contact_times": {
            "windows": [{"days": [4, 0, 0], "starts": "09:00:00", "ends": "17:30:00"}],
            "note": "Not while the shop is open.",
        },
        "household_people": [{"name": "Invented Lou", "relation": "room-mate", "may_overhear": "yes"}],
        "living_together": {
            "with_whom": "Room-mate", "coming_and_going": "Knocks twice.", "calm_place": "The porch.",
            "speaks_to_responders": "Lou",
        },
        "pet_cards": [
            {"name": "Biscuit", "kind": "dog", "before_responders": "Leash in the hall",
             "caretaker": "Carol next door", "soothes": "A walk round the block"}
        ],
        "hidden_from_guardian": ["household", "notes", "household"],
    }  # fmt: skip
    record = ok(await sam.patch(path, version=1, **given))
    assert (record["relay"], record["interpreter_language"]) == ("video_relay", "ase")
    assert record["hidden_from_guardian"] == ["household", "notes"]
    shown = ok(await sam.post(f"{path}/reveal"))
    assert shown["contact_times"]["windows"][0]["days"] == [0, 4]
    for name in ("pet_cards", "living_together", "household_people", "help_first", "culture"):
        assert shown[name] == given[name]
        assert name in record["sealed"]
    again = ok(await sam.patch(path, version=2, **given))
    assert again["version"] == 2, "the same once more is no change"
    emptied = ok(await sam.patch(path, version=2, pet_cards=[], living_together={}, contact_times=None))
    assert not {"pet_cards", "living_together", "contact_times"} & set(emptied["sealed"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"relay": "pigeon"},
        {"hidden_from_guardian": ["everything"]},
        {"contact_times": {"windows": [{"days": [], "starts": "09:00", "ends": "10:00"}]}},
        {"contact_times": {"windows": [{"days": [7], "starts": "09:00", "ends": "10:00"}]}},
        {"contact_times": {"windows": [{"days": [1], "starts": "10:00", "ends": "09:00"}]}},
        {"contact_times": {"windows": [{"days": [1], "starts": "25:00", "ends": "26:00"}]}},
        {"pet_cards": [{"name": ""}]},
        {"pet_cards": [{"name": "Plum", "colour": "brown"}]},
        {"household_people": [{"name": "Lou", "may_overhear": "perhaps"}]},
        {"household_people": [{"name": "Lou"}] * 21},
    ],
)
async def test_parts_that_cannot_be_right_are_refused(house: House, wrong: dict[str, Any]) -> None:
    sam, _, path = await both(house)
    assert (await sam.patch(path, version=1, **wrong)).status_code == 422
    assert ok(await sam.get(path))["version"] == 1


async def test_who_comes_of_age_is_no_minor_any_more_on_that_day_and_is_announced_before(
    house: House,
) -> None:
    sam = await house.staff("Sam Okafor", "clinician")
    teen = await added(sam, birth_date="2009-03-02")
    child = await added(sam, birth_date="2012-02-29", name_used="Ben O.")
    assert (teen["of_age_on"], child["of_age_on"]) == ("2027-03-02", None)

    async def turned() -> int:
        async with house.engine.transaction(None) as db:
            return await majority.turn(db)

    async def listed() -> list[bool]:
        assert sam.me
        rows = (await (await house.signed_in(sam.me)).get("/api/clients")).json()["rows"]
        return [row["minor"] for row in rows]

    assert await turned() == 0
    house.clock.move(17 * 3600)  # midnight in Los Angeles has passed
    assert await turned() == 1
    assert await turned() == 0
    assert await listed() == [True, False]
    assert [kind for kind, _ in await house.entries(Kind.client_of_age)] == [Kind.client_of_age]


@pytest.mark.parametrize(
    ("born", "of_age", "day"),
    [
        ("2009-03-02", 18, "2027-03-02"),
        ("2008-02-29", 18, "2026-03-01"),
        ("2008-02-29", 19, "2027-03-01"),
        ("2000-12-31", 21, "2021-12-31"),
    ],
)
def test_the_day_of_majority(born: str, of_age: int, day: str) -> None:
    assert of_age_on(date.fromisoformat(born), of_age) == date.fromisoformat(day)
