"""R7: camera off and no answer. One tap starts 60 s; at their end the board offers "not responding". Nothing happens
by itself: only a person's next tap about this client ends the watch."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from app.db import Db, now_of
from app.errors import Conflict, NotFound
from app.group_sessions.models import Presence
from app.group_sessions.scheduling import of_viewer
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

WATCH: Final = timedelta(seconds=60)
# Of somebody who is not here a camera says nothing: the tile asks something else by then.
WATCHED_STATES: Final = frozenset({"present", "quiet", "verified", "reached"})


async def camera_off(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> None:
    """Two of the staff may tap: the first one's minute counts, and the second changes nothing."""
    meeting = await of_viewer(db, viewer, group_session_id)
    if meeting.state not in ("open", "paused"):
        raise Conflict("This group is not open. Open it first.", code="not_open")
    presence = await db.scalar(
        select(Presence)
        .where(
            Presence.program_id == viewer.program_id,
            Presence.group_session_id == group_session_id,
            Presence.client_id == client_id,
            Presence.removed_at.is_(None),
        )
        .with_for_update()
    )
    if presence is None:
        raise NotFound("This client is not on the list of this group session.")
    if presence.watch_until is not None:
        return
    if presence.state not in WATCHED_STATES:
        raise Conflict(
            "They are not in the call now, so there is no camera to wait for. Look at their tile.",
            code="not_in_the_call",
        )
    presence.watch_until = now_of(db) + WATCH
    await db.flush()
    entry = NewEntry(
        Kind.watch_started,
        viewer.actor,
        client_id=client_id,
        group_session_id=group_session_id,
        detail={"what": "camera_off", "until": presence.watch_until},
    )
    await write(db, viewer.program_id, [entry])


async def answered(
    db: Db, viewer: Viewer, group_session_id: UUID, clients: Collection[UUID]
) -> list[tuple[UUID, NewEntry]]:
    """A person said how it is: the watch is over. Presence rows are locked before incidents, as everywhere; the
    entries that this answers with are for the caller to write last."""
    ended = await db.scalars(
        update(Presence)
        .where(
            Presence.program_id == viewer.program_id,
            Presence.group_session_id == group_session_id,
            Presence.client_id.in_(clients),
            Presence.watch_until.is_not(None),
        )
        .values(watch_until=None)
        .returning(Presence.client_id)
        .execution_options(synchronize_session=False)
    )
    return [
        (
            viewer.program_id,
            NewEntry(Kind.watch_ended, viewer.actor, client_id=client_id, group_session_id=group_session_id),
        )
        for client_id in ended
    ]
