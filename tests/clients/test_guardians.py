"""Two guardians may have different rights; one who is barred is never contacted; on the day of majority all of it ends."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.clients import majority
from app.clients.models import Client, EmergencyContact
from app.clients.record_models import Guardianship
from app.clients.ways import reached
from app.db import reveal
from app.journal.kinds import Kind
from app.places.models import StateCard
from app.tasks.models import Task
from tests.clients.test_records import IDA, added, ok
from tests.clients.test_releases import GIVEN
from tests.house import Browser, House

BORN = "2011-05-05"
ALL = {"decides_on_care": True, "told_in_crisis": True, "gets_records": True}
NONE = dict.fromkeys(ALL, False)
SEEN = {"verified_how": "Custody order 22-114, seen on paper", "verified_on": "2027-02-20"}


class Family:
    """Ana, fifteen, with her mother Ida and her father Rob, whose rights differ."""

    def __init__(self, sam: Browser, path: str, mother: str, father: str) -> None:
        self.sam, self.path, self.mother, self.father = sam, path, mother, father

    async def record(self) -> dict[str, Any]:
        found: dict[str, Any] = ok(await self.sam.get(self.path))
        return found

    async def tries(self, contact: str, version: int | None = None, **given: Any) -> Any:
        version = version or (await self.record())["version"]
        body = {**NONE, "version": version, **given}
        return await self.sam.sends("PUT", f"{self.path}/guardians/{contact}", body)

    async def writes(self, contact: str, **given: Any) -> dict[str, Any]:
        answer = ok(await self.tries(contact, **given))
        return next(one for one in answer["guardians"] if one["contact_id"] == contact)

    async def may(self, contact: str, act: str) -> dict[str, Any]:
        rows = (await self.sam.get(f"{self.path}/may-tell")).json()
        return next(row for row in rows if row["contact_id"] == contact and row["act"] == act)


async def family_of(house: House, born: str = BORN) -> Family:
    sam = await house.staff("Sam Okafor", "clinician")
    path = f"/api/clients/{(await added(sam, birth_date=born))['id']}"
    mother = {**IDA, "relation": "mother"}
    father = {**IDA, "name": "Rob Testperson", "relation": "father", "number": "503-555-0122"}
    for one in (mother, father):
        contacts = ok(await sam.post(f"{path}/contacts", **one))["contacts"]
    return Family(sam, path, contacts[0]["id"], contacts[1]["id"])


@pytest.fixture
async def family(house: House) -> Family:
    return await family_of(house)


async def test_two_guardians_have_the_rights_that_somebody_wrote_down_for_each(family: Family) -> None:
    mother = await family.writes(family.mother, **ALL, **SEEN, custody_note="Sole legal custody since 2024.")
    assert (mother["verified"], mother["written"], mother["kept"]) == (True, True, True)
    assert mother["by"] == "Sam Okafor"
    father = await family.writes(family.father, told_in_crisis=True)
    assert (father["verified"], father["decides_on_care"], father["told_in_crisis"]) == (False, False, True)
    assert (await family.may(family.mother, "record_copy"))["may"]
    no = await family.may(family.father, "record_copy")
    assert not no["may"]
    assert "under guardians" in no["lawful_instead"]
    assert (await family.may(family.mother, "plan_copy"))["bases"] == ["personal_representative"]
    assert not (await family.may(family.father, "plan_copy"))["may"]
    record = await family.record()
    assert [contact["guardian"] for contact in record["contacts"]] == [True, True]
    assert [contact["authority_verified"] for contact in record["contacts"]] == [True, False]


async def test_what_the_paper_says_is_sealed_and_shown_by_a_logged_press(
    house: House, family: Family
) -> None:
    await family.writes(family.mother, **ALL, **SEEN, custody_note="Sole legal custody since 2024.")
    shown = await family.sam.get(f"{family.path}/guardians")
    assert "custody" not in shown.text.replace("custody_note", "")
    revealed = ok(await family.sam.post(f"{family.path}/reveal"))["guardians"][family.mother]
    assert revealed == {
        "custody_note": "Sole legal custody since 2024.", "verified_how": "Custody order 22-114, seen on paper",
    }  # fmt: skip
    assert len(await house.entries(Kind.client_revealed)) == 1
    async with house.engine.transaction(None) as db:
        [row] = (await db.scalars(select(Guardianship))).all()
        assert row.custody_note is not None
        assert b"custody" not in row.custody_note


async def test_a_barred_guardian_sits_on_the_do_not_contact_list_and_a_supervisor_takes_them_off(
    house: House, family: Family
) -> None:
    await family.writes(family.father, **ALL, **SEEN)
    with_rights = await family.tries(family.father, **ALL, **SEEN, barred=True, bar_reason="Order 22-115.")
    assert with_rights.status_code == 422
    assert (await family.tries(family.father, barred=True)).json()["fields"].keys() == {"bar_reason"}
    father = await family.writes(family.father, barred=True, bar_reason="No-contact order 22-115.")
    assert father["barred"]
    [line] = (await family.record())["do_not_contact"]
    assert (line["name"], line["contact_id"]) == ("Rob Testperson", family.father)
    for act in ("call", "plan_copy", "record_copy"):
        no = await family.may(family.father, act)
        assert "do-not-contact" in no["block"]
        assert no["lawful_instead"]
    again = await family.tries(family.father, told_in_crisis=True)
    assert (again.status_code, again.json()["code"]) == (409, "barred")
    lena = await house.staff("Lena Ortiz", "supervisor")
    ok(await lena.delete(f"{family.path}/do-not-contact/{line['id']}"))
    assert not (await family.writes(family.father, told_in_crisis=True))["barred"]


async def test_a_guardian_put_on_the_list_elsewhere_is_shown_as_barred(family: Family) -> None:
    await family.writes(family.father, **ALL, **SEEN)
    ok(
        await family.sam.post(
            f"{family.path}/do-not-contact", name="Rob", contact_id=family.father, reason="invented"
        )
    )
    shown = ok(await family.sam.get(f"{family.path}/guardians"))["guardians"]
    assert {one["contact_id"]: one["barred"] for one in shown}[family.father]
    ok(await family.tries(family.father, barred=True))
    assert len((await family.record())["do_not_contact"]) == 1


async def test_whose_authority_nobody_verified_signs_nothing_and_gets_nothing(
    house: House, family: Family
) -> None:
    await family.writes(family.father, **ALL)
    paper = {
        **GIVEN, "contact_id": family.father, "signed_by": "guardian", "signer_contact_id": family.father,
    }  # fmt: skip
    [release] = ok(await family.sam.post(f"{family.path}/releases", **paper))["releases"]
    assert "nobody has verified" in release["fault"]
    assert not (await family.may(family.father, "plan_copy"))["may"]

    async def in_list() -> int:
        async with house.database.transaction(house.program) as db:
            client = UUID(family.path.rsplit("/", 1)[-1])
            return (await reached(db, house.program, [client]))[client].ways.may_call

    assert await in_list() == 0
    await family.writes(family.father, **ALL, **SEEN)
    assert await in_list() == 1
    await family.writes(family.father, told_in_crisis=True, gets_records=True, **SEEN)
    assert await in_list() == 0, "who does not decide on care signs nothing, in lists as in the record"


async def test_each_change_is_a_version_and_two_people_lose_nothing(house: House, family: Family) -> None:
    await family.writes(family.mother, **ALL, **SEEN)
    version = (await family.record())["version"]
    ada = await house.staff("Ada Marsh", "supervisor")
    body = {**ALL, **SEEN, "gets_records": False, "version": version}
    ok(await ada.sends("PUT", f"{family.path}/guardians/{family.mother}", body))
    clash = await family.tries(
        family.mother, version=version, **{**ALL, **SEEN, "custody_note": "Shared.", "gets_records": True}
    )
    assert clash.status_code == 200, "what Sam left alone does not undo what Ada changed"
    [mother] = [one for one in clash.json()["guardians"] if one["contact_id"] == family.mother]
    assert (mother["gets_records"], mother["kept"]) == (False, True)
    stale = await family.tries(family.mother, version=version, **{**ALL, **SEEN, "custody_note": "Sole."})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert "Sam Okafor" in stale.json()["fields"]["custody_note"]
    lines = ok(await family.sam.get(f"{family.path}/history"))["lines"]
    assert [line["part"] for line in lines] == ["guardian"] * 3
    assert lines[0]["fields"] == ["custody_note"]
    async with house.engine.transaction(None) as db:
        rows = (await db.scalars(select(Guardianship))).all()
        assert len([row for row in rows if row.ended_at is None]) == 1
        assert len(rows) == 3, "ended, never rewritten"


async def test_saving_what_stands_writes_nothing(house: House, family: Family) -> None:
    await family.writes(family.mother, **ALL, **SEEN)
    before = await family.record()
    await family.writes(family.mother, **ALL, **SEEN)
    assert (await family.record())["version"] == before["version"]
    assert len(await house.entries(Kind.guardian_changed)) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"verified_how": "A letter"}, {"verified_on": "2027-02-20"}, {**SEEN, "verified_on": "2027-03-09"}],
)
async def test_a_paper_has_a_day_and_the_day_has_been(family: Family, wrong: dict[str, Any]) -> None:
    assert (await family.tries(family.mother, **ALL, **wrong)).status_code == 422


async def test_who_is_no_guardian_any_more_has_no_rights_left(house: House, family: Family) -> None:
    for contact in (family.mother, family.father):
        await family.writes(contact, **ALL, **SEEN)
    ok(await family.sam.delete(f"{family.path}/guardians/{family.mother}"))
    ok(await family.sam.delete(f"{family.path}/guardians/{family.mother}"))
    ok(await family.sam.patch(f"{family.path}/contacts/{family.father}", guardian=False))
    assert ok(await family.sam.get(f"{family.path}/guardians"))["guardians"] == []
    async with house.engine.transaction(None) as db:
        assert [row for row in await db.scalars(select(Guardianship)) if row.ended_at is None] == []
    assert len((await family.record())["contacts"]) == 2, "they stay contacts"


@pytest.mark.row("R16")
async def test_on_the_day_of_majority_guardians_access_ends_and_thirty_days_before_it_is_a_task(
    house: House,
) -> None:
    family = await family_of(house, born="2009-04-15")
    await family.writes(family.mother, **ALL, **SEEN)
    assert ok(await family.sam.get(f"{family.path}/guardians"))["of_age_on"] is None, "45 days ahead"

    async def turned() -> int:
        async with house.engine.transaction(None) as db:
            return await majority.turn(db)

    async def tasks() -> list[tuple[str | None, str]]:
        async with house.engine.transaction(None) as db:
            rows = await db.scalars(select(Task).order_by(Task.made_at, Task.id))
            return [(row.gap, reveal(db, row, "about") or "") for row in rows]

    assert await turned() == 0
    assert await tasks() == []
    house.clock.move(timedelta(days=20).total_seconds())
    assert family.sam.me
    family.sam = await house.signed_in(family.sam.me)
    assert ok(await family.sam.get(f"{family.path}/guardians"))["of_age_on"] == "2027-04-15"
    assert await turned() == 0
    assert await turned() == 0
    assert [gap for gap, _ in await tasks()] == ["of age soon"], "said once"

    house.clock.move(timedelta(days=25).total_seconds())
    assert await turned() == 1
    family.sam = await house.signed_in(family.sam.me)
    answer = ok(await family.sam.get(f"{family.path}/guardians"))
    assert (answer["young"], answer["guardians"]) == (False, [])
    assert not [
        row for row in (await family.sam.get(f"{family.path}/may-tell")).json() if row["act"] == "record_copy"
    ]
    assert not (await family.may(family.mother, "plan_copy"))["may"]
    assert [gap for gap, _ in await tasks()] == ["of age soon", "of age"]
    assert "releases of their own" in (await tasks())[1][1]
    late = await family.tries(family.mother, **ALL, **SEEN)
    assert (late.status_code, late.json()["code"]) == (409, "of_age")


async def test_an_agreement_that_is_in_force_stands_in_what_consent_decides(
    house: House, family: Family
) -> None:
    await family.writes(family.mother, **ALL, **SEEN)
    assert not (await family.may(family.mother, "call"))["may"], "no release, no agreement"
    told = {
        tier: {"told": "young_person_first", "words": "That we lost touch"} for tier in ("low", "moderate")
    }
    told |= {tier: {"told": "at_once", "words": ""} for tier in ("high", "imminent")}
    agreement = ok(
        await family.sam.post(
            f"{family.path}/agreement", version=0, review_due="2027-06-01", stays_private="What is said in the group.",
            may_call=[family.mother], **told,
        )
    )["agreement"]  # fmt: skip
    assert not (await family.may(family.mother, "call"))["may"], "nobody has read it yet"
    for who, contact in (("young_person", None), ("guardian", family.mother)):
        ok(
            await family.sam.post(
                f"{family.path}/agreement/readings", agreement_id=agreement["id"], who=who, contact_id=contact,
                how="in_person", read_on="2027-03-01",
            )
        )  # fmt: skip
    yes = await family.may(family.mother, "call")
    assert yes["bases"] == ["personal_representative"]
    assert "That we lost touch" in yes["what_may_be_said"]
    assert yes["ticks"] == ["young_person_told_first"]
    async with house.database.transaction(house.program) as db:
        client = UUID(family.path.rsplit("/", 1)[-1])
        assert (await reached(db, house.program, [client]))[client].ways.may_call == 1


async def test_nobody_outside_the_clients_people_reads_or_writes_rights(house: House, family: Family) -> None:
    strangers = [
        await house.staff("Ada Marsh", "administrator"),
        await house.staff("Sol Vega", "supervisor", program="Elsewhere"),
    ]
    for stranger in strangers:
        assert (await stranger.get(f"{family.path}/guardians")).status_code in (403, 404)
        body = {**ALL, **SEEN, "version": 1}
        path = f"{family.path}/guardians/{family.mother}"
        assert (await stranger.sends("PUT", path, body)).status_code in (403, 404)
        assert (await stranger.delete(path)).status_code in (403, 404)
    assert await house.entries(Kind.guardian_changed) == []
    other = await added(family.sam, name_used="Ben O.", birth_date=BORN)
    foreign = await family.sam.sends(
        "PUT", f"/api/clients/{other['id']}/guardians/{family.mother}", {**ALL, "version": 1}
    )
    assert foreign.status_code == 404
    async with house.engine.transaction(None) as db:
        contacts = (await db.scalars(select(EmergencyContact))).all()
        assert not any(row.guardian for row in contacts)


async def test_the_age_of_majority_is_the_one_of_their_state_as_somebody_reviewed_it(house: House) -> None:
    """Eighteen and ten months: grown where nobody wrote a row, under age where the reviewed row says nineteen."""
    sam = await house.staff("Sam Okafor", "clinician")
    lives = {"street": "418 Alder Court", "town": "Invented", "state": "AL", "country": "US"}
    path = f"/api/clients/{(await added(sam, birth_date='2008-05-05', home_address=lives))['id']}"
    mother = ok(await sam.post(f"{path}/contacts", **{**IDA, "relation": "mother"}))["contacts"][0]["id"]
    family = Family(sam, path, mother, mother)

    async def turned() -> list[tuple[str | None, str]]:
        async with house.engine.transaction(None) as db:
            await majority.turn(db)
        async with house.engine.transaction(None) as db:
            rows = await db.scalars(select(Task).where(Task.gap.is_not(None)).order_by(Task.made_at))
            return [(row.gap, f"{row.due_at:%m-%d}") for row in rows]

    async def in_list() -> bool:
        minor: bool = (await sam.get("/api/clients")).json()["rows"][0]["minor"]
        return minor

    assert await turned() == []
    assert [(await family.record())["minor"], await in_list()] == [False, False]
    assert (await family.record())["of_age_unreviewed"] == "Alabama", "and the record says that 18 is assumed"
    async with house.engine.transaction(house.program) as db:
        db.add(
            StateCard(
                program_id=house.program,
                id=uuid4(),
                kind="minors_consent",
                region="US-AL",
                title="Invented card",
                body={"summary": "Invented.", "of_age_at": 19},
                source="Nobody's statute",
                reviewed_by="R. Adeyemi",
                reviewed_on=date(2027, 1, 4),
                invented=True,
                made_by=sam.me.id if sam.me else None,
                made_at=house.clock.now(),
            )
        )
    # The record and what consent decides follow the row at once; lists follow with the next round of the engine.
    record = await family.record()
    assert (record["minor"], record["age"], record["of_age_unreviewed"]) == (True, 18, None)
    assert ok(await sam.get(f"{path}/own-consent"))["of_age"] == 19
    assert await turned() == [("under age", "03-01")]
    assert await in_list()
    await family.writes(mother, decides_on_care=True, told_in_crisis=True, gets_records=True, **SEEN)
    assert (await family.may(mother, "plan_copy"))["may"]
    async with house.engine.transaction(house.program) as db:
        [who] = await db.scalars(select(Client.id))
        assert (await reached(db, house.program, [who]))[who].ways.may_call == 0, "calm, and nothing signed"
    house.clock.move(timedelta(days=40).total_seconds())
    assert (await turned())[1:] == [("of age soon", "05-05")]
    assert (await turned())[2:] == [], "once"
    house.clock.move(timedelta(days=25).total_seconds())
    sam = family.sam = await house.signed_in(sam.me) if sam.me else sam
    assert (await turned())[2:] == [("of age", "05-05")]
    assert [(await family.record())["minor"], await in_list()] == [False, False]
    assert not (await family.may(mother, "plan_copy"))["may"]
    # Who moves to another state has that state's age on the same day.
    ok(
        await sam.patch(
            path, version=(await family.record())["version"], home_address=lives | {"state": "OR"}
        )
    )
    assert not (await family.record())["minor"]
