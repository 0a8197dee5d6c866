"""Who looks after the animals when help takes their person away (S10): a task for whoever sent it, with what was agreed."""

from datetime import timedelta

from app.db import Db, now_of
from app.emergency import standing
from app.incidents.at_home import at_home
from app.incidents.cases import Case
from app.incidents.models import Dispatch
from app.journal.write import NewEntry
from app.staff.access import Viewer
from app.tasks.actions import open_task

# Before anybody leaves the house with them, or soon after (d).
WITHIN = timedelta(minutes=30)


async def looked_after(db: Db, viewer: Viewer, case: Case, row: Dispatch) -> list[NewEntry]:
    """Once for an incident, wherever they are now: the animals are at home. Nobody is rung or told by it (R1)."""
    home = await at_home(db, case.reach.client)
    before = [
        call
        for call in await standing.calls_of(db, case.incident)
        if call.id != row.id and call.outcome == "dispatched"
    ]
    if not home.pets or before:
        return []
    names = " and ".join(filter(None, [", ".join(home.pets[:-1]), home.pets[-1]]))
    task = await open_task(
        db,
        viewer.program_id,
        about=f"{names}: who looks after them if their person is taken away? {_agreed(case, home.caretakers)}",
        client_id=case.incident.client_id,
        owner_id=viewer.staff_id,
        due_at=now_of(db) + WITHIN,
        made_by=viewer.staff_id,
    )
    return [task]


def _agreed(case: Case, caretakers: list[str]) -> str:
    """Where home may be the danger nobody is named: whoever takes the animal would learn of it (R2)."""
    if case.facts.guarded:
        return "Ask them first, and ring nobody at home."
    agreed = f"Agreed: {'; '.join(caretakers)}." if caretakers else "Nobody is agreed: ask them."
    return f"{agreed} Ring by hand whom you may tell, and write down who took them."
