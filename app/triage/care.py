"""What is known of the list of a tier: from the check, the plan, the telephone, and from people's own word."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.db import Db, new_id, now_of
from app.errors import NotValid
from app.incidents import actions
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.pressing import renew_of
from app.journal.kinds import Kind
from app.journal.write import write
from app.staff.access import Viewer
from app.triage import care_rules, library
from app.triage.care_rules import Done, Facts, Line
from app.triage.models import CareMark
from app.triage.schema import Item, Tier
from app.triage.views import CareLine

# What a person may say by one press; the others follow from what was written down.
BY_WORD: frozenset[Item] = frozenset({"private_room", "means_talked", "plan_opened", "supervisor_told"})

# As text: plans, tasks and facts are tables of other packages, and this only asks whether and when.
_FACTS = text(
    """
    select
      (select min(f.occurred_at) from presence_fact f
       where f.program_id = :program and f.group_session_id = :meeting and f.client_id = :client
         and f.kind = 'private_room' and f.occurred_at >= :began) as private_room,
      (select max(a.done_at) from risk_assessment a
       where a.program_id = :program and a.incident_id = :incident and a.state = 'done') as assessment,
      (select max(m.recorded_at) from means_record m
       where m.program_id = :program and m.client_id = :client and m.recorded_at >= :began) as means_talked,
      (select min(e.occurred_at) from entry e
       where e.program_id = :program and e.client_id = :client and e.occurred_at >= :began
         and e.kind in ('plan.opened', 'plan.changed', 'plan.agreed', 'plan.reviewed')) as plan_opened,
      (select min(e.occurred_at) from entry e
       join staff_member m on m.program_id = e.program_id and m.id = e.actor_id
       where e.program_id = :program and e.incident_id = :incident and e.actor_kind = 'person'
         and (e.actor_id in (:supervisor, :backup) or 'supervisor' = any(m.roles))) as supervisor_told,
      (select min(a.pressed_at) from contact_attempt a
       where a.program_id = :program and a.incident_id = :incident and a.pressed_at is not null
         and a.who in ('supervisor', 'backup', 'on_call')) as supervisor_heard,
      (select max(a.next_contact_at) from risk_assessment a
       where a.program_id = :program and a.incident_id = :incident) as next_contact,
      (select min(g.starts_at) from presence p
       join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
       where p.program_id = :program and p.client_id = :client and p.removed_at is null
         and g.state = 'scheduled' and g.starts_at > :now) as next_session,
      exists (select 1 from tier_lowering l
       where l.program_id = :program and l.incident_id = :incident and l.state = 'waiting') as lowering
    """
)
_MARKS = text(
    """
    select c.item, c.at, m.name from care_mark c
    join staff_member m on m.program_id = c.program_id and m.id = c.by_staff_id
    where c.program_id = :program and c.incident_id = :incident
    """
)


async def lines_of(db: Db, case: Case) -> list[Line]:
    facts = await _facts(db, case)
    found = care_rules.lines(library.current().rules, facts)
    # Two people are asked for only where somebody wants less.
    return [line for line in found if line.item != "two_people" or line.done is None]


async def _facts(db: Db, case: Case) -> Facts:
    incident, meeting, now = case.incident, case.meeting, now_of(db)
    values = {
        "program": incident.program_id,
        "incident": incident.id,
        "client": incident.client_id,
        "meeting": incident.group_session_id,
        "supervisor": meeting.supervisor_id,
        "backup": meeting.backup_id,
        "began": incident.drop_at,
        "now": now,
    }
    row = (await db.execute(_FACTS, values)).one()
    tier: Tier = incident.tier  # type: ignore[assignment]
    since = max(incident.learned_at, case.reach.client.tier_since or incident.learned_at)
    done = {item: Done(at) for item, at in _known(row, case, since, now).items() if at is not None}
    marks = await db.execute(_MARKS, {"program": incident.program_id, "incident": incident.id})
    done |= {mark.item: Done(mark.at, mark.name) for mark in marks if mark.item not in done}
    zone = ZoneInfo(case.program.time_zone)
    return Facts(tier, since, meeting.ends_at, _end_of_day(since, zone), done)


def _known(row: Any, case: Case, since: datetime, now: datetime) -> Mapping[Item, datetime | None]:
    incident = case.incident
    # At low tier being recognised, live, with place and tier, is the brief check (R9).
    brief = incident.verified_at if incident.tier == "low" else None
    soon = row.next_session if row.next_session and row.next_session <= since + timedelta(hours=72) else None
    return {
        "private_room": row.private_room,
        "assessment": row.assessment or brief,
        "means_talked": row.means_talked,
        "plan_opened": row.plan_opened,
        "supervisor_told": row.supervisor_told or row.supervisor_heard,
        "next_contact": row.next_contact or (soon if incident.tier == "low" else None),
        "two_people": None if row.lowering else now,
    }


def _end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone).astimezone(UTC)


def views(found: list[Line]) -> list[CareLine]:
    return [
        CareLine(
            item=line.item,
            done=line.done is not None,
            due_at=line.due_at,
            by=line.done.by if line.done else None,
            done_at=line.done.at if line.done else None,
        )
        for line in found
    ]


async def note(db: Db, viewer: Viewer, incident_id: UUID, item: Item) -> None:
    """One press: this is done. Said twice it was done the first time."""
    if item not in BY_WORD:
        raise NotValid("This follows from what is written down: open the form for it.")
    case = await actions.case_of(db, viewer, incident_id)
    row = {
        "program_id": viewer.program_id,
        "id": new_id(),
        "incident_id": incident_id,
        "item": item,
        "by_staff_id": viewer.staff_id,
        "at": now_of(db),
    }
    made = await db.execute(insert(CareMark).values(row).on_conflict_do_nothing().returning(CareMark.id))
    if made.first() is None:
        return
    renew_of(case, viewer, now_of(db))
    await db.flush()
    await write(db, viewer.program_id, [about(case.incident, Kind.care_noted, viewer.actor, item=item)])
