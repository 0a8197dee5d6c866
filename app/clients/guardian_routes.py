"""Guardians of a young client, and what each may decide, be told and see (MIN-3). Part of the router of records."""

from uuid import UUID

from fastapi import APIRouter

from app.clients import guardian_actions, guardian_queries, guardian_views, queries
from app.clients.doors import Mine
from app.db import Db
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once

router = APIRouter()


async def _answer(db: Db, program_id: UUID, client_id: UUID) -> guardian_views.Guardians:
    return await guardian_queries.guardians(db, await queries.client_of(db, program_id, client_id))


@router.get("/{client_id}/guardians")
async def guardians(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> guardian_views.Guardians:
    return await _answer(db, viewer.program_id, client)


@router.put("/{client_id}/guardians/{contact_id}", dependencies=[Confirmed])
async def write_rights(
    client: Mine,
    contact_id: UUID,
    body: guardian_views.GivenRights,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> guardian_views.Guardians:
    if await once(db, viewer, command, "guardian.write"):
        await guardian_actions.write_rights(db, viewer, client, contact_id, body)
    return await _answer(db, viewer.program_id, client)


@router.delete("/{client_id}/guardians/{contact_id}", dependencies=[Confirmed])
async def end_rights(
    client: Mine, contact_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> guardian_views.Guardians:
    if await once(db, viewer, command, "guardian.end"):
        await guardian_actions.end_rights(db, viewer, client, contact_id)
    return await _answer(db, viewer.program_id, client)
