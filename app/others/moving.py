"""The alert that a list of everybody else began with was about somebody else of the group (R17): who it is about leaves the
list, and whoever was taken for them joins it. Nothing that was said is lost."""

from uuid import UUID

from sqlalchemy import select

from app.db import Db, now_of
from app.group_sessions.models import GroupSession
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.others.actions import all_looked_at
from app.others.models import OthersCheck, OthersRound
from app.others.opening import GAP, checks_for, were_there
from app.staff.access import Viewer
from app.staff.models import Program
from app.tasks.actions import settle_gap


async def moved(
    db: Db,
    viewer: Viewer,
    meeting: GroupSession,
    wrong: tuple[UUID, UUID],
    right: tuple[UUID, UUID],
) -> list[NewEntry]:
    """`wrong`, `right`: incident and client. Returns the entries; the caller writes them last."""
    of_round = await db.scalar(
        select(OthersRound)
        .where(OthersRound.program_id == meeting.program_id, OthersRound.incident_id == wrong[0])
        .order_by(OthersRound.begun_at.desc())
        .limit(1)
        .with_for_update()
    )
    if of_round is None:
        return []
    of_round.incident_id, of_round.client_id = right
    entries = [
        *await _leaves(db, viewer, of_round, right[1]),
        *await _joins(db, viewer, meeting, of_round, wrong[1]),
    ]
    await db.flush()
    told = NewEntry(
        Kind.others_moved,
        viewer.actor,
        incident_id=right[0],
        client_id=right[1],
        group_session_id=meeting.id,
        detail={"round": of_round.id},
    )
    return [told, *entries, *await all_looked_at(db, viewer, of_round)]


async def _leaves(db: Db, viewer: Viewer, of_round: OthersRound, client_id: UUID) -> list[NewEntry]:
    """They are looked after with the alert from here on; the call afterwards was one of the others'."""
    check = await _check(db, of_round, client_id)
    if check is None or check.left_at is not None:
        return []
    check.left_at = now_of(db)
    # Of another list of theirs that stands the call stands, too.
    over = [] if await _of_another(db, check) else await _not_needed(db, viewer, check)
    return [_said(Kind.others_left, viewer, of_round, check), *over]


async def _joins(
    db: Db, viewer: Viewer, meeting: GroupSession, of_round: OthersRound, client_id: UUID
) -> list[NewEntry]:
    """As if they had been on it from the start, with the same time until which they are rung."""
    if client_id not in await were_there(db, meeting):
        return []
    program = await db.get_one(Program, viewer.program_id)
    [fresh], entries = await checks_for(
        db, program, meeting, of_round.id, [client_id], of_round.begun_at, of_round.begun_by, viewer.staff_id
    )
    check = await _check(db, of_round, client_id)
    await db.flush()
    if check is None:
        check = fresh
        db.add(check)
    else:
        check.left_at, check.task_id = None, fresh.task_id
    if check.state == "open" and not await _one_stands(db, of_round):
        of_round.all_at = None
    return [_said(Kind.others_joined, viewer, of_round, check), *entries]


async def _check(db: Db, of_round: OthersRound, client_id: UUID) -> OthersCheck | None:
    found: OthersCheck | None = await db.scalar(
        select(OthersCheck)
        .where(
            OthersCheck.program_id == of_round.program_id,
            OthersCheck.round_id == of_round.id,
            OthersCheck.client_id == client_id,
        )
        .with_for_update()
    )
    return found


async def _one_stands(db: Db, of_round: OthersRound) -> bool:
    """A list of this meeting that people still go through: there is one at most."""
    found = await db.scalar(
        select(OthersRound.id).where(
            OthersRound.program_id == of_round.program_id,
            OthersRound.group_session_id == of_round.group_session_id,
            OthersRound.all_at.is_(None),
        )
    )
    return found is not None


async def _of_another(db: Db, check: OthersCheck) -> bool:
    found = await db.scalar(
        select(OthersCheck.id)
        .where(
            OthersCheck.program_id == check.program_id,
            OthersCheck.task_id == check.task_id,
            OthersCheck.id != check.id,
            OthersCheck.left_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


async def _not_needed(db: Db, viewer: Viewer, check: OthersCheck) -> list[NewEntry]:
    return await settle_gap(db, check.program_id, check.client_id, GAP, viewer.staff_id, outcome="not_needed")


def _said(kind: Kind, viewer: Viewer, of_round: OthersRound, check: OthersCheck) -> NewEntry:
    """No incident, and nobody else: this stands in the record of the person it is about."""
    return NewEntry(
        kind,
        viewer.actor,
        client_id=check.client_id,
        group_session_id=of_round.group_session_id,
        detail={"check": check.id, "said": check.state},
    )
