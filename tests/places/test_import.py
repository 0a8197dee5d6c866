"""A directory that somebody brings as a file: said first, done for every line that is right, and nothing lost."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.journal.kinds import Kind
from app.places.routes import router
from app.staff.routes import router as staff
from tests.house import Browser, House, built

PATH = "/api/places"
FILE = """Kind;Agency;Phone;County;Hours;Police;Colour
Dispatch;Harrow County dispatch;(503) 555-0190;Harrow County, OR;24/7;yes;blue
mobile crisis team;Harrow mobile team;503-555-0191;Harrow County, OR;8 AM to midnight;no;blue
Dispatch;Elm County dispatch;911;Elm County, OR;always;yes;blue
Dispatch;Oak County dispatch;503-555-0193;Oak County;always;yes;blue
Friend;Nobody;503-555-0194;Oak County, OR;always;yes;blue
Dispatch;Harrow again;503 555 0190;Harrow County, OR;always;yes;blue
Partner;Peers Example;503-555-0195;Harrow County, OR;business hours;;blue
"""


@pytest.fixture
async def house(database_url: str, key_ring: dict[str, bytes]) -> AsyncIterator[House]:
    async with built(database_url, key_ring, staff, router) as house:
        yield house


async def give(browser: Browser, part: str, data: bytes, command: UUID | None = None) -> httpx.Response:
    return await browser.http.post(
        f"{PATH}/{part}",
        content=data,
        headers={"Command-Id": str(command or uuid4()), "Content-Type": "text/csv"},
    )


def counts(answer: httpx.Response) -> tuple[int, int, int, int]:
    found = answer.json()
    return found["new"], found["changed"], found["same"], found["wrong"]


def wrong(answer: httpx.Response) -> dict[int, str]:
    return {
        line["line"]: " ".join(p["sentence"] for p in line["problems"] if not p["note"])
        for line in answer.json()["lines"]
        if line["what"] == "wrong"
    }


async def test_the_preview_explains_each_bad_line_and_changes_nothing(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    answer = await give(lena, "import/preview", FILE.encode("cp1252"))
    assert answer.status_code == 200, answer.text
    assert counts(answer) == (3, 0, 0, 4)
    said = wrong(answer)
    assert "emergency number" in said[4]
    assert 'with its state: "Oak County, OR"' in said[5]
    assert '"Friend" is no kind' in said[6]
    assert "Line 2 of the file has the same kind and number" in said[7]
    assert any("Not used: Colour" in problem["sentence"] for problem in answer.json()["about"])
    notes = [p["sentence"] for line in answer.json()["lines"] if line["line"] == 8 for p in line["problems"]]
    assert any("kept as words" in note for note in notes)
    assert (await lena.get(f"{PATH}/dispatch-lines")).json() == []


async def test_good_lines_are_taken_the_rest_comes_back_to_mend_and_nothing_is_lost(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    command = uuid4()
    taken = await give(lena, "import", FILE.encode(), command)
    assert counts(taken) == (3, 0, 0, 4)
    repeated = await give(lena, "import", FILE.encode(), command)
    assert repeated.status_code == 200
    assert len((await lena.get(f"{PATH}/dispatch-lines")).json()) == 3
    rest = await give(lena, "import/rest", FILE.encode())
    rows = list(csv.reader(io.StringIO(rest.content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["Line of the file", "4", "5", "6", "7"]
    assert rows[0][2:] == ["Kind", "Agency", "Phone", "County", "Hours", "Police", "Colour"]
    assert rows[2][2:5] == ["Dispatch", "Oak County dispatch", "503-555-0193"]
    mended = rest.content.replace(b'"Oak County"', b'"Oak County, OR"').replace(b'"911"', b'"503-555-0192"')
    again = await give(lena, "import", mended)
    assert counts(again) == (2, 1, 0, 1), again.text
    changed = next(line for line in again.json()["lines"] if line["what"] == "changed")
    assert (
        changed["problems"][0]["sentence"] == 'There already as "Harrow County dispatch". It changes: Agency.'
    )
    lines = {line["agency"]: line for line in (await lena.get(f"{PATH}/dispatch-lines")).json()}
    assert len(lines) == 5
    assert (lines["Peers Example"]["police_involved"], lines["Peers Example"]["kind"]) == (None, "partner")
    assert lines["Harrow mobile team"]["hours_read"] == "Every day 8 AM to midnight"
    assert lines["Harrow again"]["stale"], "a file proves no check"
    assert len(await house.entries(Kind.lines_imported)) == 2


async def test_what_is_exported_and_brought_back_changes_nothing(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    await give(lena, "import", FILE.encode())
    line = (await lena.get(f"{PATH}/dispatch-lines")).json()[0]
    await lena.post(f"{PATH}/dispatch-lines/{line['id']}/check", result="answers")
    await lena.post(
        f"{PATH}/dispatch-lines",
        kind="hospital",
        agency="=Invented General; 'ED'",
        area="Harrow, OR",
        country="US",
        number="+442079460123",
        towns=["Harrow, OR"],
        notes='Says "ask for triage", then\nwaits',
        agreement_from="2026-01-01",
        arrives_minutes=25,
        cit=True,
        police_involved=None,
    )
    before = (await lena.get(f"{PATH}/dispatch-lines")).json()
    exported = await lena.get(f"{PATH}/export.csv")
    assert exported.content.startswith(b"\xef\xbb\xbf")
    assert b"\"'=Invented General" in exported.content
    again = await give(lena, "import", exported.content)
    assert counts(again) == (0, 0, 4, 0), again.text
    assert (await lena.get(f"{PATH}/dispatch-lines")).json() == before


async def test_a_changed_line_is_changed_and_keeps_the_date_of_its_check(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    await give(lena, "import", FILE.encode())
    lines = (await lena.get(f"{PATH}/dispatch-lines")).json()
    line = next(line for line in lines if line["agency"] == "Harrow mobile team")
    await lena.post(f"{PATH}/dispatch-lines/{line['id']}/check", result="answers")
    edited = FILE.replace("8 AM to midnight", "always")
    answer = await give(lena, "import", edited.encode())
    assert counts(answer) == (0, 1, 2, 4)
    after = next(
        other for other in (await lena.get(f"{PATH}/dispatch-lines")).json() if other["id"] == line["id"]
    )
    assert (after["hours"], after["verified_on"]) == ("always", "2027-03-01")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "workbook"),
        (b"Name\nHarrow\n", "no column"),
        (b"Kind,Agency,Number\n" + b"Dispatch,x,1\n" * 5001, "more than 5,000"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    house: House, data: bytes, said: str
) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    preview = await give(lena, "import/preview", data)
    assert preview.status_code == 200
    assert preview.json()["readable"] is False
    assert said in " ".join(problem["sentence"] for problem in preview.json()["about"])
    refused = await give(lena, "import", data)
    assert refused.status_code == 422
    assert (await lena.get(f"{PATH}/dispatch-lines")).json() == []


async def test_a_large_file_is_taken_and_a_larger_one_is_refused(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    rows = "".join(f"Hotline,Agency {n},503-555-01{n % 100:02},{'x' * 900}\n" for n in range(300))
    large = await give(lena, "import/preview", f"Kind,Agency,Number,Notes\n{rows}".encode())
    assert counts(large) == (100, 0, 0, 200)
    too_large = await give(lena, "import/preview", b"x" * (10 * 1024 * 1024 + 2000))
    assert too_large.status_code == 413


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("clinician", 403), ("administrator", 200)])
async def test_who_may_bring_and_take_files(house: House, who: str, status: int) -> None:
    browser = await house.browser() if who == "nobody" else await house.staff("Sam Okafor", who)
    for part in ("import/preview", "import", "import/rest"):
        assert (await give(browser, part, FILE.encode())).status_code == status, part
    assert (await browser.get(f"{PATH}/export.csv")).status_code == status


async def test_another_program_sees_nothing_of_it(house: House) -> None:
    lena = await house.staff("Lena Moss", "supervisor")
    await give(lena, "import", FILE.encode())
    ben = await house.staff("Ben Ode", "supervisor", program="Elsewhere")
    exported: Any = await ben.get(f"{PATH}/export.csv")
    assert len(exported.content.decode("utf-8-sig").splitlines()) == 1
