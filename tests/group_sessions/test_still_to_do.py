"""Opening with gaps makes tasks with an owner; tasks are handed on, done, taken back, and never lost (R8)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.house import Browser, Person
from tests.rooms.conftest import Clinic, Met

DUE = "2027-03-03T17:00:00+00:00"


@pytest.fixture(autouse=True)
async def telephones(clinic: Clinic) -> None:
    """The two who run the group can be rung: what is missing of staff is told elsewhere."""
    for place in ("lead", "cofacilitator"):
        await clinic.gives_phone(clinic.people[place])


async def answers(response: Any, status: int, code: str | None = None) -> Any:
    assert response.status_code == status, response.text
    body = response.json() if response.content else None
    if code is not None:
        assert body["code"] == code, body
    return body


async def listed(browser: Browser, which: str = "mine") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await answers(await browser.get("/api/tasks", which=which), 200)
    return found


async def counts(browser: Browser) -> tuple[int, int, int]:
    now = await answers(await browser.get("/api/tasks/counts"), 200)
    return now["mine"], now["late"], now["unowned"]


async def opened(clinic: Clinic) -> tuple[Met, Browser, Browser]:
    """Maya opens with gaps; Jon is her co-facilitator."""
    met = await clinic.meets("Ana T", opens=False)
    maya = await clinic.house.signed_in(clinic.people["lead"])
    jon = await clinic.house.signed_in(clinic.people["cofacilitator"])
    await answers(await maya.post(f"{met.path}/open"), 200)
    return met, maya, jon


def keys(row: dict[str, Any]) -> list[str]:
    return [gap["key"] for part in row["parts"] for gap in part["gaps"]]


async def test_one_press_opens_with_all_gaps_and_each_that_is_not_asked_at_the_door_is_a_task(
    clinic: Clinic,
) -> None:
    met = await clinic.meets("Ana T", "Ben O", opens=False)
    maya = await clinic.house.signed_in(clinic.people["lead"])
    seen = await met.seen_by(maya)
    assert seen["gap_count"] == 14
    assert keys(seen["roster"][0]) == [
        "place",
        "local line",
        "contact",
        "number",
        "safety plan",
        "danger word",
        "ordinary question",
    ]
    view = await answers(await maya.post(f"{met.path}/open"), 200)
    assert view["state"] == "open"
    tasks = await listed(maya)
    assert sorted((task["client"]["name"], task["gap"]) for task in tasks) == [
        (name, gap)
        for name in ("Ana T", "Ben O")
        for gap in ("contact", "danger word", "local line", "ordinary question", "safety plan")
    ]
    assert {task["owner"]["name"] for task in tasks} == {"Maya Example"}
    assert {task["due_at"] for task in tasks} == {
        (clinic.now + timedelta(hours=27)).isoformat().replace("+00:00", "Z")
    }
    assert not any(task["late"] for task in tasks)
    # Where the gap stands, it says who has it.
    [ana, _] = (await met.seen_by(clinic.sam))["roster"]
    have = {gap["key"]: gap["task"] and gap["task"]["owner"] for part in ana["parts"] for gap in part["gaps"]}
    assert have == {
        "place": None,
        "number": None,
        "local line": "Maya Example",
        "contact": "Maya Example",
        "safety plan": "Maya Example",
        "danger word": "Maya Example",
        "ordinary question": "Maya Example",
    }


async def test_declined_is_a_complete_answer_and_makes_no_task(clinic: Clinic) -> None:
    met = await clinic.meets("Ana T", opens=False)
    record = await answers(await clinic.sam.get(f"/api/clients/{met.clients['Ana T']}"), 200)
    await answers(
        await clinic.sam.patch(
            f"/api/clients/{met.clients['Ana T']}",
            version=record["version"],
            no_safe_contact="declined",
            ordinary_question="What is on the shelf? A green radio.",
        ),
        200,
    )
    [ana] = (await met.seen_by(clinic.sam))["roster"]
    contact = next(part for part in ana["parts"] if part["part"] == "contact")
    assert (contact["gaps"], contact["answered"]) == ([], "declined")
    await answers(await clinic.sam.post(f"{met.path}/open"), 200)
    assert {task["gap"] for task in await listed(clinic.sam)} == {"local line", "safety plan", "danger word"}


async def test_the_same_gap_is_one_task_however_often_a_group_opens_with_it(clinic: Clinic) -> None:
    met, maya, _ = await opened(clinic)
    before = await listed(maya)
    second = await clinic.schedules(
        starts_at=(clinic.now + timedelta(days=1)).isoformat(),
        ends_at=(clinic.now + timedelta(days=1, hours=2)).isoformat(),
    )
    path = f"/api/group-sessions/{second.json()['id']}"
    await answers(await clinic.sam.post(f"{path}/roster", client_id=str(met.clients["Ana T"])), 200)
    await answers(await clinic.sam.post(f"{path}/open"), 200)
    assert await listed(maya) == before
    assert await listed(clinic.sam) == []


async def test_a_missing_colleague_is_a_task_too(clinic: Clinic) -> None:
    met = await clinic.meets(opens=False, cofacilitator_id=None)
    await answers(await clinic.sam.post(f"{met.path}/open", exception_reason="Jon is ill tonight"), 200)
    [task] = await listed(clinic.sam)
    assert (task["gap"], task["client"], task["group_session"]["name"]) == (
        "co-facilitator",
        None,
        "Evening Harbor",
    )


async def test_a_task_is_handed_on_done_and_taken_back(clinic: Clinic) -> None:
    _, maya, jon = await opened(clinic)
    task = next(task for task in await listed(maya) if task["gap"] == "contact")
    path = f"/api/tasks/{task['id']}"
    jon_id = str(clinic.people["cofacilitator"].id)
    await answers(await maya.patch(path, version=task["version"], owner_id=jon_id, due_at=DUE), 204)
    [his] = await listed(jon)
    assert (his["id"], his["mine"], his["due_at"], his["made_by"]) == (
        task["id"], True, DUE.replace("+00:00", "Z"), "Maya Example",
    )  # fmt: skip
    # Somebody who still looks at the old list is told, and changes nothing.
    await answers(await maya.patch(path, version=task["version"], owner_id=None), 409, "changed_meanwhile")
    await answers(await jon.post(f"{path}/done"), 204)
    assert (await listed(jon), [one["done_by"] for one in await listed(jon, "done")]) == ([], ["Jon Example"])
    refused = await answers(await maya.post(f"{path}/done"), 409, "somebody_was_first")
    assert refused["detail"] == "Jon did this just now."
    await answers(await jon.post(f"{path}/undone"), 204)
    [again] = await listed(jon)
    assert (again["about"], again["due_at"], again["done_at"]) == (his["about"], his["due_at"], None)
    kinds = [kind for kind, _ in await clinic.house.entries("task.handed_over", "task.done", "task.undone")]
    assert kinds == ["task.handed_over", "task.done", "task.undone"]


async def test_a_press_sent_twice_is_one_press(clinic: Clinic) -> None:
    _, maya, _ = await opened(clinic)
    [task, *_] = await listed(maya)
    command = uuid4()
    for _ in range(2):
        await answers(await maya.sends("POST", f"/api/tasks/{task['id']}/done", {}, command), 204)
    assert len(await clinic.house.entries("task.done")) == 1
    body = {"about": "Ask for the new number.", "client_id": task["client"]["id"], "due_at": DUE}
    command = uuid4()
    for _ in range(2):
        await answers(await maya.sends("POST", "/api/tasks", body, command), 204)
    assert [one["about"] for one in await listed(maya, "unowned")] == ["Ask for the new number."]


async def test_what_is_not_done_in_time_is_late_and_counted(clinic: Clinic) -> None:
    _, maya, _ = await opened(clinic)
    assert await counts(maya) == (5, 0, 0)
    clinic.house.clock.move(28 * 3600)
    maya = await clinic.house.signed_in(clinic.people["lead"])
    assert await counts(maya) == (5, 5, 0)
    assert all(task["late"] for task in await listed(maya))


async def _switches_off(clinic: Clinic, person: Person) -> None:
    admin = await clinic.house.staff("Robin Ellery", "administrator")
    await answers(await admin.patch(f"/api/staff/{person.id}", disabled=True), 200)


async def test_tasks_of_somebody_whose_access_has_ended_are_nobodys_and_say_whose_they_were(
    clinic: Clinic,
) -> None:
    _, maya, jon = await opened(clinic)
    await _switches_off(clinic, clinic.people["lead"])
    assert (await maya.get("/api/tasks")).status_code == 401
    unowned = await listed(jon, "unowned")
    assert len(unowned) == 5
    assert {(task["owner"], task["was_of"]) for task in unowned} == {(None, "Maya Example")}
    assert await counts(jon) == (0, 0, 5)
    # Whoever takes it has it.
    jon_id = str(clinic.people["cofacilitator"].id)
    await answers(
        await jon.patch(f"/api/tasks/{unowned[0]['id']}", version=unowned[0]["version"], owner_id=jon_id), 204
    )
    assert await counts(jon) == (1, 0, 4)


async def test_a_task_goes_only_to_somebody_who_works_with_the_client(clinic: Clinic) -> None:
    met, maya, _ = await opened(clinic)
    other = await clinic.house.add_person("Tess Amano", "clinician")
    admin = await clinic.house.add_person("Ada Marsh", "administrator")
    [task, *_] = await listed(maya)
    path = f"/api/tasks/{task['id']}"
    for person in (other, admin):
        refused = await answers(
            await maya.patch(path, version=task["version"], owner_id=str(person.id)), 422, "not_valid"
        )
        assert "does not work with this client" in refused["fields"]["owner_id"]
    names = await answers(await maya.get("/api/tasks/colleagues", client_id=str(met.clients["Ana T"])), 200)
    assert {one["name"] for one in names} == {"Maya Example", "Jon Example", "Sam Example", "Bea Example"}


async def test_nobody_sees_or_does_what_is_not_theirs(clinic: Clinic) -> None:
    met, maya, jon = await opened(clinic)
    [task, *_] = await listed(maya)
    tess = await clinic.house.staff("Tess Amano", "clinician")
    sol = await clinic.house.staff("Sol Vega", "supervisor", program="Elsewhere")
    for stranger in (tess, sol, jon):
        for which in ("mine", "unowned", "done"):
            assert await listed(stranger, which) == []
        await answers(await stranger.post(f"/api/tasks/{task['id']}/done"), 404)
        await answers(await stranger.post(f"/api/tasks/{task['id']}/undone"), 404)
        await answers(await stranger.patch(f"/api/tasks/{task['id']}", version=1, owner_id=None), 404)
    for stranger in (tess, sol):
        body = {"about": "Look", "client_id": str(met.clients["Ana T"]), "due_at": DUE}
        await answers(await stranger.post("/api/tasks", **body), 404)
        await answers(await stranger.get("/api/tasks/colleagues", client_id=str(met.clients["Ana T"])), 404)
    await answers(await jon.get("/api/tasks", which="everyone"), 403)
    assert len(await listed(clinic.sam, "everyone")) == 5


async def test_a_gap_mended_elsewhere_says_so_on_its_task(clinic: Clinic) -> None:
    met, maya, _ = await opened(clinic)
    client = f"/api/clients/{met.clients['Ana T']}"
    await answers(
        await clinic.sam.patch(client, version=1, ordinary_question="What is on the shelf? A radio."), 200
    )
    assert {task["gap"]: task["mended"] for task in await listed(maya)} == {
        "ordinary question": True,
        "contact": False,
        "safety plan": False,
        "danger word": False,
        "local line": False,
    }


async def test_what_a_task_says_is_sealed(clinic: Clinic) -> None:
    met, maya, _ = await opened(clinic)
    words = "Ask whether the brother has moved out."
    await answers(
        await maya.post("/api/tasks", about=words, client_id=str(met.clients["Ana T"]), due_at=DUE), 204
    )
    async with clinic.house.engine.transaction(None) as db:
        kept = list(await db.scalars(text("select about from task")))
    assert len(kept) == 6
    assert not any(b"brother" in bytes(value) for value in kept)


# --- the ring by hand


async def _number(clinic: Clinic, client: UUID, number: str, **other: Any) -> str:
    record = await answers(
        await clinic.sam.post(f"/api/clients/{client}/phones", number=number, label="Mobile", **other), 201
    )
    phone: str = next(one["id"] for one in record["phones"] if one["last2"] == number[-2:])
    return phone


async def _drop(met: Met, browser: Browser) -> list[dict[str, Any]]:
    [row] = (await met.seen_by(browser))["roster"]
    gaps: list[dict[str, Any]] = next(part["gaps"] for part in row["parts"] if part["part"] == "drop")
    return gaps


@pytest.mark.row("P19")
async def test_a_new_number_is_rung_once_by_hand_and_again_only_after_thirty_days(clinic: Clinic) -> None:
    met, maya, _ = await opened(clinic)
    ana = met.clients["Ana T"]
    phone = await _number(clinic, ana, "+14065550177")
    assert [(gap["key"], gap["phone_id"]) for gap in await _drop(met, maya)] == [
        ("backup number", None),
        ("test ring", phone),
    ]
    path = f"/api/clients/{ana}/phones/{phone}"
    shown = await answers(await maya.post(f"{path}/ring"), 200)
    assert shown == {"number": "406-555-0177", "dial": "+14065550177"}
    assert await clinic.house.entries("client.number_shown") == [
        ("client.number_shown", clinic.people["lead"].id)
    ]
    await answers(await maya.post(f"{path}/rung", result="no_answer"), 204)
    assert "test ring" in [gap["key"] for gap in await _drop(met, maya)]
    await answers(await maya.post(f"{path}/rung", result="answered"), 204)
    assert [gap["key"] for gap in await _drop(met, maya)] == ["backup number"]
    await answers(await maya.post(f"{path}/ring"), 409, "rung_lately")
    # Another number on the same line is another telephone.
    await answers(await clinic.sam.patch(path, number="+14065550178"), 200)
    assert "test ring" in [gap["key"] for gap in await _drop(met, maya)]
    await answers(await maya.post(f"{path}/rung", result="answered"), 204)
    clinic.house.clock.move(30 * 24 * 3600)
    again = await clinic.house.signed_in(clinic.people["supervisor"])
    assert "test ring" in [gap["key"] for gap in await _drop(met, again)]


@pytest.mark.parametrize(
    ("phone", "record", "sentence"),
    [
        ({"shared": True}, {}, "Others answer this number too"),
        ({}, {"unsafe_home": True}, "not marked safe to ring"),
        ({"safe_to_ring": True}, {"first_outreach": "text_first"}, "not reached by a ring first"),
        ({"safe_to_ring": True}, {"first_outreach": "do_not_ring"}, "not reached by a ring first"),
    ],
)
async def test_a_shared_or_unsafe_number_is_never_rung_for_a_test(
    clinic: Clinic, phone: dict[str, Any], record: dict[str, Any], sentence: str
) -> None:
    met, maya, _ = await opened(clinic)
    ana = met.clients["Ana T"]
    phone_id = await _number(clinic, ana, "+14065550177", **phone)
    if record:
        await answers(await clinic.sam.patch(f"/api/clients/{ana}", version=1, **record), 200)
    assert "test ring" not in [gap["key"] for gap in await _drop(met, maya)]
    refused = await answers(
        await maya.post(f"/api/clients/{ana}/phones/{phone_id}/ring"), 403, "no_test_ring"
    )
    assert sentence in refused["detail"]
    await answers(await maya.post(f"/api/clients/{ana}/phones/{phone_id}/rung", result="answered"), 403)
    assert await clinic.house.entries("client.number_shown", "client.number_rung") == []
