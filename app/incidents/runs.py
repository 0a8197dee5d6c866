"""Protocols beside the first one: a person begins them by a press or by an answer (R1), and whatever concerns all chains
of an incident is told to each."""

from uuid import UUID

from sqlalchemy import case, select

from app.db import Db, now_of
from app.errors import Conflict, NotFound
from app.group_sessions import watches
from app.group_sessions.actions import NewFact, record_facts
from app.incidents import cases, rules
from app.incidents.beginning import Why, begin, runs_already
from app.incidents.carry import carry_out
from app.incidents.fallback import TITLES
from app.incidents.models import EscalationStep, Incident, ProtocolRun
from app.incidents.presence import follow
from app.incidents.pressing import case_of, renew_of
from app.incidents.queries import readable_case
from app.protocols import queries as protocols
from app.protocols.models import ProtocolVersion
from app.protocols.queries import CONNECTION_LOST
from app.staff.access import Viewer


async def start(
    db: Db, viewer: Viewer, incident_id: UUID, protocol: str, words: str | None = None, why: Why = "chosen"
) -> None:
    """One that runs already goes on: nothing begins twice. Raises NotFound for a protocol that nobody has heard of."""
    await _is_known(db, viewer.program_id, protocol)
    if protocol == CONNECTION_LOST:
        await lost(db, viewer, incident_id)
        return
    own = await case_of(db, viewer, incident_id)
    if await runs_already(db, own, protocol):
        return
    work = await begin(db, own, protocol, viewer.actor, why, words)
    renew_of(own, viewer, now_of(db))
    await carry_out(db, [work])


async def lost(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """Whoever is lost is looked for as everybody is: by presence, with an incident of its own.

    Before the incident is locked: presence rows come first, everywhere.
    """
    incident = (await readable_case(db, viewer, incident_id)).incident
    client_id, meeting_id, state = incident.client_id, incident.group_session_id, incident.state
    # What was read without a lock is read again under it.
    db.expire_all()
    if state != "open":
        raise Conflict(
            "This incident is closed. Open a new one if something has happened since.", code="closed"
        )
    over = await watches.answered(db, viewer, meeting_id, [client_id])
    fact = NewFact(client_id, "staff", "lost", by_staff_id=viewer.staff_id)
    await follow(db, await record_facts(db, meeting_id, [fact]), actor=viewer.actor, more=over)


async def leads_to_a_loss(db: Db, viewer: Viewer, incident_id: UUID, step_id: UUID, outcome: str) -> bool:
    """Whether this answer says that the client is lost, read without a lock. Hardly any does, so it is cheap to say no."""
    row = (
        await db.execute(
            select(
                EscalationStep.key,
                case(
                    (EscalationStep.run_id.is_(None), Incident.protocol_version_id),
                    else_=ProtocolRun.protocol_version_id,
                ).label("version"),
            )
            .join(
                Incident,
                (Incident.program_id == EscalationStep.program_id)
                & (Incident.id == EscalationStep.incident_id),
            )
            .outerjoin(
                ProtocolRun,
                (ProtocolRun.program_id == EscalationStep.program_id)
                & (ProtocolRun.id == EscalationStep.run_id),
            )
            .where(EscalationStep.program_id == viewer.program_id, EscalationStep.id == step_id)
        )
    ).one_or_none()
    if row is None or row.version is None:
        return False
    protocol = (await protocols.by_ids(db, {row.version}))[row.version]
    target = f"protocol:{CONNECTION_LOST}"
    if not any(target in step.next.values() for step in protocol.steps):
        return False
    own = await readable_case(db, viewer, incident_id)
    chain = await cases.holding(db, own, step_id)
    leads = rules.target_now(chain.protocol, chain.situation(), row.key, outcome) == target
    db.expire_all()
    return leads


async def _is_known(db: Db, program_id: UUID, protocol: str) -> None:
    if protocol in TITLES:
        return
    found = await db.scalar(
        select(ProtocolVersion.id)
        .where(
            ProtocolVersion.program_id == program_id,
            ProtocolVersion.protocol == protocol,
            ProtocolVersion.approved_at.is_not(None),
        )
        .limit(1)
    )
    if found is None:
        raise NotFound("There is no protocol of that name. Choose one from the list.")
