"""What was known before: the house, the animals, who comes first, and what a family agreed, there when it counts."""

from datetime import datetime
from typing import Any

import pytest

from tests.stories.protocols import answers, publish, run_of, step_of
from tests.stories.screens import Screen
from tests.stories.test_emergency_pressed import declares
from tests.stories.world import World


async def changed(world: World, name: str, **fields: Any) -> None:
    dana = await world.screen("Dana")
    path = f"/api/clients/{world.clients[name]}"
    version = (await dana.browser.get(path)).json()["version"]
    answer = await dana.browser.patch(path, version=version, **fields)
    assert answer.status_code == 200, answer.text


async def page(screen: Screen, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = await screen.page_of(await screen.incident_id(name))
    return shown


async def card(screen: Screen, name: str) -> str:
    answer = await screen.looks(f"/api/incidents/{await screen.incident_id(name)}/dispatch")
    shown = answer.json()
    return " ".join(line["text"] for line in [*shown["script"], *shown["more"]])


PETS = [
    {"name": "Biscuit", "kind": "dog", "before_responders": "Leash him and shut the kitchen door",
     "caretaker": "Carol next door", "soothes": "A walk round the block"},
    {"name": "Plum", "kind": "cat"},
]  # fmt: skip
TOGETHER = {
    "with_whom": "Lou, room-mate", "coming_and_going": "Knocks twice and waits.", "calm_place": "Lou takes the porch.",
    "speaks_to_responders": "Lou speaks, Ana nods",
}  # fmt: skip


@pytest.mark.row("S3", "S4", "S5")
async def test_what_room_mates_agreed_is_kept_and_read_to_responders_but_never_where_home_is_unsafe(
    world: World,
) -> None:
    await world.client("Ana", tier="high")
    await changed(world, "Ana", living_together=TOGETHER)
    dana = await world.screen("Dana")
    path = f"/api/clients/{world.clients['Ana']}"
    kept = (await dana.browser.post(f"{path}/reveal")).json()["living_together"]
    assert kept == TOGETHER
    await world.drops("Ana")
    home = (await page(dana, "Ana"))["person"]["home"]
    assert (home["calm_place"], home["speaks_to_responders"]) == (
        "Lou takes the porch.", "Lou speaks, Ana nods",
    )  # fmt: skip
    assert "Agreed for the household: Lou speaks, Ana nods." in await card(dana, "Ana")
    await changed(world, "Ana", unsafe_home=True)
    assert "Lou" not in await card(dana, "Ana")
    await world.may_ring("Ana", *world.people)
    await dana.alert("Ana")


@pytest.mark.row("S9", "S10")
async def test_the_dog_is_leashed_before_anybody_comes_in_and_somebody_looks_after_it(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="high")
    await world.dispatch_line("Ana")
    await changed(world, "Ana", pet_cards=PETS, responder_notes="Left ear deaf: stand on the right.")
    await world.drops("Ana")
    dana = await world.screen("Dana")
    home = (await page(dana, "Ana"))["person"]["home"]
    assert (home["pets"], home["caretakers"]) == (["Biscuit", "Plum"], ["Biscuit: Carol next door"])
    assert home["soothes"] == ["Biscuit: A walk round the block"]
    script = await card(dana, "Ana")
    assert "Before coming in, Biscuit, dog: Leash him and shut the kitchen door." in script
    assert "How to come near: Left ear deaf: stand on the right." in script
    assert "Carol" not in script
    declared = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/emergency"
    answer = await (await world.screen("Jon")).browser.post(declared, trigger="harm")
    assert answer.status_code == 200, answer.text
    await world.settle()
    shown = (await dana.looks(f"/api/incidents/{await dana.incident_id('Ana')}/dispatch")).json()
    assert shown["animals"] == ["Biscuit, dog: Leash him and shut the kitchen door"]
    incident = await dana.incident_id("Ana")
    place = step_of(await run_of(dana, incident, "imminent-risk"), "place")
    assert (await answers(dana, incident, place, "confirmed")).status_code == 200
    # Help is on its way: who takes them is a task of whoever sent it, once, and nobody is rung or texted for it.
    for _ in range(2):
        world.house.clock.move(1)
        await dana.press("Ana", "dispatch/calls", line_id=shown["lines"][0]["id"])
        now = (await dana.looks(f"/api/incidents/{await dana.incident_id('Ana')}/dispatch/now")).json()
        await dana.press("Ana", f"dispatch/calls/{now['calls'][-1]['id']}/over", outcome="dispatched")
    # And the step of whoever is with them, with its clock: the animal first, and the words with its name.
    home = step_of(await run_of(dana, incident, "imminent-risk"), "home")
    assert (home["role"], "the animal first" in home["title"]) == ("lead", True)
    assert any("Biscuit" in one["text"] for one in home["scripts"])
    await dana.press("Ana", "dispatch/marks", key="home.animals", state="done")
    assert "Dana Whitlock: the animals are leashed or shut away" in [
        line["text"] for line in (await dana.page_of(incident))["timeline"]
    ]
    mine = [task for task in (await dana.looks("/api/tasks")).json() if "Biscuit" in task["about"]]
    assert [task["about"] for task in mine] == [
        "Biscuit and Plum: who looks after them if their person is taken away? Agreed: Biscuit: Carol next door. "
        "Ring by hand whom you may tell, and write down who took them."
    ]
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)


