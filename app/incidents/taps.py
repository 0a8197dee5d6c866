"""What staff tap on a tile: one press each, usable without any video platform (R21)."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import exists, select

from app.db import Db, now_of
from app.errors import Conflict, NotFound
from app.group_sessions import watches
from app.group_sessions.actions import NewFact, record_facts
from app.group_sessions.models import GroupSession, Presence
from app.incidents import actions
from app.incidents.models import Incident
from app.incidents.presence import follow
from app.journal.kinds import Kind
from app.journal.write import NewEntry
from app.staff.access import Viewer, may_see_group_session

Tap = Literal["lost", "not_responding", "excused", "moment", "away", "leaving", "back", "dismissed"]
# R10: "I see everyone" stands as long as a single sight does.
SEEN_STANDS = timedelta(minutes=15)
STANDING = ("open", "paused")
NO_MEETING = "There is no such group session among those you work with."


async def tap(
    db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, kind: Tap, until: datetime | None = None
) -> None:
    meeting = await meeting_of(db, viewer, group_session_id)
    await _expected(db, viewer, group_session_id, client_id)
    if meeting.state not in STANDING:
        raise Conflict("This group is not open. Open it first.", code="not_open")
    fact = NewFact(client_id, "staff", kind, by_staff_id=viewer.staff_id, until=until)
    over = await watches.answered(db, viewer, group_session_id, [client_id])
    transitions = await record_facts(db, group_session_id, [fact])
    if kind in ("excused", "dismissed"):
        presence = await db.get(Presence, (viewer.program_id, group_session_id, client_id))
        if presence is not None:
            presence.outcome = kind
    entry = NewEntry(
        Kind.attendance_line,
        viewer.actor,
        client_id=client_id,
        group_session_id=group_session_id,
        detail={"what": kind, "until": until},
    )
    await follow(db, transitions, actor=viewer.actor, more=[*over, (viewer.program_id, entry)])


async def away(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, minutes: int) -> None:
    await tap(db, viewer, group_session_id, client_id, "away", now_of(db) + timedelta(minutes=minutes))


async def see(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    await meeting_of(db, viewer, group_session_id)
    await _expected(db, viewer, group_session_id, client_id)
    await actions.seen(db, viewer, group_session_id, client_id)


async def see_everyone(db: Db, viewer: Viewer, group_session_id: UUID) -> int:
    """The whole room in one press, but for those of whom something is wrong: they need a look of their own."""
    meeting = await meeting_of(db, viewer, group_session_id)
    if meeting.state not in STANDING:
        raise Conflict("This group is not open. Open it first.", code="not_open")
    found = await db.execute(
        select(Presence.client_id).where(
            Presence.program_id == viewer.program_id,
            Presence.group_session_id == group_session_id,
            Presence.removed_at.is_(None),
            ~exists().where(
                Incident.program_id == Presence.program_id,
                Incident.client_id == Presence.client_id,
                Incident.state == "open",
            ),
            Presence.state.in_(("present", "quiet", "verified")),
            Presence.watch_until.is_(None),
        )
    )
    seen = list(found.scalars())
    now = now_of(db)
    meeting.seen_all_until = now + SEEN_STANDS
    meeting.seen_all_by = viewer.staff_id
    # The meeting's row before its people's, as when it is closed: nobody waits in a circle.
    await db.flush()
    facts = [NewFact(client_id, "staff", "seen", by_staff_id=viewer.staff_id) for client_id in seen]
    transitions = await record_facts(db, group_session_id, facts)
    entry = NewEntry(
        Kind.attendance_line,
        viewer.actor,
        group_session_id=group_session_id,
        detail={"what": "seen_all", "people": len(seen)},
    )
    await follow(db, transitions, actor=viewer.actor, more=[(viewer.program_id, entry)])
    return len(seen)


async def recognised(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, words: str) -> None:
    """A live check of somebody about whom nothing is open (R3)."""
    await meeting_of(db, viewer, group_session_id)
    await _expected(db, viewer, group_session_id, client_id)
    if await actions.open_incident(db, viewer.program_id, client_id):
        raise Conflict(
            "Something is open about this client. Recognise them on the incident, where place and tier are noted.",
            code="on_the_incident",
        )
    fact = NewFact(client_id, "staff", "recognised", by_staff_id=viewer.staff_id)
    over = await watches.answered(db, viewer, group_session_id, [client_id])
    transitions = await record_facts(db, group_session_id, [fact])
    entry = NewEntry(
        Kind.attendance_line,
        viewer.actor,
        client_id=client_id,
        group_session_id=group_session_id,
        detail={"what": "recognised", "words": words},
    )
    await follow(db, transitions, actor=viewer.actor, more=[*over, (viewer.program_id, entry)])


async def meeting_of(db: Db, viewer: Viewer, group_session_id: UUID) -> GroupSession:
    meeting = await db.get(GroupSession, (viewer.program_id, group_session_id))
    if meeting is None or not may_see_group_session(viewer, meeting):
        raise NotFound(NO_MEETING)
    return meeting


async def _expected(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    presence = await db.get(Presence, (viewer.program_id, group_session_id, client_id))
    if presence is None or presence.removed_at is not None:
        raise NotFound("This client is not on the list of this group session.")
    db.expire(presence)
