"""From a checked delivery to a presence fact, and from a person's word to who a participant is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.clients.models import Client
from app.db import Db, conceal, new_id, now_of, reveal, seal_of
from app.errors import Conflict, NotFound, NotValid
from app.group_sessions.actions import NewFact, Transition, expected, record_facts
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.scheduling import of_viewer
from app.incidents import presence
from app.journal.kinds import Kind
from app.journal.write import PLATFORM, NewEntry
from app.lanes import hearing
from app.prepared import Prepared
from app.rooms.deliveries import Delivery
from app.rooms.models import PlatformPerson
from app.staff.access import Viewer
from app.staff.models import StaffMember

# A room is used again every week: a delivery belongs to the meeting that is open, or to one that is about to be.
EARLY = timedelta(hours=1)
# A guest who comes and goes all evening; the newest words decide who is there.
MOST_KEPT = 40


@dataclass(frozen=True, slots=True)
class Sender:
    """A platform's connection whose secret signed a delivery."""

    program_id: UUID
    id: UUID
    api_key: str
    secret: str = field(repr=False)


class Connected(Protocol):
    @property
    def program_id(self) -> UUID: ...
    @property
    def id(self) -> UUID: ...


async def take(db: Db, connection: Connected, deliveries: Sequence[Delivery]) -> None:
    """One transaction: facts, what follows from them, and the journal. Repeats have no effect."""
    for delivery in deliveries:
        key = seal_of(db).keyed_hash("platform_person", f"{connection.id}:{delivery.person}")
        known = await _known(db, connection, delivery, key)
        if known is None:
            continue
        client_id, entries = known.client_id, []
        if client_id is None and known.staff_id is None:
            person, is_new = await _person(db, connection, known.meeting_id, delivery, key)
            client_id = person.client_id
            if client_id is None and person.staff_id is None:
                _keep(db, person, delivery)
                if is_new:
                    entries.append(_unmatched(known.meeting_id, person, delivery))
        transitions = await _told(db, connection, known, client_id, delivery)
        if transitions or entries:
            more = [(connection.program_id, entry) for entry in entries]
            await presence.follow(db, transitions, actor=PLATFORM, more=more)


async def _told(
    db: Db, connection: Connected, known: Any, client_id: UUID | None, delivery: Delivery
) -> list[Transition]:
    """A client's fact; or a colleague's, who may have the eyes on somebody, or the group, when they fall out."""
    if client_id is not None:
        return await record_facts(db, known.meeting_id, [_fact(connection.id, client_id, delivery)])
    if known.staff_id is not None:
        await hearing.in_the_video(
            db,
            connection.program_id,
            known.meeting_id,
            known.staff_id,
            connection=delivery.connection,
            here=delivery.kind == "joined",
            cause=delivery.cause,
            at=min(delivery.occurred_at, now_of(db)),
        )
    return []


async def tell(db: Db, connection: Connected, meeting_id: UUID, client_id: UUID, delivery: Delivery) -> None:
    """Of somebody who is known: the fact, and what follows from it."""
    facts = [_fact(connection.id, client_id, delivery)]
    transitions = await record_facts(db, meeting_id, facts, program_id=connection.program_id)
    if transitions:
        await presence.follow(db, transitions, actor=PLATFORM)


# The meeting of this room, or of a private room beside it, and who this is, if somebody has said so: one round trip on
# every drop's way.
_KNOWN = Prepared(
    """
    select g.id as meeting_id, p.client_id, p.staff_id
    from group_session g
    left join platform_person p on p.program_id = g.program_id and p.connection_id = g.platform_connection_id
        and p.room_ref = g.platform_ref and p.person_key = :person
    where g.program_id = :program and g.platform_connection_id = :connection
      and (g.platform_ref = :room or exists (
        select 1 from breakout b
        where b.program_id = g.program_id and b.group_session_id = g.id and b.room_ref = :room))
      and g.state <> 'closed' and g.starts_at <= :until
    order by g.state not in ('open', 'paused'), g.starts_at desc
    limit 1
    """
)


async def _known(db: Db, connection: Connected, delivery: Delivery, key: bytes) -> Any:
    """Its `meeting_id`, `client_id` and `staff_id`; None when nobody meets in this room now."""
    rows = await _KNOWN.rows(
        db,
        program=connection.program_id,
        connection=connection.id,
        room=delivery.room,
        person=key,
        until=now_of(db) + EARLY,
    )
    return rows[0] if rows else None


def _unmatched(meeting_id: UUID, person: PlatformPerson, delivery: Delivery) -> NewEntry:
    detail = {"shown_as": delivery.shown_as, "person": person.id}
    return NewEntry(Kind.person_unmatched, PLATFORM, group_session_id=meeting_id, detail=detail)


