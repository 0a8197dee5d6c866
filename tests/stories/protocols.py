"""Protocols of a story's own: written, approved by Dana, and begun by presses."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.protocols import actions, library, life
from app.protocols.models import ProtocolVersion
from tests.protocols import people
from tests.stories.screens import Screen
from tests.stories.world import World


async def approve(world: World, body: dict[str, Any] | None = None, **changes: Any) -> UUID:
    """The version that begins from now on."""
    written = {**(body or people.body()), **changes}
    loaded = library.Loaded(
        Path(f"{written['id']}.yaml"), (), library.parse(written), written, library.digest(written)
    )
    async with world.house.engine.transaction(world.program_id) as db:
        assert not await actions.load_shipped(db, world.program_id, [loaded])
    async with world.house.engine.transaction(world.program_id) as db:
        found = await db.scalars(
            select(ProtocolVersion.id).where(
                ProtocolVersion.program_id == world.program_id,
                ProtocolVersion.protocol == written["id"],
                ProtocolVersion.version == written["version"],
            )
        )
        version, dana = found.one(), world.people["Dana"].id
        await life.approve(db, world.program_id, version, dana)
        return (await life.put_in_use(db, world.program_id, version, dana)).id


async def run_of(screen: Screen, incident_id: str, protocol: str) -> dict[str, Any]:
    page = await screen.page_of(incident_id)
    found = [run for run in page["runs"] if run["protocol"] == protocol]
    assert found, [run["protocol"] for run in page["runs"]]
    run: dict[str, Any] = found[-1]
    return run


def step_of(run: dict[str, Any], key: str) -> dict[str, Any]:
    found = [s for s in run["steps"] if s["key"] == key and s["status"] in ("pending", "dialing")]
    assert found, [(s["key"], s["status"]) for s in run["steps"]]
    step: dict[str, Any] = found[0]
    return step


def open_keys(run: dict[str, Any]) -> list[str]:
    return [step["key"] for step in run["steps"] if step["status"] in ("pending", "dialing")]


async def answers(screen: Screen, incident_id: str, step: dict[str, Any], outcome: str, **more: Any) -> Any:
    path = f"/api/incidents/{incident_id}/steps/{step['id']}/outcome"
    answer = await screen.browser.post(path, outcome=outcome, **more)
    await screen.world.settle()
    return answer


async def publish(world: World, *names: str) -> None:
    """Files that ship, signed and put in use by Dana."""
    for name in names:
        async with world.house.engine.transaction(world.program_id) as db:
            await actions.publish(db, world.program_id, name, world.people["Dana"].id)