async def test_where_home_is_not_safe_nobody_there_is_named_for_the_animals(world: World) -> None:
    await world.client("Ana", tier="high", unsafe_home=True)
    await world.dispatch_line("Ana")
    await changed(world, "Ana", pet_cards=PETS)
    await world.drops("Ana")
    dana = await world.screen("Dana")
    shown = (await dana.looks(f"/api/incidents/{await dana.incident_id('Ana')}/dispatch")).json()
    assert shown["caretakers"] == []
    await dana.press("Ana", "dispatch/calls", line_id=shown["lines"][0]["id"])
    now = (await dana.looks(f"/api/incidents/{await dana.incident_id('Ana')}/dispatch/now")).json()
    over = f"dispatch/calls/{now['calls'][-1]['id']}/over"
    await dana.press("Ana", over, outcome="dispatched", grounds="High tier, and nobody answers.")
    tasks = (await dana.looks("/api/tasks")).text
    assert "Biscuit and Plum: who looks after them" in tasks
    assert "ring nobody at home" in tasks
    assert "Carol" not in tasks
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("S7")
async def test_where_help_takes_long_what_follows_comes_sooner_and_staff_see_how_long(world: World) -> None:
    near, far = "Ben", "Ana"
    await world.client(far, tier="high")
    await world.client(near, tier="high", ends=("03",))
    await changed(world, far, travel_minutes=55)
    await world.drops(far)
    await world.drops(near)
    jon = await world.screen("Jon")
    marks = [mark["text"] for mark in (await jon.alert(far))["marks"]]
    assert "Help is 55 min away" in marks
    assert (await page(jon, far))["person"]["travel_minutes"] == 55

    async def limit(name: str, key: str) -> float:
        shown = await page(jon, name)
        [at] = [one["limit_at"] for one in shown["steps"] if one["key"] == key]
        zero = datetime.fromisoformat((await jon.alert(name))["drop_at"])
        return (datetime.fromisoformat(at) - zero).total_seconds()

    for key in ("again", "supervisor", "decide"):
        assert await limit(far, key) == pytest.approx(0.75 * await limit(near, key), abs=2), key
    assert await limit(far, "first-call") <= 60
    await world.may_ring("Ana", "Ben", *world.people)


@pytest.mark.row("N5")
async def test_language_relay_culture_and_access_are_asked_and_stand_where_one_rings(world: World) -> None:
    await world.client("Ana", tier="high")
    await changed(
        world, "Ana", language="es", interpreter_needed=True, interpreter_language="ase", relay="video_relay",
        culture="Address her mother first.", accessibility="Captions on.",
    )  # fmt: skip
    await world.drops("Ana")
    dana = await world.screen("Dana")
    person = (await page(dana, "Ana"))["person"]
    assert (person["language"], person["interpreter_language"], person["relay"]) == (
        "es",
        "ase",
        "video_relay",
    )
    assert person["home"]["culture"] == "Address her mother first."
    assert person["home"]["accessibility"] == "Captions on."
    await world.may_ring("Ana", *world.people)
    await dana.alert("Ana")


