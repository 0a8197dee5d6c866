"""A covered screen hears that something is wrong, how urgently and at which tile; never who (architecture 8)."""

import json
from typing import Any

from sqlalchemy import select

from app.board.publisher import Publisher
from app.journal.wake import LocalWake
from app.staff.access import Viewer
from app.staff.models import SignIn
from tests.stories.world import World


async def first_word(world: World, name: str, after: int) -> dict[str, Any]:
    """What the socket of this colleague's browser says first."""
    person = world.people[name]
    async with world.house.engine.transaction(None) as db:
        locked = select(SignIn.id).where(SignIn.staff_id == person.id, SignIn.locked_at.is_not(None))
        sign_in_id = (await db.scalars(locked)).one()
    viewer = Viewer(world.program_id, person.id, name, name, frozenset({"clinician"}), sign_in_id, "live")
    publisher = Publisher(world.house.database, LocalWake())
    try:
        subscriber = await publisher.subscribe(viewer, after)
        assert subscriber is not None
        found: dict[str, Any] = json.loads(subscriber.queue.get_nowait())
        return found
    finally:
        await publisher.stop()


async def test_a_locked_screen_is_told_every_open_alert_and_no_name(world: World) -> None:
    await world.client("Ana", tier="high")
    await world.client("Ben", tier="none")
    jon = await world.screen("Jon")
    await world.drops("Ana")
    alert = await jon.alert("Ana")
    await world.client("Cleo", tier="none")  # the newest entries are not about Ana
    (group,) = await jon.cards("group")

    # A page that is loaded while locked has no cursor.
    assert (await jon.browser.post("/api/lock")).status_code == 204
    told = await first_word(world, "Jon", after=0)
    assert told["locked"] is True
    (alarm,) = told["alarms"]
    assert alarm["tier"] == "high"
    assert alarm["limit_at"] is not None
    assert alarm["tile"] == group["client_ids"].index(alert["client_id"]) + 1
    for secret in ("Ana", alert["client_id"], alert["incident_id"]):
        assert secret not in json.dumps(told)

    await jon.looks("/api/board")  # enters the PIN
    await jon.ends_well("Ana")
    assert (await jon.browser.post("/api/lock")).status_code == 204
    assert (await first_word(world, "Jon", after=0))["alarms"] == []
