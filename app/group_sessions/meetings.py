"""A meeting from its roster to its end: who is expected, open, close. Care never waits for a form (R8)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update

from app.clients.models import Client
from app.db import Db, now_of
from app.errors import Conflict, NotFound, NotValid
from app.group_sessions import signals
from app.group_sessions.gap_tasks import open_with_gaps
from app.group_sessions.models import GroupSession, Presence
from app.group_sessions.outcomes import needs_outcome
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.protocols import queries as protocols
from app.staff.access import Viewer, may_see_client

OUTCOMES = ("attended", "excused", "rung", "left_as_planned", "handed_over")


async def add_to_roster(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    meeting = await _running(db, viewer, group_session_id)
    client = await db.get(Client, (viewer.program_id, client_id))
    known = client is not None and client.ended_at is None and await may_see_client(db, viewer, client_id)
    if client is None or not known:
        raise NotFound("There is no such client among the people you work with.")
    presence = await _presence(db, meeting, client_id)
    now = now_of(db)
    if presence is not None and presence.removed_at is None:
        return
    if presence is None:
        presence = Presence(
            program_id=viewer.program_id, group_session_id=meeting.id, client_id=client_id, since=now
        )
        db.add(presence)
    presence.removed_at = None
    presence.check_at = now if meeting.state != "scheduled" else None
    await _say_roster(db, viewer, meeting, client_id, "added")


async def take_off_roster(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    """Raises Conflict for somebody who has come: their silence must stay visible until the group ends."""
    meeting = await _running(db, viewer, group_session_id)
    presence = await _presence(db, meeting, client_id)
    if presence is None or presence.removed_at is not None:
        return
    absent = presence.state in ("not_here_yet", "excused") and presence.incident_id is None
    if meeting.state != "scheduled" and not absent:
        raise Conflict(
            "They are in this group session already. Excuse or dismiss them instead, so that nobody loses sight of them.",
            code="has_come",
        )
    presence.removed_at = now_of(db)
    presence.check_at = presence.ask_since = None
    await _say_roster(db, viewer, meeting, client_id, "taken off")


async def open_meeting(
    db: Db, viewer: Viewer, group_session_id: UUID, exception_reason: str | None
) -> GroupSession:
    """Gaps never block it (R8). Two staff do, or a reason (W2), and so does a missing plan for a lost connection."""
    meeting = await of_viewer(db, viewer, group_session_id)
    if meeting.state != "scheduled":
        raise Conflict("This group session has been opened already.", code="already_open")
    if exception_reason:
        meeting.exception_reason, meeting.exception_by = exception_reason, viewer.staff_id
    _check_two_staff(meeting)
    # Raises NoProtocol: without an approved plan a drop would be seen and nothing would follow.
    await protocols.current(db, viewer.program_id, "connection-lost")
    now = now_of(db)
    meeting.state, meeting.opened_at = "open", now
    meeting.version += 1
    expected = await db.execute(
        update(Presence)
        .where(
            Presence.program_id == viewer.program_id,
            Presence.group_session_id == meeting.id,
            Presence.removed_at.is_(None),
        )
        # The sweep looks at everybody at once: from now on an absence means something.
        .values(check_at=now)
        .returning(Presence.client_id)
    )
    entry = NewEntry(
        Kind.group_session_opened,
        viewer.actor,
        group_session_id=meeting.id,
        detail={"expected": len(expected.all()), "exception": meeting.exception_reason},
    )
    await write(db, viewer.program_id, [entry, *await open_with_gaps(db, viewer, meeting)])
    return meeting


def _check_two_staff(meeting: GroupSession) -> None:
    if meeting.lead_id is None and meeting.cofacilitator_id is None:
        raise Conflict(
            "Nobody is named to lead this group session. Name at least one person.", code="nobody_leads"
        )
    both = meeting.lead_id is not None and meeting.cofacilitator_id is not None
    if not both and not meeting.exception_reason:
        raise NotValid(
            "Two staff run a group. Name a second person, or write why it opens with one.",
            code="needs_reason",
            fields={"exception_reason": "Why does it open with one?"},
        )


async def close_meeting(
    db: Db, viewer: Viewer, group_session_id: UUID, outcomes: Mapping[UUID, str], notes: Mapping[UUID, str]
) -> GroupSession:
    """Incidents go on: only the watching for presence ends. Raises Conflict `needs_outcomes`, by client."""
    meeting = await of_viewer(db, viewer, group_session_id)
    if meeting.state not in ("open", "paused"):
        raise Conflict("This group session is not open.", code="not_open")
    rows = (
        await db.execute(
            select(Presence, Client)
            .join(Client, (Client.program_id == Presence.program_id) & (Client.id == Presence.client_id))
            .where(
                Presence.program_id == viewer.program_id,
                Presence.group_session_id == meeting.id,
                Presence.removed_at.is_(None),
            )
            .order_by(Presence.client_id)
            .with_for_update(of=Presence)
        )
    ).all()
    people = [(presence, client) for presence, client in rows]
    missing = {
        str(presence.client_id): f"What came of it for {client.name_used}?"
        for presence, client in people
        if needs_outcome(presence, client.tier) and presence.client_id not in outcomes
    }
    if missing:
        raise Conflict(
            "Somebody at moderate or above is not here. Say what came of it, then close.",
            code="needs_outcomes",
            fields=missing,
        )
    if await signals.waits(db, viewer.program_id, meeting.id):
        raise Conflict(
            "Somebody may have sent a quiet signal, and nobody has said what it is. Answer it on the board, then close.",
            code="signal_waits",
        )
    now = now_of(db)
    for presence, _ in people:
        presence.outcome = outcomes.get(presence.client_id, presence.outcome)
        presence.check_at = presence.ask_since = None
    meeting.state, meeting.closed_at = "closed", now
    meeting.version += 1
    await write(db, viewer.program_id, _closing(viewer, meeting, people, notes))
    return meeting


def _closing(
    viewer: Viewer,
    meeting: GroupSession,
    people: Sequence[tuple[Presence, Client]],
    notes: Mapping[UUID, str],
) -> list[NewEntry]:
    lines = [
        NewEntry(
            Kind.attendance_line,
            viewer.actor,
            client_id=presence.client_id,
            group_session_id=meeting.id,
            detail={
                "state": presence.state,
                "outcome": presence.outcome,
                "note": notes.get(presence.client_id),
            },
        )
        for presence, _ in people
    ]
    return [*lines, NewEntry(Kind.group_session_closed, viewer.actor, group_session_id=meeting.id)]


async def _running(db: Db, viewer: Viewer, group_session_id: UUID) -> GroupSession:
    meeting = await of_viewer(db, viewer, group_session_id, set_up=True)
    if meeting.state == "closed":
        raise Conflict("This group session is over and cannot be changed.", code="closed")
    return meeting


async def _presence(db: Db, meeting: GroupSession, client_id: UUID) -> Presence | None:
    return await db.get(Presence, (meeting.program_id, meeting.id, client_id), with_for_update=True)


async def _say_roster(db: Db, viewer: Viewer, meeting: GroupSession, client_id: UUID, what: str) -> None:
    entry = NewEntry(
        Kind.roster_changed,
        viewer.actor,
        client_id=client_id,
        group_session_id=meeting.id,
        detail={"what": what},
    )
    await write(db, viewer.program_id, [entry])
