"""What changes a group session and what is known of each person's presence. Nothing here commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert

from app.db import Db, new_id, now_of
from app.group_sessions.evidence import Cause, Source
from app.group_sessions.fusing import Transition, settle
from app.group_sessions.models import Presence, PresenceFact

__all__ = ["NewFact", "Transition", "record_facts", "refresh"]


@dataclass(frozen=True, slots=True)
class NewFact:
    """What one source says of one client. Without `delivery_id` it is told once; with one, repeats have no effect.

    `occurred_at` None means now. `received_at` is set when it is kept: a delivery may be kept for later.
    """

    client_id: UUID
    source: Source
    kind: str
    occurred_at: datetime | None = None
    delivery_id: str | None = None
    cause: Cause | None = None
    connection: str | None = None
    by_staff_id: UUID | None = None
    until: datetime | None = None


async def record_facts(
    db: Db, group_session_id: UUID, facts: Sequence[NewFact], *, program_id: UUID | None = None
) -> list[Transition]:
    """Stores what is new and fuses those clients again. The caller passes the result to `incidents.presence.follow`.

    `program_id` is needed only where the transaction spans programs. People who are not on the roster change nothing.
    """
    program = program_id or db.info["program_id"]
    now = now_of(db)
    if not facts:
        return []
    kept = await db.execute(
        insert(PresenceFact)
        .values(
            [
                {
                    "program_id": program,
                    "id": new_id(),
                    "group_session_id": group_session_id,
                    "client_id": fact.client_id,
                    "source": fact.source,
                    "kind": fact.kind,
                    "cause": fact.cause,
                    "connection": fact.connection,
                    "by_staff_id": fact.by_staff_id,
                    "until": fact.until,
                    "occurred_at": fact.occurred_at or now,
                    "received_at": now,
                    "delivery_id": fact.delivery_id or uuid4().hex,
                }
                for fact in facts
            ]
        )
        .on_conflict_do_nothing(index_elements=["program_id", "delivery_id"])
        .returning(PresenceFact.client_id)
    )
    return await refresh(db, group_session_id, set(kept.scalars()), program_id=program)


async def refresh(
    db: Db,
    group_session_id: UUID,
    client_ids: Iterable[UUID] | None = None,
    *,
    program_id: UUID | None = None,
) -> list[Transition]:
    """Fuses again without new facts: after a change of tier, of the group's state, or of the roster. None: everybody."""
    where = [
        Presence.program_id == (program_id or db.info["program_id"]),
        Presence.group_session_id == group_session_id,
    ]
    if client_ids is not None:
        wanted = list(client_ids)
        if not wanted:
            return []
        where.append(Presence.client_id.in_(wanted))
    return await settle(db, now_of(db), *where)
