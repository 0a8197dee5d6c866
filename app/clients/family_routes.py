"""The family agreement of a young client (R16)."""

from uuid import UUID

from fastapi import APIRouter

from app.clients import family_actions, family_queries, family_views, queries
from app.clients.doors import Mine
from app.clients.law import is_minor
from app.clients.people import local_today
from app.db import Db, now_of
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/clients", tags=["clients"])


async def _answer(db: Db, program_id: UUID, client_id: UUID) -> family_views.AgreementAnswer:
    client = await queries.client_of(db, program_id, client_id)
    today = await local_today(db, program_id, now_of(db))
    return family_views.AgreementAnswer(
        young=await is_minor(db, client, today), agreement=await family_queries.agreement(db, client)
    )


@router.get("/{client_id}/agreement")
async def agreement(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> family_views.AgreementAnswer:
    return await _answer(db, viewer.program_id, client)


@router.post("/{client_id}/agreement", status_code=201)
async def write(
    client: Mine, body: family_views.NewAgreement, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> family_views.AgreementAnswer:
    if await once(db, viewer, command, "agreement.write"):
        await family_actions.write_agreement(db, viewer, client, body)
    return await _answer(db, viewer.program_id, client)


@router.post("/{client_id}/agreement/readings", status_code=201)
async def read(
    client: Mine, body: family_views.NewReading, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> family_views.AgreementAnswer:
    if await once(db, viewer, command, "agreement.read"):
        await family_actions.write_reading(db, viewer, client, body)
    return await _answer(db, viewer.program_id, client)
