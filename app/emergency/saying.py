"""The first of a press's two transactions: an emergency that opens an incident is true, and every board shows it.

Nothing is read here but what these rows and entries hold. Lanes, protocol and rings follow in the second transaction,
at once; the row says by when, and after that the engine sets them out (see `setting_out`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from app.db import Db, new_id, now_of, tell_along
from app.emergency.models import Emergency
from app.incidents import cases
from app.incidents.cases import CONCERN
from app.incidents.models import Incident
from app.incidents.presence import about
from app.incidents.reasons import BEGINS, DECLARED, Trigger
from app.journal.kinds import Kind
from app.journal.write import write
from app.lanes import actions as lanes
from app.prepared import Prepared
from app.rows import insert_together, unsaved
from app.staff.access import HasStaff, Viewer, has_emergency_access, may_see_group_session

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
# Where an emergency stands already; else what is open about them, a loss before a concern. One that waits for its outcome
# alone is over: what happens now is something new.
_STANDING = """
    select i.id from incident i
    left join emergency e on e.program_id = i.program_id and e.incident_id = i.id
    cross join lateral (select coalesce(e.declared_at is not null and e.stood_down_at is null, false) as stands) s
    where i.program_id = :program and i.client_id = :client and i.state = 'open'
        and (i.verified_at is null or s.stands)
    order by not s.stands, i.kind <> :lost, i.drop_at
    limit 1
"""
_STANDS = Prepared(_STANDING)
# The tier that it tells is the one from before: a statement does not see what it writes.
_RAISE = Prepared(
    f"""
    with standing as materialized ({_STANDING}),
    raised as (
        update client set tier = :tier, tier_since = :now
        where program_id = :program and id = :client and tier <> :tier
          and cast(:opens as boolean) and not exists (select 1 from standing)
    )
    select (select id from standing) as standing, p.lines, p.kind, c.tier
    from program p join client c on c.program_id = p.id
    where p.id = :program and c.id = :client
    """  # noqa: S608  constants
)


@dataclass(frozen=True, slots=True)
class Said:
    """An emergency that opened an incident, for who shows it without having to read it."""

    incident: Incident
    by: Viewer


class Meeting(HasStaff, Protocol):
    """What a press needs to know of the group session that it is made in."""

    @property
    def program_id(self) -> UUID: ...
    @property
    def id(self) -> UUID: ...
    @property
    def state(self) -> str: ...


class Before(Protocol):
    """`standing`: the incident that the emergency belongs to, if one is open about this client."""

    standing: UUID | None
    lines: str
    kind: str
    tier: str


async def standing_for(db: Db, program_id: UUID, client_id: UUID) -> UUID | None:
    # What this transaction has changed so far goes before a statement that passes the session by.
    await db.flush()
    found = await _STANDS.rows(db, program=program_id, client=client_id, lost=cases.CONNECTION_LOST)
    return found[0].id if found else None


async def raised(db: Db, program_id: UUID, client_id: UUID, trigger: Trigger, *, opens: bool) -> Before:
    """What was there before, their tier too; it is raised where nothing is open about them and the press `opens` it."""
    await db.flush()
    values = {"tier": BEGINS[DECLARED[trigger]].tier, "now": now_of(db), "opens": opens}
    [found] = await _RAISE.rows(
        db, program=program_id, client=client_id, lost=cases.CONNECTION_LOST, **values
    )
    before: Before = found
    return before


async def say(
    db: Db,
    viewer: Viewer,
    meeting: Meeting,
    client_id: UUID,
    trigger: Trigger,
    zero_at: datetime,
    known: Before,
) -> UUID:
    """The new incident's id. The client's presence is held, and nothing is open about them."""
    now, program_id = now_of(db), meeting.program_id
    begins = BEGINS[DECLARED[trigger]]
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
    tell_along(db, program_id, Said(incident, viewer))
    return incident.id
