"""Who is asking, and what they may see: the one door in front of every staff route and socket.

The order is fixed: where the request comes from, then who it is, then the transaction. The cookie is
`<program id, hex>.<random token>`: row security needs the program before the token can be looked up.
"""

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Header, Request, WebSocket
from sqlalchemy import select, text, update
from starlette.requests import HTTPConnection

from app.db import Database, Db, now_of
from app.errors import Locked, NotAllowed, NotFound, NotSignedIn, NotValid, Refusal
from app.journal.commands import first_time
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.prepared import Prepared
from app.staff.models import EmergencyAccess, SignIn
from app.staff.origin import ForeignOrigin, check_origin

COOKIE = "handrail"
IDLE = timedelta(
    minutes=15
)  # SEC-3; NIST 800-63B allows an hour at AAL2, but these screens stand in living rooms
ABSOLUTE = timedelta(hours=12)
# Each request would otherwise write its sign-in; half a minute is exact enough for an idle time of 15.
SEEN_EVERY = timedelta(seconds=30)
# A clinician keeps seeing the people of a meeting for the calls and notes that follow it.
AFTERWARDS = timedelta(days=7)
LOCKED = "This screen is locked. Enter your PIN to go on; what you typed is kept."
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class ConfirmNeeded(NotAllowed):
    code = "confirm_needed"


class CommandMissing(Refusal):
    status, code = 428, "command_id_missing"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person whose sign-in holds now. `access_seq` is the entry that last changed what they may see."""

    program_id: UUID
    staff_id: UUID
    name: str
    first_name: str
    roles: frozenset[str]
    sign_in_id: UUID
    program_kind: str
    locked: bool = False
    access_seq: int = 0
    confirmed: bool = False

    @property
    def actor(self) -> Actor:
        return Actor("person", self.staff_id)


class HasStaff(Protocol):
    """A group session, or anything else that names its four people."""

    @property
    def lead_id(self) -> UUID | None: ...
    @property
    def cofacilitator_id(self) -> UUID | None: ...
    @property
    def supervisor_id(self) -> UUID | None: ...
    @property
    def backup_id(self) -> UUID | None: ...


# --- who it is


def hash_token(token: str) -> bytes:
    """Tokens have 256 random bits: a plain hash is enough, nobody can guess back."""
    return hashlib.sha256(token.encode()).digest()


def cookie_value(program_id: UUID, token: str) -> str:
    return f"{program_id.hex}.{token}"


def read_cookie(cookies: Mapping[str, str]) -> tuple[UUID, str]:
    program, dot, token = cookies.get(COOKIE, "").partition(".")
    try:
        if dot and token and len(program) == 32:
            return UUID(hex=program), token
    except ValueError:
        pass
    raise NotSignedIn("You are not signed in. Sign in to go on.")


# Every request begins with it: three rows as objects of the session took as long as reading them.
_READ = """
    select s.id as sign_in_id, s.staff_id, s.expires_at, s.locked_at, s.last_seen_at, s.confirmed_until,
           m.name, m.first_name, m.roles, m.access_seq, p.kind as program_kind
    from sign_in s
    join staff_member m on m.program_id = s.program_id and m.id = s.staff_id and m.disabled_at is null
    join program p on p.id = s.program_id
    where s.program_id = :program and s.stage = 'full' and s.ended_at is null and s.expires_at > :now
