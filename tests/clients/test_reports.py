"""Mandated reports (R20), a young person's own consent, and the reviewed rows of states that both rest on."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.clients.models import Client, Disclosure, MandatedReport
from app.clients.record_models import Guardianship
from app.journal.kinds import Kind
from app.places.models import StateCard
from app.tasks.models import Task
from tests.clients.test_records import IDA, added, ok
from tests.clients.test_releases import GIVEN
from tests.house import START, Browser, House

BEGUN = {"about": "child", "concern": "The little brother is left alone at night."}
TOLD = {
    "agency": "Invented Child Line",
    "person": "Agent Testperson",
    "reference": "IC-0199",
    "content": "As seen.",
}


@pytest.fixture
async def sam(house: House) -> Browser:
    return await house.staff("Sam Okafor", "clinician")


async def card(house: House, by: Browser, kind: str, region: str = "US-OR", **body: Any) -> None:
    """A row as somebody reviewed it. Invented: no test holds law."""
    assert by.me
    async with house.engine.transaction(house.program) as db:
        db.add(
            StateCard(
                program_id=house.program,
                id=uuid4(),
                kind=kind,
                region=region,
                title="Invented row",
                body={"summary": "Invented for a test.", **body},
                source="invented",
                reviewed_by="Invented Counsel",
                reviewed_on=START.date(),
                invented=True,
                made_by=by.me.id,
                made_at=START,
            )
        )


@pytest.mark.row("R20")
async def test_a_report_has_a_person_an_agency_a_reference_and_a_written_follow_up(
    house: House, sam: Browser
) -> None:
    path = f"/api/clients/{(await added(sam))['id']}"
    await card(
        house,
        sam,
        "mandated_report",
        agency="Invented Child Line",
        report_within_hours=24,
        written_within_hours=48,
    )
    begun = ok(await sam.post(f"{path}/reports", **BEGUN))
    assert begun["region"] == "US-OR"
    assert begun["card"]["body"]["agency"] == "Invented Child Line"
    [row] = begun["rows"]
    assert (row["reporter"], row["told_at"]) == ("Sam Okafor", None)
    early = await sam.post(f"{path}/reports/{row['id']}/written")
    assert early.status_code == 409
    told = ok(await sam.post(f"{path}/reports/{row['id']}/told", **TOLD, ticked=["state_card_read"]))
    [row] = told["rows"]
    assert (row["agency"], row["reference"]) == ("Invented Child Line", "IC-0199")
    assert row["written_due_at"][:16] == (START + timedelta(hours=48)).isoformat()[:16]
    assert (await sam.post(f"{path}/reports/{row['id']}/told", **TOLD)).status_code == 409
    async with house.engine.transaction(None) as db:
        [disclosure] = (await db.scalars(select(Disclosure))).all()
        assert (disclosure.basis, disclosure.act, disclosure.second_look_due_at) == ("law", "report", None)
        tasks = (await db.scalars(select(Task).order_by(Task.due_at))).all()
        assert [task.due_at for task in tasks] == [START + timedelta(hours=24), START + timedelta(hours=48)]
        assert sam.me
        assert {task.owner_id for task in tasks} == {sam.me.id}
        kept = (await db.scalars(select(MandatedReport))).one()
        assert b"brother" not in kept.concern
        assert kept.agency
        assert b"Invented" not in kept.agency
    house.clock.move(timedelta(hours=48).total_seconds())
    later = await house.signed_in(sam.me)
    assert ok(await later.get(f"{path}/reports"))["rows"][0]["written_late"] is True
    done = ok(await later.post(f"{path}/reports/{row['id']}/written"))["rows"][0]
    assert (done["written_late"], done["written_at"] is not None) == (False, True)
    # In no answer about the record, and counted for the client who asks whom we told.
    assert "brother" not in (await later.get(path)).text
    assert ok(await later.get(f"{path}/disclosures"))["accounting"] == 1


async def test_the_duty_waits_for_no_card_and_another_colleague_may_report(
    house: House, sam: Browser
) -> None:
    lena = await house.add_person("Lena Moss", "supervisor")
    path = f"/api/clients/{(await added(sam))['id']}"
    begun = ok(await sam.post(f"{path}/reports", **BEGUN, reporter_id=str(lena.id)))
    assert begun["card"] is None
    [row] = begun["rows"]
    assert row["reporter"] == "Lena Moss"
    due = (START + timedelta(hours=30)).isoformat()
    [row] = ok(await sam.post(f"{path}/reports/{row['id']}/told", **TOLD, written_due_at=due))["rows"]
    assert row["written_due_at"][:13] == due[:13]
    nobody = await sam.post(f"{path}/reports", **BEGUN, reporter_id=str(uuid4()))
    assert nobody.json()["fields"].keys() == {"reporter_id"}


async def test_no_report_after_all_needs_its_reason(sam: Browser) -> None:
    path = f"/api/clients/{(await added(sam))['id']}"
    [row] = ok(await sam.post(f"{path}/reports", **BEGUN))["rows"]
    assert (await sam.post(f"{path}/reports/{row['id']}/close", why="no")).status_code == 422
    why = "Decided with the supervisor: an aunt is there each night."
    [row] = ok(await sam.post(f"{path}/reports/{row['id']}/close", why=why))["rows"]
    assert row["closed_why"] == why
    assert (await sam.post(f"{path}/reports/{row['id']}/told", **TOLD)).status_code == 409


async def test_an_adults_report_about_a_substance_use_record_is_looked_at_again(
    house: House, sam: Browser
) -> None:
    path = f"/api/clients/{(await added(sam))['id']}"
    async with house.engine.transaction(None) as db:
        await db.execute(update(Client).values(part2=True))
    [row] = ok(await sam.post(f"{path}/reports", about="adult", concern="Seen bruises."))["rows"]
    ok(await sam.post(f"{path}/reports/{row['id']}/told", **TOLD))
    async with house.engine.transaction(None) as db:
        assert (await db.scalars(select(Disclosure.second_look_due_at))).one() is not None


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("administrator", 403), ("clinician", 404), ("supervisor", 200)]
)
async def test_only_those_who_work_with_the_client_read_reports(
    house: House, sam: Browser, who: str, status: int
) -> None:
    path = f"/api/clients/{(await added(sam))['id']}"
    browser = await house.browser() if who == "nobody" else await house.staff("Lena Moss", who)
    for where in ("reports", "own-consent"):
        assert (await browser.get(f"{path}/{where}")).status_code == status
    if status == 200:
        assert len(await house.entries(Kind.reports_read)) == 1


async def test_a_young_person_consents_alone_where_the_reviewed_row_lets_them(
    house: House, sam: Browser
) -> None:
    path = f"/api/clients/{(await added(sam, birth_date='2011-03-02'))['id']}"
    seen = ok(await sam.get(f"{path}/own-consent"))
    assert (seen["may"], seen["minor"]) == (None, True)
    assert "No reviewed row" in seen["why"]
    day = {"given_on": "2027-02-20"}
    refused = await sam.post(f"{path}/own-consent", **day)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_by_state_law")
    await card(house, sam, "minors_consent", consents_from_age=14, part2_own_consent="it_depends")
    assert ok(await sam.get(f"{path}/own-consent"))["may"] is True
    assert (await sam.post(f"{path}/own-consent", given_on="2027-03-05")).status_code == 422
    given = ok(await sam.post(f"{path}/own-consent", **day, note="In the room, after reading."))
    assert given["given_on"] == "2027-02-20"
    assert (await sam.post(f"{path}/own-consent", **day)).status_code == 409

    mother = {**IDA, "guardian": True, "authority_verified": True}
    contact = ok(await sam.post(f"{path}/contacts", **mother))["contacts"][0]["id"]
    paper = {**GIVEN, "contact_id": contact, "signed_by": "guardian", "signer_contact_id": contact}
    [signed] = ok(await sam.post(f"{path}/releases", **paper))["releases"]
    assert "consented to this care alone" in signed["fault"]
    own = {**GIVEN, "contact_id": contact, "signed_by": "client_by_state_law"}
    signed = ok(await sam.post(f"{path}/releases", **own))["releases"][-1]
    rows = ok(await sam.get(path))["releases"]
    assert sorted(row["state"] for row in rows) == ["active", "not_valid"]
    ended = ok(await sam.delete(f"{path}/own-consent"))
    assert ended["given_on"] is None
    assert {row["state"] for row in ok(await sam.get(path))["releases"]} == {"active"}


async def test_substance_use_needs_a_row_that_says_so(house: House, sam: Browser) -> None:
    path = f"/api/clients/{(await added(sam, birth_date='2011-03-02', part2=True))['id']}"
    await card(house, sam, "minors_consent", consents_from_age=14, part2_own_consent="it_depends")
    seen = ok(await sam.get(f"{path}/own-consent"))
    assert (seen["may"], seen["own_consent_from"]) == (False, None)


async def test_a_card_of_another_state_says_nothing(house: House, sam: Browser) -> None:
    path = f"/api/clients/{(await added(sam, birth_date='2011-03-02'))['id']}"
    await card(house, sam, "minors_consent", region="US-WA", consents_from_age=13)
    assert ok(await sam.get(f"{path}/own-consent"))["may"] is None


async def test_a_warning_with_supervisor_and_card_is_written_down_and_looked_at_again(
    house: House, sam: Browser
) -> None:
    path = f"/api/clients/{(await added(sam, tier='imminent'))['id']}"
    lena = await house.staff("Lena Moss", "supervisor")
    await card(house, sam, "duty_to_protect", must_warn="yes", police_first="yes")
    bar = {"name": "Rob Testperson", "reason": "invented"}
    ok(await sam.post(f"{path}/do-not-contact", **bar))
    asked = {"act": "warning", "recipient": "Rob Testperson"}
    assert ok(await lena.post(f"{path}/may-tell-office", **asked))["bases"] == ["duty_to_protect"]
    given = {
        **asked, "content": "That he is in danger, and from whom.", "purpose": "a warning",
        "basis": "duty_to_protect", "grounds": "Named a time and a place.",
    }  # fmt: skip
    assert (await lena.post(f"{path}/disclosures", **given)).status_code == 403, "ticks first"
    ticked = ["state_card_read", "police_first"]
    [row] = ok(await lena.post(f"{path}/disclosures", **given, ticked=ticked))["rows"]
    assert row["second_look_due_at"] is not None
    assert row["counted"] == "six_years"


async def test_a_guardian_without_the_right_to_decide_signs_nothing(house: House, sam: Browser) -> None:
    path = f"/api/clients/{(await added(sam, birth_date='2014-03-02'))['id']}"
    father = {**IDA, "guardian": True, "authority_verified": True}
    contact = ok(await sam.post(f"{path}/contacts", **father))["contacts"][0]["id"]
    paper = {**GIVEN, "contact_id": contact, "signed_by": "guardian", "signer_contact_id": contact}
    assert ok(await sam.post(f"{path}/releases", **paper))["releases"][0]["state"] == "active"
    assert sam.me
    async with house.engine.transaction(house.program) as db:
        db.add(
            Guardianship(
                program_id=house.program,
                id=uuid4(),
                client_id=UUID(path.rsplit("/", 1)[-1]),
                contact_id=UUID(contact),
                decides_on_care=False,
                told_in_crisis=False,
                gets_records=False,
                by_staff_id=sam.me.id,
                made_at=START,
            )
        )
    [signed] = ok(await sam.get(path))["releases"]
    assert "authority nobody has verified" in signed["fault"]
    told = {row["act"]: row for row in (await sam.get(f"{path}/may-tell")).json()}
    assert told["plan_copy"]["may"] is False
