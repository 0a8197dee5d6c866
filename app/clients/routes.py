"""Clients' records. Clinicians reach the people they work with, supervisors everybody, administrators nobody."""

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from app.clients import actions, contact_routes, guardian_routes, phone_actions, queries, search, views
from app.clients.doors import Mine, clinical
from app.clients.notices import Notice
from app.clients.notices import notices as known_notices
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require_client

router = APIRouter(prefix="/api/clients", tags=["clients"])


class RevealBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    incident_id: UUID | None = None


@router.get("", dependencies=[Depends(clinical)])
async def clients(
    viewer: CurrentViewer,
    db: ViewerDb,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> views.ClientPage:
    """A page of everybody in reach, ended care too. Names and numbers are looked for with a POST, outside of addresses."""
    return await search.page(db, viewer, views.FindClients(ended=True, offset=offset, limit=limit))


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


@router.get("/notices", dependencies=[Depends(clinical)])
async def notices() -> list[Notice]:
    """Legal texts that a release and a disclosure carry, the one in use last."""
    return list(known_notices())


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


router.include_router(contact_routes.router)
router.include_router(guardian_routes.router)
