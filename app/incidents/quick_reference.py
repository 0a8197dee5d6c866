"""The quick reference on an incident: the same glance, for the one person it is about, by the incident's own tier."""

from app.db import Db
from app.group_sessions.models import Group
from app.group_sessions.quick_reference import QuickGroup, QuickReference, asking, person, reference
from app.incidents.cases import Case
from app.incidents.person_panel import check_in_of
from app.places.queries import directory


async def of_incident(db: Db, case: Case) -> QuickReference:
    known = await directory(db, case.incident.program_id)
    group = await db.get(Group, (case.incident.program_id, case.meeting.group_id))
    place, asks = await check_in_of(db, case), await asking(db, case.meeting)
    one = person(db, known, case.reach.client, place, case.incident.tier, asks)
    return await reference(
        db, case.incident.program_id, known, [QuickGroup(name=group.name if group else "", people=[one])]
    )
