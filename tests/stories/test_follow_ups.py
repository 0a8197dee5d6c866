"""After a crisis: a caregiver is called within 24 to 72 hours, and check-ins that a person planned are kept, or seen as missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from app.clients.models import Release
from app.follow_ups import due
from app.follow_ups.models import FollowUp
from app.tasks.models import Task
from tests.house import PIN
from tests.stories.screens import Screen
from tests.stories.world import World

HELD = {
    "home": "Calm since Sunday; the brother is back.",
    "means": "The tablets are with the neighbour.",
    "next_steps": "Lee drives to the group on Thursday and rings us on Friday.",
    "told": "That the days after are watched closely, and whom to ring.",
}


@dataclass
class After:
    """Ana's crisis at high is over: Jon closed it."""

    world: World
    who: Screen

    @property
    def path(self) -> str:
        return f"/api/clients/{self.world.clients['Ana']}"

    async def shows(self) -> dict[str, Any]:
        answer = await self.who.looks(f"{self.path}/follow-ups")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def call(self) -> dict[str, Any]:
        return next(one for one in (await self.shows())["owed"] if one["kind"] == "caregiver_call")

    async def says(self, follow_up: dict[str, Any], what: str, **body: Any) -> httpx.Response:
        return await self.who.browser.post(f"/api/follow-ups/{follow_up['id']}/{what}", **body)

    async def hours_pass(self, hours: float) -> int:
        """Everybody signs in anew, and the engine looks, once."""
        self.world.house.clock.move(hours * 3600)
        self.world.screens.clear()
        self.who = await self.world.screen("Jon")
        return await due.run_due(self.world.house.engine)

    async def todo(self, who: str = "Jon") -> list[str]:
        return [task["about"] for task in (await (await self.world.screen(who)).looks("/api/tasks")).json()]

    async def board(self, who: str = "Jon") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await (await self.world.screen(who)).looks("/api/follow-ups")).json()
        return found

    async def timeline(self) -> list[str]:
        page = await self.who.page_of(str((await self.world.incident("Ana")).id))
        return [line["text"] for line in page["timeline"]]


async def closed(world: World, tier: str = "high", outcome: str = "stabilized", **more: Any) -> After:
    await world.drops("Ana")
    jon = await world.screen("Jon")
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana", tier=tier)
    await jon.press("Ana", "close", outcome=outcome, note="Steady; a plan for tonight.", **more)
    await world.may_ring("Ana", *world.people)
    return After(world, jon)


