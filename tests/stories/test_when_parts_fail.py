"""When a part of Handrail fails: nothing old dials, nothing reaches the wrong line, and a person always hears of it."""

from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.calls.lines import Line, Lines, Placed, ProviderCall
from app.incidents.models import ContactAttempt, Incident
from tests.stories.world import World


async def test_an_engine_that_was_gone_too_long_dials_nothing_old_and_asks_a_person(world: World) -> None:
    await world.client("Ana", tier="moderate")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.press("Ana", "take")
    await world.pass_time(12 * 60, engine=False)
    before = len(await world.calls("Ana"))
    await world.settle()
    await world.pass_time(60)
    assert len(await world.calls("Ana")) == before
    await world.no_text_to("Ana")
    [by_hand] = (await jon.alert("Ana"))["by_hand"]
    assert "too long ago" in by_hand["sentence"]
    assert {"staff-hold"} & await jon.stands_at("Ana")
    await world.may_ring("Ana", *world.people)


async def test_a_step_that_is_overdue_is_shown_with_the_engine_dead(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await world.pass_time(60, engine=False)
    card = await jon.alert("Ana")
    assert card["in_hand"]["limit_at"] < world.now.isoformat()
    health = (await jon.looks("/api/board")).json()["health"]
    assert health["engine_tick"] is None or health["engine_tick"] < health["at"]
    await world.may_ring()


async def test_a_held_engine_shows_the_loss_and_rings_nobody_until_it_is_released(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.hold_engine()
    await world.drops("Ana")
    assert (await jon.looks("/api/board")).json()["health"]["engine_held"]
    await world.pass_time(60)
    await world.never_rang("Ana", "Jon", "Dana")
    await jon.alert("Ana")
    ada = await world.house.signed_in(await world.house.add_person("Adam Root", "administrator"))
    held = (await ada.get("/api/engine/held")).json()
    assert held["held"]
    assert [step["client"] for step in held["steps"]] == ["Ana R."]
    assert (await jon.browser.post("/api/engine/release")).status_code == 403
    assert (await ada.post("/api/engine/release")).json() == {"released": True}
    await world.settle()
    await world.pass_time(10)
    assert await world.calls("Ana")
    await world.may_ring("Ana", *world.people)


class OutsideLine(Line):
    """A real provider, which must not hear of a drill."""

    def __init__(self) -> None:
        self.asked: list[Placed] = []

    async def place_call(self, placed: Placed) -> str:
        self.asked.append(placed)
        return "CA1"

    send_text = place_call

    async def cancel_call(self, provider_id: str) -> None:
        raise AssertionError(provider_id)

    async def redirect_call(self, provider_id: str, url: str) -> None:
        raise AssertionError(provider_id, url)

    async def list_recent(self, number: str, since: datetime) -> list[ProviderCall]:
        raise AssertionError(number, since)

    async def close(self) -> None: ...


async def test_a_drill_never_reaches_an_outside_line_whatever_stands_beside_it(world: World) -> None:
    outside = OutsideLine()
    world.engine.lines = Lines(simulated=world.engine.lines.of("simulated"), outside=outside)
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.alert("Ana")
    await world.pass_time(120)
    assert outside.asked == []
    async with world.house.engine.transaction(None) as db:
        lines = set(await db.scalars(select(ContactAttempt.lines)))
    assert lines == {"simulated"}
    await world.may_ring("Ana", *world.people)


async def test_the_database_refuses_to_turn_a_drill_into_the_real_thing(world: World) -> None:
    await world.client("Ana", tier="high")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    await jon.alert("Ana")
    with pytest.raises(IntegrityError):
        async with world.house.engine.transaction(None) as db:
            await db.execute(update(Incident).values(lines="outside"))
    await world.may_ring()
