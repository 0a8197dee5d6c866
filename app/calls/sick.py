"""One sick row cannot stop the others: a person is told to do it by hand, and the row is never looked at again."""

import logging
from uuid import UUID

from sqlalchemy import select, update

from app.db import Database, now_of
from app.incidents.models import ContactAttempt, Incident
from app.journal.kinds import Kind
from app.journal.write import RULE, NewEntry, write

log = logging.getLogger(__name__)

CODE = "sick"


async def give_to_a_person(database: Database, program_id: UUID, attempt_id: UUID) -> None:
    """Plain updates only: whatever made the row sick may lie in the rules or in a sealed field."""
    log.error("attempt %s is sick; a person is told to act by hand", attempt_id)
    of_attempt = (ContactAttempt.program_id == program_id) & (ContactAttempt.id == attempt_id)
    async with database.transaction(None) as db:
        incident = (
            await db.scalars(
                select(Incident)
                .join(
                    ContactAttempt,
                    (ContactAttempt.program_id == Incident.program_id)
                    & (ContactAttempt.incident_id == Incident.id),
                )
                .where(of_attempt)
                .with_for_update(of=Incident)
            )
        ).one()
        incident.by_hand = CODE
        now = now_of(db)
        await db.execute(
            update(ContactAttempt)
            .where(of_attempt, ContactAttempt.status == "planned")
            .values(status="failed", ended_at=now)
        )
        await db.execute(
            update(ContactAttempt)
            .where(of_attempt, ContactAttempt.ended_at.is_(None))
            .values(wanted="hang_up")
        )
        await db.execute(update(ContactAttempt).where(of_attempt).values(result="failed", error_code=CODE))
        entry = NewEntry(
            Kind.sick_row,
            RULE,
            incident_id=incident.id,
            client_id=incident.client_id,
            group_session_id=incident.group_session_id,
            detail={"attempt_id": str(attempt_id)},
        )
        await write(db, program_id, [entry])
