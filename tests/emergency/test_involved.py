"""When and how counsellors or medical staff come into it: decided by a person, rung by a person, kept (M12)."""

import pytest

from tests.emergency.test_by_hand import now
from tests.stories.test_places import team
from tests.stories.world import World


@pytest.mark.row("M12")
async def test_staff_decide_whom_else_to_bring_in_and_have_the_numbers_before_anybody_is_sent(
    world: World,
) -> None:
    await world.client("Ana", tier="moderate")
    await world.dispatch_line("Ana")
    await team(world)
    await team(
        world, kind="hospital", agency="Fairhaven General", number="+15415550140", police_involved=None
    )
    await team(world, kind="hotline", agency="Warm line", number="+15415550150", police_involved=None)
    await world.drops("Ana")
    jon, dana = await world.screen("Jon"), await world.screen("Dana")
    # No emergency, nothing decided about responders: those who treat and talk are there, with their numbers.
    stands = await now(jon)
    assert stands["declared_by"] is None
    assert {line["kind"]: line["number"] for line in stands["helpers"]} == {
        "mobile_crisis": "541-555-0120",
        "hospital": "541-555-0140",
    }
    await jon.press("Ana", "dispatch/marks", key="involve.medical", state="not_needed")
    await jon.press("Ana", "dispatch/marks", key="involve.counsellor", state="done")
    seen = {mark["key"]: (mark["state"], mark["by"]) for mark in (await now(dana))["marks"]}
    assert seen == {
        "involve.medical": ("not_needed", "Jon Bell"),
        "involve.counsellor": ("done", "Jon Bell"),
    }
    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    assert "Jon Bell: a counsellor is involved" in said
    assert "Jon Bell: medical staff are involved, not needed" in said
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)
