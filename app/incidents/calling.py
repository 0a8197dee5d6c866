"""A call or a text by a person's own press. R2 still holds."""

from typing import Any
from uuid import UUID

from app.db import Db, now_of
from app.errors import Conflict, NotFound
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.legs import Legs
from app.incidents.presence import about
from app.incidents.pressing import case_of, renew_of
from app.incidents.situation import Move
from app.incidents.staffing import staffing_of
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.staff.access import Viewer


async def call(db: Db, viewer: Viewer, incident_id: UUID, phone_id: UUID) -> None:
    """A call now, by a person's press: their own phone first, then the client's. R2 still holds."""
    case = await case_of(db, viewer, incident_id)
    phone = _phone(case, phone_id)
    case.staff.people |= (await staffing_of(db, [case.meeting], [viewer.staff_id])).people
    me = case.staff.of(viewer.staff_id)
    if me is None or me.phone is None:
        raise Conflict("You have no telephone in Handrail. Ask an administrator to add it, or dial by hand.")
    work = Work(case, Move(), viewer.actor)
    work.entries.append(about(case.incident, Kind.noted, viewer.actor, words="Calls now", last2=phone.last2))
    Legs(db, work).ring_now(phone, me)
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [work])


async def text(db: Db, viewer: Viewer, incident_id: UUID) -> None:
    """The protocol's neutral text, now. Refused where no number takes texts."""
    case = await case_of(db, viewer, incident_id)
    numbers = case.facts.textable()
    if not numbers:
        raise Conflict("No number of this client takes texts. Call instead, or reach them another way.")
    work = Work(case, Move(), viewer.actor)
    Legs(db, work).text_now(numbers[0].id)
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [work])


def _phone(case: Case, phone_id: UUID) -> Any:
    phone = next((p for p in case.reach.phones if p.id == phone_id), None)
    if phone is None:
        raise NotFound("This number is no longer on the client's record.")
    if case.facts.guarded and not phone.safe_to_ring:
        raise Conflict(
            "This number is not marked safe to ring, and the home may not be safe. "
            "Choose a number marked safe, or decide with the supervisor.",
            code="not_safe_to_ring",
        )
    return phone
