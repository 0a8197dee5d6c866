"""What staff do with an exercise: offer it on the client's page, start it aloud, end it; and the step that a client picks.

One exercise at a time with one client, and one with the whole group. Each function is one transaction with its entry,
on the timeline of what is open about the client, or as a line of the meeting.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import Db, conceal, new_id, now_of
from app.errors import Conflict, NotFound, SomebodyWasFirst
from app.grounding.models import Intervention, PageCard
from app.grounding.texts import Exercise
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.scheduling import of_viewer
from app.incidents.actions import open_incident
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.access import Viewer, require_client

Act = Literal["show", "start"]
Result = Literal["done", "stopped", "declined"]
STANDING = ("open", "paused")


@dataclass(frozen=True, slots=True)
class Place:
    """With whom: a client of this meeting, or (none) everybody in it."""

    meeting: GroupSession
    client_id: UUID | None
    incident_id: UUID | None


@dataclass(frozen=True, slots=True)
class Told:
    """Distress from 0 to 10, and a few words: all of it optional."""

    before: int | None = None
    after: int | None = None
    words: str | None = None


NOTHING_TOLD = Told()


async def begin(
    db: Db,
    viewer: Viewer,
    group_session_id: UUID,
    client_id: UUID | None,
    exercise: Exercise,
    act: Act,
    before: int | None = None,
) -> None:
    """Pressed again it changes nothing; another exercise takes the place of the one that stands."""
    place = await _place(db, viewer, group_session_id, client_id)
    now = now_of(db)
    entries: list[NewEntry] = []
    standing = await _standing(db, place)
    if standing is not None and standing.kind != exercise:
        entries.append(await _end(db, viewer, place, standing, "changed", NOTHING_TOLD))
        standing = None
    if standing is None:
        standing = Intervention(
            program_id=viewer.program_id,
            id=new_id(),
            group_session_id=group_session_id,
            client_id=client_id,
            incident_id=place.incident_id,
            kind=exercise,
            offered_at=now,
            offered_by=viewer.staff_id,
        )
        db.add(standing)
        await db.flush()
    if before is not None:
        standing.before = before
    if act == "start" and standing.started_at is None:
        standing.started_at = now
        entries.append(_entry(Kind.grounding_started, viewer.actor, place, exercise=exercise, before=before))
    elif act == "show":
        pages = await _show(db, place, standing)
        entries.append(_entry(Kind.grounding_offered, viewer.actor, place, exercise=exercise, pages=pages))
    if entries:
        await write(db, viewer.program_id, entries)


async def end(
    db: Db,
    viewer: Viewer,
    group_session_id: UUID,
    client_id: UUID | None,
    result: Result,
    told: Told = NOTHING_TOLD,
) -> None:
    place = await _place(db, viewer, group_session_id, client_id, ending=True)
    standing = await _standing(db, place)
    if standing is None:
        raise SomebodyWasFirst("This exercise is over already. A colleague has ended it.")
    await write(db, viewer.program_id, [await _end(db, viewer, place, standing, result, told)])


async def pick(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, words: str) -> None:
    """One small step that the client picked (E8), in words."""
    place = await _place(db, viewer, group_session_id, client_id)
    now = now_of(db)
    row = Intervention(
        program_id=viewer.program_id,
        id=new_id(),
        group_session_id=group_session_id,
        client_id=client_id,
        incident_id=place.incident_id,
        kind="step",
        offered_at=now,
        offered_by=viewer.staff_id,
        ended_at=now,
        ended_by=viewer.staff_id,
        result="done",
    )
    conceal(db, row, "words", words)
    db.add(row)
    await write(db, viewer.program_id, [_entry(Kind.step_picked, viewer.actor, place, step=words)])


async def closed_on_page(
    db: Db, program_id: UUID, group_session_id: UUID, client_id: UUID, incident_id: UUID | None
) -> None:
    """The client's own press. What staff do aloud goes on: they are told, and nothing else happens."""
    closed = await db.execute(
        update(PageCard)
        .where(
            PageCard.program_id == program_id,
            PageCard.group_session_id == group_session_id,
            PageCard.client_id == client_id,
            PageCard.closed_at.is_(None),
        )
        .values(closed_at=now_of(db), closed_by="client")
        .returning(PageCard.kind)
    )
    kind = closed.scalar_one_or_none()
    if kind is None:
        return
    entry = NewEntry(
        Kind.grounding_closed,
        Actor("client", client_id),
        incident_id=incident_id,
        client_id=client_id,
        group_session_id=group_session_id,
        detail={"exercise": kind},
    )
    await write(db, program_id, [entry])


