"""Nobody has to come after all: two people say so, each with their own sign-in, and the dispatcher is told.

Until that is done nothing changes: help keeps coming, the callers keep their lanes, the clocks run on.
"""

from uuid import UUID

from app.db import Db, conceal, new_id, now_of
from app.emergency import standing
from app.emergency.brief import wrote
from app.emergency.chains import answered
from app.emergency.models import StandDown
from app.errors import Conflict, NotAllowed, NotFound
from app.incidents.actions import case_of, renew_of
from app.incidents.carry import carry_out
from app.incidents.cases import Case
from app.incidents.presence import about
from app.incidents.situation import Move
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.lanes import actions as lanes
from app.staff.access import Viewer

NOTHING = "Nobody was called and no emergency is declared, so there is nothing to stand down."
OWN = "You proposed this. A second person has to agree, with their own sign-in."


async def propose(db: Db, viewer: Viewer, incident_id: UUID, reason: str) -> None:
    case = await case_of(db, viewer, incident_id)
    row = await standing.of_incident(db, case.incident)
    declared = row is not None and row.declared_at is not None
    if not declared and not await _somebody_comes(db, case):
        raise Conflict(NOTHING, code="nothing_to_stand_down")
    if await standing.stand_down_of(db, case.incident) is not None:
        raise Conflict("A stand-down is proposed already. Agree to it, or withdraw it.", code="not_now")
    made = StandDown(
        program_id=viewer.program_id,
        id=new_id(),
        incident_id=incident_id,
        proposed_by=viewer.staff_id,
        proposed_at=now_of(db),
    )
    conceal(db, made, "reason", reason)
    db.add(made)
    kind = Kind.stand_down_proposed
    entry = about(case.incident, kind, viewer.actor, reason=reason, by_person=True, stand_down=made.id)
    await wrote(db, case, viewer, entry)


async def agree(db: Db, viewer: Viewer, incident_id: UUID, stand_down_id: UUID) -> None:
    """By somebody else than who proposed it. Where nobody was sent, that is all there is to do."""
    case, row = await _locked(db, viewer, incident_id, stand_down_id)
    if row.agreed_at is not None:
        return
    if row.proposed_by == viewer.staff_id:
        raise NotAllowed(OWN, code="second_person")
    row.agreed_by, row.agreed_at = viewer.staff_id, now_of(db)
    entry = about(case.incident, Kind.stand_down_agreed, viewer.actor, stand_down=row.id)
    if await _somebody_comes(db, case):
        await wrote(db, case, viewer, entry)
    else:
        await _done(db, viewer, case, row, entry)


async def told(db: Db, viewer: Viewer, incident_id: UUID, stand_down_id: UUID) -> None:
    """The dispatcher knows: from here the emergency is over."""
    case, row = await _locked(db, viewer, incident_id, stand_down_id)
    if row.agreed_at is None:
        raise Conflict(
            "A second person has to agree first. Until then help keeps coming.", code="second_person"
        )
    row.told_by, row.told_at = viewer.staff_id, now_of(db)
    entry = about(case.incident, Kind.stand_down_told, viewer.actor, stand_down=row.id)
    await _done(db, viewer, case, row, entry)


async def withdraw(db: Db, viewer: Viewer, incident_id: UUID, stand_down_id: UUID) -> None:
    case, row = await _locked(db, viewer, incident_id, stand_down_id)
    row.withdrawn_by, row.withdrawn_at = viewer.staff_id, now_of(db)
    entry = about(case.incident, Kind.stand_down_withdrawn, viewer.actor, stand_down=row.id)
    await wrote(db, case, viewer, entry)


async def _locked(db: Db, viewer: Viewer, incident_id: UUID, stand_down_id: UUID) -> tuple[Case, StandDown]:
    case = await case_of(db, viewer, incident_id)
    row = await standing.stand_down_of(db, case.incident, lock=True)
    if row is None or row.id != stand_down_id:
        raise NotFound("This stand-down is over: it was done, or withdrawn. Look at the card again.")
    return case, row


async def _somebody_comes(db: Db, case: Case) -> bool:
    """Also while somebody is on a line: what the dispatcher does of that call, nobody knows yet."""
    calls = await standing.calls_of(db, case.incident)
    return any(call.outcome == "dispatched" or call.ended_at is None for call in calls)


async def _done(db: Db, viewer: Viewer, case: Case, row: StandDown, entry: NewEntry) -> None:
    row.done_at = now_of(db)
    emergency = await standing.of_incident(db, case.incident)
    if emergency is not None:
        emergency.stood_down_at = row.done_at
    work = Work(case, Move(), viewer.actor, [entry])
    await lanes.stand_down(db, work, viewer)
    renew_of(case, viewer, now_of(db))
    await carry_out(db, [work, *await answered(db, viewer, case, {"person.stand_down": ("agreed",)})])
