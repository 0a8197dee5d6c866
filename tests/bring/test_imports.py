"""A file that somebody brings: said first, done for every line that is right, nothing lost, nothing twice."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from tests.house import PIN, Browser, House

CLIENTS = """Name used,Name safe at home,Legal name,Birth date,Street,Town,Telephone,Safe to ring,Second telephone
Ana R.,Ana,Ana Invented Robledo,1996-02-29,220 Sample Street,Harbor City,503-555-0131,yes,503-555-0132
Ben O.,Ben,Benjamin Invented Oduya,04/30/2010,4 Mock Street,Harbor City,(503) 555-0133,,
"""


async def sends(browser: Browser, path: str, data: str | bytes, command: Any = None) -> httpx.Response:
    body = data.encode() if isinstance(data, str) else data
    headers = {"Command-Id": str(command or uuid4()), "Content-Type": "text/csv"}
    answer = await browser.http.post(f"/api/bring/{path}", content=body, headers=headers)
    if answer.status_code == 403 and answer.json().get("code") == "confirm_needed":
        assert (await browser.http.post("/api/confirm", json={"pin": PIN})).status_code == 204
        answer = await browser.http.post(f"/api/bring/{path}", content=body, headers=headers)
    return answer


async def brings(browser: Browser, path: str, data: str | bytes) -> dict[str, Any]:
    answer = await sends(browser, path, data)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["new"], found["same"], found["wrong"]


def said(found: dict[str, Any]) -> dict[int, str]:
    return {
        line["line"]: " ".join(p["sentence"] for p in line["problems"] if not p["note"])
        for line in found["lines"]
        if line["what"] == "wrong"
    }


async def heads(house: House) -> int:
    return len(await house.entries())


async def test_a_preview_says_what_would_be_done_and_does_nothing(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    before = await heads(house)
    found = await brings(dana, "clients/preview", CLIENTS)
    assert (found["done"], counts(found)) == (False, (2, 0, 0))
    assert await heads(house) == before
    assert (await dana.get("/api/clients")).json()["rows"] == []


async def test_clients_come_with_their_numbers_and_a_second_run_changes_nothing(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    found = await brings(dana, "clients", CLIENTS)
    assert (found["done"], counts(found)) == (True, (2, 0, 0))
    async with house.engine.transaction(None) as db:
        rows = (
            await db.execute(
                text(
                    "select c.id, c.name_used, c.minor, p.last2, p.safe_to_ring, p.text_ok, p.rank from client c "
                    "join client_phone p on p.client_id = c.id order by c.name_used, p.rank"
                )
            )
        ).all()
    assert [tuple(row)[1:] for row in rows] == [
        ("Ana R.", False, "31", True, False, 1),
        ("Ana R.", False, "32", False, False, 2),
        ("Ben O.", True, "33", False, False, 1),
    ]
    record = (await dana.get(f"/api/clients/{rows[0].id}")).json()
    assert (record["legal_name"], record["safe_name"], record["birth_date"]) == (
        "Ana Invented Robledo",
        "Ana",
        "1996-02-29",
    )
    before = await heads(house)
    again = await brings(dana, "clients", CLIENTS)
    assert counts(again) == (0, 2, 0)
    assert await heads(house) == before
    kinds = [kind for kind, _ in await house.entries("client.added", "data.brought")]
    assert kinds == ["client.added", "client.added", "data.brought"]


async def test_one_press_sent_twice_brings_once(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    command = uuid4()
    for expected in ((2, 0, 0), (0, 2, 0)):
        answer = await sends(dana, "clients", CLIENTS, command)
        assert counts(answer.json()) == expected
    assert len(await house.entries("client.added")) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Birth date": "31.02.1990"}, '"31.02.1990" is not a day in the calendar.'),
        ({"Birth date": "2190-01-01"}, "01 January 2190 has not come yet."),
        ({"Birth date": "1860-01-01"}, "more than 120 years ago"),
        ({"Street": "PO Box 12"}, "A post box is not a place where somebody can be found."),
        ({"Street": "", "Town": "Harbor City"}, "An address needs its street"),
        ({"Telephone": "911"}, "This is an emergency number."),
        ({"Telephone": "1-900-555-0142"}, "premium"),
        ({"Telephone": "12"}, "telephone"),
        ({"Second telephone": "503-555-0131"}, "Both telephones are the same number."),
        ({"Name safe at home": ""}, '"Name safe at home" is empty.'),
        ({"Safe to ring": "maybe"}, "Write yes or no"),
    ],
)
async def test_each_bad_line_is_explained_and_the_good_ones_are_taken(
    house: House, change: dict[str, str], sentence: str
) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    heading, ana, ben = CLIENTS.splitlines()
    cells = dict(zip(heading.split(","), ana.split(","), strict=True)) | change
    found = await brings(dana, "clients", "\n".join([heading, ",".join(cells.values()), ben]))
    assert counts(found) == (1, 0, 1), found
    assert sentence in said(found)[2]


async def test_all_faults_of_a_line_are_told_in_one_round(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    lines = "Name used,Name safe at home,Legal name,Birth date,Telephone,Language\nAna R.,,,31.02.1990,911,English!\n"
    [line] = (await brings(dana, "clients/preview", lines))["lines"]
    sentences = [problem["sentence"] for problem in line["problems"]]
    assert [sentence.split(".")[0] for sentence in sentences[:2]] == [
        '"Name safe at home" is empty',
        '"Legal name" is empty',
    ]
    assert "is not a day in the calendar" in sentences[2]
    assert "emergency number" in sentences[3]
    assert sentences[4:] == ["This is not written in the way that is asked for here."], (
        "no word of a program's"
    )
    robin = await house.staff("Robin Ellery", "administrator")
    staff = "Name,E-mail,Roles\n,nobody,\n"
    [line] = (await brings(robin, "staff/preview", staff))["lines"]
    assert [problem["column"] for problem in line["problems"]] == ["Name", "Roles", "E-mail"]


async def test_the_rest_can_be_downloaded_with_reasons_mended_and_given_back(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    broken = CLIENTS.replace("1996-02-29", "1997-02-29")
    assert counts(await brings(dana, "clients", broken)) == (1, 0, 1)
    rest = await sends(dana, "clients/rest", broken)
    assert rest.headers["content-disposition"] == 'attachment; filename="clients-to-mend.csv"'
    assert rest.content.startswith(b"\xef\xbb\xbf")
    assert b"is not a day in the calendar" in rest.content
    assert b"Ben O." not in rest.content
    mended = rest.content.decode("utf-8-sig").replace('"1997-02-29"', '"1996-02-29"').encode()
    assert counts(await brings(dana, "clients", mended)) == (1, 0, 0)


async def test_the_same_person_or_number_twice_in_a_file_is_found(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    heading, ana, _ = CLIENTS.splitlines()
    other = ana.replace("Ana R.,Ana,Ana Invented Robledo", "Rosa R.,Rosa,Rosa Invented Robledo").replace(
        "503-555-0132", ""
    )
    found = await brings(dana, "clients/preview", "\n".join([heading, ana, ana, other]))
    assert counts(found) == (1, 0, 2)
    assert "stands on line 2 already" in said(found)[3]
    assert "Line 2 has the same telephone" in said(found)[4]


async def test_a_number_that_somebody_else_here_has_is_not_taken_silently(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    await brings(dana, "clients", CLIENTS)
    heading, ana, _ = CLIENTS.splitlines()
    found = await brings(
        dana,
        "clients/preview",
        "\n".join([heading, ana.replace("Ana R.,Ana,Ana Invented", "Eva R.,Eva,Eva Invented")]),
    )
    assert "under another name" in said(found)[2]
    assert "Ana" not in said(found)[2]


CONTACTS = """Client,Contact,Relation,Telephone,Lives with client
Ana R.,Lucía Robledo,Mother,503-555-0141,yes
Ben O.,Ola Oduya,Sister,503-555-0142,no
"""


async def test_contacts_go_to_their_clients_and_come_once(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    await brings(dana, "clients", CLIENTS)
    assert counts(await brings(dana, "contacts", CONTACTS)) == (2, 0, 0)
    before = await heads(house)
    assert counts(await brings(dana, "contacts", CONTACTS)) == (0, 2, 0)
    assert await heads(house) == before
    async with house.engine.transaction(None) as db:
        ana = await db.scalar(text("select id from client where name_used = 'Ana R.'"))
    record = (await dana.get(f"/api/clients/{ana}")).json()
    assert [(c["name"], c["relation"], c["lives_with_client"]) for c in record["contacts"]] == [
        ("Lucía Robledo", "Mother", True)
    ]
    # Naming somebody allows nothing: there is no release.
    assert record["releases"] == []


async def test_a_contact_of_nobody_or_of_the_do_not_contact_list_is_explained(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    await brings(dana, "clients", CLIENTS)
    async with house.engine.transaction(None) as db:
        ana = await db.scalar(text("select id from client where name_used = 'Ana R.'"))
    barred = await dana.post(
        f"/api/clients/{ana}/do-not-contact", name="Gordon", number="503-555-0149", reason="She asked."
    )
    assert barred.status_code == 201, barred.text
    heading = CONTACTS.splitlines()[0]
    found = await brings(
        dana,
        "contacts/preview",
        f"{heading}\nNobody X.,A,Friend,503-555-0141,\nAna R.,Gordon,Brother,503-555-0149,\nAna R.,Ana,Self,503-555-0131,\n",
    )
    assert counts(found) == (0, 0, 3)
    assert "No client here has this name" in said(found)[2]
    assert "do-not-contact list" in said(found)[3]
    assert "own number" in said(found)[4]


async def test_staff_and_groups_come_once_too(house: House) -> None:
    robin = await house.staff("Robin Ellery", "administrator")
    await house.add_person("Sol Vega", "clinician", program="Elsewhere")
    people = (
        "Name;E-mail;Roles;Telephone\n"
        "Priya Nair;priya@example.org;clinician, supervisor;503-555-0109\n"
        "Max Odd;not an address;clinician;\n"
        "Joe Odd;joe@example.org;captain;\n"
        "Sol Vega;sol.vega@elsewhere.example;clinician;\n"
    )
    found = await brings(robin, "staff", people)
    assert counts(found) == (1, 0, 3)
    assert [said(found)[line].split(".")[0] for line in (3, 4, 5)] == [
        "This is not an e-mail address",
        "Write one or more of: clinician, supervisor, administrator",
        "This e-mail address is in use",
    ]
    assert counts(await brings(robin, "staff", people)) == (0, 1, 3)
    [priya] = [one for one in (await robin.get("/api/staff")).json() if one["email"] == "priya@example.org"]
    assert (priya["roles"], priya["enrolled"], [p["last2"] for p in priya["phones"]]) == (
        ["clinician", "supervisor"],
        False,
        ["09"],
    )
    groups = "Group\nMorning steps\nEvening harbor\n"
    assert counts(await brings(robin, "groups", groups)) == (2, 0, 0)
    assert counts(await brings(robin, "groups", groups)) == (0, 2, 0)


async def test_a_spreadsheets_own_encoding_is_read_and_said(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    found = await brings(dana, "groups", "Group\r\nCafé der Straße\r\n".encode("windows-1252"))
    assert counts(found) == (1, 0, 0)
    assert any(problem["note"] for problem in found["about"])
    assert "Café der Straße" in (await dana.get("/api/groups")).text


async def test_what_is_no_table_is_refused_with_a_sentence_and_nothing_is_done(house: House) -> None:
    dana = await house.staff("Dana Whitlock", "supervisor")
    for data in (b"", b"\x00\x01\x02", b"x" * 100, b"a,b\n1,2\n"):
        found = await brings(dana, "clients/preview", data)
        assert not found["readable"]
        assert found["about"]
        assert (await sends(dana, "clients", data)).status_code == 422
    assert (await sends(dana, "clients", b"x" * (11 * 1024 * 1024))).status_code == 413
    assert await house.entries("data.brought", "client.added") == []


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        (["clinician"], set()),
        (["supervisor"], {"clients", "contacts", "groups"}),
        (["administrator"], {"staff", "groups"}),
    ],
)
async def test_who_may_bring_what(house: House, roles: list[str], allowed: set[str]) -> None:
    person = await house.staff("Sam Example", *roles)
    for of in ("clients", "contacts", "staff", "groups"):
        for path in (of, f"{of}/preview", f"{of}/rest"):
            status = (await sends(person, path, "Group\nOne\n")).status_code
            assert (status == 403) == (of not in allowed), (path, status)
        assert ((await person.get(f"/api/bring/{of}/empty.csv")).status_code == 403) == (of not in allowed)
