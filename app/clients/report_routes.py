"""Mandated reports and young people's own consent over HTTP: for staff who work with the client, and nobody else."""

from uuid import UUID

from fastapi import APIRouter

from app.clients import own_consent, reports
from app.clients.doors import Mine
from app.clients.own_consent import NewOwnConsent, OwnConsent
from app.clients.report_views import NewReport, ReportClosed, Reports, ReportTold
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api/clients", tags=["clients"])


@router.get("/{client_id}/reports")
async def of_client(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> Reports:
    return await reports.of_client(db, viewer, client)


@router.post("/{client_id}/reports", status_code=201)
async def begin(
    client: Mine, body: NewReport, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Reports:
    if await once(db, viewer, command, "report.begin"):
        await reports.begin(db, viewer, client, body)
    return await reports.of_client(db, viewer, client)


@router.post("/{client_id}/reports/{report_id}/told")
async def told(
    client: Mine,
    report_id: UUID,
    body: ReportTold,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> Reports:
    if await once(db, viewer, command, "report.told"):
        await reports.told(db, viewer, client, report_id, body)
    return await reports.of_client(db, viewer, client)


@router.post("/{client_id}/reports/{report_id}/written")
async def written(
    client: Mine, report_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Reports:
    if await once(db, viewer, command, "report.written"):
        await reports.written(db, viewer, client, report_id)
    return await reports.of_client(db, viewer, client)


@router.post("/{client_id}/reports/{report_id}/close")
async def close(
    client: Mine,
    report_id: UUID,
    body: ReportClosed,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> Reports:
    if await once(db, viewer, command, "report.close"):
        await reports.close(db, viewer, client, report_id, body)
    return await reports.of_client(db, viewer, client)


@router.get("/{client_id}/own-consent")
async def own(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> OwnConsent:
    return await own_consent.read(db, viewer.program_id, client)


@router.post("/{client_id}/own-consent", status_code=201)
async def give(
    client: Mine, body: NewOwnConsent, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> OwnConsent:
    if await once(db, viewer, command, "own_consent.give"):
        await own_consent.give(db, viewer, client, body)
    return await own_consent.read(db, viewer.program_id, client)


@router.delete("/{client_id}/own-consent")
async def end(client: Mine, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> OwnConsent:
    if await once(db, viewer, command, "own_consent.end"):
        await own_consent.end(db, viewer, client)
    return await own_consent.read(db, viewer.program_id, client)
