"""Calls after a crisis for the copy of a whole record: what was planned, what came of it, in the words that were kept."""

import json
from typing import Any

from sqlalchemy import select

from app.clients.models import Client
from app.db import Db, reveal
from app.follow_ups.models import CheckInPlan, FollowUp


async def of_record(db: Db, client: Client) -> list[dict[str, Any]]:
    key = (FollowUp.program_id == client.program_id, FollowUp.client_id == client.id)
    rows = await db.scalars(select(FollowUp).where(*key).order_by(FollowUp.due_at, FollowUp.id))
    plans = await db.scalars(
        select(CheckInPlan).where(
            CheckInPlan.program_id == client.program_id, CheckInPlan.client_id == client.id
        )
    )
    why = {plan.id: reveal(db, plan, "why") for plan in plans}
    made = []
    for row in rows:
        said: dict[str, Any] = json.loads(reveal(db, row, "said") or "{}")
        whole = {
            "kind": row.kind,
            "due": row.due_at.isoformat(),
            "planned_for": why.get(row.plan_id) if row.plan_id else None,
            "ended": row.ended_at.isoformat() if row.ended_at else None,
            "outcome": row.outcome,
            **said,
        }
        made.append({name: value for name, value in whole.items() if value not in (None, "")})
    return made
