"""A client's link: made by staff, bound to the first device that presses its button, opened to another by staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update

from app.client_pages import standing
from app.client_pages.tokens import Device, hashed, new_device, new_token, program_of
from app.db import Database, Db, new_id, now_of
from app.errors import Conflict, NotFound
from app.group_sessions.models import ClientLink, GroupSession, Presence
from app.journal.kinds import Kind
from app.journal.write import Actor, NewEntry, write
from app.staff.access import Viewer, may_see_group_session


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press of the link's button came to. `device` is the cookie to keep, `until` when it ends at the latest."""

    what: Literal["bound", "waiting", "gone"]
    device: Device | None = None
    callback_number: str | None = None


async def make_link(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID, *, base_url: str) -> str:
    """A fresh address, shown once: only its hash is kept. Older ones that nobody has used end now.

    One that a device is using goes on until the fresh one is pressed, so that a press by mistake cuts nobody off.
    """
    meeting = await _expected(db, viewer, group_session_id, client_id)
    now = now_of(db)
    if meeting.state == "closed":
        raise Conflict("This group is over. A link works only before and during the group.")
    await _end_links(db, viewer.program_id, group_session_id, client_id, only_unused=True)
    token = new_token(viewer.program_id)
    db.add(
        ClientLink(
            program_id=viewer.program_id,
            id=new_id(),
            group_session_id=group_session_id,
            client_id=client_id,
            token_hash=hashed(token),
            made_at=now,
            expires_at=meeting.ends_at + standing.AFTERWARDS,
        )
    )
    await write(
        db,
        viewer.program_id,
        [
            NewEntry(
                Kind.link_made,
                Actor("person", viewer.staff_id),
                client_id=client_id,
                group_session_id=group_session_id,
            )
        ],
    )
    return f"{base_url}/c/{token}"


async def press(database: Database, token: str, presented: Device | None) -> Pressed:
    """Exchanges a link for a device's cookie. Guessed, ended and foreign links all come to the same: gone."""
    program_id = program_of(token)
    if program_id is None:
        return Pressed("gone")
    async with database.transaction(program_id) as db:
        link = (
            await db.execute(
                select(ClientLink)
                .where(ClientLink.program_id == program_id, ClientLink.token_hash == hashed(token))
                .with_for_update()
            )
        ).scalar_one_or_none()
        if link is None or await _has_ended(db, link):
            return Pressed("gone", callback_number=await standing.callback_number(db, program_id))
        if presented is not None and presented.hash in (link.cookie_hash, link.waiting_hash):
            return Pressed("bound" if presented.hash == link.cookie_hash else "waiting", presented)
        device = new_device(program_id, link.id)
        if link.cookie_hash is None:
            await _bind(db, link, device)
            return Pressed("bound", device)
        await _ask(db, link, device)
        return Pressed("waiting", device)


async def admit_device(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> datetime:
    """The waiting device takes over; the one before it sees "ring us". Returns since when it waited."""
    await _expected(db, viewer, group_session_id, client_id)
    link = (
        await db.execute(
            select(ClientLink)
            .where(
                ClientLink.program_id == viewer.program_id,
                ClientLink.group_session_id == group_session_id,
                ClientLink.client_id == client_id,
                ClientLink.waiting_hash.is_not(None),
                ClientLink.ended_at.is_(None),
            )
            .order_by(ClientLink.waiting_since.desc())
            .limit(1)
            .with_for_update()
        )
    ).scalar_one_or_none()
    if link is None or link.waiting_since is None:
        raise NotFound("No other device is waiting. Ask them to open their link again.", code="nobody_waits")
    since = link.waiting_since
    link.cookie_hash, link.waiting_hash, link.waiting_since = link.waiting_hash, None, None
    await write(
        db,
        viewer.program_id,
        [_entry(Kind.device_admitted, Actor("person", viewer.staff_id), link, how="admitted by staff")],
    )
    return since


async def _bind(db: Db, link: ClientLink, device: Device) -> None:
    await _end_links(db, link.program_id, link.group_session_id, link.client_id, but=link.id)
    link.cookie_hash = device.hash
    await write(
        db,
        link.program_id,
        [_entry(Kind.device_admitted, Actor("client", link.client_id), link, how="first press")],
    )


async def _ask(db: Db, link: ClientLink, device: Device) -> None:
    """The newest device that asks is the one that waits: people try again in another browser while they ring us."""
    link.waiting_hash, link.waiting_since = device.hash, now_of(db)
    await write(db, link.program_id, [_entry(Kind.device_waiting, Actor("client", link.client_id), link)])


async def _end_links(
    db: Db,
    program_id: UUID,
    group_session_id: UUID,
    client_id: UUID,
    *,
    only_unused: bool = False,
    but: UUID | None = None,
) -> None:
    ended = (
        update(ClientLink)
        .where(
            ClientLink.program_id == program_id,
            ClientLink.group_session_id == group_session_id,
            ClientLink.client_id == client_id,
            ClientLink.ended_at.is_(None),
        )
        .values(ended_at=now_of(db), waiting_hash=None, waiting_since=None)
        .execution_options(synchronize_session=False)
    )
    if only_unused:
        ended = ended.where(ClientLink.cookie_hash.is_(None))
    if but is not None:
        ended = ended.where(ClientLink.id != but)
    await db.execute(ended)


async def _has_ended(db: Db, link: ClientLink) -> bool:
    meeting, removed_at = (
        await db.execute(
            select(GroupSession, Presence.removed_at)
            .join(
                Presence,
                (Presence.program_id == GroupSession.program_id)
                & (Presence.group_session_id == GroupSession.id),
            )
            .where(
                GroupSession.program_id == link.program_id,
                GroupSession.id == link.group_session_id,
                Presence.client_id == link.client_id,
            )
        )
    ).one()
    end = standing.ends(link, meeting, removed_at)
    return end is not None and end <= now_of(db)


async def _expected(db: Db, viewer: Viewer, group_session_id: UUID, client_id: UUID) -> GroupSession:
    """The meeting, when this viewer may see it and the client is on its roster. Absent and not yours read the same."""
    meeting = (
        await db.execute(
            select(GroupSession)
            .join(
                Presence,
                (Presence.program_id == GroupSession.program_id)
                & (Presence.group_session_id == GroupSession.id),
            )
            .where(
                GroupSession.program_id == viewer.program_id,
                GroupSession.id == group_session_id,
                Presence.client_id == client_id,
                Presence.removed_at.is_(None),
            )
        )
    ).scalar_one_or_none()
    if meeting is None or not may_see_group_session(viewer, meeting):
        raise NotFound("There is no such person in a group of yours.")
    return meeting


def _entry(kind: Kind, actor: Actor, link: ClientLink, **detail: str) -> NewEntry:
    return NewEntry(
        kind, actor, client_id=link.client_id, group_session_id=link.group_session_id, detail=detail
    )
