"""Is it alive, is it well, and the release of an engine that was held after a restore."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import select

from app.clients.models import Client
from app.db import Database, now_of
from app.engine import state
from app.incidents.models import EngineState, EscalationStep, Incident
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter(tags=["engine"])

# The engine goes round every second; five missed rounds are a fault a monitor must call out.
TICK_OLD_SECONDS = 5


class HeldStep(BaseModel):
    id: UUID
    client: str
    step: str
    tier: str
    run_at: datetime
    limit_at: datetime
    void: bool


class Held(BaseModel):
    held: bool
    since: datetime | None
    reason: str | None
    steps: list[HeldStep]


@router.get("/livez", include_in_schema=False)
async def livez() -> dict[str, bool]:
    """The process answers. Nothing else: killing it because the provider is down would be the second disaster."""
    return {"alive": True}


@router.get("/healthz", include_in_schema=False)
async def healthz(request: Request) -> JSONResponse:
    """For people and outside monitors: 503 when the engine does not go round, is held, or steps are overdue."""
    database: Database = request.app.state.database
    async with database.transaction(None) as db:
        row = (await db.execute(select(EngineState).where(EngineState.id == 1))).scalar_one_or_none()
        age = (now_of(db) - row.last_tick).total_seconds() if row and row.last_tick else None
    body: dict[str, Any] = {
        "engine_tick_age_s": round(age, 1) if age is not None else None,
        "engine_held": bool(row and row.held_since),
        "overdue_steps": row.overdue_steps if row else 0,
        "provider_failing": bool(row and row.failing_since),
    }
    # No fault by itself: an installation may be for practice alone.
    line = {"outside_line": row.outside_line if row else None}
    well = age is not None and age <= TICK_OLD_SECONDS and not any(list(body.values())[1:])
    return JSONResponse({"well": well, **body, **line}, status_code=200 if well else 503)


@router.get("/api/engine/held")
async def held(viewer: CurrentViewer, db: ViewerDb) -> Held:
    require(viewer, "administrator", "supervisor")
    row = (await db.execute(select(EngineState).where(EngineState.id == 1))).scalar_one_or_none()
    now = now_of(db)
    found = await db.execute(
        select(EscalationStep, Client.name_used)
        .join(
            Incident,
            (Incident.program_id == EscalationStep.program_id) & (Incident.id == EscalationStep.incident_id),
        )
        .join(Client, (Client.program_id == Incident.program_id) & (Client.id == Incident.client_id))
        .where(
            EscalationStep.program_id == viewer.program_id,
            EscalationStep.status.in_(("pending", "dialing", "unknown")),
            Incident.state == "open",
        )
        .order_by(EscalationStep.limit_at)
    )
    return Held(
        held=bool(row and row.held_since),
        since=row.held_since if row else None,
        reason=row.held_reason if row else None,
        steps=[
            HeldStep(
                id=step.id,
                client=name,
                step=step.key,
                tier=step.tier,
                run_at=step.run_at,
                limit_at=step.limit_at,
                void=step.void_after < now,
            )
            for step, name in found
        ],
    )


@router.post("/api/engine/release")
async def release(viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> dict[str, bool]:
    require(viewer, "administrator")
    if not await once(db, viewer, command, "engine.release"):
        return {"released": True}
    released = await state.release(db, viewer.staff_id)
    if released:
        await write(db, viewer.program_id, [NewEntry(Kind.engine_released, viewer.actor, retention="audit")])
    return {"released": released}
