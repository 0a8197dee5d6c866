"""Agreements with a clock: kept, missed, handed on, outliving the engine; never a promise, never a text, never a tier."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.agreements.models import Agreement
from app.db import reveal
from app.engine.loop import Engine
from app.incidents.models import Incident
from app.journal.wake import LocalWake
from app.staff.models import StaffMember
from app.tasks.models import Task
from tests.stories.screens import Screen
from tests.stories.world import World

STEPS = [
    {"kind": "means", "words": "The tablets go to the neighbour"},
    {"kind": "connection", "words": "Stays on video with us"},
]


@dataclass
class Agreed:
    """Ana was lost, Jon recognised her, and they agreed on the next half hour."""

    world: World

    async def panel(self, who: str = "Jon") -> dict[str, Any]:
        incident = await self.world.incident("Ana")
        answer = await (await self.world.screen(who)).looks(f"/api/incidents/{incident.id}/agreements")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def newest(self, who: str = "Jon") -> dict[str, Any]:
        found: dict[str, Any] = (await self.panel(who))["agreements"][0]
        return found

    async def answers(self, who: str, outcome: str, **more: Any) -> None:
        screen = await self.world.screen(who)
        which = (await self.newest(who))["id"]
        await screen.press("Ana", "agreements/answer", agreement_id=which, outcome=outcome, **more)

    async def mark(self, who: str = "Jon") -> dict[str, Any] | None:
        mark: dict[str, Any] | None = (await (await self.world.screen(who)).alert("Ana"))["agreement"]
        return mark

    async def timeline(self) -> list[str]:
        page = await (await self.world.screen("Jon")).page("Ana")
        return [line["text"] for line in page["timeline"]]


async def recognised(world: World, tier: str = "moderate") -> Screen:
    await world.client("Ana", tier=tier)
    await world.drops("Ana")
    jon = await world.screen("Jon")
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    await jon.recognises("Ana", tier=tier)
    await world.may_ring("Ana", *world.people)
    return jon


@pytest.fixture
async def agreed(world: World) -> Agreed:
    return Agreed(world)


@pytest.mark.row("B4", "E9")
async def test_it_counts_down_on_every_board_is_asked_of_its_owner_and_kept(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    made = {"steps": STEPS, "minutes": 20, "witness_id": str(world.people["Maya"].id)}
    await jon.press("Ana", "agreements", **made)

    for who in ("Jon", "Maya", "Dana"):
        mark = await agreed.mark(who)
        assert mark is not None
        assert (mark["owner"]["name"], mark["answered"], mark["check_wanted_at"]) == ("Jon Bell", False, None)
        assert "tablets" not in str(await (await world.screen(who)).alert("Ana")), "no words on a board"
    view = await agreed.newest("Maya")
    assert (view["steps"], view["witness"]["name"], view["mine"]) == (STEPS, "Maya Reyes", False)
    assert (await agreed.newest())["mine"] is True
    async with world.house.engine.transaction(None) as db:
        row = (await db.scalars(select(Agreement))).one()
        assert b"tablets" not in row.body
        assert "tablets" in (reveal(db, row, "body") or "")
    looks = [who for _, who in await world.house.entries("client.revealed")]
    assert world.people["Maya"].id in looks

    await world.pass_time(20 * 60 + 1)
    assert (await agreed.newest())["asked_at"] is not None
    await world.does_not_ring("Ana", "Jon", "Dana")
    await agreed.answers("Jon", "kept", note="They are at the neighbour's.")
    view = await agreed.newest()
    assert (view["outcome"], view["open"], view["check_wanted_at"]) == ("kept", False, None)
    assert await agreed.mark() is None
    lines = await agreed.timeline()
    assert (
        "Jon Bell and Ana agreed: The tablets go to the neighbour; Stays on video with us. Witness Maya Reyes."
        " Jon Bell looks at it again"
    ) in lines
    assert "Time to look at the agreement again: asked of Jon Bell" in lines
    assert "Jon Bell asked Ana about the agreement: kept" in lines
    await world.pass_time(600)
    await jon.press("Ana", "close", outcome="rejoined", note="Kept.")
    await world.may_ring("Ana", *world.people)


@pytest.mark.row("B4")
async def test_nobody_looks_again_so_a_new_check_is_asked_for_and_the_supervisor_is_paged_from_high(
    agreed: Agreed,
) -> None:
    world = agreed.world
    jon = await recognised(world, tier="high")
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    await world.pass_time(20 * 60)
    await world.pass_time(119)
    await world.does_not_ring("Dana")
    await world.pass_time(3)
    dana = await world.rings("Dana")
    await world.may_ring(*world.people)
    mark = await agreed.mark("Maya")
    assert mark is not None
    assert mark["check_wanted_at"] is not None
    incident = await world.incident("Ana")
    assert (incident.tier, incident.state) == ("high", "open"), "time raises no tier (R1)"
    await world.never_rang("Lee")
    await world.no_text_to("Ana")

    # Whoever does the re-check now holds the pages back for as long as an acknowledgement stands.
    await dana.answers()
    await dana.presses("1")
    screen = await world.screen("Dana")
    which = (await agreed.newest("Dana"))["id"]
    await screen.press("Ana", "agreements/take", agreement_id=which)
    before = len(await world.calls("Dana"))
    await world.pass_time(4 * 60)
    assert len(await world.calls("Dana")) == before
    await world.pass_time(2 * 60)
    assert len(await world.calls("Dana")) > before, "nobody answered after all: paged again"
    await world.may_ring(*world.people)

    await screen.press("Ana", "agreements/check-done", agreement_id=which, note="Safe for now.")
    assert await agreed.mark("Dana") is None
    paged = len(await world.calls("Dana"))
    await world.pass_time(10 * 60)
    assert len(await world.calls("Dana")) == paged
    lines = await agreed.timeline()
    assert "Nobody has looked at the agreement again. A new safety check is asked for" in lines
    assert "Dana Whitlock did the new safety check" in lines
    assert (await world.incident("Ana")).tier == "high"
    await world.may_ring(*world.people)


async def test_below_high_a_missed_one_stands_on_every_board_and_rings_nobody(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    before = [len(await world.calls(who)) for who in world.people]
    await world.pass_time(20 * 60 + 3 * 60 + 2)
    mark = await agreed.mark("Dana")
    assert mark is not None
    assert mark["check_wanted_at"] is not None
    await world.pass_time(15 * 60)
    assert [len(await world.calls(who)) for who in world.people] == before
    # Late, and looked at together after all: that was the check.
    await agreed.answers("Jon", "kept")
    assert await agreed.mark() is None
    assert (await agreed.newest())["check_done_at"] is not None


async def test_what_was_not_kept_asks_for_a_new_check_without_blame(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    await agreed.answers("Jon", "partly")
    mark = await agreed.mark("Maya")
    assert mark is not None
    assert (mark["answered"], mark["check_wanted_at"] is not None) == (True, True)
    refused = await jon.refused("Ana", "close", outcome="rejoined", note="")
    assert "agreement" in refused
    # A new one does not make the check go away.
    await jon.press("Ana", "agreements", steps=STEPS[:1], minutes=30)
    mark = await agreed.mark()
    assert mark is not None
    assert (mark["answered"], mark["check_wanted_at"] is not None) == (False, True)
    older = next(one for one in (await agreed.panel())["agreements"] if one["outcome"] == "partly")
    await jon.press("Ana", "agreements/check-done", agreement_id=older["id"])
    mark = await agreed.mark()
    assert mark is not None
    assert mark["check_wanted_at"] is None
    await agreed.answers("Jon", "not_kept")
    mark = await agreed.mark()
    assert mark is not None
    assert mark["check_wanted_at"] is not None
    # The safety check itself, done to a tier that a person chose, answers it as well.
    await jon.press("Ana", "check", answers={"ideation": "passive", "means": "none"})
    await jon.press("Ana", "check/done", tier="moderate", reason="As before: the urge is still there.")
    assert await agreed.mark() is None
    said = " ".join(line for line in await agreed.timeline() if "about the agreement" in line)
    assert "kept in part" in said
    assert "not kept this time" in said
    assert not any(word in said for word in ("broke", "fail", "refus"))


async def test_a_new_one_takes_the_place_of_the_one_that_stands(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    first = (await agreed.newest())["id"]
    await world.pass_time(60)
    await jon.press("Ana", "agreements", steps=[{"kind": "body", "words": "Walks the dog"}], minutes=60)
    panel = await agreed.panel()
    assert [one["outcome"] for one in panel["agreements"]] == [None, "replaced"]
    refused = await jon.refused("Ana", "agreements/answer", agreement_id=first, outcome="kept")
    assert "answered" in refused
    await world.pass_time(25 * 60)
    assert panel["agreements"][0]["asked_at"] is None


@pytest.mark.row("B4")
async def test_staff_change_in_between_and_the_re_check_is_still_somebodys(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    which = (await agreed.newest())["id"]
    # Jon goes home, and his access ends; the agreement does not.
    maya = await world.screen("Maya")
    async with world.house.engine.transaction(None) as db:
        found = await db.get_one(StaffMember, (world.program_id, world.people["Jon"].id))
        found.disabled_at = world.now
    await world.pass_time(20 * 60 + 5)
    mark = await agreed.mark("Maya")
    assert mark is not None
    assert mark["owner"] is None
    assert (await agreed.newest("Maya"))["owner_gone"] is True
    await maya.press("Ana", "agreements/take", agreement_id=which)
    view = await agreed.newest("Maya")
    assert (view["owner"]["name"], view["mine"]) == ("Maya Reyes", True)
    await agreed.answers("Maya", "kept")
    assert await agreed.mark("Maya") is None


@pytest.mark.row("B4")
async def test_an_engine_that_was_away_asks_and_misses_as_soon_as_it_is_back(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world, tier="high")
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    await world.pass_time(25 * 60, engine=False)
    mark = await agreed.mark("Maya")
    assert mark is not None
    assert mark["check_wanted_at"] is None, "nothing was written down meanwhile; screens count by themselves"
    old = world.engine
    world.engine = Engine(old.database, old.lines, old.settings, old.clock, LocalWake())
    world.engine.held = False
    await world.settle()
    await world.pass_time(2)
    await world.rings("Dana")
    await world.may_ring(*world.people)
    view = await agreed.newest("Maya")
    assert view["asked_at"] is not None
    assert view["lapsed_at"] is not None
    texts = await agreed.timeline()
    assert sum("Time to look at the agreement" in line for line in texts) == 1
    assert sum("Nobody has looked" in line for line in texts) == 1


@pytest.mark.row("E9")
async def test_a_promise_is_refused_with_the_reason_as_is_what_is_out_of_bounds(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    answer = await jon.tries(
        "Ana",
        "agreements",
        minutes=20,
        steps=[{"kind": "connection", "words": "Promises not to hurt herself"}],
    )
    assert answer.status_code == 422
    told = answer.json()
    assert told["code"] == "reads_as_promise"
    assert "promise" in told["detail"]
    assert list(told["fields"]) == ["steps.connection"]
    wrong: list[dict[str, Any]] = [
        {"minutes": 19},
        {"minutes": 61},
        {"steps": []},
        {"steps": [*STEPS, *STEPS, *STEPS]},
        {"steps": [{"kind": "promise", "words": "x y"}]},
    ]
    for body in wrong:
        assert (
            await jon.tries("Ana", "agreements", **{"steps": STEPS, "minutes": 30} | body)
        ).status_code == 422
    stranger = await world.house.add_person("Sol Vega", "clinician")
    for field, who, why in (
        ("witness_id", world.people["Jon"].id, "somebody else"),
        ("witness_id", stranger.id, "this group session"),
        ("owner_id", stranger.id, "this group session"),
    ):
        assert why in await jon.refused("Ana", "agreements", steps=STEPS, minutes=20, **{field: str(who)})
    async with world.house.engine.transaction(None) as db:
        assert (await db.scalars(select(Agreement))).all() == []


async def test_whoever_holds_something_is_told_aloud_as_a_task_and_never_texted(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world)
    contact = await world.contact("Ana", "Lee Invented")
    barred = await world.contact("Ana", "Cal Invented", ends="32", never=True)
    holds = {"who": "contact", "contact_id": str(contact), "what": "the tablets, until Friday"}
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20, holder=holds)
    async with world.house.engine.transaction(None) as db:
        task = (await db.scalars(select(Task))).one()
        about = reveal(db, task, "about") or ""
        assert (task.owner_id, task.client_id) == (world.people["Jon"].id, world.clients["Ana"])
    assert about == (
        "Tell Lee Invented aloud, by phone or in the call, what was agreed: the tablets, until Friday."
        " Spoken, never texted."
    )
    await world.never_rang("Lee")
    for who, why in (
        ({"who": "contact", "contact_id": str(barred), "what": "the keys"}, "whom we may contact"),
        ({"who": "contact", "what": "the keys"}, "whom we may contact"),
        ({"who": "other", "what": "the keys"}, "who holds it"),
        ({"who": "client", "what": ""}, "what they hold"),
    ):
        assert why in await jon.refused("Ana", "agreements", steps=STEPS, minutes=20, holder=who)
    # What the client holds alone is nobody else's task.
    await jon.press(
        "Ana", "agreements", steps=STEPS, minutes=20, holder={"who": "client", "what": "the key, in the hall"}
    )
    async with world.house.engine.transaction(None) as db:
        assert len((await db.scalars(select(Task))).all()) == 1


async def test_a_supervisor_closes_over_it_and_nothing_runs_on(agreed: Agreed) -> None:
    world = agreed.world
    jon = await recognised(world, tier="high")
    await jon.press("Ana", "agreements", steps=STEPS, minutes=20)
    dana = await world.screen("Dana")
    await dana.press("Ana", "close", outcome="ed_voluntary", note="With her sister at the hospital.")
    before = len(await world.calls("Dana"))
    await world.pass_time(40 * 60)
    assert len(await world.calls("Dana")) == before
    async with world.house.engine.transaction(None) as db:
        assert (await db.scalars(select(Incident.state))).all() == ["closed"]
    await world.may_ring("Ana", *world.people)
