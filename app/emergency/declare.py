"""Somebody presses Emergency (domain 4.7, R5). No approval, no form: the incident is there, its protocol runs, the lanes
stand, and the supervisor and the backup are rung as caller, all with the one press.

Nothing here reaches anybody but our own people (R1).
"""

from datetime import datetime
from uuid import UUID

from app.db import Db, now_of
from app.emergency.brief import row_of
from app.emergency.models import Emergency
from app.emergency.saying import GROUNDS, say
from app.emergency.setting_out import set_out
from app.errors import Conflict, NotFound
from app.group_sessions.models import GroupSession
from app.incidents import cases, lowering, ownership
from app.incidents.beginning import begin, runs_already
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.concerns import put_tier
from app.incidents.presence import about
from app.incidents.pressing import moves, renew_of
from app.incidents.queries import may_work_on
from app.incidents.reasons import EMERGENCY, Trigger
from app.incidents.situation import TierChanged
from app.incidents.taps import meeting_of
from app.journal.kinds import Kind
from app.lanes import actions as lanes
from app.prepared import Prepared
from app.staff.access import Viewer

NOT_LISTED = (
    "This client is not on the list of this group session. Dial by hand now: the group sheet has the number."
)
OVER = (
    "This group session is over, and nothing is open about this client. Dial by hand now: the group sheet has the "
    "number. Then ring your supervisor."
)
_HELD = Prepared(
    """
    select removed_at from presence
    where program_id = :program and group_session_id = :meeting and client_id = :client
    for update
    """
)
_STANDING = Prepared(
    """
    select i.id from incident i
    left join emergency e on e.program_id = i.program_id and e.incident_id = i.id
    cross join lateral (select coalesce(e.declared_at is not null and e.stood_down_at is null, false) as stands) s
    where i.program_id = :program and i.client_id = :client and i.state = 'open'
        and (i.verified_at is null or s.stands)
    order by not s.stands, i.kind <> :lost, i.drop_at
    limit 1
    """
)


async def declare(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, trigger: Trigger) -> UUID:
    """The incident's id: what is open about this client, raised; or a new one, of which the rest is to be set out in the
    next transaction."""
    meeting = await meeting_of(db, viewer, group_session_id)
    listed = await held(db, meeting, client_id)
    return await _said(db, viewer, meeting, client_id, trigger, now_of(db), listed=listed)


async def held(db: Db, meeting: GroupSession, client_id: UUID) -> bool:
    """Whether they are on the list now. Their row is held: of two who press at once one opens it and one joins."""
    found = await _HELD.rows(db, program=meeting.program_id, meeting=meeting.id, client=client_id)
    if not found:
        raise NotFound(NOT_LISTED)
    return found[0].removed_at is None


async def declared(
    db: Db,
    viewer: Viewer,
    meeting: GroupSession,
    client_id: UUID,
    trigger: Trigger,
    zero_at: datetime,
    *,
    listed: bool,
) -> UUID:
    """The whole of it. `zero_at`: an earlier press, about somebody else. The client's presence is held."""
    incident_id = await _said(db, viewer, meeting, client_id, trigger, zero_at, listed=listed)
    await set_out(db, incident_id)
    return incident_id


async def _said(
    db: Db,
    viewer: Viewer,
    meeting: GroupSession,
    client_id: UUID,
    trigger: Trigger,
    zero_at: datetime,
    *,
    listed: bool,
) -> UUID:
    incident_id = await standing_for(db, viewer.program_id, client_id)
    if incident_id is not None:
        await _stands(db, viewer, incident_id, trigger, zero_at)
        return incident_id
    if not listed:
        raise NotFound(NOT_LISTED)
    if meeting.state == "closed":
        raise Conflict(OVER, code="not_open")
    return await say(db, viewer, meeting, client_id, trigger, zero_at)


async def standing_for(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    """Where an emergency stands already; else what is open about them, a loss before a concern. One that waits for its
    outcome alone is over: what happens now is something new."""
    # What this transaction has changed so far goes before a statement that passes the session by.
    await db.flush()
    found = await _STANDING.rows(db, program=program_id, client=client_id, lost=cases.CONNECTION_LOST)
    return found[0].id if found else None


async def _stands(db: Db, viewer: Viewer, incident_id: UUID, trigger: Trigger, zero_at: datetime) -> None:
    """What is on the boards already becomes one, at once with everything that follows."""
    # A colleague's press a moment ago, before anything that adds to it.
    await set_out(db, incident_id)
    case = await _locked(db, incident_id)
    row = await row_of(db, case.incident)
    if row.declared_at is not None and row.stood_down_at is None:
        await _joined(db, viewer, case, row, trigger)
        return
    now, before = now_of(db), case.incident.tier
    row.tier_before, row.client_tier_before = before, case.reach.client.tier
    put_tier(case, "imminent", now)
    incident = case.incident
    await _taken(db, viewer, case)
    row.declared_by, row.declared_at, row.stood_down_at = viewer.staff_id, zero_at, None
    row.trigger, row.opened = trigger, False
    row.grounds = sorted({*row.grounds, *GROUNDS[trigger]})
    entry = about(
        incident, Kind.emergency_declared, viewer.actor, grounds=list(GROUNDS[trigger]), trigger=trigger
    )
    entries = [entry]
    if before != "imminent":
        kind = Kind.incident_tier_changed
        entries.append(about(incident, kind, viewer.actor, before=before, after="imminent"))
    if incident.triage in (None, "crisis"):
        incident.triage, incident.triaged_by, incident.triaged_at = trigger, viewer.staff_id, now
    entries += await lowering.overtake(db, case, viewer)
    raised = TierChanged("imminent") if before != "imminent" else None
    work = await moves(db, case, viewer.actor, raised, entries)
    await lanes.open_for_emergency(db, work[0], viewer.actor)
    if not await runs_already(db, case, EMERGENCY[trigger]):
        work.append(await begin(db, case, EMERGENCY[trigger], viewer.actor, "chosen"))
    renew_of(case, viewer, now)
    await carry_out(db, work)


async def _locked(db: Db, incident_id: UUID) -> Case:
    """Who may press was settled with the meeting that the client is on the list of: an incident of another group about
    the same client holds nobody up."""
    locked = await cases.lock(db, [incident_id])
    if not locked or locked[0].state != "open":
        raise Conflict("It was closed a moment ago. Press Emergency again: a new one opens.", code="closed")
    return (await cases.load(db, locked))[incident_id]


async def _joined(db: Db, viewer: Viewer, case: Case, row: Emergency, trigger: Trigger) -> None:
    """Two pressed. It is one emergency with one set of rings; what the second saw as well is kept."""
    entry = about(case.incident, Kind.emergency_joined, viewer.actor, trigger=trigger)
    row.grounds = sorted({*row.grounds, *GROUNDS[trigger]})
    work = await moves(db, case, viewer.actor, None, [entry])
    if not await runs_already(db, case, EMERGENCY[trigger]):
        work.append(await begin(db, case, EMERGENCY[trigger], viewer.actor, "chosen"))
    renew_of(case, viewer, now_of(db))
    await carry_out(db, work)


async def _taken(db: Db, viewer: Viewer, case: Case) -> None:
    """Whoever presses has it, unless a colleague does: nobody is asked to take what somebody acts on already."""
    incident = case.incident
    has = incident.owner_id is not None and incident.owned_until and incident.owned_until > now_of(db)
    if has or not await may_work_on(db, viewer, case):
        return
    await ownership.take_case(db, viewer, case)
    await cases.read_again(db, case)
