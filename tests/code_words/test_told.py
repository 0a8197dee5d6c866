"""A caregiver knows the words only under a release of their own that says so, and for as long as it does (F3)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.clients.models import Disclosure
from app.code_words.queries import standing
from app.db import reveal
from tests.code_words.conftest import Ward
from tests.house import START

GIVEN: dict[str, Any] = {
    "scope": "The words and what they mean.", "purpose": "To understand a call for help",
    "starts_on": "2027-03-01", "method": "folder 3",
}  # fmt: skip


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def ida(ward: Ward, **more: Any) -> str:
    body = {"name": "Ida Testperson", "relation": "sister", "number": "(503) 555-0111", **more}
    path = f"/api/clients/{ward.met.clients['Ana T']}/contacts"
    return str(ok(await ward.maya.post(path, **body))["contacts"][0]["id"])


async def signs(ward: Ward, contact: str, *covers: str, **more: Any) -> str:
    path = f"/api/clients/{ward.met.clients['Ana T']}/releases"
    body = {**GIVEN, "contact_id": contact, "covers": list(covers), **more}
    made = ok(await ward.maya.post(path, **body))["releases"]
    return next(str(one["id"]) for one in made if one["covers"] == list(covers))


async def tells(ward: Ward, contact: str, **body: Any) -> httpx.Response:
    path = f"/api/clients/{ward.met.clients['Ana T']}/contacts/{contact}/knows-code-words"
    return await ward.maya.post(path, **body)


async def seen(ward: Ward) -> Any:
    return ok(await ward.maya.get(ward.words_of("Ana T")))


@pytest.mark.row("F3")
async def test_a_caregiver_is_told_under_their_own_release_and_its_end_makes_the_word_due(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    contact = await ida(ward)
    refused = await tells(ward, contact)
    assert (refused.status_code, refused.json()["code"]) == (403, "contact_blocked")
    assert "write down the release" in refused.json()["detail"]
    # A release for something else is no release for this.
    await signs(ward, contact, "contact_in_crisis", "share_plan")
    assert (await tells(ward, contact)).status_code == 403
    [line] = (await seen(ward))["contacts"]
    assert (line["may"], line["told_at"]) == (False, None)
    assert "does not cover this" in line["block"]

    release = await signs(ward, contact, "code_words")
    told = ok(await tells(ward, contact))
    assert [(one["name"], one["may"], one["told_at"]) for one in told["contacts"]] == [
        ("Ida Testperson", True, "2027-03-01T15:00:00Z")
    ]
    assert [(one["name"], one["how"]) for one in told["words"][0]["known_by"]] == [
        ("Maya Example", "chose"), ("Ida Testperson", "told"),
    ]  # fmt: skip
    assert told["words"][0]["due"] is None

    # It is in the accounting of what was told to whom, without the word itself.
    async with ward.house.engine.transaction(None) as db:
        kept = (await db.scalars(select(Disclosure))).one()
        assert (kept.act, kept.basis, str(kept.release_id)) == ("code_words", "release", release)
        assert reveal(db, kept, "content") == "Which words mean what: danger word"
    assert len(await ward.house.entries("client.disclosed", "code_word.told")) == 2

    # Revoked: she knows a word that she may not know any more.
    path = f"/api/clients/{ward.met.clients['Ana T']}/releases/{release}"
    ok(await ward.maya.delete(path))
    now = await seen(ward)
    assert now["words"][0]["due"] == "exposed"
    assert now["contacts"][0]["may"] is False
    ana = ward.met.clients["Ana T"]
    async with ward.web.transaction(ward.house.program) as db:
        assert (await standing(db, ward.house.program, [ana]))[ana].due == ("danger",)
    assert ("Ana T", "danger", "exposed") in [
        (line["name"], line["kind"], line["why"]) for line in ok(await ward.maya.get("/api/code-words"))
    ]
    await ward.chose("Ana T", "yellow canoe")
    assert (await seen(ward))["words"][0]["due"] is None


async def test_a_release_that_runs_out_makes_the_word_due_unless_another_one_stands(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    contact = await ida(ward)
    await signs(ward, contact, "code_words", ends_on=(START + timedelta(days=10)).date().isoformat())
    ok(await tells(ward, contact))
    ward.house.clock.move(timedelta(days=11, hours=12).total_seconds())
    ward.maya = await ward.house.signed_in(ward.clinic.people["lead"])
    assert (await seen(ward))["words"][0]["due"] == "exposed"
    await signs(ward, contact, "code_words")
    assert (await seen(ward))["words"][0]["due"] is None


@pytest.mark.parametrize("how", ["barred", "no longer listed", "objection"])
async def test_somebody_the_client_turns_away_from_may_not_know_the_word(ward: Ward, how: str) -> None:
    await ward.chose("Ana T", "marble staircase")
    contact = await ida(ward)
    await signs(ward, contact, "code_words")
    ok(await tells(ward, contact))
    path = f"/api/clients/{ward.met.clients['Ana T']}"
    match how:
        case "barred":
            body = {"name": "Ida Testperson", "contact_id": contact, "reason": "invented"}
            ok(await ward.maya.post(f"{path}/do-not-contact", **body))
        case "no longer listed":
            ok(await ward.maya.delete(f"{path}/contacts/{contact}"))
        case _:
            ok(await ward.maya.patch(f"{path}/contacts/{contact}", known_objection=True))
    assert (await seen(ward))["words"][0]["due"] == "exposed"
    assert (await tells(ward, contact)).status_code in (403, 404)


async def test_where_home_is_unsafe_nobody_who_lives_there_is_told(ward: Ward) -> None:
    await ward.chose("Ana T", "marble staircase")
    contact = await ida(ward, lives_with_client=True)
    await signs(ward, contact, "code_words")
    path = f"/api/clients/{ward.met.clients['Ana T']}"
    version = ok(await ward.maya.get(path))["version"]
    ok(await ward.maya.patch(path, version=version, unsafe_home=True))
    refused = await tells(ward, contact)
    assert refused.status_code == 403
    assert "lives with the client" in refused.json()["detail"]
    [line] = (await seen(ward))["contacts"]
    assert line["may"] is False


async def test_a_newer_word_is_not_yet_known_and_a_group_pause_is_never_told(ward: Ward) -> None:
    contact = await ida(ward)
    await signs(ward, contact, "code_words")
    assert (await tells(ward, contact)).json()["code"] == "none_set"
    ok(await ward.maya.sends("PUT", f"{ward.met.path}/pause-word", {"phrase": "yellow canoe"}))
    assert (await tells(ward, contact)).json()["code"] == "none_set"
    await ward.chose("Ana T", "marble staircase")
    ok(await tells(ward, contact))
    await ward.chose("Ana T", "turtle parade", "all_clear")
    assert (await seen(ward))["contacts"][0]["told_at"] is None
    ok(await tells(ward, contact))
    assert (await seen(ward))["contacts"][0]["told_at"] is not None
    [row] = await ward.clinic.rows("select count(*) as n from code_word_known where contact_id is not null")
    assert row.n == 2


async def test_a_contact_of_somebody_else_is_not_found(ward: Ward) -> None:
    await ward.chose("Ben T", "marble staircase")
    contact = await ida(ward)
    path = f"/api/clients/{ward.met.clients['Ben T']}/contacts/{contact}/knows-code-words"
    assert (await ward.maya.post(path)).status_code == 404
