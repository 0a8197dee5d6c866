"""Whom we told over HTTP: the list, the accounting on request, what an office may be told, and second looks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.clients import access_log, disclosures, tellings
from app.clients.disclosure_views import (
    AskOffice,
    Disclosures,
    NewTelling,
    OfficeVerdict,
    SecondLook,
    Told,
)
from app.clients.doors import Mine
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require

router = APIRouter(prefix="/api", tags=["clients"])


@router.get("/clients/{client_id}/disclosures")
async def of_client(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> Disclosures:
    return await disclosures.of_client(db, viewer, client)


@router.get(
    "/clients/{client_id}/disclosures.csv",
    response_class=Response,
    dependencies=[Confirmed],
)
async def accounting(client: Mine, viewer: CurrentViewer, db: ViewerDb) -> Response:
    return Response(
        await disclosures.accounting_csv(db, viewer, client),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="accounting-of-disclosures.csv"'},
    )


@router.get("/clients/{client_id}/looks")
async def looks(
    client: Mine,
    viewer: CurrentViewer,
    db: ViewerDb,
    below: Annotated[int | None, Query(ge=1)] = None,
) -> access_log.AccessLog:
    """Who opened what of this record. For supervisors: it tells as much about colleagues as about the client."""
    require(viewer, "supervisor")
    return await access_log.of_client(db, viewer, client, below)


@router.post("/clients/{client_id}/may-tell-office")
async def may_tell_office(
    client: Mine, body: AskOffice, viewer: CurrentViewer, db: ViewerDb
) -> OfficeVerdict:
    return await tellings.may_tell_office(db, viewer, client, body)


@router.post("/clients/{client_id}/disclosures", status_code=201)
async def tell(
    client: Mine, body: NewTelling, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Disclosures:
    if await once(db, viewer, command, "disclosure.add"):
        await tellings.tell(db, viewer, client, body)
    return await disclosures.of_client(db, viewer, client)


@router.get("/second-looks")
async def second_looks(viewer: CurrentViewer, db: ViewerDb) -> list[Told]:
    require(viewer, "supervisor")
    return await disclosures.waiting(db, viewer)


@router.post("/second-looks/{disclosure_id}")
async def look_again(
    disclosure_id: UUID, body: SecondLook, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[Told]:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "disclosure.second_look"):
        await disclosures.look_again(db, viewer, disclosure_id, body.note)
    return await disclosures.waiting(db, viewer)
