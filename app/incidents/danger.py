"""The danger word, heard by a person: R2 holds from the press on, in everything that is open about the client.

Nothing rings, texts or speaks to anybody near them by itself, and nothing that they or their household see changes.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from app.code_words import used
from app.db import Db, now_of
from app.incidents import cases, rules
from app.incidents.cases import Case
from app.incidents.models import ContactAttempt, EscalationStep, Incident
from app.incidents.presence import about
from app.incidents.pressing import moves
from app.incidents.situation import DangerUnsaid, DangerUsed
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.protocols.schema import OUTREACH
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


async def not_heard(db: Db, viewer: Viewer, case: Case) -> tuple[list[NewEntry], list[Work]]:
    """R17: the press was wrong. What it began is over, what was so before stays so, and what it stopped goes on. The work
    is not carried out."""
    client, since = case.reach.client, case.incident.learned_at
    heard_at, work = client.danger_word_used_at, []
    if heard_at is not None and heard_at >= since:
        client.danger_word_used_at = None
        work = await _given_back(db, viewer, case, heard_at)
    return await used.not_used(db, case.incident.program_id, client.id, since, viewer.actor), work


async def _given_back(db: Db, viewer: Viewer, case: Case, heard_at: datetime) -> list[Work]:
    """What else is open about them goes on from where the word stopped it."""
    program_id, mine = case.incident.program_id, case.incident.id
    others = [found for found in await _open(db, program_id, case.incident.client_id) if found != mine]
    own = (await cases.load(db, await cases.lock(db, others))).values()
    stopped_at = await _stopped_at(db, program_id, others, heard_at)
    work = []
    for chain in [*own, *await cases.load_runs(db, own)]:
        incident = chain.incident
        entries = []
        if chain.run is None:
            entries.append(about(incident, Kind.danger_unsaid, viewer.actor))
            # A number that might not be rung may be rung again.
            incident.by_hand = None if incident.by_hand == "no_safe_number" else incident.by_hand
        key = stopped_at.get((incident.id, chain.run.id if chain.run else None)) if chain.running else None
        move = rules.advance(chain.protocol, chain.situation(), DangerUnsaid(key), now_of(db))
        work.append(Work(chain, move, viewer.actor, entries))
    return work


# How a step ends of which nothing has left because of the word.
PASSED_OVER = ("no_number", "skipped", "timeout")
TAKEN_AWAY = "not_for_this_client"


async def _stopped_at(
    db: Db, program_id: UUID, incidents: list[UUID], heard_at: datetime
) -> dict[tuple[UUID, UUID | None], str]:
    """By incident and run: the first step that was passed over. None where a person has answered something since: then
    the chain stands where they put it."""
    left = exists().where(
        ContactAttempt.program_id == EscalationStep.program_id,
        ContactAttempt.step_id == EscalationStep.id,
        ContactAttempt.who == "client",
        ContactAttempt.status != "cancelled",
    )
    rows = await db.execute(
        select(EscalationStep, left.label("left"))
        .where(
            EscalationStep.program_id == program_id,
            EscalationStep.incident_id.in_(incidents),
            (EscalationStep.done_at >= heard_at) | (EscalationStep.status == "dialing"),
        )
        .order_by(EscalationStep.ordinal)
    )
    found: dict[tuple[UUID, UUID | None], str] = {}
    answered: set[tuple[UUID, UUID | None]] = set()
    for step, has_left in rows:
        chain = (step.incident_id, step.run_id)
        if step.outcome == TAKEN_AWAY or _passed_over(step, left=has_left):
            found.setdefault(chain, step.key)
        elif step.done_by is not None:
            answered.add(chain)
    return {chain: key for chain, key in found.items() if chain not in answered}


def _passed_over(step: EscalationStep, *, left: bool) -> bool:
    """Its call was taken back before it rang, or it had no number that might be used."""
    by_nobody = step.done_by is None and (step.status == "dialing" or step.outcome in PASSED_OVER)
    return by_nobody and not left and step.action in OUTREACH and step.action != "call.repeat"


async def _open(db: Db, program_id: UUID, *clients: UUID) -> list[UUID]:
    found = await db.scalars(
        select(Incident.id).where(
            Incident.program_id == program_id, Incident.client_id.in_(clients), Incident.state == "open"
        )
    )
    return list(found)
