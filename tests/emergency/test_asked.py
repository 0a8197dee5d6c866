"""A contact is asked by voice, and the asking is a task: never a text, and nobody who may not be told anything (I8, R25)."""

import pytest
from sqlalchemy import select

from app.db import reveal
from app.tasks.models import Task
from tests.emergency.test_by_hand import lost
from tests.stories.world import World


@pytest.mark.row("I8", "R25")
async def test_what_was_asked_by_voice_is_a_task_of_whoever_asked(world: World) -> None:
    await lost(world)
    rosa = await world.contact("Ana", "Rosa Ramsey")
    leo = await world.contact("Ana", "Leo Ramsey", ends="32", never=True)
    dana = await world.screen("Dana")
    body = {"contact_id": str(rosa), "asked": "meet", "words": "She has a key."}
    await dana.press("Ana", "dispatch/asked", **body)
    async with world.house.engine.transaction(world.program_id) as db:
        [task] = (await db.scalars(select(Task))).all()
        assert (task.owner_id, task.client_id) == (world.people["Dana"].id, world.clients["Ana"])
        assert (reveal(db, task, "about") or "").startswith(
            "Rosa Ramsey was asked to meet responders at the door and let them in. She has a key."
        )
    said = [line["text"] for line in (await dana.page("Ana"))["timeline"]]
    assert "Dana Whitlock asked a contact, by voice: meet responders at the door and let them in" in said
    refused = await dana.refused("Ana", "dispatch/asked", **{**body, "contact_id": str(leo)})
    assert "Do not contact" in refused
    assert (
        await dana.tries("Ana", "dispatch/asked", **{**body, "contact_id": str(world.program_id)})
    ).status_code == 404
    await world.never_rang("contact")
    await world.may_ring("Ana", *world.people)
