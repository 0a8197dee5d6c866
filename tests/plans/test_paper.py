"""The plan on paper and as a file: every word of it, in the client's language, large print; and back again."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.clients.models import Client
from app.journal.kinds import Kind
from tests.clients.test_records import IDA, added, ok
from tests.house import House
from tests.pdf_text import facts_of, words_of
from tests.plans.making import WORDS, core, line
from tests.plans.test_plan import AGREED, Plan, begun


def paper(made: bytes) -> str:
    """Lines joined, so that a line break in the middle of a sentence does not matter."""
    return " ".join(words_of(made).split())


async def test_paper_holds_every_word_in_order_and_the_way_out(house: House) -> None:
    plan = await begun(house)
    contact = ok(await plan.browser.post(f"/api/clients/{plan.client_id}/contacts", **IDA))["contacts"][0][
        "id"
    ]
    await plan.agreed(
        people=[line("Ida, my sister", contact_id=contact)], reasons=[line("Mi sobrina Zoë 🐶")]
    )
    ok(await plan.tries("/means", of="medicines", status="secured", step="locked", by="Ida", on="2027-03-01"))
    answer = await plan.tries("/pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="plan.pdf"'
    said = paper(answer.content)
    places = [said.index(word) for word in ("What helps me most", WORDS["helps_first"], WORDS["signs"])]  # type: ignore[index]
    assert places == sorted(places)
    assert all(word in said for word in WORDS.values())
    assert "Ida, my sister · 503-555-0111" in said
    assert "Mi sobrina Zoë" in said
    assert "Medicines: secured, locked away (Ida, Mar 1, 2027)" in said
    assert "Agreed together on March 1, 2027. Version 1." in said
    assert "988" in said
    assert "It follows my own phone" in said
    assert facts_of(answer.content) == {
        "tagged": True,
        "language": "en",
        "shows_title": True,
        "says_ua_1": True,
    }


async def test_paper_speaks_the_language_of_the_plan_and_comes_in_large_print(house: House) -> None:
    browser = await house.staff("Sam Okafor", "clinician")
    plan = Plan(browser, (await added(browser, language="es"))["id"])
    await plan.does("/draft", content=core(reasons=[line("Mi sobrina")]))
    small = (await plan.tries("/pdf")).content
    assert "Un borrador: todavía no está acordado." in paper(small)
    await plan.does("/agree", **AGREED)
    large = (await plan.tries("/pdf", large=True)).content
    assert "Acordado en conjunto el 1 de marzo de 2027. Versión 1." in paper(large)
    assert "Lo que más me ayuda cuando estoy mal" in paper(large)
    assert facts_of(large)["language"] == "es"
    assert large.count(b"/Type/Page/") > small.count(b"/Type/Page/")


async def test_a_guardians_copy_leaves_out_what_was_hidden_from_them(house: House) -> None:
    plan = await begun(house)
    hidden = line("I told only Sam about the lake", hidden_from_guardian=True)
    await plan.agreed(signs=[hidden, line("I skip meals")])
    everything = paper((await plan.tries("/pdf")).content)
    theirs = paper((await plan.tries("/pdf", for_guardian=True)).content)
    assert "the lake" in everything
    assert "the lake" not in theirs
    assert "I skip meals" in theirs
    file = ok(await plan.tries("/export", for_guardian=True))
    assert "the lake" not in str(file)


async def test_a_plan_that_is_kept_from_guardians_is_printed_for_none(house: House) -> None:
    plan = await begun(house)
    await plan.agreed()
    async with house.engine.transaction(house.program) as db:
        client = await db.get_one(Client, (house.program, UUID(plan.client_id)))
        client.hidden_from_guardian = ["safety_plan"]
    for path in ("/pdf", "/export"):
        refused = await plan.tries(path, for_guardian=True)
        assert (refused.status_code, refused.json()["code"]) == (403, "hidden_from_guardian")
        assert "Ask them whether they want to show it" in refused.json()["detail"]
        assert (await plan.tries(path)).status_code == 200, "the client has it all the same"


async def test_each_copy_is_written_down_and_asks_for_the_pin(house: House) -> None:
    plan = await begun(house)
    await plan.agreed()
    bare = await plan.browser.http.post(f"{plan.path}/pdf", json={}, headers={"Command-Id": str(uuid4())})
    assert (bare.status_code, bare.json()["code"]) == (403, "confirm_needed")
    assert await house.entries(Kind.plan_exported) == []
    await plan.tries("/pdf")
    await plan.tries("/export")
    assert len(await house.entries(Kind.plan_exported)) == 2


async def test_without_a_plan_there_is_nothing_to_print(house: House) -> None:
    plan = await begun(house)
    for path in ("/pdf", "/export"):
        assert (await plan.tries(path)).status_code == 404


async def test_a_file_taken_in_is_the_same_plan_again(house: House) -> None:
    plan = await begun(house)
    contact = ok(await plan.browser.post(f"/api/clients/{plan.client_id}/contacts", **IDA))["contacts"][0][
        "id"
    ]
    await plan.agreed(
        people=[line("Ida, my sister", contact_id=contact), line("Zoë", hidden_from_guardian=True)]
    )
    ok(await plan.tries("/means", of="medicines", status="secured", step="locked", by="Ida", on="2027-03-01"))
    ok(await plan.tries("/means", of="firearms", status="none_here"))
    file = ok(await plan.tries("/export"))
    shown = await plan.does("/import", document=file)
    assert shown["draft"] == shown["agreed"]
    assert shown["unlinked"] == 0
    # Nothing that was known already is written a second time.
    assert len(shown["means"]) == 2
    assert shown["means_before"] == []
    await plan.does("/agree", **AGREED)
    again = ok(await plan.tries("/export"))
    assert {**again, "number": 1, "agreed_at": file["agreed_at"]} == file


async def test_a_plan_moves_to_another_record_with_every_word_and_without_foreign_links(house: House) -> None:
    plan = await begun(house)
    contact = ok(await plan.browser.post(f"/api/clients/{plan.client_id}/contacts", **IDA))["contacts"][0][
        "id"
    ]
    await plan.agreed(people=[line("Ida, my sister", contact_id=contact)])
    ok(await plan.tries("/means", of="firearms", status="none_here"))
    file = ok(await plan.tries("/export"))
    other = Plan(plan.browser, (await added(plan.browser, name_used="Ana R."))["id"])
    shown = await other.does("/import", document=file)
    assert shown["unlinked"] == 1
    people = shown["draft"]["parts"]["people"]
    assert [(one["words"], one["contact_id"]) for one in people] == [("Ida, my sister", None)]
    assert [one["of"] for one in shown["means"]] == ["firearms"]
    # Taken in is not agreed: they read it together first.
    assert shown["head"]["agreed"] is None


@pytest.mark.parametrize(
    "document", [{}, {"format": "other"}, {"format": "handrail-safety-plan", "content": 1}]
)
async def test_a_file_that_is_no_plan_changes_nothing(house: House, document: dict[str, Any]) -> None:
    plan = await begun(house)
    refused = await plan.tries("/import", version=0, document=document)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_plan")
    assert "Nothing was taken in" in refused.text
    assert (await plan.head())["version"] == 0
