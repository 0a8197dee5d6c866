"""When each colleague was last heard: by the sockets of their boards, and by the video platform."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from app.db import Db, now_of
from app.lanes.values import AWAY
from app.prepared import Prepared

# The next connection may be on its way: after a break this long, after a move or a press on Leave longer.
DROPPED = timedelta(seconds=5)
MOVED = timedelta(seconds=30)
# Web processes say each second that they hear; two missed words are our own silence, not a colleague's.
DEAF = timedelta(seconds=2)

_BOARDS = Prepared(
    """
    insert into staff_board (program_id, staff_id, heard_at)
    select cast(:program as uuid), s.id, cast(:now as timestamptz) from unnest(cast(:staff as uuid[])) s (id)
    on conflict (program_id, staff_id) do update set heard_at = excluded.heard_at
    """
)


async def boards(db: Db, program_id: UUID, staff: Collection[UUID]) -> None:
    """These people's boards are open now. Never journalled: it is said every five seconds."""
    if staff:
        await _BOARDS.rows(db, program=program_id, staff=sorted(set(staff)), now=now_of(db))


_VIDEO = Prepared(
    """
    insert into staff_connection (program_id, group_session_id, staff_id, connection, here, cause, at, changed_at)
    values (cast(:program as uuid), cast(:meeting as uuid), cast(:staff as uuid), cast(:connection as text),
            cast(:here as boolean), cast(:cause as text), cast(:at as timestamptz), cast(:now as timestamptz))
    on conflict (program_id, group_session_id, staff_id, connection) do update
        set here = excluded.here, cause = excluded.cause, at = excluded.at, changed_at = excluded.changed_at
        where (staff_connection.at, not staff_connection.here) < (excluded.at, not excluded.here)
    """
)


async def in_the_video(
    db: Db,
    program_id: UUID,
    meeting_id: UUID,
    staff_id: UUID,
    *,
    connection: str,
    here: bool,
    cause: str | None,
    at: datetime,
) -> None:
    """Deliveries come late, twice and in any order: each connection's newest word holds, its end before its start."""
    await _VIDEO.rows(
        db,
        program=program_id,
        meeting=meeting_id,
        staff=staff_id,
        connection=connection,
        here=here,
        cause=cause,
        at=at,
        now=now_of(db),
    )


@dataclass(slots=True)
class Heard:
    """By person, and of the video by meeting and person."""

    boards: dict[UUID, datetime] = field(default_factory=dict)
    dropped: dict[UUID, dict[UUID, datetime]] = field(default_factory=dict)


# Hearing is written by the package of the rooms, which lies above this one.
_HEARD = Prepared(
    """
    select 'board' as what, staff_id as person, null::uuid as meeting, heard_at as at, null::timestamptz as until,
           null as cause, true as here
    from staff_board where staff_id = any(cast(:staff as uuid[]))
    union all
    select 'video', staff_id, group_session_id, at, null, cause, here
    from staff_connection where group_session_id = any(cast(:meetings as uuid[]))
    union all
    select 'hearing', null, null, max(hearing_until), null, null, true from hearing
    union all
    (select 'deaf', null, null, from_at, until_at, null, true from deaf_interval order by until_at desc limit 1)
    """
)


async def heard(db: Db, staff: Collection[UUID], meetings: Collection[UUID]) -> Heard:
    """While no web process hears, nobody is judged by their silence; afterwards it counts from when we heard again."""
    now, found = now_of(db), Heard()
    video: dict[tuple[UUID, UUID], list[tuple[datetime, str | None, bool]]] = {}
    hearing: datetime | None = None
    deaf: tuple[datetime, datetime] | None = None
    for row in await _HEARD.rows(db, staff=list(staff), meetings=list(meetings)):
        if row.what == "board":
            found.boards[row.person] = row.at
        elif row.what == "video":
            video.setdefault((row.meeting, row.person), []).append((row.at, row.cause, row.here))
        elif row.what == "hearing":
            hearing = row.at
        else:
            deaf = (row.at, row.until)
    _forgive(found.boards, hearing, deaf, now)
    for (meeting, person), connections in video.items():
        dropped = _dropped(connections)
        if dropped is not None:
            found.dropped.setdefault(meeting, {})[person] = dropped
    return found


def _forgive(
    boards: dict[UUID, datetime],
    hearing: datetime | None,
    deaf: tuple[datetime, datetime] | None,
    now: datetime,
) -> None:
    """Our own silence is not theirs."""
    if hearing is None or now - hearing > DEAF:
        boards.update(dict.fromkeys(boards, now))
    elif deaf is not None:
        began, ended = deaf
        for person, at in boards.items():
            if at >= began - AWAY:
                boards[person] = max(at, ended)


def _dropped(connections: Collection[tuple[datetime, str | None, bool]]) -> datetime | None:
    """From when on they count as gone: every connection has ended, and the last one's cause says how soon."""
    if any(here for _, _, here in connections):
        return None
    at, cause, _ = max(connections, key=lambda one: one[0])
    if cause == "ended":
        return None
    return at + (DROPPED if cause in ("lost", "unknown", None) else MOVED)


def of_meeting(found: Heard, meeting: UUID) -> Mapping[UUID, datetime]:
    return found.dropped.get(meeting, {})