@pytest.mark.row("F9", "W4", "R18")
async def test_a_caregiver_is_called_between_24_and_72_hours_on_what_was_signed(world: World) -> None:
    await world.client("Ana", tier="high", unsafe_home=True)
    lee = await world.contact("Ana", "Lee Invented", language="es")
    await world.contact("Ana", "Ned Oak", ends="32", release=False)
    await world.contact("Ana", "Housemate", ends="33", lives_with_client=True)
    await world.contact("Ana", "Only Crisis", ends="34")
    async with world.house.engine.transaction(world.program_id) as db:
        covers = ["contact_in_crisis", "caregiver_coaching"]
        await db.execute(update(Release).where(Release.contact_id == lee).values(covers=covers))
    after = await closed(world)
    call = await after.call()
    assert (call["when"], call["owner"]["name"], call["mine"]) == ("early", "Jon Bell", True)
    window = [datetime.fromisoformat(call[name]) - world.now for name in ("opens_at", "due_at")]
    assert [round(one / timedelta(hours=1)) for one in window] == [24, 72]
    assert any("Ring somebody they trust" in about for about in await after.todo())
    # It ends by what was said, never by a press on a list.
    done = await after.who.browser.post(f"/api/tasks/{call['task_id']}/done", outcome="done")
    assert (done.status_code, done.json()["code"]) == (409, "written_down_there")

    people = {one["name"]: one for one in (await after.shows())["contacts"]}
    assert (people["Lee Invented"]["may"], people["Lee Invented"]["basis"]) == (True, "release")
    assert people["Ned Oak"]["block"] == "Not called: there is no release for this person."
    assert "does not cover this" in people["Only Crisis"]["block"], (
        "to be rung when lost is another permission"
    )
    assert "Listen if they ring" in people["Ned Oak"]["lawful_instead"]
    assert "lives with the client" in people["Housemate"]["block"]
    refused = await after.says(call, "ring", contact_id=people["Ned Oak"]["contact_id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "contact_blocked")
    # Home is not safe: a person says first that this one is not part of the danger.
    assert people["Lee Invented"]["ticks"] == ["not_part_of_the_danger"]
    assert (await after.says(call, "ring", contact_id=str(lee))).status_code == 422
    await after.hours_pass(30)
    assert (await after.call())["when"] == "open"
    ticked = {"contact_id": str(lee), "ticked": ["not_part_of_the_danger"]}
    rung = await after.says(call, "ring", **ticked)
    assert rung.json() == {"number": "406-555-0131", "dial": "+14065550131", "safe_name": "Ana"}
    assert (await after.says(call, "tried", result="no_answer")).status_code == 204
    later = (world.now + timedelta(days=4)).isoformat()
    held = await after.says(call, "called", **ticked, **HELD, coaching_wanted=True, again_at=later)
    assert held.status_code == 204, held.text

    shown = await after.shows()
    assert shown["owed"] == []
    assert [(one["outcome"], one["tries"], one["ended_by"]["name"]) for one in shown["past"]] == [
        ("reached", 1, "Jon Bell")
    ]
    said = (await after.says(call, "open")).json()
    assert (said["home"], said["contact"], said["coaching_wanted"]) == (HELD["home"], "Lee Invented", True)
    told = (await after.who.looks(f"{after.path}/disclosures")).json()["rows"][0]
    assert (told["recipient"], told["basis"], told["content"]) == (
        "Lee Invented (sister)",
        "release",
        HELD["told"],
    )
    assert told["second_look_due_at"] is None
    await after.who.browser.post("/api/confirm", pin=PIN)
    copy = (await after.who.browser.post(f"{after.path}/whole-record")).json()
    assert [one["home"] for one in copy["calls_after_a_crisis"]] == [HELD["home"]]
    assert any("again, as was agreed" in about for about in await after.todo())
    assert "Jon Bell made the call to a caregiver" in await after.timeline()
    # Said twice, the second learns that it was said.
    assert (await after.says(call, "called", **ticked, **HELD)).json()["code"] == "somebody_was_first"


@pytest.mark.row("F9", "R1", "R18")
async def test_a_call_nobody_made_is_shown_and_goes_to_the_supervisor_and_rings_nobody(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.contact("Ana", "Ned Oak", release=False)
    after = await closed(world)
    assert await after.hours_pass(71) == 0
    assert await after.hours_pass(2) == 1
    assert await after.hours_pass(0) == 0, "once"
    owed = await after.board("Dana")
    assert [(one["kind"], one["when"], one["client"]) for one in owed] == [
        ("caregiver_call", "late", "Ana R.")
    ]
    assert owed[0]["lapsed_at"]
    assert any("was not made in its 72 hours" in about for about in await after.todo("Dana"))
    assert any("The call to a caregiver was due" in line for line in await after.timeline())
    await world.does_not_ring("contact")
    assert (await world.incident("Ana")).tier == "high"

    # Nothing lets us: it ends when the client was told, and no other way.
    call = await after.call()
    why = {"why": "not_permitted", "reason": "Ana wants nobody called."}
    untold = await after.says(call, "end", **why)
    assert list(untold.json()["fields"]) == ["client_told"]
    early = await after.says(call, "end", why="not_reached", reason="Nobody picks up.")
    assert early.json()["code"] == "too_few_tries"
    assert (await after.says(call, "end", **why, client_told=True)).status_code == 204
    assert not any("72 hours" in about for about in await after.todo("Dana"))
    assert await after.board("Dana") == []


@pytest.mark.row("S8", "R1")
async def test_check_ins_are_planned_by_a_person_kept_missed_and_ended(world: World) -> None:
    await world.client("Ana", tier="high", travel_minutes=45)
    after = await closed(world, caregiver_call=False)
    shown = await after.shows()
    assert (shown["owed"], shown["asks_for_plan"], shown["proposal"]["far"]) == ([], True, True)
    assert any("Plan check-ins with them" in about for about in await after.todo())
    times = shown["proposal"]["times"][:3]
    past = {"times": [(world.now - timedelta(hours=1)).isoformat()], "why": "Said that nights are hard."}
    assert "past" in (await after.who.browser.post(f"{after.path}/check-ins", **past)).json()["detail"]
    planned = await after.who.browser.post(
        f"{after.path}/check-ins", times=times, why="Said that nights are hard."
    )
    assert planned.status_code == 201, planned.text
    assert [one["when"] for one in planned.json()["plan"]["check_ins"]] == ["open"] * 3
    assert not planned.json()["asks_for_plan"]
    todo = await after.todo()
    assert "Check in with them, as was planned after what they told us." in todo
    assert not any("Plan check-ins" in about for about in todo)

    # The first is missed: seen on the board, the supervisor's, and nobody is rung by it.
    first = datetime.fromisoformat(times[0])
    assert await after.hours_pass((first - world.now) / timedelta(hours=1) + 1.01) == 1
    late = [one for one in await after.board() if one["when"] == "late"]
    assert [one["due_at"] for one in late] == [times[0]]
    assert any("nobody wrote down that it was done" in about for about in await after.todo("Dana"))
    await world.does_not_ring("Ana")

    check = late[0]
    rung = await after.says(check, "ring", phone_id=shown["phones"][0]["phone_id"])
    assert (rung.status_code, rung.json()["dial"]) == (200, "+14065550101")
    assert (await after.says(check, "tried", result="no_answer", supervisor=True)).status_code == 204
    second = (await after.shows())["plan"]["check_ins"][1]
    worried = await after.says(second, "checked-in", how="Slept badly, is with a friend.", worried=True)
    assert worried.status_code == 204, worried.text
    outcomes = [one["outcome"] for one in (await after.shows())["plan"]["check_ins"]]
    assert outcomes == ["missed", "worried", None], "what was missed is not made up for"
    assert any("whoever asked is worried" in about for about in await after.todo("Dana"))

    plan = (await after.shows())["plan"]["id"]
    short = await after.who.browser.post(f"/api/check-ins/{plan}/end", reason="fine")
    assert short.status_code == 422
    ended = await after.who.browser.post(f"/api/check-ins/{plan}/end", reason="Seen in person every day now.")
    assert ended.status_code == 204, ended.text
    assert (await after.shows())["plan"] is None
    words = (await after.who.browser.post(f"/api/check-ins/{plan}/open")).json()
    assert words == {"why": "Said that nights are hard.", "reason": "Seen in person every day now."}
    assert await after.hours_pass(200) == 0
    assert "Check in with them, as was planned after what they told us." not in await after.todo()


@pytest.mark.row("S8", "R2")
async def test_at_an_unsafe_home_only_a_safe_number_is_rung_and_a_new_plan_takes_the_place_of_the_old(
    world: World,
) -> None:
    await world.client("Ana", tier="low", ends=("01", "02"), safe=("02",), unsafe_home=True)
    after = After(world, await world.screen("Jon"))
    soon = [(world.now + timedelta(hours=hours)).isoformat() for hours in (1, 2)]
    body = {"why": "Told us about the nights.", "owner_id": str(world.people["Maya"].id)}
    first = await after.who.browser.post(f"{after.path}/check-ins", times=soon, **body)
    assert first.json()["owed"][0]["owner"]["name"] == "Maya Reyes"
    world.house.clock.move(60)
    again = await after.who.browser.post(f"{after.path}/check-ins", times=soon[:1], **body)
    shown = again.json()
    assert [len(shown["owed"]), [plan["ended_why"] for plan in shown["past_plans"]]] == [1, ["replaced"]]
    unsafe, safe = shown["phones"]
    assert "home is not safe" in unsafe["why_not"]
    blocked = await after.says(shown["owed"][0], "ring", phone_id=unsafe["phone_id"])
    assert (blocked.status_code, blocked.json()["code"]) == (403, "not_safe_to_ring")
    assert (await after.says(shown["owed"][0], "ring", phone_id=safe["phone_id"])).status_code == 200
    done = await after.says(shown["owed"][0], "checked-in", how="Steady, slept well.")
    assert done.status_code == 204
    over = (await after.shows())["past_plans"][0]
    assert (over["ended_why"], over["check_ins"][0]["outcome"]) == ("over", "reached")


@pytest.mark.row("R20")
async def test_a_death_ends_what_is_owed_in_the_same_moment(world: World) -> None:
    await world.client("Ana", tier="high")
    after = await closed(world)
    dana = await world.screen("Dana")
    await dana.browser.post("/api/confirm", pin=PIN)
    record = {"name": "Ana R.", "died_on": "2027-03-01", "learned_how": "The family rang the office."}
    answer = await dana.browser.post(f"{after.path}/death", **record)
    assert answer.status_code < 300, answer.text
    async with world.house.engine.transaction(None) as db:
        assert [row.outcome for row in await db.scalars(select(FollowUp))] == ["died"]
        owed = await db.scalars(select(Task).where(Task.done_at.is_(None), Task.gap == "caregiver call"))
        assert owed.all() == []
    assert await after.hours_pass(100) == 0
