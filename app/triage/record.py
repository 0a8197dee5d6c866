"""Safety checks in a copy of the whole record (45 CFR 164.524), and the little that a guardian's copy holds (R16)."""

from typing import Any

from app.clients.models import Client
from app.db import Db, reveal
from app.staff import queries as staff
from app.triage import screening
from app.triage.queries import given_of, of_client
from app.triage.schema import Tier


async def of_record(db: Db, client: Client, *, guardian: bool) -> list[dict[str, Any]]:
    """The newest first. A guardian reads that somebody asked and which tier was chosen, and never what was answered."""
    rows = await of_client(db, client.program_id, client.id)
    done = [row for row in rows if row.state == "done"]
    names = await staff.names(db, client.program_id, {row.done_by for row in done if row.done_by})
    held = screening.logic()
    made = []
    for row in done if guardian else rows:
        tier: Tier | None = row.chosen_tier  # type: ignore[assignment] # held by the table
        line: dict[str, Any] = {
            "at": (row.done_at or row.saved_at).isoformat(),
            "by": names.get(row.done_by) if row.done_by else None,
            "state": row.state,
            "tier": tier,
        }
        if not guardian:
            code = screening.answer_code(held, tier) if tier else None
            line |= {
                "suggested": row.computed_tier or "not assessed",
                "rules": row.rules_version,
                "risk_level": {"system": "http://loinc.org", "code": held.derived.loinc, "answer": code}
                if code
                else None,
                "given": given_of(db, row).model_dump(mode="json", exclude_defaults=True),
                "reason": reveal(db, row, "reason"),
                "next_contact_at": row.next_contact_at.isoformat() if row.next_contact_at else None,
            }
        made.append(line)
    return made
