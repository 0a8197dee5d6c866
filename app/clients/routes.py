"""Clients' records. Clinicians reach the people they work with, supervisors everybody, administrators nobody."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from app.clients import actions, contact_actions, phone_actions, queries, views
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require, require_client

router = APIRouter(prefix="/api/clients", tags=["clients"])


async def clinical(viewer: CurrentViewer) -> None:
    require(viewer, "clinician", "supervisor")


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> UUID:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    # A supervisor may see every client of the program, and an id of another program is none of them.
    await queries.client_of(db, viewer.program_id, client_id)
    return client_id


# The client of the address, after it is certain that this viewer may see them.
Mine = Annotated[UUID, Depends(mine, scope="function")]


class RevealBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    incident_id: UUID | None = None


@router.get("", dependencies=[Depends(clinical)])
async def clients(viewer: CurrentViewer, db: ViewerDb) -> list[views.ClientRow]:
    return await queries.rows(db, viewer)


@router.post("", status_code=201, dependencies=[Depends(clinical)])
async def add(
    body: views.NewClient, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    # Made from the command, so that a repeated press finds its record; and from the program, so that no browser
    # can choose an id that a client of another program has.
    client_id = uuid5(viewer.program_id, f"{viewer.staff_id}:{command}")
    if await once(db, viewer, command, "client.add"):
        await actions.add_client(db, viewer, body, client_id)
    await require_client(db, viewer, client_id)
    return await queries.record(db, viewer.program_id, client_id, viewer)


@router.get("/{client_id}")
async def one(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> views.ClientRecord:
    return await queries.record(db, viewer.program_id, client, viewer)


@router.patch("/{client_id}")
async def change(
    client: Mine, body: views.ChangeClient, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    meanwhile: list[views.Meanwhile] = []
    if await once(db, viewer, command, "client.change"):
        meanwhile = await actions.change_client(db, viewer, client, body)
    shown = await queries.record(db, viewer.program_id, client, viewer)
    return shown.model_copy(update={"meanwhile": meanwhile})


@router.post("/{client_id}/reveal")
async def reveal(client: Mine, body: RevealBody, viewer: CurrentViewer, db: ViewerDb) -> views.Revealed:
    """Not once per command: each answer that holds the numbers is one more look, and one more entry."""
    shown = await queries.revealed(db, viewer.program_id, client)
    await actions.reveal_record(db, viewer, client, body.incident_id)
    return shown


@router.post("/{client_id}/phones", status_code=201, dependencies=[Confirmed])
async def add_phone(
    client: Mine, body: views.NewPhone, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "phone.add"):
        await phone_actions.add_phone(db, viewer, client, body)
    return await queries.record(db, viewer.program_id, client)


@router.patch("/{client_id}/phones/{phone_id}", dependencies=[Confirmed])
async def change_phone(
    client: Mine,
    phone_id: UUID,
    body: views.ChangePhone,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> views.ClientRecord:
    if await once(db, viewer, command, "phone.change"):
        await phone_actions.change_phone(db, viewer, client, phone_id, body)
    return await queries.record(db, viewer.program_id, client)


@router.delete("/{client_id}/phones/{phone_id}", dependencies=[Confirmed])
async def remove_phone(
    client: Mine, phone_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "phone.remove"):
        await phone_actions.retire_phone(db, viewer, client, phone_id)
    return await queries.record(db, viewer.program_id, client)


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


@router.post("/{client_id}/releases", status_code=201)
async def add_release(
    client: Mine, body: views.NewRelease, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "release.add"):
        await contact_actions.add_release(db, viewer, client, body)
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
    """`{"revoked": true}` is the only change there is."""
    del body
    return await revoke_release(client, release_id, viewer, db, command)


@router.delete("/{client_id}/releases/{release_id}")
async def revoke_release(
    client: Mine, release_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.ClientRecord:
    if await once(db, viewer, command, "release.revoke"):
        await contact_actions.revoke_release(db, viewer, client, release_id)
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
