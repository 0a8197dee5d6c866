"""The first of a press's two transactions: an emergency that opens an incident is true, and every board shows it.

Nothing is read here but what these rows and entries hold. Lanes, protocol and rings follow in the second transaction,
at once; the row says by when, and after that the engine sets them out (see `setting_out`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from app.db import Db, insert_together, new_id, now_of, unsaved
from app.emergency.models import Emergency
from app.group_sessions.models import GroupSession
from app.incidents import cases
from app.incidents.cases import CONCERN
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.reasons import BEGINS, DECLARED, Trigger
from app.journal.kinds import Kind
from app.journal.write import write
from app.lanes import actions as lanes
from app.prepared import Prepared
from app.staff.access import Viewer, has_emergency_access, may_see_group_session

# How long whoever pressed has for the second transaction, which takes a tenth of that, before the engine does it. Shorter
# than an engine lives on without its `serve`.
SETS_OUT_WITHIN = timedelta(seconds=0.5)
# What the press says of why, in the words of the card. Danger to whom, nobody has said yet.
GROUNDS: dict[Trigger, tuple[str, ...]] = {
    "harm": (),
    "medical": ("medical",),
    "intoxication": ("intoxication",),
    "psychosis": ("psychosis",),
}
# The tier that it tells is the one from before: a statement does not see what it writes.
_RAISE = Prepared(
    """
    with raised as (
        update client set tier = :tier, tier_since = :now
        where program_id = :program and id = :client and tier <> :tier
    )
    select p.lines, p.kind, c.tier from program p join client c on c.program_id = p.id
    where p.id = :program and c.id = :client
    """
)


async def say(
    db: Db, viewer: Viewer, meeting: GroupSession, client_id: UUID, trigger: Trigger, zero_at: datetime
) -> UUID:
    """The new incident's id. The client's presence is held, and nothing is open about them."""
    # What this transaction has changed so far goes before these statements, which pass the session by.
    await db.flush()
    now, program_id = now_of(db), meeting.program_id
    begins = BEGINS[DECLARED[trigger]]
    [known] = await _RAISE.rows(db, program=program_id, client=client_id, tier=begins.tier, now=now)
    incident = unsaved(
        Incident,
        program_id=program_id,
        id=new_id(),
        lines=known.lines,
        practice=None if known.kind == "live" else known.kind,
        kind=CONCERN,
        client_id=client_id,
        group_session_id=meeting.id,
        tier=begins.tier,
        tier_before=known.tier,
        reason=DECLARED[trigger],
        drop_at=zero_at,
        learned_at=now,
        triage=trigger,
        triaged_by=viewer.staff_id,
        triaged_at=now,
    )
    opened = about(
        incident,
        Kind.incident_opened,
        viewer.actor,
        occurred_at=zero_at,
        reason=incident.reason,
        tier=incident.tier,
        tier_before=known.tier,
        rule=begins.rule,
    )
    entries = [opened]
    # Whoever presses has it: nobody is asked to take what somebody acts on already.
    if may_see_group_session(viewer, meeting) or await has_emergency_access(db, viewer, client_id):
        incident.owner_id, incident.taken_at, incident.first_taken_at = viewer.staff_id, now, now
        incident.owned_until = cases.owned_until(incident.tier, now)
        entries.append(about(incident, Kind.incident_taken, viewer.actor, until=incident.owned_until))
    grounds = list(GROUNDS[trigger])
    entries.append(about(incident, Kind.emergency_declared, viewer.actor, grounds=grounds, trigger=trigger))
    emergency = unsaved(
        Emergency,
        program_id=program_id,
        id=new_id(),
        incident_id=incident.id,
        declared_by=viewer.staff_id,
        declared_at=zero_at,
        trigger=trigger,
        opened=True,
        tier_before=incident.tier,
        client_tier_before=incident.tier,
        grounds=grounds,
        sets_out_by=now + SETS_OUT_WITHIN,
    )
    await insert_together(db, incident, emergency, lanes.said_emergency(incident, viewer.staff_id, now))
    await write(db, program_id, entries)
    return incident.id
