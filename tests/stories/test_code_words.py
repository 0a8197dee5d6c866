"""Whoever rings a client must know the danger word when they hear it: one logged press, while the incident is open."""

from typing import Any

from sqlalchemy import text

from tests.house import Browser
from tests.stories.world import World


async def chooses(world: World, who: Browser, name: str, phrase: str, kind: str = "danger") -> None:
    path = f"/api/clients/{world.clients[name]}/code-words/{kind}"
    answer = await who.sends("PUT", path, {"phrase": phrase, "form": "words"})
    assert answer.status_code == 200, answer.text


async def looks(world: World, who: Browser, name: str) -> Any:
    incident = await world.incident(name)
    return await who.post(f"/api/incidents/{incident.id}/code-words")


async def test_the_four_of_the_meeting_look_once_each_logged_and_the_timeline_says_no_word(
    world: World,
) -> None:
    await world.client("Ana", tier="low")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await chooses(world, jon.browser, "Ana", "fishing boat", "all_clear")
    await world.drops("Ana")
    await world.until(20)
    await world.may_ring("Ana", *world.people)
    await jon.alert("Ana")

    shown = await looks(world, dana.browser, "Ana")
    assert shown.status_code == 200, shown.text
    assert shown.json() == {
        "shown_for_s": 60,
        "words": [
            {"kind": "danger", "form": "words", "phrase": "marble staircase"},
            {"kind": "all_clear", "form": "words", "phrase": "fishing boat"},
        ],
        "group_pause": None,
        "danger_wish": None,
    }
    incident = await world.incident("Ana")
    async with world.house.engine.transaction(None) as db:
        rows = (
            await db.execute(
                text("select actor_id, incident_id, wakes from entry where kind = 'code_word.revealed'")
            )
        ).all()
    assert [tuple(row) for row in rows] == [(world.people["Dana"].id, incident.id, False)]
    page = await jon.page("Ana")
    assert "marble" not in str(page)
    record = (await jon.browser.get(f"/api/clients/{world.clients['Ana']}/code-words")).json()
    assert [(look["name"], look["incident_id"]) for look in record["looks"]] == [
        ("Dana Whitlock", str(incident.id))
    ]


async def test_nobody_who_is_not_assigned_looks_not_even_a_supervisor(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await world.drops("Ana")
    await world.until(20)
    await world.may_ring("Ana", *world.people)
    await jon.alert("Ana")
    for roles, status in ((("supervisor",), 403), (("clinician",), 404), (("administrator",), 404)):
        other = await world.house.staff(f"Other {roles[0].title()}", *roles)
        answer = await looks(world, other, "Ana")
        assert answer.status_code == status, answer.text
        assert "marble" not in answer.text
    # Whoever takes it may: they are the one who rings.
    lee = await world.house.staff("Lee Invented", "supervisor", "clinician")
    assert (await looks(world, lee, "Ana")).status_code == 403
    incident = await world.incident("Ana")
    assert (await lee.post(f"/api/incidents/{incident.id}/take")).status_code == 200
    assert (await looks(world, lee, "Ana")).status_code == 200


async def test_emergency_access_opens_the_words_of_that_client_for_its_hour(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await world.drops("Ana")
    await world.until(20)
    await world.may_ring("Ana", *world.people)
    await jon.alert("Ana")
    person = await world.house.add_person("Lee Invented", "clinician")
    lee = await world.house.signed_in(person)
    assert (await looks(world, lee, "Ana")).status_code == 404
    asked = {
        "name": "Ana R.",
        "reason_code": "client_called",
        "reason": "She rang the desk and nobody else is here.",
    }
    opened = await lee.post("/api/emergency-access", **asked)
    assert opened.status_code in (200, 201), opened.text
    shown = await looks(world, lee, "Ana")
    assert shown.status_code == 200, shown.text
    assert await world.house.entries("code_word.revealed") == [("code_word.revealed", person.id)]
    # After its hour it is over.
    world.house.clock.move(61 * 60)
    lee = await world.house.signed_in(person)
    assert (await looks(world, lee, "Ana")).status_code == 404
    await world.may_ring("Ana", *world.people)


async def test_after_the_incident_the_words_are_covered_for_good(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await chooses(world, jon.browser, "Ana", "marble staircase")
    await world.drops("Ana")
    await world.until(20)
    await jon.press("Ana", "take")
    incident = await world.incident("Ana")
    await jon.ends_well("Ana")
    await world.may_ring("Ana", *world.people)
    answer = await jon.browser.post(f"/api/incidents/{incident.id}/code-words")
    assert answer.status_code == 409
    assert "marble" not in answer.text
