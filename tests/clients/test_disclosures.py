"""Whom we told: the list, the accounting a client may ask for, and what a second person has to look at."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.clients.accounting import counted, in_time
from app.clients.consent import Agency
from app.clients.disclose import Telling, disclose
from app.clients.models import Client, Disclosure
from app.journal.kinds import Kind
from app.journal.write import write
from tests.clients.test_disclose import RELEASE, Scene, scene
from tests.clients.test_records import ok
from tests.house import START, Browser

__all__ = ["scene"]

TOLD: dict[str, Any] = {
    "act": "responders", "recipient": "Invented County Dispatch", "content": "The place and the danger",
    "purpose": "a check on safety", "basis": "serious_threat", "grounds": "Said goodbye to the group.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("basis", "part2", "rule"),
    [
        ("serious_threat", False, "six_years"),
        ("law", True, "six_years"),
        ("none", False, "six_years"),
        ("duty_to_protect", False, "six_years"),
        ("release", True, "three_years"),
        ("release", False, None),
        ("treatment", False, None),
        ("family_involvement", False, None),
        ("personal_representative", False, None),
        ("part2_medical_emergency", True, None),
    ],
)
def test_what_belongs_to_the_accounting(basis: str, part2: bool, rule: str | None) -> None:
    assert counted(basis, part2) == rule


def test_for_how_long_it_is_counted() -> None:
    today = date(2033, 3, 1)
    assert in_time("six_years", date(2027, 3, 1), today)
    assert not in_time("six_years", date(2027, 2, 28), today)
    assert in_time("three_years", date(2030, 3, 1), today)
    assert not in_time("three_years", date(2030, 2, 28), today)
    assert in_time("three_years", date(2028, 2, 29), date(2031, 2, 28))
    assert not in_time("three_years", date(2028, 2, 29), date(2031, 3, 1))


async def grave(scene: Scene) -> Browser:
    answer = await scene.sam.patch(scene.path, version=1, tier="imminent", tier_reason="Said goodbye.")
    assert answer.status_code == 200, answer.text
    return scene.sam


async def test_the_list_holds_everything_and_the_file_what_the_law_asks(scene: Scene) -> None:
    sam = await grave(scene)
    ok(await sam.post(f"{scene.path}/releases", **RELEASE, contact_id=str(scene.contact)))
    await scene.rings("imminent", "release")
    made = ok(await sam.post(f"{scene.path}/disclosures", **TOLD))
    assert [(row["recipient"], row["counted"]) for row in made["rows"]] == [
        ("Invented County Dispatch", "six_years"),
        ("Ida Testperson (sister)", None),
    ] or [(row["recipient"], row["counted"]) for row in made["rows"]] == [
        ("Ida Testperson (sister)", None),
        ("Invented County Dispatch", "six_years"),
    ]
    assert made["accounting"] == 1
    answer = await sam.get(f"{scene.path}/disclosures.csv")
    assert answer.status_code == 200
    assert answer.content.startswith("\ufeff".encode())
    [row] = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert row["To whom"] == "Invented County Dispatch"
    assert row["Date"] == "2027-03-01"
    assert "Ida" not in answer.text
    assert len(await scene.house.entries(Kind.disclosures_read)) == 2


async def test_after_six_years_it_is_no_longer_counted(scene: Scene) -> None:
    sam = await grave(scene)
    ok(await sam.post(f"{scene.path}/disclosures", **TOLD))
    async with scene.house.engine.transaction(None) as db:
        await db.execute(update(Disclosure).values(at=START - timedelta(days=6 * 366)))
    assert ok(await sam.get(f"{scene.path}/disclosures"))["accounting"] == 0


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("administrator", 403), ("clinician", 404), ("supervisor", 200)]
)
async def test_only_those_who_work_with_the_client_read_it(scene: Scene, who: str, status: int) -> None:
    house = scene.house
    browser = await house.browser() if who == "nobody" else await house.staff("Lena Moss", who)
    for path in ("disclosures", "disclosures.csv"):
        assert (await browser.get(f"{scene.path}/{path}")).status_code == status
    asked = {"act": "medical", "recipient": "Invented Hospital"}
    assert (await browser.post(f"{scene.path}/may-tell-office", **asked)).status_code == status
    looks = await browser.get("/api/second-looks")
    assert looks.status_code == (403 if who == "clinician" else status)


async def test_what_was_told_below_high_waits_for_a_supervisor(scene: Scene) -> None:
    asked = {"act": "responders", "recipient": "Invented County Dispatch"}
    verdict = ok(await scene.sam.post(f"{scene.path}/may-tell-office", **asked))
    assert verdict["may"] is False
    assert "choose the tier" in verdict["lawful_instead"]
    ahead = await scene.sam.post(f"{scene.path}/disclosures", **{**TOLD, "already_told": False})
    assert ahead.status_code == 403
    [row] = ok(await scene.sam.post(f"{scene.path}/disclosures", **TOLD))["rows"]
    assert row["second_look_due_at"] is not None
    # Nobody's belief makes a basis of it, and the client is told of it when they ask.
    assert (row["basis"], row["counted"]) == ("none", "six_years")
    file = await scene.sam.get(f"{scene.path}/disclosures.csv")
    assert [line["Basis"] for line in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))] == [
        "no basis"
    ]
    lena = await scene.house.staff("Lena Moss", "supervisor")
    [waiting] = (await lena.get("/api/second-looks")).json()
    assert waiting["by"] == "Sam Okafor"
    path = f"/api/second-looks/{waiting['id']}"
    assert (await scene.sam.post(path, note="Mine.")).status_code == 403
    assert (await lena.post(path, note="Spoke with Sam: the tier is high now.")).json() == []
    assert (await lena.post(path, note="Once more.")).status_code == 409
    assert (await lena.post(f"/api/second-looks/{UUID(int=7)}", note="None.")).status_code == 404
    [row] = ok(await lena.get(f"{scene.path}/disclosures"))["rows"]
    assert (row["second_look_by"], row["second_look"]) == (
        "Lena Moss", "Spoke with Sam: the tier is high now.",
    )  # fmt: skip


async def test_nobody_looks_at_what_they_told_themselves(scene: Scene) -> None:
    lena = await scene.house.staff("Lena Moss", "supervisor")
    [row] = ok(await lena.post(f"{scene.path}/disclosures", **TOLD))["rows"]
    assert (await lena.post(f"/api/second-looks/{row['id']}", note="Fine.")).status_code == 403


async def test_a_hospital_in_a_part2_emergency_needs_its_four_items(scene: Scene) -> None:
    await grave(scene)
    async with scene.house.engine.transaction(None) as db:
        await db.execute(update(Client).values(part2=True))
    asked = {"act": "medical", "recipient": "Nurse Testperson"}
    verdict = ok(await scene.sam.post(f"{scene.path}/may-tell-office", **asked))
    assert verdict["bases"] == ["part2_medical_emergency"]
    told = {
        "act": "medical", "recipient": "Nurse Testperson", "content": "What was taken.", "purpose": "treatment",
        "basis": "part2_medical_emergency",
    }  # fmt: skip
    refused = await scene.sam.post(f"{scene.path}/disclosures", **told)
    assert set(refused.json()["fields"]) == {"affiliation", "nature"}
    whole = {**told, "affiliation": "Invented Hospital", "nature": "Took pills", "verified_how": "Rang back"}
    [row] = ok(await scene.sam.post(f"{scene.path}/disclosures", **whole))["rows"]
    assert (row["affiliation"], row["nature"], row["by"], row["part2"]) == (
        "Invented Hospital", "Took pills", "Sam Okafor", True,
    )  # fmt: skip


async def test_a_warning_is_never_written_down_past_its_conditions(scene: Scene) -> None:
    await grave(scene)
    lena = await scene.house.staff("Lena Moss", "supervisor")
    warning = {**TOLD, "act": "warning", "recipient": "Rob Testperson", "basis": "duty_to_protect"}
    ticked = {"ticked": ["state_card_read", "police_first"]}
    no = await scene.sam.post(f"{scene.path}/disclosures", **warning, **ticked)
    assert (no.status_code, "Ring the supervisor" in no.json()["detail"]) == (403, True)
    no = await lena.post(f"{scene.path}/disclosures", **warning, **ticked)
    assert (no.status_code, "duty-to-protect card" in no.json()["detail"]) == (403, True)


async def test_nothing_of_it_is_written_where_it_can_be_read_by_accident(scene: Scene) -> None:
    """Sealed in the table, and in no address: the file has one name for everybody."""
    await grave(scene)
    ok(await scene.sam.post(f"{scene.path}/disclosures", **TOLD))
    async with scene.house.database.transaction(scene.house.program) as db:
        client = await db.get(Client, (scene.house.program, scene.client))
        assert client
        told = Telling(
            "responders", "Words of no meaning", "check", "serious_threat", "Grounds of no meaning"
        )
        told = replace(told, verified_how="Ways of no meaning")
        from_office = await disclose(
            db, scene.viewer, client, Agency("Invented County Dispatch"), told, tier="high", already_told=True
        )
        await write(db, scene.house.program, [from_office])
    async with scene.house.engine.transaction(None) as db:
        rows = await db.execute(Disclosure.__table__.select())
        kept = b"".join(v for row in rows for v in row if isinstance(v, bytes))
    assert b"no meaning" not in kept
    answer = await scene.sam.get(f"{scene.path}/disclosures.csv")
    assert "accounting-of-disclosures.csv" in answer.headers["content-disposition"]
