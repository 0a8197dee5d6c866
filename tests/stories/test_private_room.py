"""A client and a colleague in a private room (E7, T1): no alarm by moving, a real loss alarms, silent questions."""

import pytest

from app.group_sessions.models import GroupSession
from tests.stories.test_concerns import card_of, raises
from tests.stories.world import World


async def in_video(world: World, name: str = "Ana", tier: str = "high", **fields: object) -> None:
    await world.client(name, tier=tier, page=False, **fields)
    await world.platform(name, "joined", connection="main")
    await world.pass_time(60)


@pytest.mark.row("E7", "T1")
@pytest.mark.parametrize("cause", ["moved", "deliberate", "lost", "unknown"])
async def test_opened_joined_and_left_again_raises_no_alarm_whatever_the_platform_calls_it(
    world: World, cause: str
) -> None:
    await in_video(world)
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await maya.opens_room("Ana")
    for one in (maya, jon):
        room = await one.private_room("Ana")
        assert room
        assert (room["staff"]["name"], room["stage"], room["joined_at"]) == ("Maya Reyes", "opening", None)
    await world.platform("Ana", "left", cause, connection="main")
    await world.pass_time(3)
    await world.platform("Ana", "joined", connection="breakout")
    await maya.in_room("Ana", "joined")
    await jon.shows("Ana", "private_room")
    room = await jon.private_room("Ana")
    assert room
    assert room["joined_at"]
    await world.pass_time(240)
    await maya.in_room("Ana", "decide", decision="return")
    await world.platform("Ana", "left", cause, connection="breakout")
    await world.pass_time(3)
    await world.platform("Ana", "joined", connection="again")
    await world.pass_time(120)
    assert await jon.private_room("Ana") is None
    await jon.shows("Ana", "present")
    assert await jon.alerts() == []
    await world.never_rang("Ana", *world.people)


@pytest.mark.row("E7")
async def test_a_real_loss_from_inside_raises_its_alarm_and_ends_the_room(world: World) -> None:
    await in_video(world)
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await maya.opens_room("Ana")
    await world.platform("Ana", "left", "moved", connection="main")
    await world.platform("Ana", "joined", connection="breakout")
    await world.pass_time(5)
    await maya.in_room("Ana", "joined")
    await world.pass_time(60)
    await world.platform("Ana", "left", "lost", connection="breakout")
    assert (await jon.alert("Ana"))["headline"] == "Ana R. lost connection"
    await world.pass_time(1)
    assert await jon.private_room("Ana") is None
    await world.may_ring("Ana", *world.people)


async def test_a_move_that_never_arrives_is_asked_about(world: World) -> None:
    await in_video(world)
    maya = await world.screen("Maya")
    await maya.opens_room("Ana")
    await world.platform("Ana", "left", "moved", connection="main")
    await world.pass_time(31)
    await maya.shows("Ana", "quiet")
    await world.pass_time(46)
    assert (await maya.alert("Ana"))["presence"]["state"] == "lost"
    await world.may_ring("Ana", *world.people)


async def test_a_second_loss_from_inside_has_an_alarm_of_its_own_though_the_first_is_still_open(
    world: World,
) -> None:
    """Found again and recognised live, in the private room; the first alert waits for its outcome."""
    await world.client("Ana", tier="high")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    world.comes_back("Ana")
    await world.pass_time(2)
    await maya.opens_room("Ana")
    await maya.in_room("Ana", "joined")
    await jon.recognises("Ana", tier="high")
    await world.may_ring("Ana", *world.people)
    first = await world.incident("Ana")
    await world.pass_time(30)
    world.falls_silent("Ana")
    await world.pass_time(20)
    second = await world.incident("Ana")
    assert second.id != first.id
    assert second.drop_at > first.drop_at
    assert second.owner_id is None
    cards = [card for card in await jon.cards("incident") if card["name"].startswith("Ana")]
    world.expected_alerts |= {first.id, second.id}
    assert {card["incident_id"] for card in cards} == {str(first.id), str(second.id)}
    assert (await jon.tile("Ana"))["incident_id"] == str(second.id)
    await world.pass_time(20)
    assert [call for call in await world.calls("Ana") if call.made_at > second.drop_at]
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("E7")
async def test_the_one_inside_is_asked_every_five_minutes_then_the_colleague_then_the_supervisor(
    world: World,
) -> None:
    await in_video(world, tier="moderate")
    maya, jon, dana = [await world.screen(name) for name in ("Maya", "Jon", "Dana")]
    await maya.opens_room("Ana")
    await maya.in_room("Ana", "joined")

    async def stage() -> str:
        room = await dana.private_room("Ana")
        assert room
        return str(room["stage"])

    await world.pass_time(299)
    assert await stage() == "inside"
    await world.pass_time(2)
    assert await stage() == "asked"
    await maya.in_room("Ana", "fine")
    assert await stage() == "inside"
    await world.pass_time(301)
    assert await stage() == "asked"
    await world.pass_time(60)
    assert await stage() == "colleague"
    await world.pass_time(60)
    assert await stage() == "supervisor"
    # It stands in front of people until one of them has looked; nothing else follows from it (R1).
    await world.pass_time(15 * 60)
    assert await stage() == "supervisor"
    await world.never_rang("Ana", *world.people)
    await jon.in_room("Ana", "fine")
    assert await stage() == "inside"


