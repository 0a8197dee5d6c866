"""What every press on an incident begins and ends with: its case under a lock, and one block of entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clock import ago
from app.db import Db, now_of
from app.errors import Conflict, NotFound, SomebodyWasFirst
from app.incidents import cases, rules
from app.incidents.beginning import begin, runs_already
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import EscalationStep, Incident
from app.incidents.presence import about
from app.incidents.queries import may_work_on
from app.incidents.situation import DangerUsed, Move, Released, Signal, Taken, TierChanged, Verified
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor, NewEntry
from app.protocols.queries import CONNECTION_LOST
from app.staff.access import Viewer
from app.staff.models import StaffMember


async def case_of(db: Db, viewer: Viewer, incident_id: UUID) -> Case:
    """The open incident, locked. Absent and not yours read the same."""
    found = await cases.lock(db, [incident_id])
    if not found or found[0].program_id != viewer.program_id:
        raise NotFound("There is no such incident among the groups you work with.")
    case = (await cases.load(db, found))[incident_id]
    if not await may_work_on(db, viewer, case):
        raise NotFound("There is no such incident among the groups you work with.")
    if case.incident.state != "open":
        raise Conflict(
            "This incident is closed. Open a new one if something has happened since.", code="closed"
        )
    return case


async def open_incident(
    db: Db, program_id: UUID, client_id: UUID, kind: str | None = cases.CONNECTION_LOST
) -> UUID | None:
    """Of that kind; of any when none is given, a loss before a concern."""
    query = select(Incident.id).where(
        Incident.program_id == program_id, Incident.client_id == client_id, Incident.state == "open"
    )
    if kind is not None:
        query = query.where(Incident.kind == kind)
    found: UUID | None = await db.scalar(
        # Where nobody has recognised them yet comes first: the other one only waits for its outcome.
        query.order_by(
            Incident.verified_at.is_not(None), Incident.kind != cases.CONNECTION_LOST, Incident.drop_at
        ).limit(1)
    )
    return found


async def whose(db: Db, viewer: Viewer, incident_id: UUID) -> tuple[UUID, UUID]:
    """Client and meeting, without locking: presence rows are locked before incidents, everywhere."""
    row = (
        await db.execute(
            select(Incident.client_id, Incident.group_session_id).where(
                Incident.program_id == viewer.program_id, Incident.id == incident_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such incident among the groups you work with.")
    return row.client_id, row.group_session_id


async def case_of_step(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID) -> Case:
    """The chain of the open incident that this step belongs to, locked. Raises SomebodyWasFirst, with who and when, for a
    step that is over."""
    own = await case_of(db, viewer, incident_id)
    chain = await cases.holding(db, own, step_id)
    if chain.step(step_id) is None:
        raise SomebodyWasFirst(await _who_was_first(db, own.incident, step_id))
    return chain


async def _who_was_first(db: Db, incident: Incident, step_id: UUID) -> str:
    found = await db.execute(
        select(StaffMember.name, EscalationStep.done_at)
        .join(
            EscalationStep,
            (EscalationStep.program_id == StaffMember.program_id)
            & (EscalationStep.done_by == StaffMember.id),
        )
        .where(
            EscalationStep.program_id == incident.program_id,
            EscalationStep.incident_id == incident.id,
            EscalationStep.id == step_id,
        )
    )
    row = found.one_or_none()
    if row is None:
        return "This step is over already: somebody, or Handrail, was first. The list shows who."
    when = ago((now_of(db) - row.done_at).total_seconds())
    return f"This step is over already: {row.name} was first, {when}. The list shows their answer."


def about_step(case: Case, step_id: UUID, kind: Kind, viewer: Viewer, **detail: Any) -> NewEntry:
    step = case.step(step_id)
    if step is None:
        raise LookupError(f"step {step_id} is not open in this chain")
    if case.run is not None:
        detail["run"] = case.run.id
    return about(case.incident, kind, viewer.actor, step=step.key, step_id=step_id, by_person=True, **detail)


def renew_of(case: Case, viewer: Viewer, now: datetime) -> None:
    """Any logged act of the owner renews their acknowledgement (R15)."""
    if case.incident.owner_id == viewer.staff_id and case.incident.owned_until:
        case.incident.owned_until = max(case.incident.owned_until, cases.owned_until(case.incident.tier, now))


# What is true of the whole incident, and so of every protocol that runs in it.
OF_ALL = (Taken, Released, TierChanged, DangerUsed)


async def press(
    db: Db,
    case: Case,
    viewer: Viewer,
    signal: Signal | None,
    entry: NewEntry,
    *,
    renews: bool = True,
    more: Sequence[NewEntry] = (),
) -> None:
    """`more`: entries of the same press that follow its own."""
    if renews:
        renew_of(case, viewer, now_of(db))
    await carry_out(db, await moves(db, case, viewer.actor, signal, [entry, *more]))


async def moves(
    db: Db, case: Case, actor: Actor, signal: Signal | None, entries: Sequence[NewEntry]
) -> list[Work]:
    """What a press means for its chain, and for the others where it is true of the whole incident. Not carried out."""
    move = Move()
    if signal is not None and (case.running or isinstance(signal, Verified)):
        try:
            move = rules.advance(case.protocol, case.situation(), signal, now_of(db))
        except rules.IllegalMove as refused:
            raise Conflict(
                "This cannot be answered like that now. Look at the incident again: it may have moved on.",
                code="not_now",
            ) from refused
    work = [Work(case, move, actor, list(entries))]
    if isinstance(signal, OF_ALL):
        work += await told_to_runs(db, [case], signal)
    # A loss has been opened before the incident was locked.
    if move.protocol and move.protocol != CONNECTION_LOST and not await runs_already(db, case, move.protocol):
        work.append(await begin(db, case, move.protocol, actor, "answer"))
    return work


async def told_to_runs(
    db: Db, own: Sequence[Case], signal: Signal, actor: Actor = RULE, *, but: str | None = None
) -> list[Work]:
    """The same signal for every protocol that runs beside these; `but` one of that name."""
    return [
        Work(run, rules.advance(run.protocol, run.situation(), signal, now_of(db)), actor)
        for run in await cases.load_runs(db, own)
        if run.protocol_id != but
    ]
