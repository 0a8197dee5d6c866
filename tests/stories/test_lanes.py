"""Who has what (R5, B9): eyes on the client, the group, the calls; handed over, empty, alarmed, rung for."""

import pytest

from app.db import Db
from app.incidents import cases
from app.incidents.carry import carry_out
from app.incidents.pressing import case_of
from app.incidents.situation import Move
from app.incidents.work import Work
from app.lanes import actions
from app.staff.access import Viewer
from app.staff.models import StaffMember
from tests.house import PIN
from tests.stories.world import World


async def viewer(world: World, db: Db, name: str) -> Viewer:
    person = await db.get_one(StaffMember, (world.program_id, world.people[name].id))
    roles = frozenset(person.roles)
    return Viewer(world.program_id, person.id, person.name, person.first_name, roles, person.id, "drill")


async def emergency(world: World, name: str, by: str) -> None:
    """As the press that declares it does."""
    incident = await world.incident(name)
    async with world.house.database.transaction(world.program_id) as db:
        who = await viewer(world, db, by)
        work = Work(await case_of(db, who, incident.id), Move(), who.actor)
        await actions.open_for_emergency(db, work, who.actor)
        await carry_out(db, [work])
    await world.settle()


async def stood_down(world: World, name: str, by: str) -> None:
    incident = await world.incident(name)
    async with world.house.database.transaction(world.program_id) as db:
        who = await viewer(world, db, by)
        [locked] = await cases.lock(db, [incident.id])
        work = Work((await cases.load(db, [locked]))[incident.id], Move(), who.actor)
        await actions.stand_down(db, work, who)
        await carry_out(db, [work])
    await world.settle()


async def in_the_call(world: World, name: str = "Ana", tier: str = "high") -> None:
    """An alert about somebody who is on screen: lost, and back, and not recognised yet."""
    await world.client(name, tier=tier)
    await world.drops(name)
    world.comes_back(name)
    await world.pass_time(1)


@pytest.mark.row("B9")
async def test_from_the_press_that_takes_it_every_lane_has_one_owner(world: World) -> None:
    await world.client("Ana", tier="high")
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await world.drops("Ana")
    assert (await jon.alert("Ana"))["lanes"] == []
    await jon.press("Ana", "take")
    assert await maya.has("Ana", "caller") == "Jon"
    assert await maya.has("Ana", "group") == "Maya"
    assert not (await maya.lane("Ana", "eyes"))["needed"]
    world.comes_back("Ana")
    await world.pass_time(1)
    assert await maya.has("Ana", "eyes") == "Jon"
    assert not (await maya.lane("Ana", "caller"))["needed"]
    await world.pass_time(60)
    assert await maya.alarmed("Ana") == set()
    await world.may_ring("Ana", "Jon")
    await world.never_rang("Dana", "Robin")
    await jon.ends_well("Ana", tier="high")


async def test_below_moderate_a_lost_connection_needs_no_lanes(world: World) -> None:
    await world.client("Ana", tier="low")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    assert (await jon.alert("Ana"))["lanes"] == []
    await world.may_ring("Ana", *world.people)


async def test_the_lead_takes_it_and_keeps_the_group_in_one_press(world: World) -> None:
    await in_the_call(world)
    maya, jon = await world.screen("Maya"), await world.screen("Jon")
    await maya.press("Ana", "take-as", lane="group")
    assert (await jon.alert("Ana"))["owner"]["name"] == "Maya Reyes"
    assert await jon.has("Ana", "group") == "Maya"
    assert await jon.has("Ana", "eyes") == "Jon"
    assert "Maya Reyes took it" in await jon.refused("Ana", "take-as", lane="eyes")
    await world.may_ring()


