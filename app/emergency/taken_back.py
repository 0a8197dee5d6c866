"""An emergency that was pressed about somebody else, or about nobody (R17): mended in one press, and nothing is unsaid.

What the press did is undone: its protocol ends, our own phones stop ringing, the tier is as it was unless somebody has
said something of it since.
"""

from uuid import UUID

from sqlalchemy import select

from app.clients.flag_models import RiskFlag
from app.clients.models import Disclosure
from app.db import Db, now_of
from app.emergency import standing
from app.emergency.declare import declared, held
from app.emergency.models import Emergency
from app.emergency.setting_out import set_out, trigger_of
from app.errors import Conflict, NotAllowed, NotFound
from app.group_sessions.models import GroupSession, Presence
from app.incidents import cases, corrections, rules
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.pressing import case_of, moves
from app.incidents.reasons import EMERGENCY
from app.incidents.situation import Ended, TierChanged
from app.incidents.taps import meeting_of
from app.incidents.work import Work
from app.journal import read
from app.journal.kinds import Kind
from app.lanes import actions as lanes
from app.protocols.schema import Tier
from app.staff.access import Viewer

NOT_DECLARED = "No emergency is declared here. Look at the incident again: somebody may have taken it back."
JOINED = (
    "A colleague declared it too, so it is not yours alone to take back. Two people stand it down together."
)
WENT_OUT = (
    "Somebody was called or told already, so this press cannot be taken back. Two people stand it down together, and "
    "tell them."
)


