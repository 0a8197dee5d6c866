"""The group sheet: what staff hold when no screen works, and nothing that may not be used."""

from datetime import timedelta
from typing import Any

from tests.house import START
from tests.rooms.conftest import Clinic


async def a_full_record(clinic: Clinic, client_id: str) -> None:
    """Two phones; a sister who may be told, a neighbour without a release, a father who may never be called."""
    put = clinic.sam.post
    path = f"/api/clients/{client_id}"

    async def ok(body: dict[str, Any], part: str) -> dict[str, Any]:
        answer = await put(f"{path}/{part}", **body)
        assert answer.status_code == 201, answer.text
        value: dict[str, Any] = answer.json()
        return value

    await ok(
        {"number": "503-555-0143", "label": "mobile", "voicemail_ok": True, "safe_to_ring": True}, "phones"
    )
    await ok({"number": "503-555-0144", "label": "kitchen", "shared": True}, "phones")
    ida = await ok({"name": "Ida Testperson", "relation": "sister", "number": "503-555-0111"}, "contacts")
    await ok({"name": "Nora Testperson", "relation": "neighbour", "number": "503-555-0112"}, "contacts")
    contact_id = next(contact["id"] for contact in ida["contacts"] if contact["name"] == "Ida Testperson")
    release = {
        "contact_id": contact_id,
        "scope": "That I dropped off and where I am",
        "purpose": "safety",
        "starts_on": (START - timedelta(days=9)).date().isoformat(),
        "method": "paper",
    }
    await ok(release, "releases")
    await ok({"name": "Otto Testperson", "reason": "He hurt her."}, "do-not-contact")


async def test_the_sheet_holds_what_is_needed_and_only_whom_we_may_call(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", tier="moderate")
    ana = str(met.clients["Ana T"])
    changed = await clinic.sam.patch(
        f"/api/clients/{ana}",
        version=1,
        home_label="Home",
        home_address={"street": "12 Invented Street", "unit": "4", "town": "Nowhere", "state": "OR"},
        entry_notes="Blue gate",
    )
    assert changed.status_code == 200, changed.text
    await a_full_record(clinic, ana)
    answer = await clinic.sam.get(f"{met.path}/sheet")
    assert answer.status_code == 200, answer.text
    sheet = answer.json()
    assert [(person["place"], person["numbers"]) for person in sheet["staff"]] == [
        ("lead", []),
        ("co-facilitator", []),
        ("supervisor", ["503-555-0142"]),
        ("backup", ["503-555-0142"]),
    ]
    [person] = sheet["people"]
    assert (person["name"], person["tier"], person["never"]) == ("Ana T", "moderate", ["Otto Testperson"])
    assert (person["address"], person["entry_notes"]) == ("12 Invented Street, 4, Nowhere, OR", "Blue gate")
    assert [(phone["number"], phone["safe_to_ring"], phone["shared"]) for phone in person["phones"]] == [
        ("503-555-0143", True, False),
        ("503-555-0144", False, True),
    ]
    assert [(c["name"], c["number"], c["basis"]) for c in person["contacts"]] == [
        ("Ida Testperson", "503-555-0111", "release")
    ]
    assert "555-0112" not in answer.text
    assert "hurt" not in answer.text
    assert person["line"] is None
    assert await clinic.house.entries("group_session.sheet_revealed") == [
        ("group_session.sheet_revealed", clinic.people["supervisor"].id)
    ]


async def test_somebody_who_is_elsewhere_is_not_sought_at_home(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T")
    ana = met.clients["Ana T"]
    await clinic.sam.patch(
        f"/api/clients/{ana}", version=1, home_label="Home", home_address={"street": "12 Invented Street"}
    )
    told = await clinic.sam.post(f"{met.path}/clients/{ana}/told-place", label="At my sister's")
    assert told.status_code == 204
    [person] = (await clinic.sam.get(f"{met.path}/sheet")).json()["people"]
    assert (person["place"]["label"], person["address"], person["entry_notes"]) == (
        "At my sister's",
        None,
        None,
    )


async def test_the_sheet_is_for_the_people_of_the_meeting_while_it_lasts(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T")
    for browser, status in (
        (await clinic.house.browser(), 401),
        (await clinic.house.staff("Una Example", "clinician"), 404),
        (await clinic.house.staff("Ada Example", "administrator"), 404),
        (await clinic.house.staff("Eve Example", "supervisor", program="Elsewhere"), 404),
    ):
        assert (await browser.get(f"{met.path}/sheet")).status_code == status
    maya = await clinic.house.signed_in(clinic.people["lead"])
    assert (await maya.get(f"{met.path}/sheet")).status_code == 200
    assert (await clinic.sam.post(f"{met.path}/close")).status_code == 200
    assert (await maya.get(f"{met.path}/sheet")).status_code == 409
    assert len(await clinic.house.entries("group_session.sheet_revealed")) == 1


async def test_the_copy_that_a_browser_keeps_has_the_protocols_and_is_a_look_of_its_own(
    clinic: Clinic,
) -> None:
    met = await clinic.meets("Ana T", tier="moderate")
    answer = await clinic.sam.get(f"{met.path}/call-sheet")
    assert answer.status_code == 200, answer.text
    kept = answer.json()
    assert [person["name"] for person in kept["sheet"]["people"]] == ["Ana T"]
    [steps] = [one for one in kept["steps"] if one["protocol"] == "connection-lost"]
    assert steps["tier"] == "moderate"
    assert any("Ring" in line for line in steps["lines"])
    assert (await clinic.sam.get(f"{met.path}/sheet")).json()["people"] == kept["sheet"]["people"]