@pytest.mark.row("B9")
async def test_a_lane_is_handed_over_by_offer_and_accept(world: World) -> None:
    await in_the_call(world)
    jon, maya, dana = [await world.screen(name) for name in ("Jon", "Maya", "Dana")]
    await jon.press("Ana", "take")
    people = {name: str(person.id) for name, person in world.people.items()}
    await maya.lane_press("Ana", "group", "offer", to=people["Dana"])
    shown = await dana.lane("Ana", "group")
    assert (shown["owner"]["name"], shown["offered_to"]["name"]) == ("Maya Reyes", "Dana Whitlock")
    # Somebody else's offer, and one that is over, are nobody's to accept.
    assert "This offer is over" in await jon.lane_refused("Ana", "group", "accept")
    await dana.lane_press("Ana", "group", "decline")
    assert await jon.has("Ana", "group") == "Maya"
    await maya.lane_press("Ana", "group", "offer", to=people["Dana"])
    await world.pass_time(31)
    assert (await jon.lane("Ana", "group"))["offered_to"] is None
    assert "This offer is over" in await dana.lane_refused("Ana", "group", "accept")
    assert await jon.has("Ana", "group") == "Maya"
    await maya.lane_press("Ana", "group", "offer", to=people["Dana"])
    await maya.lane_press("Ana", "group", "take-back")
    await maya.lane_press("Ana", "group", "offer", to=people["Dana"])
    await dana.lane_press("Ana", "group", "accept")
    assert await jon.has("Ana", "group") == "Dana"
    assert "You do not have this one" in await maya.lane_refused("Ana", "group", "offer", to=people["Jon"])
    lines = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    assert "Maya Reyes offered the group to Dana Whitlock" in lines
    assert "Dana Whitlock declined the group: it stays with Maya Reyes" in lines
    assert "Dana Whitlock accepted the group, before that Maya Reyes" in lines
    assert await jon.alarmed("Ana") == set()
    await world.may_ring()


@pytest.mark.row("I4")
async def test_whoever_has_their_eyes_on_the_client_does_not_call_as_well(world: World) -> None:
    await in_the_call(world)
    jon, maya, dana = [await world.screen(name) for name in ("Jon", "Maya", "Dana")]
    await jon.press("Ana", "take")
    assert await maya.has("Ana", "eyes") == "Jon"
    assert "two people's work" in await jon.lane_refused("Ana", "caller", "take")
    await dana.lane_press("Ana", "caller", "take")
    assert "Dana Whitlock took the calls just now" in await maya.lane_refused("Ana", "caller", "take")
    await world.may_ring()


@pytest.mark.row("I3", "B9")
async def test_an_empty_lane_alarms_those_outside_within_five_seconds_and_rings_them_from_high(
    world: World,
) -> None:
    await in_the_call(world)
    jon, maya, dana = [await world.screen(name) for name in ("Jon", "Maya", "Dana")]
    await jon.press("Ana", "take")
    await jon.lane_press("Ana", "eyes", "let-go")
    await world.pass_time(4)
    assert await dana.alarmed("Ana") == set()
    await world.never_rang("Dana", "Robin")
    await world.pass_time(1)
    assert await dana.alarmed("Ana") == {"eyes"}
    phone = await world.rings("Dana")
    await world.pass_time(1)
    await world.rings("Robin")
    await phone.answers()
    assert "needs a decision" in await phone.heard()
    # A press says that it was heard; only a PIN makes it theirs.
    await phone.presses(PIN)
    assert await maya.has("Ana", "eyes") == "Dana"
    assert await maya.alarmed("Ana") == set()
    await world.does_not_ring("Robin")
    texts = [line["text"] for line in (await maya.page("Ana"))["timeline"]]
    assert "Jon Bell let go of eyes on Ana" in texts
    assert "Nobody has eyes on Ana" in texts
    await world.may_ring()


async def test_at_moderate_phones_ring_only_for_those_outside_who_have_no_board(world: World) -> None:
    await in_the_call(world, tier="moderate")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.has_board("Dana", "Robin")
    await jon.press("Ana", "take")
    await jon.lane_press("Ana", "eyes", "let-go")
    await world.pass_time(6)
    assert await dana.alarmed("Ana") == {"eyes"}
    await world.never_rang("Dana", "Robin")
    await jon.lane_press("Ana", "eyes", "take")
    assert await dana.alarmed("Ana") == set()
    # The supervisor's browser falls asleep.
    await world.board_goes_away("Dana")
    await world.pass_time(20)
    await jon.lane_press("Ana", "eyes", "let-go")
    await world.pass_time(6)
    await world.rings("Dana")
    await world.never_rang("Robin")
    await world.may_ring()


