"""D8: what is missing is seen before it happens, a loss is seen at once, and each is answered as who they are, in private."""

import pytest

from app.protocols.gentle import faults_of
from tests.stories.test_what_is_known import changed
from tests.stories.world import World


@pytest.mark.row("D8")
async def test_two_are_lost_in_one_moment_and_each_is_answered_as_the_person_they_are(world: World) -> None:
    await world.client("Ana", tier="moderate", ends=("01", "02"), safe=("02",), unsafe_home=True)
    await world.client("Ben", ends=("03",), first_outreach="text_first", language="es")
    await changed(world, "Ben", help_first="Walt with the key", what_helps="Music, then a walk")
    jon = await world.screen("Jon")
    # Anticipated: what would be missing stands on the tile while all is well.
    assert (await jon.tile("Ana"))["gaps"]
    # Detected: both alerts are there with the drop, each with what is known of that person.
    await world.drops("Ana")
    await world.drops("Ben")
    ana, ben = await jon.alert("Ana"), await jon.alert("Ben")
    assert "Unsafe home" in [mark["text"] for mark in ana["marks"]]
    assert (ana["client_first_outreach"], ben["client_first_outreach"]) == ("ring", "text_first")
    # Answered at once, and not alike: her one safe number, his text in his language.
    await world.until(59)
    assert {call.last2 for call in await world.calls("Ana")} == {"02"}
    text = await world.text_to("Ben")
    assert "Responda este mensaje" in text
    await world.never_rang("Ben")
    page = await jon.page("Ben")
    assert page["person"]["home"]["help_first"] == "Walt with the key"
    # In private: nothing that leaves says who, why or what for; and nothing that staff read blames anybody.
    for telling in ("Ben", "grupo", "Harbor", "terapia"):
        assert telling not in text, telling
    shown = [
        *(step["title"] for one in (await jon.page("Ana"), page) for step in one["steps"]),
        *(line["text"] for one in (await jon.page("Ana"), page) for line in one["timeline"]),
        ana["headline"],
        ben["headline"],
        text,
    ]
    assert len(shown) > 20
    assert [fault for line in shown for fault in faults_of(line)] == []
    await world.may_ring("Ana", "Ben", *world.people)
