"""How a protocol begins in an incident: pinned to the version of this moment, with its first steps, said in the journal."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.incidents import rules
from app.incidents.cases import Case
from app.incidents.fallback import FALLBACK
from app.incidents.legs import Work
from app.incidents.models import ProtocolRun
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor
from app.protocols import queries as protocols
from app.protocols.schema import Protocol

Why = Literal["chosen", "answer", "tier", "concern"]


async def version_of(db: Db, program_id: UUID, protocol: str) -> tuple[UUID | None, Protocol]:
    """The approved version, or the steps that stand in for one: nobody waits for a file (R8)."""
    found = await protocols.current_of(db, {program_id}, protocol)
    return found.get(program_id, (None, FALLBACK))


async def runs_already(db: Db, case: Case, protocol: str) -> bool:
    """As the incident's own, or beside it. Under the incident's lock, so that of two presses only one begins."""
    if case.protocol.id == protocol and case.run is None and case.active:
        return True
    found = await db.scalar(
        select(ProtocolRun.id).where(
            ProtocolRun.program_id == case.incident.program_id,
            ProtocolRun.incident_id == case.incident.id,
            ProtocolRun.protocol == protocol,
            ProtocolRun.state == "running",
        )
    )
    return found is not None


async def begin(db: Db, case: Case, protocol: str, actor: Actor, why: Why, words: str | None = None) -> Work:
    """A run beside whatever is under way, and the work that opens its first steps. The caller holds the incident, knows
    that this protocol does not run in it yet, and carries the work out."""
    now = now_of(db)
    incident = case.incident
    version_id, pinned = await version_of(db, incident.program_id, protocol)
    run = ProtocolRun(
        program_id=incident.program_id,
        id=new_id(),
        incident_id=incident.id,
        protocol=protocol,
        protocol_version_id=version_id,
        zero_at=now,
        started_by=actor.id if actor.kind == "person" else None,
        why=why,
        state="running",
    )
    db.add(run)
    return opened(beside(case, run, pinned), actor, now, why, words)


def beside(case: Case, run: ProtocolRun, protocol: Protocol) -> Case:
    """The chain of a run that has no steps yet."""
    return Case(
        incident=case.incident,
        program=case.program,
        protocol=protocol,
        reach=case.reach,
        meeting=case.meeting,
        active=[],
        attempts=case.attempts,
        has_contacts=case.has_contacts,
        locked=case.locked,
        next_ordinal=1,
        staff=case.staff,
        run=run,
    )


def opened(case: Case, actor: Actor, now: datetime, why: Why, words: str | None = None) -> Work:
    work = Work(case, rules.open_run(case.protocol, case.situation(), now), actor)
    run = case.run
    work.entry(
        Kind.run_started,
        protocol=run.protocol if run else case.protocol.id,
        version=case.protocol.version if case.protocol is not FALLBACK else None,
        why=why,
        reason=words,
        by_person=actor is not RULE,
    )
    return work