async def test_in_an_emergency_the_supervisor_and_the_backup_are_rung_as_caller_at_once(world: World) -> None:
    await in_the_call(world)
    jon, maya, dana = [await world.screen(name) for name in ("Jon", "Maya", "Dana")]
    await maya.press("Ana", "take")
    await emergency(world, "Ana", by="Maya")
    assert [await jon.has("Ana", lane) for lane in ("eyes", "group", "caller")] == ["Maya", "Jon", None]
    assert await dana.alarmed("Ana") == {"caller"}
    dana_rings = await world.rings("Dana")
    await world.pass_time(2)
    await world.rings("Robin")
    await world.pass_time(18)
    assert (await jon.lane("Ana", "caller"))["asked"]
    # Nobody came: one press, and the group is paused while its co-facilitator calls.
    await jon.press("Ana", "lanes/caller/take-and", group="paused")
    assert await maya.has("Ana", "caller") == "Jon"
    group = await maya.lane("Ana", "group")
    assert (group["state"], group["owner"]["name"], group["why"]) == ("paused", "Jon Bell", None)
    assert await dana.alarmed("Ana") == set()
    assert await dana_rings.is_over()
    await world.pass_time(9 * 60)
    assert await dana.alarmed("Ana") == set()
    await world.pass_time(60)
    assert (await maya.lane("Ana", "group"))["state"] == "nobody"
    await world.pass_time(5)
    assert await dana.alarmed("Ana") == {"group"}
    await dana.lane_press("Ana", "group", "end", checked=True, words="All five said how they are.")
    assert await dana.alarmed("Ana") == set()
    await stood_down(world, "Ana", by="Dana")
    assert (await maya.alert("Ana"))["emergency_at"] is None
    await world.may_ring("Ana", *world.people)


async def test_an_ended_group_needs_its_check(world: World) -> None:
    await in_the_call(world)
    jon, maya = await world.screen("Jon"), await world.screen("Maya")
    await maya.press("Ana", "take")
    await emergency(world, "Ana", by="Maya")
    assert "Ask everybody" in await jon.refused("Ana", "lanes/caller/take-and", group="ended")
    await jon.press("Ana", "lanes/caller/take-and", group="ended", checked=True)
    assert (await maya.lane("Ana", "group"))["state"] == "ended"
    await world.may_ring()


async def test_the_lead_drops_during_an_emergency(world: World) -> None:
    await in_the_call(world)
    jon, maya, dana = [await world.screen(name) for name in ("Jon", "Maya", "Dana")]
    await world.has_board("Maya", "Jon", "Dana")
    await world.video("Maya", "joined")
    await maya.press("Ana", "take")
    await emergency(world, "Ana", by="Maya")
    await dana.lane_press("Ana", "caller", "take")
    await world.may_ring()
    assert await dana.alarmed("Ana") == set()
    await world.video("Maya", "left", "lost")
    await world.pass_time(5)
    eyes = await jon.lane("Ana", "eyes")
    assert (eyes["owner"]["name"], eyes["why"]) == ("Maya Reyes", "video")
    await world.pass_time(5)
    assert await dana.alarmed("Ana") == {"eyes"}
    await world.rings("Robin")
    # The co-facilitator takes it, and she reads who has it when she is back.
    await jon.lane_press("Ana", "eyes", "take")
    assert await dana.alarmed("Ana") == set()
    await world.pass_time(4)
    await world.video("Maya", "joined", connection="two")
    assert "Jon Bell took eyes on the client" in await maya.lane_refused("Ana", "eyes", "take")
    texts = [line["text"] for line in (await jon.page("Ana"))["timeline"]]
    assert "Maya Reyes has eyes on Ana and fell out of the video" in texts
    assert "Jon Bell has eyes on Ana, before that Maya Reyes" in texts
    await world.may_ring("Ana", *world.people)


