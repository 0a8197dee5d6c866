"""Contacts, releases and the do-not-contact list of a client over HTTP. Part of the router of clients' records."""

from uuid import UUID

from fastapi import APIRouter

from app.clients import contact_actions, queries, release_actions, telling, views
from app.clients.contact_views import MayTell
from app.clients.doors import Mine
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter()


@router.post("/{client_id}/contacts", status_code=201)
async def add_contact(
    client: Mine, body: views.NewContact, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "contact.add"):
        await contact_actions.add_contact(db, viewer, client, body)
    return await queries.record(db, viewer.program_id, client)


@router.patch("/{client_id}/contacts/{contact_id}")
async def change_contact(
    client: Mine,
    contact_id: UUID,
    body: views.ChangeContact,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientRecord:
    if await once(db, viewer, command, "contact.change"):
        await contact_actions.change_contact(db, viewer, client, contact_id, body)
    return await queries.record(db, viewer.program_id, client)


@router.delete("/{client_id}/contacts/{contact_id}")
async def remove_contact(
    client: Mine, contact_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "contact.remove"):
        await contact_actions.retire_contact(db, viewer, client, contact_id)
    return await queries.record(db, viewer.program_id, client)


@router.post("/{client_id}/contacts/{contact_id}/confirm")
async def confirm_contact(
    client: Mine, contact_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "contact.confirm"):
        await contact_actions.confirm_contact(db, viewer, client, contact_id)
    return await queries.record(db, viewer.program_id, client)


@router.get("/{client_id}/may-tell")
async def may_tell(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> list[MayTell]:
    return await telling.may_tell(db, viewer.program_id, client)


@router.post("/{client_id}/releases", status_code=201)
async def add_release(
    client: Mine, body: views.NewRelease, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "release.add"):
        await release_actions.add_release(db, viewer, client, body)
    return await queries.record(db, viewer.program_id, client)


@router.patch("/{client_id}/releases/{release_id}")
async def change_release(
    client: Mine,
    release_id: UUID,
    body: views.ChangeRelease,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientRecord:
    """Revoked, or ended by its event: the only changes there are."""
    if await once(db, viewer, command, "release.change"):
        await release_actions.change_release(db, viewer, client, release_id, body)
    return await queries.record(db, viewer.program_id, client)


@router.delete("/{client_id}/releases/{release_id}")
async def revoke_release(
    client: Mine, release_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "release.revoke"):
        await release_actions.revoke_release(db, viewer, client, release_id)
    return await queries.record(db, viewer.program_id, client)


@router.post("/{client_id}/do-not-contact", status_code=201)
async def bar(
    client: Mine, body: views.NewDoNotContact, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "do_not_contact.add"):
        await contact_actions.bar(db, viewer, client, body)
    return await queries.record(db, viewer.program_id, client)


@router.delete("/{client_id}/do-not-contact/{barred_id}")
async def lift_bar(
    client: Mine, barred_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    """Takes a supervisor: a second person stands behind opening a door that the client had closed."""
    require(viewer, "supervisor")
    if await once(db, viewer, command, "do_not_contact.lift"):
        await contact_actions.lift_bar(db, viewer, client, barred_id)
    return await queries.record(db, viewer.program_id, client)
