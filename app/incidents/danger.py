"""The danger word, heard by a person: R2 holds from the press on, in everything that is open about the client.

Nothing rings, texts or speaks to anybody near them by itself, and nothing that they or their household see changes.
"""

from uuid import UUID

from sqlalchemy import select

from app.code_words import used
from app.db import Db, now_of
from app.incidents import cases
from app.incidents.cases import Case
from app.incidents.legs import Work
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.pressing import moves
from app.incidents.situation import DangerUsed
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer


async def hold_everything(db: Db, program_id: UUID, *clients: UUID) -> None:
    """Locks all that is open about them, in one order, before any of it is looked at."""
    await cases.lock(db, await _open(db, program_id, *clients))


async def heard(db: Db, viewer: Viewer, case: Case) -> list[NewEntry]:
    """Before the chain of `case` is moved: its steps must be those of somebody who may be overheard."""
    client = case.reach.client
    client.danger_word_used_at = client.danger_word_used_at or now_of(db)
    return await used.spent_by_use(db, case.incident.program_id, client.id, viewer.actor)


async def elsewhere(db: Db, viewer: Viewer, case: Case) -> list[Work]:
    """What else is open about them: calls and texts to the client end. Not carried out."""
    program_id, mine = case.incident.program_id, case.incident.id
    others = [found for found in await _open(db, program_id, case.incident.client_id) if found != mine]
    loaded = await cases.load(db, await cases.lock(db, others))
    work = []
    for other in loaded.values():
        entry = about(other.incident, Kind.danger_used, viewer.actor)
        work += await moves(db, other, viewer.actor, DangerUsed(), [entry])
    return work


async def not_heard(db: Db, viewer: Viewer, case: Case) -> list[NewEntry]:
    """R17: the press was wrong. What it began is over, and what was so before stays so."""
    client, since = case.reach.client, case.incident.learned_at
    if client.danger_word_used_at is not None and client.danger_word_used_at >= since:
        client.danger_word_used_at = None
    return await used.not_used(db, case.incident.program_id, client.id, since, viewer.actor)


async def _open(db: Db, program_id: UUID, *clients: UUID) -> list[UUID]:
    found = await db.scalars(
        select(Incident.id).where(
            Incident.program_id == program_id, Incident.client_id.in_(clients), Incident.state == "open"
        )
    )
    return list(found)
