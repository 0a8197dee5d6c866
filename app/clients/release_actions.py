"""Releases: written down as signed, revoked at once, ended by their event. A signed paper is never rewritten."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update

from app.clients.contact_views import TO_THEMSELVES, ChangeRelease, NewRelease
from app.clients.models import ClientPhone, EmergencyContact, Release
from app.clients.notices import is_known
from app.clients.numbered import row_of
from app.clients.queries import client_of
from app.clients.terms import Cover
from app.clients.waiting import stop_texts, stop_what_waits
from app.db import Db, conceal, new_id, now_of, reveal
from app.errors import NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.staff.access import Viewer

# Which permission of a telephone stands on which of the client's own releases.
OF_PHONES: dict[Cover, Literal["text_ok", "voicemail_ok"]] = {"text": "text_ok", "voicemail": "voicemail_ok"}


async def add_release(db: Db, viewer: Viewer, client_id: UUID, given: NewRelease) -> UUID:
    await client_of(db, viewer.program_id, client_id)
    contact = None
    if given.contact_id is not None:
        contact = await row_of(db, EmergencyContact, viewer.program_id, client_id, given.contact_id)
    if given.signer_contact_id is not None:
        await _guardian(db, viewer, client_id, given.signer_contact_id)
    if given.notice_version is not None and not is_known(given.notice_version):
        sentence = "There is no such notice. Choose the one that the client was given."
        raise NotValid(sentence, fields={"notice_version": sentence})
    sealed = {"scope", "recipient", "ends_event"}
    beside = sealed | {"covers"}
    release = Release(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        made_at=now_of(db),
        part2=given.part2,
        covers=list(given.covers),
        **given.model_dump(exclude=beside),
    )
    for name in sealed:
        conceal(db, release, name, getattr(given, name) or None)
    db.add(release)
    whom = reveal(db, contact, "name") if contact else given.recipient or "the client themselves"
    detail = {"what": "signed", "contact": whom, "scope": given.scope, "covers": release.covers}
    await _write(db, viewer, client_id, detail)
    return release.id


async def _guardian(db: Db, viewer: Viewer, client_id: UUID, contact_id: UUID) -> None:
    signer = await row_of(db, EmergencyContact, viewer.program_id, client_id, contact_id)
    if not signer.guardian:
        sentence = "This person is not marked as a guardian. Mark them first, or choose who signed."
        raise NotValid(sentence, fields={"signer_contact_id": sentence})


async def change_release(
    db: Db, viewer: Viewer, client_id: UUID, release_id: UUID, given: ChangeRelease
) -> None:
    if given.revoked:
        await revoke_release(db, viewer, client_id, release_id, given.how)
    else:
        await end_release(db, viewer, client_id, release_id)


async def revoke_release(
    db: Db, viewer: Viewer, client_id: UUID, release_id: UUID, how: str = "said"
) -> None:
    """Counts from this moment, and what waits to go out is stopped with it. What was told before stays lawful."""
    release = await row_of(db, Release, viewer.program_id, client_id, release_id)
    if release.revoked_at is not None:
        return
    release.revoked_at, release.revoked_by, release.revoked_how = now_of(db), viewer.staff_id, how
    await _over(db, viewer, client_id, release, {"what": "revoked", "release_id": release.id, "how": how})


async def end_release(db: Db, viewer: Viewer, client_id: UUID, release_id: UUID) -> None:
    """The event it was to end with has happened."""
    release = await row_of(db, Release, viewer.program_id, client_id, release_id)
    if release.ends_event is None:
        raise NotValid(
            "This release does not end with an event. Revoke it, if that is what the client wants."
        )
    if release.event_at is not None or release.revoked_at is not None:
        return
    release.event_at = now_of(db)
    await _over(db, viewer, client_id, release, {"what": "ended", "release_id": release.id})


async def _over(db: Db, viewer: Viewer, client_id: UUID, release: Release, detail: dict[str, Any]) -> None:
    stopped: list[NewEntry] = []
    if release.contact_id is not None:
        stopped += await stop_what_waits(db, viewer, client_id, release.contact_id, "release_ended")
    elif set(release.covers) & TO_THEMSELVES:
        stopped += await _close_phones(db, viewer, client_id, release)
    await _write(db, viewer, client_id, detail, stopped)


async def _close_phones(db: Db, viewer: Viewer, client_id: UUID, release: Release) -> list[NewEntry]:
    """The client takes back texts or voicemail: no number of theirs gets any, unless another paper still says so."""
    await db.flush()
    others = await db.scalars(
        select(Release.covers).where(
            Release.program_id == viewer.program_id,
            Release.client_id == client_id,
            Release.id != release.id,
            Release.contact_id.is_(None),
            Release.revoked_at.is_(None),
            Release.event_at.is_(None),
        )
    )
    still = {cover for covers in others for cover in covers}
    closed = [cover for cover in OF_PHONES if cover in release.covers and cover not in still]
    if not closed:
        return []
    await db.execute(
        update(ClientPhone)
        .where(ClientPhone.program_id == viewer.program_id, ClientPhone.client_id == client_id)
        .values({OF_PHONES[cover]: False for cover in closed})
    )
    entry = NewEntry(
        Kind.phone_changed,
        viewer.actor,
        client_id=client_id,
        detail={"what": "permission withdrawn", "fields": [OF_PHONES[cover] for cover in closed]},
    )
    texts = await stop_texts(db, viewer, client_id, "release_ended") if "text" in closed else []
    return [entry, *texts]


async def _write(
    db: Db, viewer: Viewer, client_id: UUID, detail: dict[str, Any], more: list[NewEntry] | None = None
) -> None:
    entry = NewEntry(Kind.release_changed, viewer.actor, client_id=client_id, detail=detail)
    await write(db, viewer.program_id, [entry, *(more or [])])