async def test_whom_they_want_first_and_whether_this_is_a_safe_hour_stand_beside_the_telephones(
    world: World,
) -> None:
    await world.client("Ana", tier="high")
    # A Monday, 7 AM in the program's time.
    early = {"windows": [{"days": [0], "starts": "09:00", "ends": "10:00"}], "note": "Never on Sundays"}
    await changed(world, "Ana", contact_times=early, help_first="Walt with the key", travel_minutes=55)
    await world.drops("Ana")
    dana = await world.screen("Dana")
    person = (await page(dana, "Ana"))["person"]
    assert (person["home"]["help_first"], person["travel_minutes"]) == ("Walt with the key", 55)
    assert (person["home"]["safe_hour"], person["home"]["hours_note"]) == (False, "Never on Sundays")
    await world.may_ring("Ana", *world.people)
    await dana.alert("Ana")


def agreement(**more: Any) -> dict[str, Any]:
    told = {
        "low": {"told": "not_told"},
        "moderate": {"told": "young_person_first", "words": "That the week was hard"},
        "high": {"told": "at_once", "words": "Where they are and what to do"},
        "imminent": {"told": "at_once"},
    }
    return {
        "version": 0, **told, "steps_in": "Adults step in from high.", "stays_private": "What friends said.",
        "may_call": [], "review_due": "2027-06-01", **more,
    }  # fmt: skip


@pytest.mark.row("S1", "S2")
async def test_a_family_agreement_is_read_by_both_and_seen_before_any_call(world: World) -> None:
    await world.client("Ana", tier="high")
    await changed(world, "Ana", birth_date="2011-05-01")
    mother = await world.contact("Ana", "Mia Invented", guardian=True, authority_verified=True)
    dana = await world.screen("Dana")
    path = f"/api/clients/{world.clients['Ana']}/agreement"
    assert (await dana.browser.get(path)).json() == {"young": True, "agreement": None}
    written = await dana.browser.post(path, **agreement(may_call=[str(mother)]))
    assert written.status_code == 201, written.text
    paper = written.json()["agreement"]
    assert paper["standing"] == "not_read_by_both"
    await world.drops("Ana")
    shown = (await page(dana, "Ana"))["person"]
    assert shown["contacts"][0]["agreement"] == "The family agreement has not been read by both yet."

    read = {"agreement_id": paper["id"], "how": "aloud", "read_on": "2027-03-01"}
    ok = await dana.browser.post(f"{path}/readings", **read, who="young_person")
    assert ok.json()["agreement"]["standing"] == "not_read_by_both"
    ok = await dana.browser.post(f"{path}/readings", **read, who="guardian", contact_id=str(mother))
    told = ok.json()["agreement"]
    assert told["standing"] == "agreed"
    assert [(one["who"], one["name"], one["by"].split()[0]) for one in told["readings"]] == [
        ("young_person", "Ana R.", "Dana"), ("guardian", "Mia Invented", "Dana"),
    ]  # fmt: skip

    shown = (await page(dana, "Ana"))["person"]
    assert shown["agreement"]["told"] == "at_once"
    assert shown["agreement"]["told_words"] == "Where they are and what to do"
    assert shown["agreement"]["stays_private"] == "What friends said."
    assert shown["contacts"][0]["agreement"] == (
        "Mia Invented is told at once. The family agreed that Mia Invented may be called."
    )

    # A changed agreement has to be read anew, and nobody writes over a version they have not seen.
    stale = await dana.browser.post(path, **agreement())
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    newer = await dana.browser.post(path, **agreement(version=1))
    assert newer.json()["agreement"]["standing"] == "not_read_by_both"
    old = await dana.browser.post(f"{path}/readings", **read, who="young_person")
    assert old.status_code == 409
    history = (await dana.browser.get(f"/api/clients/{world.clients['Ana']}/history")).json()["lines"]
    assert [line["part"] for line in history][:2] == ["agreement", "agreement"]
    await world.may_ring("Ana", *world.people)
    await dana.alert("Ana")