async def mispress(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """By whoever pressed, alone, as long as nobody outside was called or told."""
    case, row = await _declared(db, viewer, incident_id)
    if row.declared_by != viewer.staff_id:
        raise NotAllowed(
            "Only the person who pressed can take the press back. Two people stand it down together."
        )
    if await _by_another(db, viewer, case, row):
        raise Conflict(JOINED, code="joined")
    if await _went_out(db, case, row):
        raise Conflict(WENT_OUT, code="went_out")
    await _undone(db, viewer, case, row, "mispress")


async def wrong_client(
    db: Db, viewer: Viewer, incident_id: UUID, right_id: UUID, group_session_id: UUID | None = None
) -> UUID:
    """Declared for the right client in the same press, with the same clock; the id of theirs. Where responders were told
    about the wrong one already, that emergency stands until two people have told them otherwise.

    `group_session_id`: the right one is on another group's list, as when two groups stood side by side where it was chosen.
    """
    incident = await db.get(Incident, (viewer.program_id, incident_id))
    if incident is None:
        raise NotFound("There is no such incident among the groups you work with.")
    meeting = await db.get_one(GroupSession, (viewer.program_id, incident.group_session_id))
    others = await meeting_of(db, viewer, group_session_id) if group_session_id else meeting
    await _is_another(db, incident, others, right_id)
    # Both presences, in order, before the incident.
    lists = {incident.client_id: meeting, right_id: others}
    listed = {client_id: await held(db, lists[client_id], client_id) for client_id in sorted(lists, key=str)}
    case, row = await _declared(db, viewer, incident_id)
    trigger, zero_at = trigger_of(row), row.declared_at or now_of(db)
    went_out = await _went_out(db, case, row)
    # Nothing but this press was ever about the wrong one: their emergency stands for the responders alone.
    theirs_alone = went_out and row.opened
    if not went_out:
        await _undone(db, viewer, case, row, "wrong_client")
    made = await declared(db, viewer, others, right_id, trigger, zero_at, listed=listed[right_id])
    await corrections.hand_on(db, viewer, incident_id, made, stands=theirs_alone)
    return made


async def _is_another(db: Db, incident: Incident, meeting: GroupSession, right_id: UUID) -> None:
    key = (incident.program_id, meeting.id, right_id)
    presence = await db.get(Presence, key)
    if right_id == incident.client_id or presence is None or presence.removed_at is not None:
        raise NotFound("Choose another client who is on the list of that group session.")
    db.expire(presence)


async def _declared(db: Db, viewer: Viewer, incident_id: UUID) -> tuple[Case, Emergency]:
    case = await case_of(db, viewer, incident_id)
    if await set_out(db, incident_id):
        # Taken back before it was set out: what was not there yet cannot be undone.
        case = await case_of(db, viewer, incident_id)
    row = await standing.of_incident(db, case.incident)
    if row is None or row.declared_at is None or row.stood_down_at is not None:
        raise Conflict(NOT_DECLARED, code="not_declared")
    return case, row


async def _by_another(db: Db, viewer: Viewer, case: Case, row: Emergency) -> bool:
    told = await read.of_incident(db, viewer.program_id, case.incident.id)
    return any(
        one.kind == Kind.emergency_joined
        and one.actor_id != viewer.staff_id
        and one.occurred_at >= (row.declared_at or one.occurred_at)
        for one in told
    )


async def _went_out(db: Db, case: Case, row: Emergency) -> bool:
    """Since it was declared somebody outside was dialled or told. Our own phones are nobody outside."""
    incident, since = case.incident, row.declared_at or now_of(db)
    if any(call.at >= since for call in await standing.calls_of(db, incident)):
        return True
    found = await db.scalar(
        select(Disclosure.id)
        .where(
            Disclosure.program_id == incident.program_id,
            Disclosure.incident_id == incident.id,
            Disclosure.at >= since,
        )
        .limit(1)
    )
    return found is not None


async def _undone(db: Db, viewer: Viewer, case: Case, row: Emergency, why: str) -> None:
    incident = case.incident
    work = [
        *await _tier_as_before(db, viewer, case, row, why),
        *await _protocol_ends(db, viewer, case, row),
    ]
    await lanes.stand_down(db, work[0], viewer)
    opened = row.opened
    if incident.triage == row.trigger and incident.triaged_at == row.declared_at:
        incident.triage = incident.triaged_by = incident.triaged_at = None
    row.declared_by = row.declared_at = row.trigger = None
    row.grounds, row.opened = [], False
    await carry_out(db, work)
    if opened:
        await corrections.undone(db, viewer, await case_of(db, viewer, incident.id), why)


async def _tier_as_before(db: Db, viewer: Viewer, case: Case, row: Emergency, why: str) -> list[Work]:
    """What opened with the press closes with it, and its tier is seen to there."""
    incident, client = case.incident, case.reach.client
    entries = [about(incident, Kind.emergency_taken_back, viewer.actor, why=why)]
    before: Tier | None = row.tier_before  # type: ignore[assignment]  # written from an incident's
    as_raised = incident.tier == client.tier == "imminent" and not await _chosen_since(db, row, client.id)
    if row.opened or before is None or before == "imminent" or not as_raised:
        return await moves(db, case, viewer.actor, None, entries)
    incident.tier = before
    client.tier, client.tier_since = row.client_tier_before or before, now_of(db)
    kind = Kind.incident_tier_changed
    entries.append(about(incident, kind, viewer.actor, before="imminent", after=before))
    return await moves(db, case, viewer.actor, TierChanged(before), entries)


async def _chosen_since(db: Db, row: Emergency, client_id: UUID) -> bool:
    """A clinician has chosen a tier meanwhile: that stands."""
    found = await db.scalar(
        select(RiskFlag.id)
        .where(
            RiskFlag.program_id == row.program_id,
            RiskFlag.client_id == client_id,
            RiskFlag.since >= row.declared_at,
        )
        .limit(1)
    )
    return found is not None


async def _protocol_ends(db: Db, viewer: Viewer, case: Case, row: Emergency) -> list[Work]:
    """The one that the press began; what ran before goes on."""
    return [
        Work(run, rules.advance(run.protocol, run.situation(), Ended("cancelled"), now_of(db)), viewer.actor)
        for run in await cases.load_runs(db, [case])
        if run.protocol_id == EMERGENCY[trigger_of(row)] and run.zero_at >= (row.declared_at or run.zero_at)
    ]
