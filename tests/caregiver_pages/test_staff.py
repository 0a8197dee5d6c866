"""What staff do with a client: prepare a copy, send its link, see it, end it; and what they may not."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.journal.kinds import Kind
from tests.caregiver_pages.conftest import IDA, Home
from tests.clients.test_records import added, ok
from tests.plans.making import core, line


async def test_whom_a_copy_may_be_made_for_and_why_not(home: Home) -> None:
    walt = ok(await home.sam.post(f"{home.path}/contacts", **{**IDA, "name": "Walt", "number": "5035550112"}))
    found = (await home.copies())["contacts"]
    assert [(one["name"], one["plan"], one["coaching"]) for one in found] == [
        ("Ida Testperson", True, True),
        ("Walt", False, False),
    ]
    assert found[1]["block"]
    assert found[1]["lawful_instead"]
    refused = await home.tries(contact_id=walt["contacts"][1]["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "contact_blocked")
    assert (await home.copies())["copies"] == []


async def test_a_release_for_a_crisis_call_shares_no_plan(home: Home) -> None:
    record = ok(await home.sam.get(home.path))
    ok(await home.sam.patch(f"{home.path}/releases/{record['releases'][-1]['id']}", revoked=True))
    await home.releases(covers=["contact_in_crisis"])
    assert (await home.tries()).status_code == 403
    await home.releases(covers=["caregiver_coaching"])
    assert (await home.tries()).status_code == 403, "coaching does not carry the plan"
    assert (await home.tries(with_plan=False, line_ids=[])).status_code == 201


async def test_each_copy_is_a_disclosure_on_the_record(home: Home) -> None:
    await home.shares()
    assert len(await home.house.entries(Kind.disclosed)) == 2
    async with home.house.engine.transaction(None) as db:
        rows = (await db.execute(text("select basis, purpose from disclosure order by at"))).all()
    assert [row.basis for row in rows] == ["release", "release"]


@pytest.mark.parametrize(
    "more",
    [
        {"previewed": False},
        {"with_plan": True, "line_ids": []},
        {"with_plan": False, "with_coaching": False},
        {"days": 0},
        {"days": 181},
        {"language": "xx"},
        {"when": "x" * 601},
        {"unknown": 1},
    ],
)
async def test_a_copy_needs_the_preview_and_a_choice(home: Home, more: dict[str, Any]) -> None:
    assert (await home.tries(**more)).status_code == 422
    assert (await home.copies())["copies"] == []


async def test_only_lines_of_the_agreed_plan_are_shared(home: Home) -> None:
    refused = await home.tries(line_ids=[str(uuid4())])
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    draft = core(signs=[line("not agreed")])
    ok(await home.sam.post(f"{home.path}/plan/draft", version=2, content=draft))
    refused = await home.tries(line_ids=[draft["parts"]["signs"][0]["id"]])
    assert refused.status_code == 409


async def test_what_is_hidden_from_guardians_is_in_no_copy_for_one(home: Home) -> None:
    """R16."""
    hidden = line("I told only Sam about the lake", hidden_from_guardian=True)
    content = core(signs=[hidden, line("I skip meals")])
    ok(await home.sam.post(f"{home.path}/plan/draft", version=2, content=content))
    ok(await home.sam.post(f"{home.path}/plan/agree", version=3, with_client=True, how="video"))
    ids = [one["id"] for one in content["parts"]["signs"]]
    ok(await home.sam.patch(f"{home.path}/contacts/{home.contact}", guardian=True))
    refused = await home.tries(line_ids=ids)
    assert (refused.status_code, refused.json()["code"]) == (422, "hidden_from_guardian")
    assert (await home.tries(line_ids=ids[1:])).status_code == 201


async def test_a_copy_stays_as_chosen_when_the_plan_goes_on(home: Home) -> None:
    ida = await home.opened(await home.shares())
    ok(await home.sam.post(f"{home.path}/plan/draft", version=2, content=core()))
    ok(await home.sam.post(f"{home.path}/plan/agree", version=3, with_client=True, how="video"))
    assert "talk about the garden" in (await ida.opens("/c/f/here")).text
    [copy] = (await home.copies())["copies"]
    assert (copy["plan_number"], copy["newer_plan"], copy["lines"]) == (1, True, 2)
    shown = ok(await home.sam.post(f"{home.path}/copies/{copy['id']}/open"))
    assert [one["words"] for one in shown["shared"]["lines"]] == [
        "Ring me and talk about the garden",
        "I stop answering Ida",
    ]
    assert len(await home.house.entries(Kind.plan_opened)) == 1


async def test_a_new_copy_for_the_same_person_ends_the_one_before(home: Home) -> None:
    first = await home.shares()
    ida = await home.opened(first)
    await home.shares()
    assert [one["state"] for one in (await home.copies())["copies"]] == ["open", "ended"]
    assert (await ida.opens("/c/f/here")).status_code == 404


async def test_ending_a_copy_stops_a_text_that_waits(home: Home) -> None:
    await home.shares(send=True)
    [copy] = (await home.copies())["copies"]
    ok(await home.sam.post(f"{home.path}/copies/{copy['id']}/end"))
    ok(await home.sam.post(f"{home.path}/copies/{copy['id']}/end"))
    assert await home.texts() == []
    assert len(await home.house.entries(Kind.copy_ended)) == 1


async def test_a_line_that_refuses_is_not_asked_again(home: Home) -> None:
    home.phones.refuses = True
    await home.shares(send=True)
    assert await home.texts() == []
    async with home.house.engine.transaction(None) as db:
        row = (await db.execute(text("select status, words, error_code from plain_text"))).one()
    assert (row.status, row.words, row.error_code) == ("failed", None, "30006")
    assert (await home.copies())["copies"][0]["text_lost"] is True


async def test_a_text_that_waited_too_long_never_leaves(home: Home) -> None:
    await home.shares(send=True)
    home.house.clock.move(301)
    assert await home.texts() == []
    async with home.house.engine.transaction(None) as db:
        assert (await db.scalar(text("select status from plain_text"))) == "voided"


async def test_making_a_copy_asks_for_the_pin(home: Home) -> None:
    bare = await home.sam.http.post(
        f"{home.path}/copies",
        json={
            "contact_id": home.contact,
            "with_plan": False,
            "with_coaching": True,
            "previewed": True,
        },
        headers={"Command-Id": str(uuid4())},
    )
    assert bare.status_code in (201, 403)
    if bare.status_code == 403:
        assert bare.json()["code"] == "confirm_needed"


async def test_only_those_who_work_with_the_client_reach_the_copies(home: Home) -> None:
    await home.shares()
    [copy] = (await home.copies())["copies"]
    strangers = [
        (await home.house.staff("Lee Admin", "administrator"), 403),
        (await home.house.staff("Pat Other", "clinician"), 404),
        (await home.house.staff("Kim Elsewhere", "supervisor", program="Elsewhere"), 404),
    ]
    for stranger, status in strangers:
        assert (await stranger.get(f"{home.path}/copies")).status_code == status
        for path, body in (
            ("", {"contact_id": home.contact, "with_plan": False, "with_coaching": True, "previewed": True}),
            (f"/{copy['id']}/open", {}),
            (f"/{copy['id']}/end", {}),
            (f"/proposals/{uuid4()}", {"accept": True}),
        ):
            answer = await stranger.post(f"{home.path}/copies{path}", **body)
            assert answer.status_code == status, (path, answer.text)
    other = await added(home.sam, name_used="Zoë Q.")
    crossed = await home.sam.post(f"/api/clients/{other['id']}/copies/{copy['id']}/end")
    assert crossed.status_code == 404


async def test_what_is_shared_lies_sealed(home: Home) -> None:
    ida = await home.opened(await home.shares(when="zebra moment", send=True))
    await ida.presses("/c/f/details", times="zebra time")
    async with home.house.engine.transaction(None) as db:
        for table in ("caregiver_copy", "caregiver_proposal", "plain_text", "entry_detail", "disclosure"):
            for row in await db.execute(text(f"select * from {table}")):  # noqa: S608
                shown = b"".join(v for v in row if isinstance(v, bytes)).decode("latin-1")
                shown += " ".join(str(v) for v in row if not isinstance(v, bytes))
                for secret in ("zebra", "garden", "5550111"):
                    assert secret not in shown