async def _person(
    db: Db, connection: Connected, meeting_id: UUID, delivery: Delivery, key: bytes
) -> tuple[PlatformPerson, bool]:
    """Locked while nobody has said who it is: two deliveries at once must both be kept."""
    wanted = (
        select(PlatformPerson)
        .where(
            PlatformPerson.program_id == connection.program_id,
            PlatformPerson.connection_id == connection.id,
            PlatformPerson.room_ref == delivery.room,
            PlatformPerson.person_key == key,
        )
        .execution_options(populate_existing=True)
    )
    known = (await db.scalars(wanted)).first()
    is_new = False
    if known is None:
        made = await db.execute(
            insert(PlatformPerson)
            .values(
                program_id=connection.program_id,
                id=new_id(),
                connection_id=connection.id,
                room_ref=delivery.room,
                person_key=key,
                client_id=await _named_in_reference(db, connection.program_id, meeting_id, delivery),
                first_seen_at=now_of(db),
            )
            .on_conflict_do_nothing()
            .returning(PlatformPerson.id)
        )
        is_new = made.first() is not None
    if known is None or (known.client_id is None and known.staff_id is None):
        known = (await db.scalars(wanted.with_for_update())).one()
    return known, is_new


async def _named_in_reference(db: Db, program_id: UUID, meeting_id: UUID, delivery: Delivery) -> UUID | None:
    """A clinic may give its platform our client id as the identity; it counts for people on this roster only."""
    try:
        client_id = UUID(delivery.person.partition(":")[2])
    except ValueError:
        return None
    found: UUID | None = await db.scalar(
        select(Presence.client_id).where(
            Presence.program_id == program_id,
            Presence.group_session_id == meeting_id,
            Presence.client_id == client_id,
            Presence.removed_at.is_(None),
        )
    )
    return found


def _fact(connection_id: UUID, client_id: UUID, delivery: Delivery) -> NewFact:
    return NewFact(
        client_id,
        "platform",
        delivery.kind,
        occurred_at=delivery.occurred_at,
        delivery_id=f"{connection_id}:{delivery.delivery_id}",
        cause=delivery.cause,
        connection=delivery.connection,
    )


def kept(db: Db, person: PlatformPerson) -> list[Delivery]:
    return [Delivery.from_kept(value) for value in json.loads(reveal(db, person, "pending") or "[]")]


def _keep(db: Db, person: PlatformPerson, delivery: Delivery) -> None:
    waiting = kept(db, person)
    if all(known.delivery_id != delivery.delivery_id for known in waiting):
        waiting = sorted([*waiting, delivery], key=lambda known: known.occurred_at)[-MOST_KEPT:]
        conceal(db, person, "pending", json.dumps([known.kept() for known in waiting]))


async def match(
    db: Db,
    viewer: Viewer,
    group_session_id: UUID,
    person_id: UUID,
    *,
    client_id: UUID | None = None,
    staff_id: UUID | None = None,
) -> None:
    """A person says who it is; what was kept is told now, at the times at which it happened."""
    meeting = await of_viewer(db, viewer, group_session_id)
    person = await db.get(PlatformPerson, (viewer.program_id, person_id), with_for_update=True)
    same_room = person is not None and (
        (person.connection_id, person.room_ref) == (meeting.platform_connection_id, meeting.platform_ref)
    )
    if person is None or not same_room:
        raise NotFound("There is no such person in the video room of this group session.")
    if person.client_id is not None or person.staff_id is not None:
        raise Conflict("Somebody has already said who this is.", code="somebody_was_first")
    if (client_id is None) == (staff_id is None):
        raise NotValid("Say one: a client of this group, or a colleague.")
    name = await _name(db, meeting, client_id, staff_id)
    person.client_id, person.staff_id = client_id, staff_id
    waiting = kept(db, person)
    person.pending = None
    await db.flush()
    transitions = []
    if client_id is not None:
        facts = [_fact(person.connection_id, client_id, delivery) for delivery in waiting]
        transitions = await record_facts(db, meeting.id, facts)
    entry = NewEntry(
        Kind.person_matched,
        viewer.actor,
        client_id=client_id,
        group_session_id=meeting.id,
        detail={"name": name, "shown_as": waiting[-1].shown_as if waiting else ""},
    )
    await presence.follow(db, transitions, actor=PLATFORM, more=[(viewer.program_id, entry)])


async def _name(db: Db, meeting: GroupSession, client_id: UUID | None, staff_id: UUID | None) -> str:
    if client_id is not None:
        client: Client = await expected(db, meeting, client_id)
        return client.name_used
    colleague = await db.get(StaffMember, (meeting.program_id, staff_id))
    if colleague is None:
        raise NotFound("There is no such colleague.")
    return colleague.name


async def unmatched(db: Db, meeting: GroupSession) -> list[tuple[PlatformPerson, list[Delivery]]]:
    people = await db.scalars(
        select(PlatformPerson)
        .where(
            PlatformPerson.program_id == meeting.program_id,
            PlatformPerson.connection_id == meeting.platform_connection_id,
            PlatformPerson.room_ref == meeting.platform_ref,
            PlatformPerson.client_id.is_(None),
            PlatformPerson.staff_id.is_(None),
            PlatformPerson.pending.is_not(None),
        )
        .order_by(PlatformPerson.first_seen_at, PlatformPerson.id)
    )
    since = meeting.starts_at - EARLY
    return [
        (person, recent)
        for person in people
        if (recent := [delivery for delivery in kept(db, person) if delivery.occurred_at >= since])
    ]