@pytest.mark.row("R16")
async def test_a_guardian_whom_the_family_does_not_tell_at_low_is_not_rung_and_at_moderate_after_the_young_person(
    world: World,
) -> None:
    await world.client("Ana", tier="low")
    await changed(world, "Ana", birth_date="2011-05-01")
    mother = await world.contact("Ana", "Mia Invented", guardian=True, authority_verified=True)
    dana = await world.screen("Dana")
    path = f"/api/clients/{world.clients['Ana']}/agreement"
    written = await dana.browser.post(path, **agreement(may_call=[str(mother)]))
    read = {"agreement_id": written.json()["agreement"]["id"], "how": "aloud", "read_on": "2027-03-01"}
    await dana.browser.post(f"{path}/readings", **read, who="young_person")
    await dana.browser.post(f"{path}/readings", **read, who="guardian", contact_id=str(mother))
    await world.drops("Ana")
    await dana.press("Ana", "take")
    [line] = (await page(dana, "Ana"))["person"]["contacts"]
    assert not line["may"]
    assert "family agreed" in line["block"]
    assert "choose the tier" in line["lawful_instead"]
    press: dict[str, Any] = {"basis": "personal_representative", "content": "That we lost touch."}
    assert "family agreed" in await dana.refused("Ana", f"contacts/{mother}/call", **press)
    await world.never_rang("contact")

    await dana.press("Ana", "tier", tier="moderate", reason="A hard week, and now gone.")
    [line] = (await page(dana, "Ana"))["person"]["contacts"]
    assert line["may"]
    assert "That the week was hard" in {fact["words"] for fact in line["tell"]}
    assert "has been told" in await dana.refused("Ana", f"contacts/{mother}/call", **press)
    await dana.press("Ana", f"contacts/{mother}/call", **press, ticked=["young_person_told_first"])
    told = (await dana.browser.get(f"/api/clients/{world.clients['Ana']}/disclosures")).json()["rows"]
    assert "What the family agreed to be told at this tier" in told[0]["items"]
    await world.may_ring("Ana", *world.people)
    await dana.alert("Ana")


async def test_an_agreement_that_cannot_hold_is_refused(world: World) -> None:
    await world.client("Ana", tier="low")
    await world.client("Ben", tier="low")
    await changed(world, "Ana", birth_date="2011-05-01")
    friend = await world.contact("Ana", "Kim Invented")
    stranger = await world.contact("Ben", "Lee Invented", ends="32")
    dana = await world.screen("Dana")
    path = f"/api/clients/{world.clients['Ana']}/agreement"
    adult = await dana.browser.post(f"/api/clients/{world.clients['Ben']}/agreement", **agreement())
    assert (adult.status_code, adult.json()["code"]) == (409, "of_age")
    for wrong in (
        {"review_due": "2027-02-01"}, {"review_due": "2029-01-01"}, {"may_call": [str(stranger)]},
        {"high": {"told": "perhaps"}}, {"stays_private": " "},
    ):  # fmt: skip
        assert (await dana.browser.post(path, **agreement(**wrong))).status_code == 422, wrong
    paper = (await dana.browser.post(path, **agreement())).json()["agreement"]
    read = {"agreement_id": paper["id"], "how": "paper", "read_on": "2027-03-01"}
    for wrong in (
        {"who": "guardian"}, {"who": "young_person", "contact_id": str(friend)},
        {"who": "guardian", "contact_id": str(friend)}, {"who": "young_person", "read_on": "2027-03-02"},
        {"who": "young_person", "read_on": "2027-02-01"},
    ):  # fmt: skip
        assert (await dana.browser.post(f"{path}/readings", **{**read, **wrong})).status_code == 422, wrong
    lost = {**read, "who": "guardian", "contact_id": str(stranger)}
    assert (await dana.browser.post(f"{path}/readings", **lost)).status_code == 404
    await world.may_ring()


async def test_what_is_read_out_ends_each_sentence_once_and_says_how_old_the_place_is(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana")
    await changed(world, "Ana", household="Lives alone.", what_helps="Plain words. She was a nurse.")
    await world.pass_time(40 * 60)
    jon = await world.screen("Jon")
    incident = await declares(jon, "Ana")
    first = step_of(await run_of(jon, incident, "imminent-risk"), "place")
    assert (await answers(jon, incident, first, "confirmed")).status_code == 200
    run = await run_of(jon, incident, "imminent-risk")
    aloud = [
        script["text"]
        for step in run["steps"]
        for script in step["scripts"]
        if "I need help sent to" in script["text"]
    ]
    assert aloud
    for words in aloud:
        assert ".." not in words
        assert "Others at home: Lives alone. Animals" in words
        assert "They said so 40 minutes ago." in words
    await world.may_ring()
