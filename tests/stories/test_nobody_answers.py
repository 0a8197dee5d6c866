"""Nobody answers: the whole chain runs by itself up to the people, and stops at them (R1, domain 4.6)."""

import pytest

from tests.stories.world import World

# Seconds from the drop, from the clinicians' table: first call, neutral text, second number and first again,
# supervisor, then the two that only a person can press: contact and responders.
LIMITS = {
    "low": (60, 90, 180, 600, 900, 1800),
    "moderate": (45, 75, 120, 240, 360, 900),
    "high": (30, 60, 75, 120, 180, 300),
    "imminent": (20, 45, 60, 60, 120, 120),
}


@pytest.mark.row("R1", "T3")
@pytest.mark.parametrize("tier", LIMITS)
async def test_every_act_starts_within_its_limit_and_a_third_party_is_never_rung(
    world: World, tier: str
) -> None:
    call, text, backup, supervisor, contact, decide = LIMITS[tier]
    await world.client("Ana", tier=tier, ends=("01", "02"))
    await world.contact("Ana", "Rosa Ramsey")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    alert = await jon.alert("Ana")
    assert alert["owner"] is None

    await world.pass_time(decide + 60)

    by_number = await world.started("Ana")
    assert by_number[0] <= call
    assert (await world.started("Ana", "text"))[0] <= text
    assert by_number[1] <= backup
    assert (await world.started("Dana"))[0] <= supervisor
    page = await jon.page("Ana")
    opened = {step["key"]: step for step in page["steps"] if step["id"]}
    assert "contact" in opened or "decide" in opened
    await world.never_rang("contact")
    await world.may_ring("Ana", "Jon", "Maya", "Dana", "Robin")
    print(await world.told())
    print([(k, s["status"], s["outcome"]) for k, s in opened.items()], contact)