async def test_of_an_alert_at_high_whoever_does_not_answer_inside_is_rung_for(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(1)
    maya, jon, dana = [await world.screen(name) for name in ("Maya", "Jon", "Dana")]
    await maya.press("Ana", "take-as", lane="group")
    assert await jon.has("Ana", "group") == "Maya"
    await maya.opens_room("Ana")
    # E7: she goes, so the group is offered to the one who stays, and stays hers until he accepts.
    group = await jon.lane("Ana", "group")
    assert (group["owner"]["name"], group["offered_to"]["name"]) == ("Maya Reyes", "Jon Bell")
    await jon.lane_press("Ana", "group", "accept")
    await maya.in_room("Ana", "joined")
    assert (await jon.has("Ana", "eyes"), await jon.has("Ana", "group")) == ("Maya", "Jon")
    assert await dana.alarmed("Ana") == set()
    await world.may_ring("Ana", *world.people)
    await world.pass_time(301 + 61 + 61)
    await world.pass_time(5)
    assert await dana.alarmed("Ana") == {"eyes"}
    assert (await jon.lane("Ana", "eyes"))["why"] == "room"
    await world.rings("Dana")
    await maya.in_room("Ana", "fine")
    assert await dana.alarmed("Ana") == set()
    await world.may_ring("Ana", *world.people)


async def test_a_lead_who_goes_in_with_the_group_in_hand_leaves_it_to_nobody(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.drops("Ana")
    world.comes_back("Ana")
    await world.pass_time(1)
    maya, dana = await world.screen("Maya"), await world.screen("Dana")
    await maya.press("Ana", "take-as", lane="group")
    await maya.opens_room("Ana")
    await maya.in_room("Ana", "joined")
    assert (await dana.lane("Ana", "group"))["why"] == "inside"
    await world.pass_time(5)
    assert await dana.alarmed("Ana") == {"group"}
    await world.may_ring("Ana", *world.people)


async def test_somebody_else_goes_and_the_record_says_who_stayed(world: World) -> None:
    await in_video(world, tier="low")
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await jon.opens_room("Ana")
    assert "opened a private room for them" in (await maya.tries_to_open("Ana")).json()["detail"]
    await jon.in_room("Ana", "goes", staff_id=str(world.people["Maya"].id))
    room = await jon.private_room("Ana")
    assert room
    assert room["staff"]["name"] == "Maya Reyes"
    await maya.in_room("Ana", "joined")
    answer = await jon.tries_in_room("Ana", "goes", staff_id=str(world.people["Jon"].id))
    assert (answer.status_code, answer.json()["code"]) == (409, "in_the_room")


async def test_the_end_is_decided_by_a_person(world: World) -> None:
    await in_video(world, tier="low")
    maya, dana = await world.screen("Maya"), await world.screen("Dana")
    await maya.opens_room("Ana")
    await maya.in_room("Ana", "joined")
    await world.pass_time(30)
    await maya.in_room("Ana", "decide", decision="escalate")
    room = await dana.private_room("Ana")
    assert room
    assert room["escalated_at"]
    await dana.in_room("Ana", "fine")
    room = await dana.private_room("Ana")
    assert room
    assert room["escalated_at"] is None
    await maya.in_room("Ana", "decide", decision="stay")
    await world.pass_time(5)
    answer = await maya.tries_in_room("Ana", "decide", decision="leave_with_plan", plan="")
    assert answer.status_code == 422
    await maya.in_room(
        "Ana", "decide", decision="leave_with_plan", plan="Her sister is there; we ring at nine."
    )
    await maya.shows("Ana", "dismissed")
    await world.platform("Ana", "left", "lost", connection="main")
    await world.pass_time(60)
    assert await dana.alerts() == []
    await world.never_rang("Ana", *world.people)


async def test_a_room_for_somebody_who_is_not_there_is_refused_and_one_ends_with_its_group(
    world: World,
) -> None:
    await in_video(world, tier="low")
    await world.client("Ben", page=False, checked_in=False, ends=("02",))
    maya = await world.screen("Maya")
    refused = await maya.tries_to_open("Ben")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_the_call")
    await maya.opens_room("Ana")
    async with world.house.engine.transaction(world.program_id) as db:
        meeting = await db.get_one(GroupSession, (world.program_id, world.group_session_id))
        meeting.state, meeting.closed_at = "closed", world.now
    await world.settle()
    async with world.house.engine.transaction(None) as db:
        meeting = await db.get_one(GroupSession, (world.program_id, world.group_session_id))
        meeting.state, meeting.closed_at = "open", None
    assert await maya.private_room("Ana") is None


async def test_whoever_goes_with_the_client_has_the_alert_that_nobody_had(world: World) -> None:
    await in_video(world, tier="moderate")
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    incident = await raises(jon, "Ana", "distress")
    assert (await card_of(maya, incident))["owner"] is None
    await maya.opens_room("Ana")
    assert (await card_of(jon, incident))["owner"]["name"] == "Maya Reyes"
    lines = [line["text"] for line in (await jon.page_of(incident))["timeline"]]
    assert "Maya Reyes took it" in lines
    await world.may_ring("Ana", *world.people)