"""
_SIGNED_IN = Prepared(f"{_READ} and s.token_hash = :token")
_STANDING = Prepared(f"{_READ} and s.id = any(cast(:ids as uuid[]))")
_SEEN = Prepared("update sign_in set last_seen_at = :now where program_id = :program and id = :id")


def _viewer(program_id: UUID, row: Any, now: datetime) -> Viewer:
    return Viewer(
        program_id=program_id,
        staff_id=row.staff_id,
        name=row.name,
        first_name=row.first_name,
        roles=frozenset(row.roles),
        sign_in_id=row.sign_in_id,
        program_kind=row.program_kind,
        locked=row.locked_at is not None or now - row.last_seen_at > IDLE,
        access_seq=row.access_seq,
        confirmed=row.confirmed_until is not None and row.confirmed_until > now,
    )


async def _behind(db: Db, program_id: UUID, token: str, *, active: bool) -> tuple[Viewer, datetime]:
    """The viewer, and when they were last seen. Raises NotSignedIn."""
    now = now_of(db)
    found = await _SIGNED_IN.rows(db, program=program_id, token=hash_token(token), now=now)
    if not found:
        raise NotSignedIn("Your sign-in has ended. Sign in again to go on.")
    [row] = found
    viewer = _viewer(program_id, row, now)
    if active and not viewer.locked and now - row.last_seen_at > SEEN_EVERY:
        await _SEEN.rows(db, program=program_id, id=viewer.sign_in_id, now=now)
    return viewer, row.last_seen_at


async def signed_in(
    connection: HTTPConnection, *, active: bool, cookie: tuple[UUID, str] | None = None
) -> Viewer:
    """The viewer behind the cookie, locked or not, in a short transaction of its own.

    `active`: a person did this, so the idle time begins anew. An idle time that has passed locks, for good.
    """
    program_id, token = cookie or read_cookie(connection.cookies)
    database: Database = connection.app.state.database
    async with database.transaction(program_id) as db:
        viewer, last_seen = await _behind(db, program_id, token, active=active)
        if viewer.locked:
            await _lock_idle(db, viewer, last_seen + IDLE)
    return viewer


async def _lock_idle(db: Db, viewer: Viewer, since: datetime) -> None:
    """Writes down the lock that the passing of time made, once."""
    locked = await db.execute(
        update(SignIn)
        .where(
            SignIn.program_id == viewer.program_id, SignIn.id == viewer.sign_in_id, SignIn.locked_at.is_(None)
        )
        .values(locked_at=since)
        .returning(SignIn.id)
    )
    if locked.first() is not None:
        entry = NewEntry(
            Kind.locked, viewer.actor, occurred_at=since, detail={"why": "idle"}, retention="audit"
        )
        await write(db, viewer.program_id, [entry])


async def signed_viewer(request: Request) -> Viewer:
    """Signed in, perhaps locked: for the few routes that a locked screen needs."""
    if request.method not in READS:
        check_origin(request)
    return await signed_in(request, active=False)


async def current_viewer(request: Request) -> Viewer:
    if request.method not in READS:
        check_origin(request)
    # A board that refreshes itself must not keep an empty chair signed in.
    viewer = await signed_in(request, active="handrail-background" not in request.headers)
    if viewer.locked:
        raise Locked(LOCKED)
    return viewer


async def viewer_of_socket(websocket: WebSocket) -> Viewer:
    """Before `accept`. Raises ForeignOrigin or NotSignedIn; a locked viewer is returned, and gets LiveLocked only."""
    if websocket.headers.get("origin") is None:
        raise ForeignOrigin("A socket needs the Origin header.")
    check_origin(websocket)
    return await signed_in(websocket, active=False)


async def refreshed(db: Db, viewer: Viewer) -> Viewer | None:
    """The same sign-in as it stands now; None when it has ended."""
    return (await all_refreshed(db, viewer.program_id, {viewer.sign_in_id})).get(viewer.sign_in_id)


async def all_refreshed(db: Db, program_id: UUID, sign_in_ids: Collection[UUID]) -> dict[UUID, Viewer]:
    """Sign-ins as they stand now, for sockets; those that have ended are missing. An open socket is not activity."""
    now = now_of(db)
    rows = await _STANDING.rows(db, program=program_id, ids=list(sign_in_ids), now=now)
    return {row.sign_in_id: _viewer(program_id, row, now) for row in rows}


# --- the transaction, and retry-safe writes


async def viewer_db(
    request: Request, viewer: Annotated[Viewer, Depends(current_viewer)]
) -> AsyncIterator[Db]:
    database: Database = request.app.state.database
    async with database.transaction(viewer.program_id) as db:
        yield db


@dataclass(frozen=True, slots=True)
class Presses:
    """For the rare press that is two transactions, each of which is whole: the first is seen before the second is made."""

    request: Request

    @asynccontextmanager
    async def first(self) -> AsyncIterator[tuple[Db, Viewer]]:
        """It also says who presses, as `current_viewer` does, without a transaction more."""
        check_origin(self.request)
        program_id, token = read_cookie(self.request.cookies)
        database: Database = self.request.app.state.database
        async with database.transaction(program_id, plan_once=True) as db:
            viewer, _ = await _behind(db, program_id, token, active=True)
            if not viewer.locked:
                yield db, viewer
                return
        # Which is written down, if time alone locked it.
        await signed_in(self.request, active=True)
        raise Locked(LOCKED)

    def second(self, viewer: Viewer) -> AbstractAsyncContextManager[Db]:
        database: Database = self.request.app.state.database
        return database.transaction(viewer.program_id)


async def presses(request: Request) -> Presses:
    """Not the class itself: whatever cannot be awaited is called in a thread, and the press waits for it."""
    return Presses(request)


async def confirmed_viewer(viewer: Annotated[Viewer, Depends(current_viewer)]) -> None:
    """SEC-7: exports and changes of telephone numbers ask for the PIN again; see sign_in.confirm."""
    if not viewer.confirmed:
        raise ConfirmNeeded("Enter your PIN to go on: this exports or changes something sensitive.")


async def command_id(
    header: Annotated[str | None, Header(alias="Command-Id", include_in_schema=False)] = None,
) -> UUID:
    if header is None:
        raise CommandMissing("This request has no Command-Id header, so repeating it would not be safe.")
    try:
        return UUID(header)
    except ValueError:
        raise NotValid("The Command-Id header must be a UUID.") from None


SignedViewer = Annotated[Viewer, Depends(signed_viewer)]
CurrentViewer = Annotated[Viewer, Depends(current_viewer)]
# The commit happens before the reply (decision 6): with the default scope a failed commit still answered 200.
ViewerDb = Annotated[Db, Depends(viewer_db, scope="function")]
ViewerPresses = Annotated[Presses, Depends(presses)]
CommandId = Annotated[UUID, Depends(command_id)]


# For `dependencies=[Confirmed]` on a route.
Confirmed = Depends(confirmed_viewer)


async def once(db: Db, viewer: Viewer, command: UUID, kind: str) -> bool:
    """False: this very press has been carried out before; answer with the state as it is.

    The id counts per person, so nobody can use up a colleague's.
    """
    return await first_time(db, viewer.program_id, f"{viewer.staff_id}:{command}", kind)


# --- what they may see


def require(viewer: Viewer, *roles: str) -> None:
    if viewer.roles.isdisjoint(roles):
        raise NotAllowed(f"This needs the role of {' or '.join(roles)}. Ask a colleague who has it.")


def assigned(viewer: Viewer, group_session: HasStaff) -> bool:
    """One of the four people of this meeting. A supervisor sees every meeting without being assigned."""
    return viewer.staff_id in (
        group_session.lead_id,
        group_session.cofacilitator_id,
        group_session.supervisor_id,
        group_session.backup_id,
    )


def may_see_group_session(viewer: Viewer, group_session: HasStaff) -> bool:
    return "supervisor" in viewer.roles or ("clinician" in viewer.roles and assigned(viewer, group_session))


# As SQL text because the tables belong to packages above this one, and who may see what belongs in this file.
_REACH = text(
    """
    select c.id from client c
    where c.program_id = :program and (
        exists (
            select 1 from presence p
            join group_session g on g.program_id = p.program_id and g.id = p.group_session_id
            where p.program_id = c.program_id and p.client_id = c.id and p.removed_at is null
              and :staff in (g.lead_id, g.cofacilitator_id, g.supervisor_id, g.backup_id)
              and (g.closed_at is null or g.closed_at > :recent)
        ) or exists (
            select 1 from incident i
            where i.program_id = c.program_id and i.client_id = c.id and i.owner_id = :staff
              and i.state = 'open'
        ) or exists (
            select 1 from entry e
            where e.program_id = c.program_id and e.client_id = c.id and e.kind = 'client.added'
              and e.actor_id = :staff
        ) or c.id in (
            select t.client_id from task t
            where t.program_id = :program and t.owner_id = :staff and t.done_at is null
              and t.gap in ('caregiver call', 'check in')
        ) or exists (
            select 1 from emergency_access a
            where a.program_id = c.program_id and a.client_id = c.id and a.staff_id = :staff
              and a.ended_at is null and a.ends_at > :now
        )
    ) and (cast(:one as uuid) is null or c.id = :one)
    """
)


async def reachable_clients(db: Db, viewer: Viewer, only: UUID | None = None) -> frozenset[UUID] | None:
    """Ids of the clients this person works with; None means every client of the program.

    Supervisors: all. Clinicians: people on the roster of a meeting they are one of the four of (until a week
    after it), in an open incident they own, whom they owe a call after a crisis, whom they entered themselves, or to whom they have opened emergency
    access within the hour (SEC-2). Administrators: none, set-up only.
    """
    if "supervisor" in viewer.roles:
        return None
    if "clinician" not in viewer.roles:
        return frozenset()
    values = {
        "program": viewer.program_id,
        "staff": viewer.staff_id,
        "recent": now_of(db) - AFTERWARDS,
        "now": now_of(db),
        "one": only,
    }
    return frozenset((await db.execute(_REACH, values)).scalars())


async def may_see_client(db: Db, viewer: Viewer, client_id: UUID) -> bool:
    reach = await reachable_clients(db, viewer, client_id)
    return reach is None or client_id in reach


async def has_emergency_access(db: Db, viewer: Viewer, client_id: UUID) -> bool:
    """Break-glass that stands now: opens this client's incident as well as the record."""
    found = await db.scalar(
        select(EmergencyAccess.id)
        .where(
            EmergencyAccess.program_id == viewer.program_id,
            EmergencyAccess.staff_id == viewer.staff_id,
            EmergencyAccess.client_id == client_id,
            EmergencyAccess.ended_at.is_(None),
            EmergencyAccess.ends_at > now_of(db),
        )
        .limit(1)
    )
    return found is not None


async def require_client(db: Db, viewer: Viewer, client_id: UUID) -> None:
    """Absent and not yours read the same: nobody learns by guessing who is in care."""
    if not await may_see_client(db, viewer, client_id):
        raise NotFound("There is no such client among the people you work with.")
