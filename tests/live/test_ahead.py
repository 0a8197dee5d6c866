"""An emergency is on the boards ahead of everything else about it: with the card of that moment, and no entry skipped."""

import asyncio
from uuid import UUID

import pytest

from app.board.cards import IncidentCard
from app.board.glance import Glance
from app.emergency import declare, declare_routes
from app.emergency.setting_out import set_out
from app.staff.access import Viewer
from app.staff.models import StaffMember
from tests.live.boards import PATIENCE, Boards
from tests.stories.protocols import publish
from tests.stories.world import World


async def viewer(world: World, name: str) -> Viewer:
    who = world.people[name]
    async with world.house.database.transaction(world.program_id) as db:
        person = await db.get_one(StaffMember, (world.program_id, who.id))
    roles = frozenset(person.roles)
    return Viewer(world.program_id, person.id, person.name, person.first_name, roles, person.id, "drill")


async def said(world: World, who: str, name: str) -> UUID:
    """The first transaction of the press alone."""
    pressing = await viewer(world, who)
    async with world.house.database.transaction(world.program_id) as db:
        made = await declare.declare(
            db, pressing, world.group_session_id, world.clients[name], "intoxication"
        )
    world.expected_alerts.add(made)
    return made


async def test_the_card_that_comes_ahead_is_the_one_that_a_fresh_board_shows_then(boards: Boards) -> None:
    world = boards.world
    await publish(world, "medical-emergency")
    await world.client("Ana", tier="low", unsafe_home=True, language="es")
    await world.client("Anna", tier="none", ends=("02",))
    dana = await boards.of("Dana")
    incident = await said(world, "Maya", "Ana")
    while True:
        message = await dana.next()
        if message.get("cards"):
            break
    assert message["after"] == message["seq"], "it covers nothing"
    [ahead] = message["cards"]
    assert (ahead["incident_id"], ahead["emergency_at"], ahead["lanes"]) == (
        str(incident), ahead["drop_at"], [],
    )  # fmt: skip
    assert ahead["similar_name"]
    _, fresh = await dana.fresh()
    assert ahead == fresh[f"incident:{incident}"]
    await dana.agrees("the first transaction")
    async with world.house.database.transaction(world.program_id) as db:
        assert await set_out(db, incident)
    await dana.agrees("the second")
    assert [lane["lane"] for lane in dana.cards[f"incident:{incident}"]["lanes"]] == [
        "eyes",
        "group",
        "caller",
    ]
    assert dana.resets == []
    await world.may_ring()


async def test_a_press_on_this_machine_is_told_ahead_once(
    boards: Boards, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a look at the journal or at the incident: this process wrote what there is to see. Nothing of it is told
    twice."""
    # Time to look at a board between the two transactions.
    monkeypatch.setattr(declare_routes, "BOARDS_FIRST_SECONDS", 1.0)
    read_once_more: list[object] = []

    async def opened(*whose: object) -> list[IncidentCard]:
        read_once_more.append(whose)
        return []

    monkeypatch.setattr(Glance, "opened", opened)
    world = boards.world
    await publish(world, "imminent-risk")
    await world.client("Ana", tier="low", unsafe_home=True, language="es")
    await world.client("Anna", tier="none", ends=("02",))
    dana, maya = await boards.of("Dana"), await boards.of("Maya")
    # The first look of a process opens a connection, which takes longer than a press.
    await (await world.screen("Jon")).taps("Ana", "moment")
    await dana.agrees("something before")
    pressing = asyncio.create_task(
        maya.browser.post(
            f"/api/group-sessions/{world.group_session_id}/clients/{world.clients['Ana']}/emergency",
            trigger="harm",
        )
    )
    async with asyncio.timeout(PATIENCE):
        message = await dana.next()
        while not any(card["kind"] == "incident" for card in message.get("cards", ())):
            message = await dana.next()
    [ahead] = message["cards"]
    _, fresh = await dana.fresh()
    assert ahead == fresh[f"incident:{ahead['incident_id']}"]
    answer = await pressing
    assert answer.status_code == 200, answer.text
    incident = answer.json()["incident_id"]
    assert ahead["incident_id"] == incident
    world.expected_alerts.add(UUID(incident))
    await dana.agrees("the press")
    with_it = [m for m in dana.heard if any(c.get("incident_id") == incident for c in m.get("cards", ()))]
    told_ahead = [m for m in with_it if m["after"] == m["seq"]]
    assert (len(told_ahead), with_it[0]) == (1, told_ahead[0])
    assert not read_once_more, "it was known"
    await world.may_ring()


async def test_where_something_stands_about_them_nothing_is_told_from_before(boards: Boards) -> None:
    """Their card has more to tell then: it is read once it is there."""
    world = boards.world
    await publish(world, "medical-emergency")
    await world.client("Ana", tier="low")
    glance = Glance(world.house.database)
    who = (world.program_id, world.group_session_id, world.clients["Ana"])
    assert await glance.person(*who) is not None
    assert await glance.person(world.program_id, world.group_session_id, UUID(int=1)) is None
    await said(world, "Maya", "Ana")
    assert await glance.person(*who) is None
    await glance.close()
