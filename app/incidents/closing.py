"""Nothing closes itself (R15): how an incident ends, and that an outage is not our side (R1)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from app.db import Db, now_of
from app.errors import Conflict, NotFound, NotValid
from app.incidents import cases, lowering, rules
from app.incidents.beginning import SECURE_GROUP
from app.incidents.carry import carry_out
from app.incidents.cases import CONCERN, Case
from app.incidents.models import Incident, Outage
from app.incidents.presence import about
from app.incidents.pressing import case_of, told_to_runs
from app.incidents.situation import Ended, Move, OutageCleared, Signal, Verified
from app.incidents.work import Work
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer, may_see_group_session

# As text because agreements belong to a package above this one.
_STANDS = text(
    """
    select 1 from agreement a
    where a.program_id = :program and a.incident_id = :incident
      and (a.ended_at is null or a.check_wanted_at is not null and a.check_done_at is null)
    limit 1
    """
)


async def close(
    db: Db,
    viewer: Viewer,
    incident_id: UUID,
    outcome: str,
    words: str,
    next_contact_at: datetime | None = None,
    more: Sequence[NewEntry] = (),
) -> None:
    """Nothing closes itself (R15). Without a live check it needs the supervisor and a note that says why."""
    case = await case_of(db, viewer, incident_id)
    incident, now = case.incident, now_of(db)
    if incident.kind == CONCERN and incident.reason != "danger":
        await _may_close_concern(db, case, words)
    elif incident.verified_at is None:
        if "supervisor" not in viewer.roles:
            raise Conflict(
                "Nobody has recognised the client yet. Recognise them live, or ask the supervisor to close with a reason.",
                code="not_verified",
            )
        if len(words.strip()) < 10:
            raise NotValid(
                "Say in a sentence why this may close without a live check.", fields={"note": "Too short."}
            )
    standing = {"program": incident.program_id, "incident": incident.id}
    if "supervisor" not in viewer.roles and await db.scalar(_STANDS, standing):
        raise Conflict(
            "An agreement with the client still waits for somebody to look at it again. Answer it first, or ask the supervisor to close.",
            code="agreement_stands",
        )
    await _may_leave_the_others(db, case, words)
    if incident.id in await lowering.waiting(db, viewer.program_id, [incident.id]):
        raise Conflict(
            "A lower tier waits for a second person. Decide about it, or take it back, then close.",
            code="lowering_waits",
        )
    incident.state = "closed"
    incident.outcome = outcome
    incident.closed_at = now
    incident.closed_by = viewer.staff_id
    incident.by_hand = None
    move = rules.advance(case.protocol, case.situation(), over_with(case, "stopped"), now)
    entry = about(
        incident,
        Kind.incident_closed,
        viewer.actor,
        outcome=outcome,
        note=words,
        next_contact_at=next_contact_at,
    )
    over = await told_to_runs(db, [case], Ended("stopped"), viewer.actor)
    await carry_out(db, [Work(case, move, viewer.actor, [entry, *more]), *over])


async def _may_close_concern(db: Db, case: Case, words: str) -> None:
    """Staff have been with them all along. What still runs is ended by whoever says why."""
    runs = await cases.load_runs(db, [case])
    if (case.active or runs) and len(words.strip()) < 10:
        raise NotValid(
            "Something is still open here. Say in a sentence why it may close.", fields={"note": "Too short."}
        )


async def _may_leave_the_others(db: Db, case: Case, words: str) -> None:
    """What is read to the group ends with the incident; each person's call goes on."""
    runs = await cases.load_runs(db, [case])
    if any(run.protocol_id == SECURE_GROUP for run in runs) and len(words.strip()) < 10:
        raise NotValid(
            "The others of the group are still being looked after. Finish that, or say in a sentence why this may close.",
            fields={"note": "Too short."},
        )


def over_with(case: Case, word: str) -> Signal:
    """What closing means for the incident's own chain: the search is over, or what a person began ends with it."""
    return Verified() if case.protocol.signals is not None else Ended(word)


async def not_our_side(db: Db, viewer: Viewer, outage_id: UUID) -> None:
    """R1: a person says the drops are not our outage; contact and responder steps open again for a press."""
    outage = await db.get(Outage, (viewer.program_id, outage_id))
    if outage is None:
        raise NotFound("There is no such outage.")
    found = await db.execute(
        select(Incident.id).where(
            Incident.program_id == viewer.program_id,
            Incident.outage_id == outage_id,
            Incident.state == "open",
        )
    )
    locked = await cases.lock(db, list(found.scalars()))
    await db.refresh(outage)
    if outage.cleared_at is not None:
        return
    loaded = await cases.load(db, locked)
    if not any(may_see_group_session(viewer, case.meeting) for case in loaded.values()):
        raise NotFound("There is no such outage.")
    outage.cleared_at = now_of(db)
    outage.cleared_by = viewer.staff_id
    work = []
    for case in loaded.values():
        case.locked = False
        move = Move()
        if case.incident.verified_at is None:
            move = rules.advance(case.protocol, case.situation(), OutageCleared(), now_of(db))
        entry = about(case.incident, Kind.outage_cleared, viewer.actor, outage=outage_id)
        work.append(Work(case, move, viewer.actor, [entry]))
    await carry_out(db, work)
