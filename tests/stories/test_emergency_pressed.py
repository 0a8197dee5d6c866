"""Emergency, pressed by a person: one press, and two clinicians act as one, or one alone is not left alone."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.group_sessions.models import Group, GroupSession, Presence
from tests.house import PIN
from tests.stories.protocols import open_keys, publish, run_of
from tests.stories.screens import Screen
from tests.stories.world import World

Answer = Any


async def tries(screen: Screen, name: str, trigger: str = "harm", command: UUID | None = None) -> Answer:
    world = screen.world
    path = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients[name]}/emergency"
    return await screen.browser.sends("POST", path, {"trigger": trigger}, command=command)


async def declares(screen: Screen, name: str, trigger: str = "harm") -> str:
    answer = await tries(screen, name, trigger)
    assert answer.status_code == 200, answer.text
    await screen.world.settle()
    incident = str(answer.json()["incident_id"])
    screen.world.expected_alerts.add(UUID(incident))
    return incident


async def told(screen: Screen, incident: str) -> list[str]:
    return [line["text"] for line in (await screen.page_of(incident))["timeline"]]


async def card_of(screen: Screen, incident: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in await screen.cards("incident") if c["incident_id"] == incident)
    return found


async def dispatch_of(screen: Screen, incident: str) -> dict[str, Any]:
    answer = await screen.looks(f"/api/incidents/{incident}/dispatch")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.row("I2", "D3")
async def test_one_press_with_lead_and_co_facilitator_there(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    await world.contact("Ana", "Lee Invented")
    await world.dispatch_line("Ana")
    jon, maya, dana = [await world.screen(name) for name in ("Jon", "Maya", "Dana")]
    await world.has_board("Jon", "Maya", "Dana")
    incident = await declares(maya, "Ana")
    card = await card_of(jon, incident)
    assert (card["tier"], card["headline"], card["owner"]["name"]) == (
        "imminent", "Ana R.: emergency", "Maya Reyes",
    )  # fmt: skip
    assert [await jon.has("Ana", lane) for lane in ("eyes", "group", "caller")] == ["Maya", "Jon", None]
    assert await dana.alarmed("Ana") == {"caller"}
    run = await run_of(jon, incident, "imminent-risk")
    assert (run["zero_at"], open_keys(run)) == (card["drop_at"], ["place", "caller", "stay", "group"])
    # Our own two at once, board or no board; nobody else is called or texted.
    phone = await world.rings("Dana")
    await world.pass_time(2)
    await world.rings("Robin")
    await world.never_rang("Ana", "Lee", "Jon", "Maya")
    shown = await dispatch_of(jon, incident)
    assert (shown["now"]["declared_by"]["name"], shown["now"]["declared_at"]) == (
        "Maya Reyes", card["drop_at"],
    )  # fmt: skip
    assert shown["lines"][0]["number"] == "541-555-0119"
    lines = await told(jon, incident)
    assert lines[0] == "Maya Reyes pressed Emergency: an emergency. Tier imminent."
    assert "Maya Reyes declared an emergency: supervisor and backup are rung as caller" in lines
    # The supervisor takes it on the telephone: that is the caller, and no phone rings for one any more.
    await phone.answers()
    await phone.presses(PIN)
    assert await jon.has("Ana", "caller") == "Dana"
    assert "caller" not in open_keys(await run_of(jon, incident, "imminent-risk"))
    await world.may_ring()
    await world.pass_time(90)
    await world.does_not_ring("Dana", "Robin")
    await world.never_rang("Ana", "Lee")
    assert await dana.alarmed("Ana") == set()


@pytest.mark.row("I2")
async def test_what_is_open_already_is_raised_and_the_search_for_them_goes_on(world: World) -> None:
    await publish(world, "medical-emergency")
    await world.client("Ana", tier="low")
    await world.drops("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    before = await jon.incident_id("Ana")
    await maya.press("Ana", "take")
    assert await declares(jon, "Ana", "medical") == before
    card = await card_of(maya, before)
    assert (card["tier"], card["triage"], card["what"]) == ("imminent", "medical", "connection_lost")
    assert card["owner"]["name"] == "Maya Reyes", "whoever had it keeps it"
    assert await maya.has("Ana", "eyes") in {"Jon", "Maya"}
    assert (await run_of(jon, before, "medical-emergency"))["state"] == "running"
    assert (await dispatch_of(jon, before))["urgency"] == "medical"
    assert "Jon Bell declared an emergency: medical instability" in await told(jon, before)
    # The line starts one call a second, and this one was on its way to Maya.
    await world.pass_time(1)
    await world.rings("Dana")
    await world.pass_time(50)
    assert await world.calls("Ana"), "a loss is looked for as before"
    await world.may_ring("Ana", *world.people)


async def test_two_press_at_once_and_a_press_arrives_twice_and_it_is_one(world: World) -> None:
    await publish(world, "imminent-risk", "medical-emergency")
    await world.client("Ana", tier="moderate")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    one, two = await asyncio.gather(tries(jon, "Ana", "harm", same := uuid4()), tries(maya, "Ana", "medical"))
    again = await tries(jon, "Ana", "harm", same)
    assert {answer.status_code for answer in (one, two, again)} == {200}
    assert one.json() == two.json() == again.json()
    incident = one.json()["incident_id"]
    world.expected_alerts.add(UUID(incident))
    await world.settle()
    await world.pass_time(3)
    await world.rang("Dana")
    await world.rang("Robin")
    card = await card_of(jon, incident)
    assert {mark["title"] for mark in card["protocols"]} == {
        "Imminent risk and emergency",
        "Medical emergency",
    }
    assert card["emergency_at"] == card["drop_at"]
    lines = await told(jon, incident)
    assert sum("declared an emergency" in line for line in lines) == 2, "said once, with its rings"
    assert sum("declared it too" in line for line in lines) == 1


@pytest.mark.row("R2")
async def test_the_partner_is_the_danger_so_nobody_at_home_is_offered_or_told(world: World) -> None:
    """R2: after the press as before it, and in what is read to responders."""
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="moderate", unsafe_home=True)
    partner = await world.contact("Ana", "Lee Invented", relation="partner", lives_with_client=True)
    jon = await world.screen("Jon")
    incident = await declares(jon, "Ana")
    await world.pass_time(400)
    shown = await dispatch_of(jon, incident)
    assert shown["may_not_be_free_to_talk"]
    assert any("do not ring" in line["text"].lower() for line in (*shown["script"], *shown["more"]))
    [contact] = (await jon.page_of(incident))["person"]["contacts"]
    assert not contact["may"]
    refused = await jon.browser.post(f"/api/incidents/{incident}/contacts/{partner}/call", basis="release")
    assert 400 <= refused.status_code < 500, refused.text
    await world.never_rang("Ana", "Lee")
    await world.no_text_to("Ana")
    await world.may_ring()


@pytest.mark.row("R17")
async def test_the_wrong_one_of_two_with_the_same_name_is_mended_in_one_press(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", surname="R.", tier="low")
    await world.client("Ana", surname="T.", tier="none", ends=("02",))
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    tile = await jon.tile("Ana T.")
    assert any(mark["kind"] == "names" for mark in tile["marks"])
    wrong = await declares(jon, "Ana")
    zero = (await card_of(jon, wrong))["emergency_at"]
    phone = await world.rings("Dana")
    await world.pass_time(4)
    path = f"/api/incidents/{wrong}/emergency/wrong-client"
    moved = await jon.browser.post(path, client_id=str(world.clients["Ana T."]))
    assert moved.status_code == 200, moved.text
    right = moved.json()["incident_id"]
    world.expected_alerts.add(UUID(right))
    await world.settle()
    assert (await jon.tile("Ana R."))["tier"] == "low"
    assert (await jon.page_of(wrong))["outcome"] == "wrong_client"
    assert "Jon Bell took the emergency back: it was about somebody else" in await told(jon, wrong)
    card = await card_of(dana, right)
    assert (card["name"], card["tier"], card["drop_at"]) == ("Ana T.", "imminent", zero), (
        "no clock starts again"
    )
    assert (await dispatch_of(jon, right))["now"]["declared_at"] == zero
    assert await jon.has("Ana T", "eyes") == "Jon"
    assert await phone.is_over(), "no phone rings for the wrong one"
    await world.pass_time(10)
    await world.may_ring()
    assert len(await world.calls("Dana")) >= 2, "rung for the right one"
    await world.never_rang("Ana", "Ana T.")


@pytest.mark.row("R17", "B10")
async def test_responders_told_about_the_wrong_one_the_others_go_with_the_right_one(world: World) -> None:
    """The wrong emergency stands until two have told responders otherwise; nothing else was ever about them, and who comes
    to their door is a reason to look after them."""
    await publish(world, "imminent-risk", "secure-group")
    for place, name in enumerate(("Ana", "Ben", "Cleo"), 1):
        await world.client(name, tier="low", ends=(f"0{place}",))
    jon = await world.screen("Jon")
    wrong = await declares(jon, "Ana")
    await jon.press("Ana", "protocols", protocol="secure-group")
    await jon.press("Ana", "dispatch/calls", number="5415550119", agency="Fairhaven dispatch")
    [list_before] = await jon.cards("care")
    moved = await jon.press("Ana", "emergency/wrong-client", client_id=str(world.clients["Ben"]))
    right = moved["incident_id"]
    world.expected_alerts.add(UUID(right))
    await world.settle()
    assert (await card_of(jon, wrong))["emergency_at"], "responders were told: two stand it down"
    assert (await card_of(jon, right))["emergency_at"]
    [care] = await jon.cards("care")
    assert care["round_id"] == list_before["round_id"]
    assert {one["name"] for one in care["people"]} == {"Ana R.", "Cleo R."}
    assert (care["run"]["incident_id"], care["run"]["state"]) == (right, "running")
    await world.may_ring(*world.people)


@pytest.mark.row("R17")
async def test_the_right_one_may_be_on_the_list_of_another_group(world: World) -> None:
    """Two groups stand side by side where it was chosen, and each has an Ana."""
    await publish(world, "imminent-risk")
    await world.client("Ana", surname="R.", tier="low")
    await world.client("Anna", surname="T.", tier="none", page=False, ends=("02",))
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    elsewhere = await another_group(world, "Anna", world.people["Jon"].id)
    async with world.house.engine.transaction(world.program_id) as db:
        key = (world.program_id, world.group_session_id, world.clients["Anna"])
        (await db.get_one(Presence, key)).removed_at = world.now
    wrong = await declares(jon, "Ana")
    body = {"client_id": str(world.clients["Anna"]), "group_session_id": str(elsewhere)}
    path = f"/api/incidents/{wrong}/emergency/wrong-client"
    assert (await jon.browser.post(path, client_id=body["client_id"])).status_code == 404
    assert (await maya.browser.post(path, **body)).status_code == 404, "not a group of hers"
    moved = await jon.browser.post(path, **body)
    assert moved.status_code == 200, moved.text
    right = moved.json()["incident_id"]
    world.expected_alerts.add(UUID(right))
    await world.settle()
    card = await card_of(jon, right)
    assert (card["name"], card["tier"], card["group_session_id"]) == ("Anna T.", "imminent", str(elsewhere))
    assert (await jon.page_of(wrong))["outcome"] == "wrong_client"
    await world.may_ring(*world.people)


async def test_pressed_upon_a_loss_and_about_somebody_else_the_loss_stays_as_it_was(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    await world.client("Ben", tier="none", ends=("02",))
    await world.drops("Ana")
    jon = await world.screen("Jon")
    lost = await jon.incident_id("Ana")
    assert await declares(jon, "Ana") == lost
    moved = await jon.press("Ana", "emergency/wrong-client", client_id=str(world.clients["Ben"]))
    world.expected_alerts.add(UUID(moved["incident_id"]))
    card = await card_of(jon, lost)
    assert (card["tier"], card["emergency_at"], card["triage"]) == ("low", None, None)
    assert (await run_of(jon, lost, "imminent-risk"))["state"] == "ended"
    assert (await card_of(jon, moved["incident_id"]))["tier"] == "imminent"
    await world.may_ring("Ana", *world.people)


async def test_pressed_by_mistake_it_is_taken_back_by_its_author_alone(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="none")
    await world.dispatch_line("Ana")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    incident = await declares(jon, "Ana")
    await world.rings("Dana")
    assert "Only the person who pressed" in await maya.refused("Ana", "emergency/mispress")
    await jon.press("Ana", "emergency/mispress")
    await jon.no_alert("Ana")
    assert (await jon.tile("Ana"))["tier"] == "none"
    await world.pass_time(2)
    await world.does_not_ring("Dana", "Robin")
    assert (await jon.page_of(incident))["outcome"] == "mispress"
    await declares(jon, "Ana")
    await declares(maya, "Ana")
    assert "A colleague declared it too" in await jon.refused("Ana", "emergency/mispress")
    await world.client("Ben", tier="low", ends=("02",))
    told_of = await declares(jon, "Ben")
    [line, *_] = (await dispatch_of(jon, told_of))["lines"] or [None]
    body = {"line_id": line["id"]} if line else {"number": "5415550119", "agency": "Fairhaven dispatch"}
    await jon.press("Ben", "dispatch/calls", **body)
    assert "called or told already" in await jon.refused("Ben", "emergency/mispress")
    await world.may_ring()


async def test_a_supervisor_whose_browser_sleeps_is_rung_and_rung_again(world: World) -> None:
    await world.client("Ana", tier="low")
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await world.has_board("Maya", "Jon", "Dana")
    await world.board_goes_away("Dana")
    await world.pass_time(20)
    await declares(jon, "Ana", "psychosis")
    await world.rings("Dana")
    await world.pass_time(20)
    caller = await maya.lane("Ana", "caller")
    assert (caller["alarm"], caller["asked"]) == (True, True), "nobody in 20 s: the co-facilitator is asked"
    await world.pass_time(20)
    assert len(await world.calls("Dana")) == 2
    await world.never_rang("Ana")
    await world.may_ring()


async def test_whoever_may_not_is_told_so_and_what_to_do(world: World) -> None:
    await world.client("Ana")
    jon = await world.screen("Jon")
    stranger = await world.house.staff("Tess Amano", "clinician")
    path = f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/emergency"
    assert (await stranger.post(path, trigger="harm")).status_code == 404
    nobody = path.replace(str(world.clients["Ana"]), str(uuid4()))
    assert "Dial by hand now" in (await jon.browser.post(nobody, trigger="harm")).json()["detail"]
    assert (await jon.browser.post(path, trigger="hunch")).status_code == 422
    async with world.house.engine.transaction(world.program_id) as db:
        meeting = await db.get_one(GroupSession, (world.program_id, world.group_session_id))
        meeting.state, meeting.closed_at = "closed", world.now
    refused = await jon.browser.post(path, trigger="harm")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_open")
    assert "This group session is over" in refused.json()["detail"]


@pytest.mark.parametrize("who", ["Dana", "Robin"])
async def test_those_outside_the_room_may_press_and_the_lead_stays_with_the_client(
    world: World, who: str
) -> None:
    await world.client("Ana", tier="low")
    screen = await world.screen(who)
    incident = await declares(screen, "Ana")
    assert await screen.has("Ana", "eyes") == "Maya"
    assert (await card_of(screen, incident))["owner"]["name"].startswith(who)
    await world.may_ring()


@pytest.mark.row("R5")
@pytest.mark.parametrize(("who", "other"), [("Dana", "Robin"), ("Robin", "Dana")])
async def test_whoever_presses_is_not_rung_about_their_own_press(world: World, who: str, other: str) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    screen = await world.screen(who)
    await world.has_board(who, other)
    await declares(screen, "Ana")
    await world.rings(other)
    await world.pass_time(100)
    assert await screen.alarmed("Ana") == {"caller"}, "nobody has the calls yet"
    assert len(await world.calls(other)) >= 2, "rung again until somebody accepts"
    await world.never_rang(who, "Ana")
    # Their own board goes away: then they are somebody who has to be rung, too.
    await world.board_goes_away(who)
    await world.pass_time(60)
    assert await world.calls(who)
    await world.may_ring()


async def test_whoever_presses_in_another_group_of_the_client_works_on_what_the_press_opened(
    world: World,
) -> None:
    """Something is open about Ana in the evening group; Tess, of the morning group alone, sees her and presses."""
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    await world.contact("Ana", "Lee Invented")
    await world.dispatch_line("Ana")
    maya = await world.screen("Maya")
    await maya.taps("Ana", "concern", reason="distress")
    incident = await maya.incident_id("Ana")
    tess = Screen(world, await world.house.staff("Tess Amano", "clinician"))
    assert tess.browser.me
    morning = await another_group(world, "Ana", tess.browser.me.id)
    assert (await tess.looks(f"/api/incidents/{incident}")).status_code == 404
    path = f"/api/group-sessions/{morning}/clients/{world.clients['Ana']}/emergency"
    answer = await tess.browser.post(path, trigger="harm")
    assert answer.json() == {"incident_id": incident}, "it stands in what is open already"
    await world.settle()
    assert (await dispatch_of(tess, incident))["lines"][0]["number"] == "541-555-0119"
    assert (await tess.page_of(incident))["person"]["contacts"]
    card = await card_of(tess, incident)
    assert (card["name"], card["tier"]) == ("Ana R.", "imminent")
    await tess.press("Ana", "dispatch/calls", number="5415550119", agency="Fairhaven dispatch")
    await tess.lane_press("Ana", "caller", "take")
    assert await maya.has("Ana", "caller") == "Tess"
    # What else is in that group stays with its own people.
    assert {one["name"] for one in await tess.cards("group")} == {"Morning skills"}
    await world.may_ring()


async def another_group(world: World, name: str, lead_id: UUID) -> UUID:
    """Open, led by them, with this client on its list too."""
    async with world.house.engine.transaction(world.program_id) as db:
        group = Group(program_id=world.program_id, id=uuid4(), name="Morning skills")
        db.add(group)
        await db.flush()
        meeting = GroupSession(
            program_id=world.program_id,
            id=uuid4(),
            group_id=group.id,
            state="open",
            starts_at=world.now,
            ends_at=world.now + timedelta(hours=2),
            opened_at=world.now,
            lead_id=lead_id,
        )
        db.add(meeting)
        await db.flush()
        db.add(
            Presence(
                program_id=world.program_id,
                group_session_id=meeting.id,
                client_id=world.clients[name],
                since=world.now,
                check_at=world.now,
            )
        )
    return meeting.id


async def test_with_nobody_else_to_ring_the_supervisor_who_pressed_is_rung_all_the_same(world: World) -> None:
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    async with world.house.engine.transaction(world.program_id) as db:
        meeting = await db.get_one(GroupSession, (world.program_id, world.group_session_id))
        meeting.backup_id = None
    await world.has_board("Dana")
    await declares(await world.screen("Dana"), "Ana")
    await world.rings("Dana")
    await world.may_ring()


async def test_whoever_dials_by_hand_makes_the_calls(world: World) -> None:
    """No board may say that nobody calls while somebody does, and no phone ring for it."""
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await world.has_board("Jon", "Maya")
    incident = await declares(maya, "Ana")
    phone = await world.rings("Dana")
    assert await maya.has("Ana", "caller") is None
    await jon.press("Ana", "dispatch/calls", number="5415550119", agency="Fairhaven dispatch")
    assert await maya.has("Ana", "caller") == "Jon"
    assert await phone.is_over()
    # Whoever stays with the client may dial too, and is not made the caller by it (R5).
    await jon.lane_press("Ana", "caller", "let-go")
    await maya.press("Ana", "dispatch/calls", number="5415550118", agency="Harrow dispatch")
    assert await jon.has("Ana", "caller") is None
    assert "Jon Bell has the calls" in await told(jon, incident)
    await world.may_ring(*world.people)
