"""Presence, then the incident, then the journal's head: a press and the telephone may reach for one client at once."""

import asyncio

import pytest

from app.incidents import cases
from app.incidents.presence import about
from app.journal.kinds import Kind
from app.journal.write import RULE, write
from tests.stories.world import World


@pytest.mark.parametrize("press", ["reached", "verified"])
async def test_a_press_that_finds_its_incident_held_holds_no_journal_meanwhile(
    world: World, press: str
) -> None:
    """Else whoever holds the incident waits for the journal, and the press for the incident: one of them dies."""
    await world.client("Ana")
    await world.drops("Ana")
    jon = await world.screen("Jon")
    await jon.press("Ana", "take")
    await jon.press("Ana", "reached", by="voice")
    body = {
        "reached": {"by": "voice"},
        "verified": {"checked": ["voice"], "place": "Home", "alone": "yes", "tier": "low"},
    }[press]
    incident_id = (await world.incident("Ana")).id
    async with world.house.engine.transaction(None) as db:
        [incident] = await cases.lock(db, [incident_id])
        pressed = asyncio.create_task(jon.tries("Ana", press, **body))
        await asyncio.sleep(0.3)
        assert not pressed.done()
        await write(db, world.program_id, [about(incident, Kind.noted, RULE, words="From the telephone.")])
    answer = await pressed
    assert answer.status_code == 200, answer.text
    await world.may_ring("Ana", *world.people)
