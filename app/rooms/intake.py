"""From a checked delivery to a presence fact, and from a person's word to who a participant is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.clients.models import Client
from app.db import Db, conceal, new_id, now_of, reveal, seal_of
from app.errors import Conflict, NotFound, NotValid
from app.group_sessions.actions import NewFact, expected, record_facts, record_facts_of
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.scheduling import of_viewer
from app.incidents import presence
from app.journal.kinds import Kind
from app.journal.write import PLATFORM, NewEntry
from app.lanes import hearing
from app.prepared import Prepared
from app.rooms.deliveries import Delivery
from app.rooms.models import PlatformConnection, PlatformPerson
from app.staff.access import Viewer
from app.staff.models import StaffMember

# A room is used again every week: a delivery belongs to the meeting that is open, or to one that is about to be.
EARLY = timedelta(hours=1)
# A guest who comes and goes all evening; the newest words decide who is there.
MOST_KEPT = 40


@dataclass(frozen=True, slots=True)
class Told:
    """What a connection says."""

    connection_id: UUID
    delivery: Delivery


async def take(db: Db, connection: PlatformConnection, deliveries: Sequence[Delivery]) -> None:
    await take_all(db, connection.program_id, [Told(connection.id, delivery) for delivery in deliveries])


async def take_all(db: Db, program_id: UUID, told: Sequence[Told]) -> frozenset[UUID]:
    """One transaction: facts, what follows from them, and the journal. Repeats have no effect.

    Gives those of the connections that have ended; of theirs nothing is taken.
    """
    if not told:
        return frozenset()
    facts: list[tuple[UUID, NewFact]] = []
    entries: list[tuple[UUID, NewEntry]] = []
    everybody = await _known(db, program_id, told)
    for one, known in everybody:
        if known.ended or known.meeting_id is None:
            continue
        client_id = known.client_id
        if known.staff_id is not None:
            await _hear(db, program_id, known, one.delivery)
        elif client_id is None:
            client_id = await _ask_who(db, program_id, one, known, entries)
        if client_id is not None:
            facts.append((known.meeting_id, _fact(one.connection_id, client_id, one.delivery)))
    # Whoever was named a moment ago, by somebody else, was not there yet to be locked.
    held = all(known.client_id is not None or known.staff_id is not None for _, known in everybody)
    transitions = await record_facts_of(db, program_id, facts, held=held)
    if transitions or entries:
        await presence.follow(db, transitions, actor=PLATFORM, more=entries)
    return frozenset(one.connection_id for one, known in everybody if known.ended)


async def _ask_who(
    db: Db, program_id: UUID, told: Told, known: Any, entries: list[tuple[UUID, NewEntry]]
) -> UUID | None:
    """Their client id, or what was told is kept until a person says who it is; a newcomer is told to the boards."""
    person, is_new = await _person(db, program_id, known.meeting_id, told, known.key)
    if person.client_id is None and person.staff_id is None:
        await _keep(db, person, told.delivery)
        if is_new:
            entries.append((program_id, _unmatched(known.meeting_id, person, told.delivery)))
    return person.client_id


async def _hear(db: Db, program_id: UUID, known: Any, delivery: Delivery) -> None:
    """Of a colleague, who may have the eyes on somebody, or the group, when they fall out."""
    await hearing.in_the_video(
        db,
        program_id,
        known.meeting_id,
        known.staff_id,
        connection=delivery.connection,
        here=delivery.kind == "joined",
        cause=delivery.cause,
        at=min(delivery.occurred_at, now_of(db)),
    )


async def tell(
    db: Db, connection: PlatformConnection, meeting_id: UUID, client_id: UUID, delivery: Delivery
) -> None:
    """Of somebody who is known: the fact, and what follows from it."""
    facts = [_fact(connection.id, client_id, delivery)]
    transitions = await record_facts(db, meeting_id, facts, program_id=connection.program_id)
    if transitions:
        await presence.follow(db, transitions, actor=PLATFORM)


# The meetings of these rooms, or of private rooms beside them, who they are, if somebody has said so, and whether their
# connection has ended: one round trip on every drop's way. Their rows of presence are locked with it.
_KNOWN = Prepared(
    """
    with known as materialized (
    select w.place, w.person_key as key, g.id as meeting_id, p.client_id, p.staff_id,
           not exists (select 1 from platform_connection n where n.program_id = :program and n.id = w.connection_id
                       and n.ended_at is null) as ended
    from unnest(cast(:connections as uuid[]), cast(:rooms as text[]), cast(:people as bytea[])) with ordinality
        as w (connection_id, room, person_key, place)
    left join lateral (
        select m.id, m.platform_ref from group_session m
        where m.program_id = :program and m.platform_connection_id = w.connection_id
          and (m.platform_ref = w.room or exists (
            select 1 from breakout b
            where b.program_id = m.program_id and b.group_session_id = m.id and b.room_ref = w.room))
          and m.state in ('scheduled', 'open', 'paused') and m.starts_at <= :until
        order by m.state not in ('open', 'paused'), m.starts_at desc
        limit 1
    ) g on true
    left join lateral (
        select k.client_id, k.staff_id from platform_person k
        where k.program_id = :program and k.connection_id = w.connection_id and k.room_ref = g.platform_ref
          and k.person_key = w.person_key
        limit 1
    ) p on true
    ), held as (
    select 1 from presence
    where program_id = :program and (group_session_id, client_id) in (
        select meeting_id, client_id from known where client_id is not null and not ended)
    order by group_session_id, client_id for update
    )
    select *, (select count(*) from held) as held from known order by key, place
    """
)


async def _known(db: Db, program_id: UUID, told: Sequence[Told]) -> list[tuple[Told, Any]]:
    """With `meeting_id` (None: nobody meets in that room now), `client_id`, `staff_id`, and whether the connection has
    `ended`.

    In one order for everybody, because those whom nobody has named yet are locked one after another.
    """
    seal = seal_of(db)
    rows = await _KNOWN.rows(
        db,
        program=program_id,
        connections=[one.connection_id for one in told],
        rooms=[one.delivery.room for one in told],
        people=[
            seal.keyed_hash("platform_person", f"{one.connection_id}:{one.delivery.person}") for one in told
        ],
        until=now_of(db) + EARLY,
    )
    return [(told[row.place - 1], row) for row in rows]


def _unmatched(meeting_id: UUID, person: PlatformPerson, delivery: Delivery) -> NewEntry:
    detail = {"shown_as": delivery.shown_as, "person": person.id}
    return NewEntry(Kind.person_unmatched, PLATFORM, group_session_id=meeting_id, detail=detail)


async def _person(
    db: Db, program_id: UUID, meeting_id: UUID, told: Told, key: bytes
) -> tuple[PlatformPerson, bool]:
    """Locked while nobody has said who it is: two deliveries at once must both be kept."""
    wanted = (
        select(PlatformPerson)
        .where(
            PlatformPerson.program_id == program_id,
            PlatformPerson.connection_id == told.connection_id,
            PlatformPerson.room_ref == told.delivery.room,
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
                program_id=program_id,
                id=new_id(),
                connection_id=told.connection_id,
                room_ref=told.delivery.room,
                person_key=key,
                client_id=await _named_in_reference(db, program_id, meeting_id, told.delivery),
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


async def _keep(db: Db, person: PlatformPerson, delivery: Delivery) -> None:
    waiting = kept(db, person)
    if all(known.delivery_id != delivery.delivery_id for known in waiting):
        waiting = sorted([*waiting, delivery], key=lambda known: known.occurred_at)[-MOST_KEPT:]
        conceal(db, person, "pending", json.dumps([known.kept() for known in waiting]))
        # Their next delivery in this transaction reads the row anew.
        await db.flush()


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
