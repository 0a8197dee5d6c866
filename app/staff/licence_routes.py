"""Licences of staff: everybody reads them, administrators keep them."""

from uuid import UUID

from fastapi import APIRouter, Depends

from app.staff import licences
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require
from app.staff.licences import LicenceBody, LicenceView

router = APIRouter(prefix="/api", tags=["staff"])


async def administrator(viewer: CurrentViewer) -> None:
    require(viewer, "administrator")


@router.get("/staff-licences")
async def every(viewer: CurrentViewer, db: ViewerDb) -> list[LicenceView]:
    return await licences.licences(db, viewer.program_id)


@router.post("/staff/{staff_id}/licences", status_code=201, dependencies=[Depends(administrator)])
async def add(
    staff_id: UUID, body: LicenceBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[LicenceView]:
    if await once(db, viewer, command, "licence.add"):
        await licences.add_licence(db, viewer, staff_id, body)
    return await licences.licences(db, viewer.program_id)


@router.delete("/staff/{staff_id}/licences/{licence_id}", dependencies=[Depends(administrator)])
async def end(
    staff_id: UUID, licence_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> list[LicenceView]:
    if await once(db, viewer, command, "licence.end"):
        await licences.end_licence(db, viewer, staff_id, licence_id)
    return await licences.licences(db, viewer.program_id)