# --- what they share


async def _place(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID | None, *, ending: bool = False
) -> Place:
    """Locks the client's row of presence, or the meeting's row: two of the staff who press at once take turns."""
    if client_id is None:
        meeting = await of_viewer(db, viewer, group_session_id)
        incident_id = None
    else:
        await require_client(db, viewer, client_id)
        found = await db.get(GroupSession, (viewer.program_id, group_session_id))
        presence = await db.scalar(
            select(Presence)
            .where(
                Presence.program_id == viewer.program_id,
                Presence.group_session_id == group_session_id,
                Presence.client_id == client_id,
            )
            .with_for_update()
        )
        if found is None or presence is None or presence.removed_at is not None:
            raise NotFound("This client is not on the list of this group session.")
        meeting = found
        incident_id = await open_incident(db, viewer.program_id, client_id, None)
    # Somebody about whom something is open is helped on after their group has closed.
    if meeting.state not in STANDING and incident_id is None and not ending:
        raise Conflict("This group is not open. Open it first.", code="not_open")
    return Place(meeting, client_id, incident_id)


async def _standing(db: Db, place: Place) -> Intervention | None:
    found: Intervention | None = await db.scalar(
        select(Intervention).where(
            Intervention.program_id == place.meeting.program_id,
            Intervention.group_session_id == place.meeting.id,
            _with(place.client_id),
            Intervention.ended_at.is_(None),
        )
    )
    return found


def _with(client_id: UUID | None) -> Any:
    return Intervention.client_id.is_(None) if client_id is None else Intervention.client_id == client_id


async def _end(
    db: Db,
    viewer: Viewer,
    place: Place,
    standing: Intervention,
    result: Result | Literal["changed"],
    told: Told,
) -> NewEntry:
    standing.ended_at, standing.ended_by, standing.result = now_of(db), viewer.staff_id, result
    standing.before = standing.before if told.before is None else told.before
    standing.after = told.after
    if told.words:
        conceal(db, standing, "words", told.words)
    await db.flush()
    await _take_away(db, PageCard.intervention_id == standing.id)
    return _entry(
        Kind.grounding_ended,
        viewer.actor,
        place,
        exercise=standing.kind,
        result=result,
        before=standing.before,
        after=told.after,
        note=told.words,
    )


async def _show(db: Db, place: Place, standing: Intervention) -> int:
    """On the client's page, or on that of everybody on the list. Returns on how many it was not yet."""
    clients = [place.client_id] if place.client_id else await _roster(db, place.meeting)
    there = await db.scalars(
        select(PageCard.client_id).where(*_open(place), PageCard.intervention_id == standing.id)
    )
    fresh = set(clients) - set(there)
    await _take_away(db, *_open(place), PageCard.client_id.in_(fresh))
    if fresh:
        made = [
            {
                "program_id": standing.program_id,
                "id": new_id(),
                "group_session_id": standing.group_session_id,
                "client_id": client_id,
                "intervention_id": standing.id,
                "kind": standing.kind,
                "shown_at": now_of(db),
            }
            for client_id in fresh
        ]
        # A colleague may put something on one client's page while this goes to everybody's: theirs stays.
        await db.execute(insert(PageCard).values(made).on_conflict_do_nothing())
    return len(clients)


def _open(place: Place) -> tuple[Any, ...]:
    return (
        PageCard.program_id == place.meeting.program_id,
        PageCard.group_session_id == place.meeting.id,
        PageCard.closed_at.is_(None),
    )


async def _take_away(db: Db, *which: Any) -> None:
    await db.execute(
        update(PageCard)
        .where(PageCard.closed_at.is_(None), *which)
        .values(closed_at=now_of(db), closed_by="staff")
        .execution_options(synchronize_session=False)
    )


async def _roster(db: Db, meeting: GroupSession) -> Collection[UUID]:
    found = await db.scalars(
        select(Presence.client_id).where(
            Presence.program_id == meeting.program_id,
            Presence.group_session_id == meeting.id,
            Presence.removed_at.is_(None),
        )
    )
    return list(found)


def _entry(kind: Kind, actor: Actor, place: Place, **detail: Any) -> NewEntry:
    return NewEntry(
        kind,
        actor,
        incident_id=place.incident_id,
        client_id=place.client_id,
        group_session_id=place.meeting.id,
        detail={name: value for name, value in detail.items() if value is not None},
    )
