"""One client's whole record leaves only with the PIN given again, is written down each time, and holds no code word."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client, Disclosure
from app.clients.record_models import Guardianship
from app.db import new_id, reveal
from tests.clients.test_records import ok
from tests.house import Browser, House
from tests.pdf_text import words_of
from tests.plans.making import core, line
from tests.plans.test_plan import Plan, begun

SECRET = "purple harmonica"
QUESTION = "What is on the shelf above the desk?"
HIDDEN = "I told only Sam about the lake"


async def rich(house: House, **record: Any) -> Plan:
    """Ana, with a number, a contact who has a release, a plan with one hidden line, a code word and a question."""
    plan = await begun(house)
    browser, client = plan.browser, f"/api/clients/{plan.client_id}"
    changes = {
        "birth_date": "1996-02-29",
        "home_address": {"street": "220 Sample Street", "town": "Harbor City", "state": "OR"},
        "household": "Lives with her mother, who works nights.",
        "danger_wish": "Ring my aunt, not home.",
    } | record
    version = ok(await browser.get(client))["version"]
    ok(await browser.patch(client, version=version, **changes))
    ok(await browser.post(f"{client}/phones", number="+15035550131", label="Mobile"))
    ok(
        await browser.post(
            f"{client}/contacts",
            name="Lucía Robledo",
            relation="Mother",
            number="503-555-0141",
            guardian=True,
        ),
    )
    await plan.does(
        "/draft", content=core(reasons=[line("My niece"), line(HIDDEN, hidden_from_guardian=True)])
    )
    await plan.agreed(reasons=[line("My niece"), line(HIDDEN, hidden_from_guardian=True)])
    ok(await browser.sends("PUT", f"{client}/code-words/danger", {"phrase": SECRET}))
    ok(
        await browser.sends(
            "PUT", f"{client}/ordinary-question", {"question": QUESTION, "answer": "A green radio"}
        )
    )
    return plan


async def asks(plan: Plan, **body: Any) -> Any:
    return await plan.browser.post(f"/api/clients/{plan.client_id}/whole-record", **body)


async def test_the_whole_record_as_json_holds_what_is_known_and_no_code_word(house: House) -> None:
    plan = await rich(house)
    answer = await asks(plan)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="record.json"'
    whole = answer.json()
    assert whole["record"]["birth_date"] == "1996-02-29"
    assert whole["record"]["home_address"]["street"] == "220 Sample Street"
    assert whole["record"]["danger_wish"] == "Ring my aunt, not home."
    assert [phone["number"] for phone in whole["telephones"]] == ["+15035550131"]
    assert [(one["name"], one["number"]) for one in whole["contacts"]] == [("Lucía Robledo", "+15035550141")]
    assert HIDDEN in answer.text
    assert {one["status"] for one in whole["safety_plans"]} >= {"agreed"}
    for secret in (SECRET, "harmonica", QUESTION, "green radio"):
        assert secret not in answer.text
    [entry] = await house.entries("data.record_exported")
    assert entry[1] == plan.browser.me.id  # type: ignore[union-attr]
    # Each copy that leaves is one more entry.
    await asks(plan)
    assert len(await house.entries("data.record_exported")) == 2


async def test_on_paper_it_says_the_same_and_is_readable_for_all(house: House) -> None:
    plan = await rich(house)
    answer = await asks(plan, made_as="pdf")
    assert answer.headers["content-type"] == "application/pdf"
    said = " ".join(words_of(answer.content).split())
    for words in (
        "220 Sample Street",
        "503-555-0131",
        "Lucía Robledo, 503-555-0141",
        "My niece",
        "Client record",
    ):
        assert words in said, words
    for secret in (SECRET, QUESTION, "green radio"):
        assert secret not in said


async def test_it_asks_for_the_pin_again_and_only_of_who_works_with_the_client(house: House) -> None:
    plan = await rich(house)
    path = f"/api/clients/{plan.client_id}/whole-record"
    # Another browser of the same person has not given the PIN lately.
    assert plan.browser.me is not None
    house.clock.move(60)
    fresh = await house.signed_in(plan.browser.me)
    refused = await fresh.http.post(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "confirm_needed")
    strangers: list[Browser] = [
        await house.staff("Tess Amano", "clinician"),
        await house.staff("Ada Marsh", "administrator"),
        await house.staff("Sol Vega", "supervisor", program="Elsewhere"),
    ]
    for stranger in strangers:
        answer = await stranger.post(path)
        assert answer.status_code in (403, 404), answer.text
        assert "Sample Street" not in answer.text
    assert await house.entries("data.record_exported") == []


async def _guardian(house: House, plan: Plan, *, records: bool) -> str:
    record = ok(await plan.browser.get(f"/api/clients/{plan.client_id}"))
    contact: str = record["contacts"][0]["id"]
    ok(
        await plan.browser.patch(
            f"/api/clients/{plan.client_id}/contacts/{contact}", authority_verified=True, guardian=True
        )
    )
    async with house.engine.transaction(house.program) as db:
        client = await db.get_one(Client, (house.program, UUID(plan.client_id)))
        db.add(
            Guardianship(
                program_id=house.program,
                id=new_id(),
                client_id=client.id,
                contact_id=UUID(contact),
                decides_on_care=True,
                told_in_crisis=True,
                gets_records=records,
                by_staff_id=plan.browser.me.id,  # type: ignore[union-attr]
                made_at=house.clock.now(),
            )
        )
    return contact


async def test_a_guardians_copy_leaves_out_what_is_hidden_and_is_kept_as_a_disclosure(house: House) -> None:
    plan = await rich(
        house, birth_date="2012-05-05", what_helps="Ordinary talk.", hidden_from_guardian=["what_helps"]
    )
    guardian = await _guardian(house, plan, records=True)
    unconfirmed = await asks(plan, guardian_id=guardian)
    assert (unconfirmed.status_code, unconfirmed.json()["code"]) == (403, "contact_blocked")
    assert "young person has been told" in unconfirmed.json()["detail"]
    answer = await asks(plan, guardian_id=guardian, ticked=["young_person_told_first"])
    assert answer.status_code == 200, answer.text
    whole = json.loads(answer.text)
    assert whole["copy_for"] == "guardian"
    assert "220 Sample Street" in answer.text
    assert "My niece" in answer.text
    for kept in (HIDDEN, "Ordinary talk", "works nights", "Ring my aunt", "unsafe_home", SECRET, QUESTION):
        assert kept not in answer.text, kept
    assert (
        not {
            "contacts",
            "do_not_contact",
            "incidents",
            "exercises",
            "places",
            "told_to_others",
            "calls_after_a_crisis",
        }
        & whole.keys()
    )
    async with house.engine.transaction(house.program) as db:
        [kept_row] = (await db.scalars(select(Disclosure))).all()
        assert (kept_row.basis, kept_row.contact_id) == ("personal_representative", UUID(guardian))
        assert "Lucía Robledo" in (reveal(db, kept_row, "recipient") or "")
    kinds = [kind for kind, _ in await house.entries("client.disclosed", "data.record_exported")]
    assert kinds == ["client.disclosed", "data.record_exported"]


async def test_a_guardian_without_a_right_to_records_gets_none_and_the_next_step_is_said(
    house: House,
) -> None:
    plan = await rich(house, birth_date="2012-05-05")
    guardian = await _guardian(house, plan, records=False)
    refused = await asks(plan, guardian_id=guardian)
    assert (refused.status_code, refused.json()["code"]) == (403, "no_right_to_records")
    assert "Write down which right they have" in refused.json()["detail"]
    assert await house.entries("client.disclosed", "data.record_exported") == []


async def test_of_age_a_guardian_has_no_copy_any_more(house: House) -> None:
    plan = await rich(house)
    guardian = await _guardian(house, plan, records=True)
    refused = await asks(plan, guardian_id=guardian)
    assert (refused.status_code, refused.json()["code"]) == (403, "contact_blocked")
    assert await house.entries("client.disclosed", "data.record_exported") == []
