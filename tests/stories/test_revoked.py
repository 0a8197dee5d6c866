"""A permission that ends while a telephone already rings: the contact is not reached on it (PRIV-4)."""

from typing import Any

import pytest
from sqlalchemy import select

from app.clients.models import Release
from tests.stories.world import World

ROSA = "We lost touch and would like to know whether Ana is all right."


async def press_call(world: World) -> tuple[Any, Any]:
    """Dana has pressed to call Rosa; Dana's own phone rings first."""
    await world.client("Ana", tier="high")
    rosa = await world.contact("Ana", "Rosa Ramsey")
    dana = await world.screen("Dana")
    await world.drops("Ana")
    await dana.press("Ana", "take")
    await world.until(47)
    await dana.press("Ana", f"contacts/{rosa}/call", basis="release", content=ROSA)
    await world.pass_time(2)
    return dana, rosa


async def signed(world: World) -> Any:
    async with world.house.engine.transaction(None) as db:
        return (await db.scalars(select(Release.id))).one()


async def ended(world: World, dana: Any, why: str) -> None:
    await world.pass_time(40)
    await world.never_rang("contact")
    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    assert any(line.startswith("The contact's phone") and why in line for line in said), said
    await world.may_ring("Ana", *world.people)
    await dana.ends_well("Ana", tier="high")
    await world.may_ring("Ana", *world.people)


async def test_a_release_revoked_while_our_own_phone_rings_keeps_the_contact_from_being_rung(
    world: World,
) -> None:
    dana, _ = await press_call(world)
    path = f"/api/clients/{world.clients['Ana']}/releases/{await signed(world)}"
    answer = await dana.browser.patch(path, revoked=True, how="text")
    assert answer.status_code == 200, answer.text
    await ended(world, dana, "the release it stood on has ended")


@pytest.mark.parametrize(
    ("what", "why"),
    [("never", "do-not-contact list"), ("remove", "no longer a contact"), ("objects", "has changed")],
)
async def test_so_does_a_name_put_on_the_list_a_contact_taken_off_and_an_objection(
    world: World, what: str, why: str
) -> None:
    dana, rosa = await press_call(world)
    path = f"/api/clients/{world.clients['Ana']}"
    if what == "never":
        bar = {"name": "Somebody", "contact_id": str(rosa), "reason": "invented"}
        answer = await dana.browser.post(f"{path}/do-not-contact", **bar)
    elif what == "remove":
        answer = await dana.browser.delete(f"{path}/contacts/{rosa}")
    else:
        answer = await dana.browser.patch(f"{path}/contacts/{rosa}", known_objection=True)
    assert answer.status_code in (200, 201), answer.text
    await ended(world, dana, why)


async def test_a_contact_whose_phone_rings_already_is_hung_up(world: World) -> None:
    dana, _ = await press_call(world)
    await (await (await world.rings("Dana")).answers()).presses("1")
    await world.pass_time(1)
    await world.rings("contact")
    path = f"/api/clients/{world.clients['Ana']}/releases/{await signed(world)}"
    await dana.browser.patch(path, revoked=True)
    await world.pass_time(2)
    await world.does_not_ring("contact")
    await world.may_ring("Ana", "contact", *world.people)
    await dana.ends_well("Ana", tier="high")
    await world.may_ring("Ana", *world.people)
