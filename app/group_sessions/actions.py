"""What changes a group session and what is known of each person's presence. Nothing here commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.clients.models import Client
from app.db import Db, conceal, new_id, now_of
from app.errors import NotFound
from app.group_sessions.evidence import Cause, Source
from app.group_sessions.fusing import Transition, keep, settle
from app.group_sessions.models import GroupSession, LocationCheckIn, Presence
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.prepared import Prepared
from app.staff.access import Viewer

__all__ = ["NewFact", "Transition", "record_facts", "record_facts_of", "refresh", "tell_place"]


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


_HOLD = Prepared(
    """
    select 1 as held from presence
    where program_id = :program and (group_session_id, client_id) in (
        select * from unnest(cast(:meeting as uuid[]), cast(:client as uuid[])))
    order by group_session_id, client_id for update
    """
)


async def record_facts(
    db: Db, group_session_id: UUID, facts: Sequence[NewFact], *, program_id: UUID | None = None
) -> list[Transition]:
    """Stores what is new and fuses those clients again. The caller passes the result to `incidents.presence.follow`.

    `program_id` is needed only where the transaction spans programs. People who are not on the roster change nothing.
    """
    program = program_id or db.info["program_id"]
    return await record_facts_of(db, program, [(group_session_id, fact) for fact in facts])


async def record_facts_of(
    db: Db, program_id: UUID, told: Sequence[tuple[UUID, NewFact]], *, held: bool = False
) -> list[Transition]:
    """The same for any of a program's meetings at once. `held`: their rows of presence are locked already, before this
    statement, which reads what others have told of them until then."""
    now = now_of(db)
    if not told:
        return []
    facts = [fact for _, fact in told]
    whose = {"meeting": [meeting for meeting, _ in told], "client": [fact.client_id for fact in facts]}
    if not held:
        await _HOLD.rows(db, program=program_id, **whose)
    columns: dict[str, Sequence[object]] = whose | {
        "id": [new_id() for _ in facts],
        "source": [fact.source for fact in facts],
        "kind": [fact.kind for fact in facts],
        "cause": [fact.cause for fact in facts],
        "connection": [fact.connection for fact in facts],
        "by_staff": [fact.by_staff_id for fact in facts],
        "until": [fact.until for fact in facts],
        "occurred": [fact.occurred_at or now for fact in facts],
        "delivery": [fact.delivery_id or uuid4().hex for fact in facts],
    }
    return await keep(db, program_id, now, columns)


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


async def tell_place(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, label: str | None = None
) -> None:
    """Told me privately: the usual place without a label, another one with it (R8). Counts for this meeting only."""
    meeting = await of_viewer(db, viewer, group_session_id)
    client = await expected(db, meeting, client_id)
    told = LocationCheckIn(
        program_id=viewer.program_id,
        id=new_id(),
        group_session_id=meeting.id,
        client_id=client.id,
        source="told_privately",
        same_place=label is None,
        dispatch_line_id=client.home_dispatch_line_id if label is None else None,
        confirmed_by=viewer.staff_id,
        confirmed_at=now_of(db),
    )
    conceal(db, told, "label", label)
    db.add(told)
    entry = NewEntry(
        Kind.place_told,
        viewer.actor,
        client_id=client.id,
        group_session_id=meeting.id,
        detail={"place": label or client.home_label or "the usual place", "same_place": label is None},
    )
    await write(db, viewer.program_id, [entry])


async def expected(db: Db, meeting: GroupSession, client_id: UUID) -> Client:
    """Somebody on this meeting's roster."""
    presence = await db.get(Presence, (meeting.program_id, meeting.id, client_id))
    client = await db.get(Client, (meeting.program_id, client_id))
    if presence is None or presence.removed_at is not None or client is None:
        raise NotFound("This person is not on the roster of this group session.")
    return client
