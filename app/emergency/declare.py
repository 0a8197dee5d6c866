"""Somebody presses Emergency (domain 4.7, R5). No approval, no form: the incident is there, its protocol runs, the lanes
stand, and the supervisor and the backup are rung as caller, all with the one press.

Nothing here reaches anybody but our own people (R1).
"""

from datetime import datetime
from uuid import UUID

from app.db import Db, expect, now_of
from app.emergency.brief import row_of
from app.emergency.models import Emergency
from app.emergency.saying import GROUNDS, Meeting, raised, say
from app.emergency.setting_out import set_out
from app.errors import Conflict, NotFound
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
from app.incidents.taps import NO_MEETING
from app.journal.kinds import Kind
from app.lanes import actions as lanes
from app.prepared import Prepared
from app.staff.access import Viewer, may_see_group_session

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
# The same with its meeting, which as an object of the session took three times as long.
_THERE = Prepared(
    """
    select g.program_id, g.id, g.state, g.lead_id, g.cofacilitator_id, g.supervisor_id, g.backup_id,
           p.client_id is not null as known, p.removed_at
    from group_session g
    left join lateral (
        select client_id, removed_at from presence
        where program_id = g.program_id and group_session_id = g.id and client_id = :client
        for update
    ) p on true
    where g.program_id = :program and g.id = :meeting
    """
)


async def declare(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, trigger: Trigger) -> UUID:
    """The incident's id: what is open about this client, raised; or a new one, of which the rest is to be set out in the
    next transaction."""
    expect(db, group_session_id, client_id)
    found = await _THERE.rows(db, program=viewer.program_id, meeting=group_session_id, client=client_id)
    if not found or not may_see_group_session(viewer, found[0]):
        raise NotFound(NO_MEETING)
    [meeting] = found
    if not meeting.known:
        raise NotFound(NOT_LISTED)
    return await _said(db, viewer, meeting, client_id, trigger, now_of(db), listed=meeting.removed_at is None)


async def held(db: Db, meeting: Meeting, client_id: UUID) -> bool:
    """Whether they are on the list now. Their row is held: of two who press at once one opens it and one joins."""
    found = await _HELD.rows(db, program=meeting.program_id, meeting=meeting.id, client=client_id)
    if not found:
        raise NotFound(NOT_LISTED)
    return found[0].removed_at is None


async def declared(
    db: Db,
    viewer: Viewer,
    meeting: Meeting,
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
    meeting: Meeting,
    client_id: UUID,
    trigger: Trigger,
    zero_at: datetime,
    *,
    listed: bool,
) -> UUID:
    opens = listed and meeting.state != "closed"
    before = await raised(db, viewer.program_id, client_id, trigger, opens=opens)
    if before.standing is not None:
        await _stands(db, viewer, before.standing, trigger, zero_at)
        return before.standing
    if not listed:
        raise NotFound(NOT_LISTED)
    if not opens:
        raise Conflict(OVER, code="not_open")
    return await say(db, viewer, meeting, client_id, trigger, zero_at, before)


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
