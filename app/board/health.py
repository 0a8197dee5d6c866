"""What every board says of Handrail itself: whether the engine goes round and the telephone works, and what waits."""

from uuid import UUID

from sqlalchemy import func, select

from app.board.cards import Health, Telephone
from app.clients.models import Disclosure
from app.db import Db, now_of
from app.incidents.models import EngineState, EscalationStep, Incident
from app.staff.models import EmergencyAccess, Program


async def health(db: Db, program_id: UUID) -> Health:
    now = now_of(db)
    engine = (await db.execute(select(EngineState).where(EngineState.id == 1))).scalar_one_or_none()
    overdue = await db.scalar(
        select(func.count())
        .select_from(EscalationStep)
        .join(
            Incident,
            (Incident.program_id == EscalationStep.program_id) & (Incident.id == EscalationStep.incident_id),
        )
        .where(
            EscalationStep.program_id == program_id,
            EscalationStep.status == "pending",
            EscalationStep.waits_for_person.is_(False),
            EscalationStep.limit_at < now,
            Incident.state == "open",
        )
    )
    program = (await db.execute(select(Program).where(Program.id == program_id))).scalar_one()
    return Health(
        at=now,
        engine_tick=engine.last_tick if engine else None,
        engine_held=bool(engine and engine.held_since),
        overdue_steps=int(overdue or 0),
        telephone=_telephone(engine, program),
        protocols=program.settings.get("protocol_refused"),
        second_looks=await _second_looks(db, program_id),
    )


def _telephone(engine: EngineState | None, program: Program) -> Telephone:
    if program.lines == "simulated":
        return "simulated"
    if engine and engine.outside_line is False:
        return "not_set_up"
    return "failing" if engine and engine.failing_since else "ok"


async def _second_looks(db: Db, program_id: UUID) -> int:
    """A number for everybody; who and whom is read by supervisors alone."""
    accesses = (
        select(func.count())
        .select_from(EmergencyAccess)
        .where(EmergencyAccess.program_id == program_id, EmergencyAccess.reviewed_at.is_(None))
    )
    told = (
        select(func.count())
        .select_from(Disclosure)
        .where(
            Disclosure.program_id == program_id,
            Disclosure.second_look_due_at.is_not(None),
            Disclosure.second_look_at.is_(None),
        )
    )
    counted = await db.scalar(select(accesses.scalar_subquery() + told.scalar_subquery()))
    return int(counted or 0)
