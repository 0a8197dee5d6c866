"""How a protocol begins in an incident: pinned to the version of this moment, with its first steps, said in the journal."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app.db import Db, new_id, now_of
from app.incidents import rules
from app.incidents.cases import Case
from app.incidents.fallback import FALLBACK
from app.incidents.models import Incident, ProtocolRun
from app.incidents.reasons import BEGINS, CODE_WORDS, Reason
from app.incidents.situation import Situation
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import RULE, Actor
from app.others.opening import open_round
from app.protocols import queries as protocols
from app.protocols.models import ProtocolVersion
from app.protocols.schema import Protocol, Tier

# Everybody else of the group. It is one group: of several incidents in it one begins this, once.
SECURE_GROUP = "secure-group"

Why = Literal["chosen", "answer", "tier", "concern"]


async def version_of(db: Db, program_id: UUID, protocol: str) -> tuple[UUID | None, Protocol]:
    """The approved version, or the steps that stand in for one: nobody waits for a file (R8)."""
    found = await protocols.current_of(db, {program_id}, protocol)
    return found.get(program_id, (None, FALLBACK))


async def published(db: Db, program_id: UUID) -> dict[str, Protocol]:
    """Every protocol with the version that would begin now, by id: two questions, however many there are."""
    rows = await db.execute(
        select(ProtocolVersion.id, ProtocolVersion.protocol).where(
            ProtocolVersion.program_id == program_id, ProtocolVersion.status == "published"
        )
    )
    named = {row.id: row.protocol for row in rows}
    found = await protocols.by_ids(db, list(named))
    return {named[version]: protocol for version, protocol in found.items()}


async def begins_with(db: Db, program_id: UUID, reason: Reason, tier: Tier) -> str:
    """The protocol that a press begins: the one whose file names it and is for that tier, since clinicians own that; else
    the one that Handrail knows."""
    # Who was never assessed is looked after as at low.
    at: Tier = "low" if tier == "none" else tier
    for key, protocol in sorted((await published(db, program_id)).items()):
        named = any(one.event == "staff.button" and one.name == reason for one in protocol.trigger)
        if named and at in protocol.tiers:
            return key
    return BEGINS[reason].protocol


async def runs_already(db: Db, case: Case, protocol: str) -> bool:
    """As the incident's own, or beside it. Under the incident's lock, so that of two presses only one begins."""
    own = case.run is None and case.protocol_id == protocol
    if own and case.active:
        return True
    running = select(ProtocolRun.id).where(
        ProtocolRun.program_id == case.incident.program_id,
        ProtocolRun.protocol == protocol,
        ProtocolRun.state == "running",
    )
    if protocol == SECURE_GROUP:
        running = running.join(
            Incident,
            (Incident.program_id == ProtocolRun.program_id) & (Incident.id == ProtocolRun.incident_id),
        ).where(Incident.group_session_id == case.meeting.id)
    else:
        running = running.where(ProtocolRun.incident_id == case.incident.id)
    return await db.scalar(running.limit(1)) is not None


async def begin(
    db: Db,
    case: Case,
    protocol: str,
    actor: Actor,
    why: Why,
    words: str | None = None,
    pressed: Reason | None = None,
) -> Work:
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
    work = opened(beside(case, run, pinned), actor, now, why, words, pressed)
    if protocol == SECURE_GROUP:
        work.entries += await open_round(
            db, case.program, case.meeting, incident.id, incident.client_id, actor
        )
    return work


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


def opened(
    case: Case,
    actor: Actor,
    now: datetime,
    why: Why,
    words: str | None = None,
    pressed: Reason | None = None,
    situation: Situation | None = None,
) -> Work:
    """`situation`: the case's own, where nothing else is given."""
    said = pressed if pressed in CODE_WORDS else None
    work = Work(case, rules.open_run(case.protocol, situation or case.situation(), now, said), actor)
    work.entry(
        Kind.run_started,
        protocol=case.protocol_id,
        version=case.protocol.version if case.protocol is not FALLBACK else None,
        why=why,
        reason=words,
        by_person=actor is not RULE,
    )
    return work


async def begun_by_tier(db: Db, case: Case, actor: Actor, tier: Tier) -> list[Work]:
    """R1: a tier begins a protocol only when a person chose it. Where life is at stake what its file says begins with the
    press; at the other tiers it is offered."""
    if tier != "imminent":
        return []
    return [
        await begin(db, case, protocol.id, actor, "tier")
        for protocol in (await published(db, case.incident.program_id)).values()
        if any(one.event == "tier.chosen" and one.name == tier for one in protocol.trigger)
        and not await runs_already(db, case, protocol.id)
    ]