async def test_a_board_that_goes_away_takes_its_lanes_with_it_and_brings_them_back(world: World) -> None:
    await in_the_call(world)
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.has_board("Maya", "Jon", "Dana", "Robin")
    await jon.press("Ana", "take")
    assert await dana.has("Ana", "group") == "Maya"
    await world.board_goes_away("Maya")
    await world.pass_time(14)
    assert (await jon.lane("Ana", "group"))["why"] is None
    await world.pass_time(2)
    assert (await jon.lane("Ana", "group"))["why"] == "board"
    await world.pass_time(5)
    assert await dana.alarmed("Ana") == {"group"}
    await world.has_board("Maya")
    await world.pass_time(1)
    assert await dana.alarmed("Ana") == set()
    assert await dana.has("Ana", "group") == "Maya"
    # Gone again; this time a colleague who sees her says so.
    await world.board_goes_away("Maya")
    await world.pass_time(25)
    assert await dana.alarmed("Ana") == {"group"}
    await jon.lane_press("Ana", "group", "vouch")
    await world.pass_time(30)
    assert await dana.alarmed("Ana") == set()
    await world.may_ring("Ana", *world.people)


async def test_while_no_web_process_hears_nobody_is_judged_by_their_silence(world: World) -> None:
    await in_the_call(world)
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await world.has_board("Maya", "Jon")
    await jon.press("Ana", "take")
    await world.we_go_deaf(40)
    await world.pass_time(10)
    assert await dana.alarmed("Ana") == set()
    await world.may_ring("Ana", *world.people)


async def test_one_alone_may_have_the_eyes_and_the_calls_until_somebody_accepts(world: World) -> None:
    await in_the_call(world)
    maya, dana = await world.screen("Maya"), await world.screen("Dana")
    await world.has_board("Maya", "Jon")
    await world.board_goes_away("Jon")
    await world.pass_time(20)
    await maya.press("Ana", "take")
    await emergency(world, "Ana", by="Maya")
    assert (await maya.alert("Ana"))["alone"]
    await maya.lane_press("Ana", "caller", "take")
    caller = await maya.lane("Ana", "caller")
    assert (caller["owner"]["name"], caller["why"]) == ("Maya Reyes", "both")
    await world.pass_time(2)
    await world.rings("Robin")
    phone = await world.rings("Dana")
    await world.pass_time(40)
    await world.rings("Robin")
    await dana.lane_press("Ana", "caller", "take")
    assert not (await maya.alert("Ana"))["alone"]
    assert (await maya.lane("Ana", "caller"))["why"] is None
    assert await phone.is_over()
    await world.may_ring("Ana", *world.people)


async def test_a_pause_is_of_the_whole_group_whichever_alert_it_is_pressed_on(world: World) -> None:
    await in_the_call(world, "Ana")
    await world.client("Ben", tier="high", ends=("02",))
    await world.drops("Ben")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    await jon.press("Ana", "take")
    await dana.press("Ben", "take")
    assert await jon.has("Ben", "group") == await jon.has("Ana", "group") == "Maya"
    await dana.lane_press("Ben", "group", "pause")
    for name in ("Ana", "Ben"):
        assert (await jon.lane(name, "group"))["state"] == "paused"
    await dana.lane_press("Ana", "group", "take")
    assert await jon.has("Ben", "group") == "Dana"
    await world.may_ring("Ana", "Ben", *world.people)


async def test_giving_it_back_ends_its_lanes_and_nothing_rings_for_them(world: World) -> None:
    await in_the_call(world)
    jon = await world.screen("Jon")
    await jon.press("Ana", "take")
    assert (await jon.alert("Ana"))["lanes"]
    await jon.press("Ana", "release")
    assert (await jon.alert("Ana"))["lanes"] == []
    await jon.press("Ana", "take")
    await jon.ends_well("Ana", tier="high")
    await world.never_rang("Dana", "Robin")
    await world.may_ring()
