"""Groups and their meetings: make, schedule, change who and when."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.db import Db, new_id
from app.errors import Conflict, NotFound, NotValid
from app.group_sessions import staffing
from app.group_sessions.models import Group, GroupSession
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer, may_see_group_session
from app.staff.models import StaffMember

# An intensive outpatient group lasts three hours; a whole day is a slip of the keyboard.
LONGEST = timedelta(hours=8)
PLATFORMS = ("zoom", "livekit", "generic")


async def add_group(db: Db, viewer: Viewer, name: str) -> Group:
    """The name appears in invitations, so it says nothing about a diagnosis; the form says so."""
    known = await db.scalar(select(Group.id).where(Group.program_id == viewer.program_id, Group.name == name))
    if known is not None:
        raise Conflict("There is already a group with this name.", code="name_taken")
    group = Group(program_id=viewer.program_id, id=new_id(), name=name)
    db.add(group)
    await write(
        db,
        viewer.program_id,
        [NewEntry(Kind.group_changed, viewer.actor, detail={"group": group.id, "name": name})],
    )
    return group


async def of_viewer(
    db: Db, viewer: Viewer, group_session_id: UUID, *, set_up: bool = False, lock: bool = True
) -> GroupSession:
    """The meeting. Absent and not yours read the same. `set_up`: administrators may too."""
    meeting = await db.get(
        GroupSession,
        (viewer.program_id, group_session_id),
        # Facts about its people may go on being written meanwhile: they only refer to it.
        with_for_update={"key_share": True} if lock else None,
        populate_existing=True,
    )
    if meeting is None or not (
        may_see_group_session(viewer, meeting) or (set_up and "administrator" in viewer.roles)
    ):
        raise NotFound("There is no such group session among the ones you work with.")
    return meeting


async def schedule(
    db: Db, viewer: Viewer, *, group_id: UUID, starts_at: datetime, ends_at: datetime, **given: Any
) -> GroupSession:
    """`given`: the four staff ids, exception_reason, platform, platform_connection_id, platform_ref."""
    group = await db.get(Group, (viewer.program_id, group_id))
    if group is None or group.retired_at is not None:
        raise NotFound("There is no such group.")
    _check_times(starts_at, ends_at)
    meeting = GroupSession(
        program_id=viewer.program_id, id=new_id(), group_id=group_id, starts_at=starts_at, ends_at=ends_at
    )
    names = await staffing.check(
        db, viewer.program_id, {place: given.get(place) for place in staffing.PLACES}
    )
    await _set(db, viewer, meeting, given)
    meeting.state, meeting.version = "scheduled", 1
    db.add(meeting)
    entry = NewEntry(
        Kind.group_session_scheduled,
        viewer.actor,
        group_session_id=meeting.id,
        detail={"group": group.name, "starts_at": starts_at, "ends_at": ends_at} | _named(meeting, names),
    )
    await _write_access(db, viewer, entry, names)
    return meeting


async def change(
    db: Db, viewer: Viewer, group_session_id: UUID, version: int, given: Mapping[str, Any]
) -> GroupSession:
    """Only what is given. Raises Conflict when somebody saved since `version` was read."""
    meeting = await of_viewer(db, viewer, group_session_id, set_up=True)
    if meeting.version != version:
        raise Conflict(
            "Somebody changed this group session while you had it open. Look at it again, then save.",
            code="changed_meanwhile",
        )
    if meeting.state == "closed":
        raise Conflict("This group session is over and cannot be changed.", code="closed")
    _check_times(given.get("starts_at", meeting.starts_at), given.get("ends_at", meeting.ends_at))
    before = {place: getattr(meeting, place) for place in staffing.PLACES}
    after = before | {place: given[place] for place in staffing.PLACES if place in given}
    names = await staffing.check(db, viewer.program_id, after)
    await _set(db, viewer, meeting, given)
    meeting.version += 1
    moved = {
        person
        for place in staffing.PLACES
        if before[place] != after[place]
        for person in (before[place], after[place])
        if person is not None
    }
    entry = NewEntry(
        Kind.group_session_changed,
        viewer.actor,
        group_session_id=meeting.id,
        detail={"what": sorted(given)} | (_named(meeting, names) if moved else {}),
    )
    await _write_access(db, viewer, entry, moved)
    return meeting


async def made_by(db: Db, viewer: Viewer, group_id: UUID, starts_at: datetime) -> UUID:
    """For a repeated press: the meeting that the first one made."""
    found = await db.scalars(
        select(GroupSession.id)
        .where(
            GroupSession.program_id == viewer.program_id,
            GroupSession.group_id == group_id,
            GroupSession.starts_at == starts_at,
        )
        .limit(1)
    )
    made: UUID | None = found.first()
    if made is None:
        raise NotFound("That group session was made and has been changed since. Look for it in the list.")
    return made


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise NotValid("The group ends before it begins.", fields={"ends_at": "Must be after the beginning."})
    if ends_at - starts_at > LONGEST:
        raise NotValid("That is longer than a group can be.", fields={"ends_at": "At most 8 hours."})


async def _set(db: Db, viewer: Viewer, meeting: GroupSession, given: Mapping[str, Any]) -> None:
    for field in (
        "starts_at",
        "ends_at",
        *staffing.PLACES,
        "platform",
        "platform_connection_id",
        "platform_ref",
    ):
        if field in given:
            setattr(meeting, field, given[field])
    if given.get("exception_reason"):
        meeting.exception_reason = given["exception_reason"]
        meeting.exception_by = viewer.staff_id
    meeting.platform = meeting.platform or "taps"
    if meeting.platform in PLATFORMS:
        await _check_platform(db, meeting)


# The table belongs to the package of the rooms, which lies above this one.
_CONNECTION = text(
    "select platform from platform_connection where program_id = :program and id = :id and ended_at is null"
)


async def _check_platform(db: Db, meeting: GroupSession) -> None:
    connected = await db.scalar(
        _CONNECTION, {"program": meeting.program_id, "id": meeting.platform_connection_id}
    )
    faults: dict[str, str] = {}
    if connected != meeting.platform:
        faults["platform_connection_id"] = "Choose one of the connected accounts of this platform."
    if not meeting.platform_ref:
        faults["platform_ref"] = "Give the room's id as the platform writes it."
    if faults:
        raise NotValid("The video room of this group session is not complete.", fields=faults)


def _named(meeting: GroupSession, names: Mapping[UUID, str]) -> dict[str, str | None]:
    return {staffing.WORDS[place]: names.get(getattr(meeting, place)) for place in staffing.PLACES}


async def _write_access(db: Db, viewer: Viewer, entry: NewEntry, people: Iterable[UUID]) -> None:
    """Writes the entry, and remembers it with everybody whose board it changes."""
    changed = (
        await db.scalars(
            select(StaffMember)
            .where(StaffMember.program_id == viewer.program_id, StaffMember.id.in_(list(people)))
            .order_by(StaffMember.id)
            .with_for_update()
        )
    ).all()
    seq = await write(db, viewer.program_id, [entry])
    for person in changed:
        person.access_seq = seq
    await db.flush()
