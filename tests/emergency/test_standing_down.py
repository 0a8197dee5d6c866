"""Two people stand responders down, and tell the dispatcher: until then nothing changes."""

from tests.emergency.test_by_hand import card, dials, lost, now, over
from tests.stories.world import World

WHY = "She came back on screen and is with her sister."


async def test_one_person_alone_changes_nothing_and_two_who_told_the_dispatcher_end_it(world: World) -> None:
    await lost(world)
    dana, jon = await world.screen("Dana"), await world.screen("Jon")
    await over(dana, await dials(dana, (await card(dana))["lines"][0]["id"]), "dispatched")
    await jon.press("Ana", "stand-down", reason=WHY)
    standing = (await now(dana))["stand_down"]
    assert (standing["reason"], standing["may_agree"]) == (WHY, True)
    assert (await now(jon))["stand_down"]["may_agree"] is False
    path = f"stand-down/{standing['id']}"
    assert (await jon.refused("Ana", f"{path}/agree")).startswith("You proposed this. A second person")
    assert (await jon.refused("Ana", f"{path}/told")).startswith("A second person has to agree first")
    assert (await dana.refused("Ana", "stand-down", reason=WHY)).startswith(
        "A stand-down is proposed already"
    )
    assert "wait-agreed" in await dana.stands_at("Ana")
    awaited = (await dana.alert("Ana"))["standing_down"]
    assert (awaited["proposed_by"]["name"], awaited["agreed"]) == ("Jon Bell", False), "on every board"
    await dana.press("Ana", f"{path}/agree")
    assert (await jon.alert("Ana"))["standing_down"]["agreed"]
    assert (await now(dana))["stood_down_at"] is None, "whoever is on their way does not know yet"
    await jon.press("Ana", f"{path}/told")
    assert (await now(dana))["stand_down"] is None
    assert (await jon.alert("Ana"))["standing_down"] is None
    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    for words in (
        "Jon Bell proposed to stand responders down; a second person has to agree",
        "Dana Whitlock agreed to stand responders down",
        "Jon Bell told the dispatcher: responders are stood down",
    ):
        assert words in said
    await jon.press("Ana", "stand-down", reason="They are needed no longer, again.")
    again = (await now(dana))["stand_down"]["id"]
    await jon.press("Ana", f"stand-down/{again}/withdraw")
    assert (await now(dana))["stand_down"] is None
    assert (await dana.tries("Ana", f"{path}/agree")).status_code == 404
    await world.may_ring("Ana", *world.people)


async def test_whoever_is_on_a_line_tells_the_dispatcher_before_it_is_over(world: World) -> None:
    await lost(world)
    dana, jon = await world.screen("Dana"), await world.screen("Jon")
    await dials(dana, (await card(dana))["lines"][0]["id"])
    await jon.press("Ana", "stand-down", reason=WHY)
    path = f"stand-down/{(await now(dana))['stand_down']['id']}"
    await dana.press("Ana", f"{path}/agree")
    assert (await now(dana))["stood_down_at"] is None, "what comes of that call nobody knows yet"
    await dana.press("Ana", f"{path}/told")
    assert (await now(dana))["stand_down"] is None
    await world.may_ring("Ana", *world.people)


async def test_where_nothing_was_declared_and_nobody_called_there_is_nothing_to_stand_down(
    world: World,
) -> None:
    await lost(world)
    dana = await world.screen("Dana")
    assert (await dana.refused("Ana", "stand-down", reason=WHY)).startswith("Nobody was called")
    assert (await dana.tries("Ana", "stand-down", reason="short")).status_code == 422
    await world.may_ring("Ana", *world.people)
