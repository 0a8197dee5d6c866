"""A meeting from its first line in the calendar to its end, through the routes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.group_sessions.sweep import due
from tests.rooms.conftest import Clinic, Met


async def answers(response: Any, status: int, code: str | None = None) -> Any:
    assert response.status_code == status, response.text
    body = response.json() if response.content else None
    if code is not None:
        assert body["code"] == code, body
    return body


async def sweep(clinic: Clinic) -> None:
    async with clinic.house.engine.transaction(None) as db:
        await due(db, clinic.now)


@pytest.mark.row("W2")
async def test_a_supervisor_schedules_with_two_staff_and_two_telephones_behind_them(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    seen = await met.seen_by(clinic.sam)
    assert seen["gaps"] == ["lead's telephone", "co-facilitator's telephone"], "two staff reachable"
    for place in ("lead", "cofacilitator"):
        await clinic.gives_phone(clinic.people[place])
    seen = await met.seen_by(clinic.sam)
    assert seen["state"] == "scheduled"
    assert (seen["lead"]["name"], seen["cofacilitator"]["name"]) == ("Maya Example", "Jon Example")
    assert (seen["supervisor"]["phone_ends"], seen["backup"]["phone_ends"]) == ("42", "42")
    assert seen["gaps"] == []
    assert [row["name"] for row in seen["roster"]] == ["Ana T"]
    opened = await answers(await clinic.sam.post(f"{met.path}/open"), 200)
    assert (opened["state"], opened["opened_at"] is not None) == ("open", True)
    assert await clinic.house.entries("group_session.opened") == [("group_session.opened", clinic.sam.me.id)]  # type: ignore[union-attr]


async def test_the_people_behind_it_need_a_telephone_and_a_role_and_one_place_each(clinic: Clinic) -> None:
    people = clinic.people
    refused = await answers(await clinic.schedules(supervisor_id=None, backup_id=str(people["lead"].id)), 422)
    assert refused["fields"] == {
        "supervisor_id": "Name a supervisor with a telephone.",
        "backup_id": "Maya Example has no telephone here yet. Add one, or choose somebody else.",
    }
    await clinic.gives_phone(people["lead"])
    refused = await answers(await clinic.schedules(backup_id=str(people["lead"].id)), 422)
    assert refused["fields"] == {"backup_id": "Already the lead here. Name a second person."}
    refused = await answers(await clinic.schedules(supervisor_id=str(people["lead"].id)), 422)
    assert "does not have a role" in refused["fields"]["supervisor_id"]
    refused = await answers(await clinic.schedules(lead_id=str(uuid4())), 422)
    assert refused["fields"] == {"lead_id": "There is no such colleague."}


async def test_one_person_alone_opens_only_with_a_reason(clinic: Clinic) -> None:
    await clinic.gives_phone(clinic.people["lead"])
    met = await clinic.meets(opens=False, cofacilitator_id=None)
    assert (await met.seen_by(clinic.sam))["gaps"] == ["co-facilitator"]
    refused = await answers(await clinic.sam.post(f"{met.path}/open"), 422, "needs_reason")
    assert refused["fields"] == {"exception_reason": "Why does it open with one?"}
    opened = await answers(
        await clinic.sam.post(f"{met.path}/open", exception_reason="Jon is ill, Sam sits in"), 200
    )
    assert opened["exception_reason"] == "Jon is ill, Sam sits in"


async def test_a_reason_does_not_help_when_nobody_leads(clinic: Clinic) -> None:
    met = await clinic.meets(opens=False, lead_id=None, cofacilitator_id=None)
    await answers(await clinic.sam.post(f"{met.path}/open", exception_reason="no idea"), 409, "nobody_leads")


async def test_gaps_never_keep_a_group_from_opening(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    [ana] = (await met.seen_by(clinic.sam))["roster"]
    assert ana["gaps"] == [
        "place", "local line", "contact", "number", "safety plan", "danger word", "ordinary question",
    ]  # fmt: skip
    await answers(await clinic.sam.post(f"{met.path}/open"), 200)


async def test_without_an_approved_plan_for_a_lost_connection_nothing_opens(clinic: Clinic) -> None:
    await clinic.rows("update protocol_version set status = 'draft', approved_at = null returning id")
    met = await clinic.meets(opens=False)
    await answers(await clinic.sam.post(f"{met.path}/open"), 409, "no_protocol")


async def test_opening_twice_says_so_and_repeating_the_press_does_not(clinic: Clinic) -> None:
    met = await clinic.meets(opens=False)
    press = uuid4()
    for _ in range(2):
        await answers(await clinic.sam.sends("POST", f"{met.path}/open", {}, press), 200)
    await answers(await clinic.sam.post(f"{met.path}/open"), 409, "already_open")


async def test_who_has_not_come_after_ten_minutes_is_on_the_list(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T")
    await sweep(clinic)
    clinic.house.clock.move(599)
    await sweep(clinic)
    [ana] = (await met.seen_by(clinic.sam))["roster"]
    assert (ana["presence"]["state"], ana["presence"]["ask"]) == ("not_here_yet", False)
    clinic.house.clock.move(1)
    await sweep(clinic)
    [ana] = (await met.seen_by(clinic.sam))["roster"]
    assert (ana["presence"]["state"], ana["presence"]["ask"]) == ("not_here_yet", True)


async def test_closing_asks_about_those_at_moderate_and_above_who_are_not_here(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", "Ben T", tier="moderate")
    await met.expects("Cat T", "low")
    refused = await answers(await clinic.sam.post(f"{met.path}/close"), 409, "needs_outcomes")
    assert set(refused["fields"]) == {str(met.clients["Ana T"]), str(met.clients["Ben T"])}
    assert [row["needs_outcome"] for row in (await met.seen_by(clinic.sam))["roster"]] == [True, True, False]
    outcomes = [
        {"client_id": str(met.clients[name]), "outcome": "rung", "note": "Will come on Friday."}
        for name in ("Ana T", "Ben T")
    ]
    closed = await answers(await clinic.sam.post(f"{met.path}/close", outcomes=outcomes), 200)
    assert (closed["state"], closed["roster"][0]["outcome"]) == ("closed", "rung")
    await answers(await clinic.sam.post(f"{met.path}/close"), 409, "not_open")
    rows = await clinic.rows("select check_at, ask_since from presence")
    assert all(row == (None, None) for row in rows)


async def test_nobody_who_has_come_disappears_from_the_roster(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", "Ben T")
    ana, ben = met.clients["Ana T"], met.clients["Ben T"]
    await clinic.rows("update presence set state = 'present' where client_id = :id returning 1", id=ana)
    await answers(await clinic.sam.delete(f"{met.path}/roster/{ana}"), 409, "has_come")
    left = await answers(await clinic.sam.delete(f"{met.path}/roster/{ben}"), 200)
    assert [row["name"] for row in left["roster"]] == ["Ana T"]
    again = await answers(await clinic.sam.post(f"{met.path}/roster", client_id=str(ben)), 200)
    assert [row["name"] for row in again["roster"]] == ["Ana T", "Ben T"]


async def test_two_people_changing_one_meeting_do_not_overwrite_each_other(clinic: Clinic) -> None:
    met = await clinic.meets(opens=False)
    version = (await met.seen_by(clinic.sam))["version"]
    later = (clinic.now + timedelta(hours=2)).isoformat()
    changed = await answers(await clinic.sam.patch(met.path, version=version, ends_at=later), 200)
    assert changed["version"] == version + 1
    assert changed["lead"]["name"] == "Maya Example"
    await answers(await clinic.sam.patch(met.path, version=version, ends_at=later), 409, "changed_meanwhile")


async def test_a_change_of_staff_changes_what_they_may_see_at_once(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    rosa = await clinic.house.add_person("Rosa Example", "clinician")
    browser = await clinic.house.signed_in(rosa)
    await answers(await browser.get(met.path), 404)
    version = (await met.seen_by(clinic.sam))["version"]
    await answers(await clinic.sam.patch(met.path, version=version, cofacilitator_id=str(rosa.id)), 200)
    assert [row["name"] for row in (await met.seen_by(browser))["roster"]] == ["Ana T"]
    jon = await clinic.house.signed_in(clinic.people["cofacilitator"])
    await answers(await jon.get(met.path), 404)
    seqs = await clinic.rows("select access_seq > 0 as bumped from staff_member where id = any(:ids)",
                             ids=[rosa.id, clinic.people["cofacilitator"].id])  # fmt: skip
    assert [row.bumped for row in seqs] == [True, True]


async def test_told_me_privately_is_one_press_and_holds_for_this_meeting_only(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T")
    maya = await clinic.house.signed_in(clinic.people["lead"])
    ana = met.clients["Ana T"]
    await answers(await maya.post(f"{met.path}/clients/{ana}/told-place"), 204)
    [row] = (await met.seen_by(maya))["roster"]
    assert (row["place"]["state"], row["place"]["label"]) == ("told_privately", "Usual place")
    assert "place" not in row["gaps"]
    clinic.house.clock.move(1)
    await answers(await maya.post(f"{met.path}/clients/{ana}/told-place", label="At my sister's"), 204)
    [row] = (await met.seen_by(maya))["roster"]
    assert row["place"]["label"] == "At my sister's"
    [sealed] = await clinic.rows("select label from location_check_in where label is not null")
    assert b"sister" not in bytes(sealed.label)
    other = await clinic.meets(opens=False)
    await answers(await clinic.sam.post(f"{other.path}/roster", client_id=str(ana)), 200)
    [row] = (await other.seen_by(clinic.sam))["roster"]
    assert row["place"]["state"] == "missing"


async def test_wrong_times_and_unknown_rooms_are_refused_by_field(clinic: Clinic) -> None:
    early = (clinic.now - timedelta(hours=1)).isoformat()
    late = (clinic.now + timedelta(hours=9)).isoformat()
    assert set((await answers(await clinic.schedules(ends_at=early), 422))["fields"]) == {"ends_at"}
    assert set((await answers(await clinic.schedules(ends_at=late), 422))["fields"]) == {"ends_at"}
    refused = await answers(await clinic.schedules(platform="zoom", platform_connection_id=str(uuid4())), 422)
    assert set(refused["fields"]) == {"platform_connection_id", "platform_ref"}
    await answers(await clinic.schedules(starts_at="2026-01-01T10:00:00"), 422)
    await answers(await clinic.schedules(group_id=str(uuid4())), 404)


async def test_a_repeated_press_schedules_one_meeting_and_adds_one_group(clinic: Clinic) -> None:
    press = uuid4()
    body = {
        "group_id": clinic.group_id,
        "starts_at": clinic.now.isoformat(),
        "ends_at": (clinic.now + timedelta(hours=1)).isoformat(),
    } | clinic.staffed()
    made = [
        await answers(await clinic.sam.sends("POST", "/api/group-sessions", body, press), 201)
        for _ in range(2)
    ]
    assert made[0]["id"] == made[1]["id"]
    assert len((await clinic.sam.get("/api/group-sessions")).json()) == 1
    await answers(await clinic.sam.post("/api/groups", name="Evening Harbor"), 409, "name_taken")


WRITES = [
    ("POST", "/open", {}),
    ("POST", "/close", {}),
    ("PATCH", "", {"version": 1}),
    ("POST", "/roster", {"client_id": str(UUID(int=1))}),
    ("DELETE", f"/roster/{UUID(int=1)}", None),
    ("POST", f"/clients/{UUID(int=1)}/told-place", {}),
]


async def everything_is_refused(met: Met, browser: Any, statuses: set[int]) -> None:
    assert (await browser.get(met.path)).status_code in statuses
    for method, path, body in WRITES:
        answer = await browser.sends(method, met.path + path, body)
        assert answer.status_code in statuses, (method, path, answer.text)


async def test_every_route_is_shut_to_nobody_the_unassigned_and_other_programs(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    await everything_is_refused(met, await clinic.house.browser(), {401})
    await everything_is_refused(met, await clinic.house.staff("Una Example", "clinician"), {403, 404})
    stranger = await clinic.house.staff("Eve Example", "supervisor", program="Elsewhere")
    await everything_is_refused(met, stranger, {404})
    assert (await stranger.get("/api/group-sessions")).json() == []
    assert (await stranger.get("/api/groups")).json() == []
    assert (await met.seen_by(clinic.sam))["state"] == "scheduled"


async def test_who_sets_up_only_sees_the_frame_and_nobody_in_it(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    ada = await clinic.house.staff("Ada Example", "administrator")
    seen = await met.seen_by(ada)
    assert (seen["expected"], seen["roster"], seen["may_change"]) == (1, [], True)
    await answers(await ada.post(f"{met.path}/open"), 404)
    listed = (await ada.get("/api/group-sessions", state="scheduled")).json()
    assert [row["id"] for row in listed] == [met.id]
    una = await clinic.house.staff("Una Example", "clinician")
    assert (await una.get("/api/group-sessions")).json() == []
    await answers(await una.post("/api/groups", name="Another"), 403)
    await answers(await una.patch(met.path, version=1), 403)
