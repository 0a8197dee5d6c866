"""Contacts and releases over HTTP: what a paper must say, how it ends, and what its end stops."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.clients.models import Client, EmergencyContact, Release
from app.journal.kinds import Kind
from tests.clients.test_records import IDA, added, ok
from tests.house import START, Browser, House

GIVEN: dict[str, Any] = {
    "scope": "That contact was lost.", "purpose": "safety", "starts_on": "2027-03-01", "method": "folder 3",
}  # fmt: skip
PART2: dict[str, Any] = {
    "form": "part2_specific", "ends_event": "leaving this program", "signed_on": "2027-03-01",
    "discloser": "the office", "right_to_revoke_told": True, "notice_version": "2024-04-16",
}  # fmt: skip


@pytest.fixture
async def sam(house: House) -> Browser:
    return await house.staff("Sam Okafor", "clinician")


async def with_ida(sam: Browser, **record: Any) -> tuple[str, str]:
    path = f"/api/clients/{(await added(sam, **record))['id']}"
    return path, ok(await sam.post(f"{path}/contacts", **IDA))["contacts"][0]["id"]


async def test_what_nobody_asked_is_not_a_no(sam: Browser) -> None:
    path, contact = await with_ida(sam)
    shown = ok(await sam.get(path))["contacts"][0]
    asked = ("can_reach_home", "knows_code_words", "knows_of_treatment", "adult")
    assert [shown[name] for name in asked] == [None] * 4
    said = {"kind": "family", "can_reach_home": False, "knows_of_treatment": True, "adult": True}
    shown = ok(await sam.patch(f"{path}/contacts/{contact}", **said))["contacts"][0]
    assert {name: shown[name] for name in said} == said
    shown = ok(await sam.patch(f"{path}/contacts/{contact}", can_reach_home=None))["contacts"][0]
    assert shown["can_reach_home"] is None
    assert shown["knows_of_treatment"] is True
    child = await sam.patch(f"{path}/contacts/{contact}", adult=False)
    assert child.status_code == 422
    assert "under 18" in child.text


async def test_after_thirty_days_a_contact_is_to_be_confirmed(house: House, sam: Browser) -> None:
    path, contact = await with_ida(sam)
    assert ok(await sam.get(path))["contacts"][0]["confirm_due"] is False, "just said"
    house.clock.move(timedelta(days=30, seconds=1).total_seconds())
    assert sam.me
    later = await house.signed_in(sam.me)
    assert ok(await later.get(path))["contacts"][0]["confirm_due"] is True
    shown = ok(await later.post(f"{path}/contacts/{contact}/confirm"))["contacts"][0]
    assert shown["confirm_due"] is False


async def test_a_release_says_whom_what_and_until_when(sam: Browser) -> None:
    path, contact = await with_ida(sam)
    for wrong, words in (
        ({}, "Say who may be told"),
        ({"contact_id": contact, "recipient": "Invented Hospital"}, "one recipient"),
        ({"contact_id": contact, "covers": []}, ""),
        ({"contact_id": contact, "covers": ["everything"]}, ""),
        ({"contact_id": contact, "signed_on": "2027-03-02"}, "before the day it was signed"),
        ({"contact_id": contact, "form": "part2_specific"}, "needs more"),
        ({"contact_id": contact, **PART2, "discloser": ""}, "who may disclose"),
        ({"contact_id": contact, **PART2, "signed_how": "voice"}, "a signature on paper"),
        ({"contact_id": contact, **PART2, "notice_version": "1999"}, "no such notice"),
        ({"contact_id": contact, "signed_by": "guardian", "signer_contact_id": contact}, "guardian"),
    ):
        refused = await sam.post(f"{path}/releases", **{**GIVEN, **wrong})
        assert refused.status_code == 422, refused.text
        assert words in refused.text
    assert ok(await sam.get(path))["releases"] == []
    whole = {**GIVEN, **PART2, "contact_id": contact, "covers": ["contact_in_crisis", "share_plan"]}
    [shown] = ok(await sam.post(f"{path}/releases", **whole))["releases"]
    assert (shown["state"], shown["part2"], shown["ends_event"]) == ("active", True, "leaving this program")
    office = {**GIVEN, "recipient": "Invented Hospital", "covers": ["medical"]}
    shown = ok(await sam.post(f"{path}/releases", **office))["releases"]
    assert "Invented Hospital" in [row["recipient"] for row in shown]


async def test_the_event_a_release_was_to_end_with_ends_it(sam: Browser) -> None:
    path, contact = await with_ida(sam)
    given = {**GIVEN, "contact_id": contact, "ends_event": "leaving this program"}
    [signed] = ok(await sam.post(f"{path}/releases", **given))["releases"]
    [ended] = ok(await sam.patch(f"{path}/releases/{signed['id']}", event_happened=True))["releases"]
    assert ended["state"] == "ended"
    assert "has happened" in ended["fault"]
    dated = ok(await sam.post(f"{path}/releases", **{**GIVEN, "contact_id": contact}))["releases"]
    [other] = [row["id"] for row in dated if row["id"] != signed["id"]]
    assert (await sam.patch(f"{path}/releases/{other}", event_happened=True)).status_code == 422
    assert (await sam.patch(f"{path}/releases/{other}")).status_code == 422
    both = await sam.patch(f"{path}/releases/{other}", event_happened=True, revoked=True)
    assert both.status_code == 422


async def test_on_the_day_of_majority_a_guardians_release_is_over_and_the_record_says_why(
    house: House, sam: Browser
) -> None:
    path = f"/api/clients/{(await added(sam, birth_date='2009-03-02'))['id']}"
    mother = {**IDA, "guardian": True, "authority_verified": True}
    contact = ok(await sam.post(f"{path}/contacts", **mother))["contacts"][0]["id"]
    given = {**GIVEN, "contact_id": contact, "signed_by": "guardian", "signer_contact_id": contact}
    [signed] = ok(await sam.post(f"{path}/releases", **given))["releases"]
    assert signed["state"] == "active"
    # 15:00 UTC plus 16 h 59 min is one minute to midnight in Los Angeles.
    house.clock.move(16 * 3600 + 59 * 60)
    assert sam.me
    evening = await house.signed_in(sam.me)
    assert ok(await evening.get(path))["releases"][0]["state"] == "active"
    house.clock.move(60)
    [over] = ok(await evening.get(path))["releases"]
    assert (over["state"], over["fault"]) == (
        "not_valid",
        "was signed by a guardian, and the client is of age now",
    )


async def test_a_guardian_nobody_has_verified_signs_nothing(sam: Browser) -> None:
    path = f"/api/clients/{(await added(sam, birth_date='2012-03-02'))['id']}"
    contact = ok(await sam.post(f"{path}/contacts", **{**IDA, "guardian": True}))["contacts"][0]["id"]
    given = {**GIVEN, "contact_id": contact, "signed_by": "guardian", "signer_contact_id": contact}
    [signed] = ok(await sam.post(f"{path}/releases", **given))["releases"]
    assert "authority nobody has verified" in signed["fault"]


@pytest.mark.row("F1")
async def test_each_contact_and_each_thing_to_tell_has_an_answer(sam: Browser) -> None:
    path, contact = await with_ida(sam)
    given = {**GIVEN, "contact_id": contact, "covers": ["share_plan"]}
    ok(await sam.post(f"{path}/releases", **given))
    answer = await sam.get(f"{path}/may-tell")
    told = {row["act"]: row for row in answer.json()}
    assert set(told) == {"call", "plan_copy", "coaching", "code_words"}
    assert told["plan_copy"]["bases"] == ["release"]
    for act in ("call", "coaching", "code_words"):
        assert told[act]["block"]
        assert told[act]["lawful_instead"]


async def test_taking_texts_back_closes_every_number_for_texts(house: House, sam: Browser) -> None:
    path, _ = await with_ida(sam)
    ok(await sam.post(f"{path}/phones", number="503 555 0142", text_ok=True, voicemail_ok=True))
    own = {**GIVEN, "covers": ["text"], "form": "agreement"}
    [signed] = ok(await sam.post(f"{path}/releases", **own))["releases"]
    shown = ok(await sam.patch(f"{path}/releases/{signed['id']}", revoked=True, how="text"))
    assert (shown["phones"][0]["text_ok"], shown["phones"][0]["voicemail_ok"]) == (False, True)
    assert len(await house.entries(Kind.release_changed)) == 2


async def test_the_notice_that_goes_with_a_substance_use_record_is_kept_by_version(sam: Browser) -> None:
    [notice] = (await sam.get("/api/clients/notices")).json()
    assert notice["source"].startswith("42 CFR 2.32")
    assert notice["version"] == "2024-04-16"


async def test_a_release_is_sealed_where_it_says_who_and_what(house: House, sam: Browser) -> None:
    path, _ = await with_ida(sam)
    office = {**GIVEN, "recipient": "Invented Hospital", "covers": ["medical"], "ends_event": "discharge"}
    ok(await sam.post(f"{path}/releases", **office))
    async with house.engine.transaction(None) as db:
        row = (await db.scalars(select(Release))).one()
        kept = b"".join(v for v in (row.recipient, row.scope, row.ends_event) if v)
        assert not any(word in kept for word in (b"Invented", b"contact was", b"discharge"))


async def test_a_release_of_before_keeps_its_meaning(house: House, sam: Browser) -> None:
    """What the migration makes of a row that has no more than the first version knew."""
    path, contact = await with_ida(sam)
    ok(await sam.post(f"{path}/releases", **GIVEN, contact_id=contact))
    async with house.engine.transaction(None) as db:
        await db.execute(update(Client).values(danger_word_used_at=START))
        row = (await db.scalars(select(Release))).one()
        assert (row.covers, row.form, row.signed_how) == (["contact_in_crisis"], "authorization", "paper")
        assert await db.get(EmergencyContact, (house.program, UUID(contact)))
