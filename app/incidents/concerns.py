"""A person raises a concern: the incident is there with the press, and its detail follows (D1). Nothing here waits for a
file, a form or a second press."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.clients.models import Client
from app.db import Db, new_id, now_of
from app.errors import Conflict, NotFound
from app.group_sessions.models import Presence
from app.incidents import cases, danger, rules
from app.incidents.beginning import begin, begins_with, opened, runs_already, version_of
from app.incidents.carry import carry_out
from app.incidents.cases import CONCERN, Case, load
from app.incidents.models import EscalationStep, Incident
from app.incidents.presence import about
from app.incidents.pressing import case_of, moves, open_incident, renew_of, told_to_runs
from app.incidents.reasons import BEGINS, CODE_WORDS, Reason, higher
from app.incidents.situation import DangerUsed, Ended, TierChanged
from app.incidents.taps import meeting_of
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.protocols.schema import Tier
from app.staff.access import Viewer
from app.staff.models import Program

# Nobody has said yet what it is.
UNNAMED: frozenset[Reason] = frozenset({"observed", "private_room"})


async def raise_concern(
    db: Db,
    viewer: Viewer,
    group_session_id: UUID,
    client_id: UUID,
    reason: Reason,
    told: Sequence[NewEntry] = (),
) -> UUID:
    """The incident's id. A second press joins what is open, and raises its tier where the new reason says so. `told`:
    entries of the same press that come before its own."""
    meeting = await meeting_of(db, viewer, group_session_id)
    if meeting.state == "closed":
        raise Conflict("This group session is over. Raise it in the next one.", code="not_open")
    await on_the_list(db, viewer, group_session_id, client_id)
    if reason == "danger":
        await danger.hold_everything(db, viewer.program_id, client_id)
    found = await open_incident(db, viewer.program_id, client_id, CONCERN)
    if found is None:
        return await open_concern(db, viewer, group_session_id, client_id, reason, now_of(db), told)
    await _join(db, viewer, found, reason, told)
    return found


async def on_the_list(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    """Held: of two presses at once only one opens, and presence rows are the first that anybody locks."""
    found = await db.execute(
        select(Presence.removed_at)
        .where(
            Presence.program_id == viewer.program_id,
            Presence.group_session_id == group_session_id,
            Presence.client_id == client_id,
        )
        .with_for_update()
    )
    row = found.one_or_none()
    if row is None or row.removed_at is not None:
        raise NotFound("This client is not on the list of this group session.")


async def open_concern(
    db: Db,
    viewer: Viewer,
    group_session_id: UUID,
    client_id: UUID,
    reason: Reason,
    zero_at: datetime,
    before_it: Sequence[NewEntry] = (),
) -> UUID:
    """`zero_at`: zero of its clock, the press; or an earlier one that was about somebody else."""
    now, begins = now_of(db), BEGINS[reason]
    program = await db.get_one(Program, viewer.program_id)
    before: Tier = await db.scalar(
        select(Client.tier).where(Client.program_id == program.id, Client.id == client_id)
    )
    tier = higher(before, begins.tier)
    protocol = await begins_with(db, program.id, reason, tier)
    version_id, _ = await version_of(db, program.id, protocol)
    incident = Incident(
        program_id=program.id,
        id=new_id(),
        lines=program.lines,
        practice=None if program.kind == "live" else program.kind,
        kind=CONCERN,
        client_id=client_id,
        group_session_id=group_session_id,
        protocol_version_id=version_id,
        tier=tier,
        tier_before=before,
        state="open",
        reason=reason,
        drop_at=zero_at,
        learned_at=now,
    )
    db.add(incident)
    await db.flush()
    case = (await load(db, [incident]))[incident.id]
    put_tier(case, tier, now)
    spent = await danger.heard(db, viewer, case) if reason == "danger" else []
    work = opened(case, viewer.actor, now, "concern", pressed=reason)
    told = about(
        incident,
        Kind.incident_opened,
        viewer.actor,
        occurred_at=zero_at,
        reason=reason,
        tier=incident.tier,
        tier_before=before,
        rule=begins.rule,
    )
    work.entries[:0] = [*before_it, told, *spent]
    others = await danger.elsewhere(db, viewer, case) if reason == "danger" else []
    await carry_out(db, [work, *others])
    return incident.id


async def _join(
    db: Db, viewer: Viewer, incident_id: UUID, reason: Reason, told: Sequence[NewEntry] = ()
) -> None:
    """Somebody saw it too, or saw something else as well, or says what it is that was seen or said."""
    case = await case_of(db, viewer, incident_id)
    if reason == "danger" and case.incident.reason != "danger":
        await _becomes_danger(db, viewer, case, told)
        return
    incident, now = case.incident, now_of(db)
    named = incident.reason in UNNAMED and reason not in UNNAMED
    before: Tier = incident.tier  # type: ignore[assignment]
    after = higher(_floor(case) if named else before, BEGINS[reason].tier)
    protocol = await begins_with(db, viewer.program_id, reason, after)
    same = await runs_already(db, case, protocol)
    replaced = named and not same and bool(case.active) and not await _anybody_answered(db, incident)
    entries = [*told, about(incident, Kind.concern_joined, viewer.actor, pressed=reason, named=named)]
    if after != before:
        entries.append(about(incident, Kind.incident_tier_changed, viewer.actor, before=before, after=after))
        put_tier(case, after, now)
    new_tier = TierChanged(after) if after != before else None
    work = await moves(db, case, viewer.actor, Ended("passed_on") if replaced else new_tier, entries)
    if replaced and new_tier:
        work += await told_to_runs(db, [case], new_tier)
    if named:
        incident.reason = reason
        # Still the one press: it can be taken back as a whole.
        case.reach.client.tier_since = incident.learned_at
    if not same:
        work.append(await begin(db, case, protocol, viewer.actor, "concern", pressed=reason))
    renew_of(case, viewer, now)
    await carry_out(db, work)


async def _becomes_danger(db: Db, viewer: Viewer, case: Case, told: Sequence[NewEntry]) -> None:
    """Whatever was raised before, it is about the danger word from here on, on every screen. What stood in its place, a
    pause or what nobody had named yet, gives way; anything else that is under way goes on beside it."""
    incident, now = case.incident, now_of(db)
    before: Tier = incident.tier  # type: ignore[assignment]
    after = higher(before, BEGINS["danger"].tier)
    gives_way = incident.reason in ("observed", *CODE_WORDS)
    entries = [*told, about(incident, Kind.concern_joined, viewer.actor, pressed="danger", named=False)]
    if after != before:
        entries.append(about(incident, Kind.incident_tier_changed, viewer.actor, before=before, after=after))
    untouched = _untouched(case)
    put_tier(case, after, now)
    if untouched:
        # Still the one press: it can be taken back as a whole.
        case.reach.client.tier_since = incident.learned_at
    incident.reason = "danger"
    entries += await danger.heard(db, viewer, case)
    protocol = await begins_with(db, viewer.program_id, "danger", after)
    over, goes_on = Ended("passed_on"), DangerUsed()
    heard = over if gives_way else goes_on
    work = [Work(case, rules.advance(case.protocol, case.situation(), heard, now), viewer.actor, entries)]
    for chain in await cases.load_runs(db, [case]):
        heard = goes_on
        if chain.run is not None and chain.protocol_id == protocol:
            # Before the next one of the same name: only one of them runs.
            heard, chain.run.state = over, "ended"
        work.append(Work(chain, rules.advance(chain.protocol, chain.situation(), heard, now), viewer.actor))
    await db.flush()
    work.append(await begin(db, case, protocol, viewer.actor, "concern", pressed="danger"))
    work += await danger.elsewhere(db, viewer, case)
    renew_of(case, viewer, now)
    await carry_out(db, work)


def _floor(case: Case) -> Tier:
    """What the tier was before the press, while nobody has said anything of it since: of what was seen or said nobody
    had yet said what it is, and unknown is not low."""
    incident = case.incident
    known = incident.tier_before if _untouched(case) else incident.tier
    return known or incident.tier  # type: ignore[return-value]


def _untouched(case: Case) -> bool:
    client, incident = case.reach.client, case.incident
    return client.tier == incident.tier and client.tier_since in (incident.learned_at, None)


async def _anybody_answered(db: Db, incident: Incident) -> bool:
    found = await db.scalar(
        select(EscalationStep.id)
        .where(
            EscalationStep.program_id == incident.program_id,
            EscalationStep.incident_id == incident.id,
            EscalationStep.run_id.is_(None),
            EscalationStep.done_by.is_not(None),
        )
        .limit(1)
    )
    return found is not None


async def crisis(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """D1: a crisis, and no emergency so far. That it is one is declared (D2). Raises Conflict once somebody has."""
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    if incident.triage not in (None, "crisis"):
        raise Conflict(
            "Somebody has said that this is an emergency. Two people stand it down together, with a reason.",
            code="second_person",
        )
    incident.triage, incident.triaged_by, incident.triaged_at = "crisis", viewer.staff_id, now
    entry = about(incident, Kind.triaged, viewer.actor, answer="crisis")
    renew_of(case, viewer, now)
    await carry_out(db, await moves(db, case, viewer.actor, None, [entry]))


def put_tier(case: Case, tier: Tier, now: datetime) -> None:
    """Where a press starts. It is no assessment: who was not assessed stays so (R12)."""
    case.incident.tier = tier
    client = case.reach.client
    if client.tier != tier:
        client.tier, client.tier_since = tier, now


def taken_back(case: Case, now: datetime) -> None:
    """The press was about somebody else, or about nobody: the tier it raised is as it was, unless anybody has said
    something of it since."""
    incident, client = case.incident, case.reach.client
    if incident.tier_before not in (None, client.tier) and _untouched(case):
        client.tier, client.tier_since = incident.tier_before, now
