"""The group's own dial-in: written once by those who set up, read by clients when the line is lost (R24)."""

from typing import Any
from uuid import uuid4

from tests.rooms.conftest import Clinic


async def group_of(clinic: Clinic) -> dict[str, Any]:
    await clinic.meets(opens=False)
    groups: list[dict[str, Any]] = (await clinic.sam.get("/api/groups")).json()
    return groups[0]


async def test_a_dial_in_is_kept_changed_and_taken_away(clinic: Clinic) -> None:
    group = await group_of(clinic)
    assert group["dial_in"] is None
    path = f"/api/groups/{group['id']}/dial-in"
    kept = await clinic.sam.sends("PUT", path, {"dial_in": "503-555-0150, then 2468#"})
    assert (kept.status_code, kept.json()["dial_in"]) == (200, "503-555-0150, then 2468#")
    gone = await clinic.sam.sends("PUT", path, {"dial_in": None})
    assert gone.json()["dial_in"] is None
    assert [kind for kind, _ in await clinic.house.entries("group.changed")][-2:] == ["group.changed"] * 2


async def test_words_without_a_number_and_groups_that_do_not_exist_are_refused(clinic: Clinic) -> None:
    group = await group_of(clinic)
    for body, status in (
        ({"dial_in": "call the office"}, 422),
        ({"dial_in": "5" * 121}, 422),
        ({"dial_in": ""}, 422),
        ({}, 422),
        ({"dial_in": "503-555-0150", "more": 1}, 422),
    ):
        answer = await clinic.sam.sends("PUT", f"/api/groups/{group['id']}/dial-in", body)
        assert answer.status_code == status, answer.text
    missing = await clinic.sam.sends("PUT", f"/api/groups/{uuid4()}/dial-in", {"dial_in": "503-555-0150"})
    assert missing.status_code == 404


async def test_only_those_who_set_up_write_it(clinic: Clinic) -> None:
    group = await group_of(clinic)
    clinician = await clinic.house.staff("Tess Amano", "clinician")
    path = f"/api/groups/{group['id']}/dial-in"
    answer = await clinician.sends("PUT", path, {"dial_in": "503-555-0150"})
    assert answer.status_code == 403
