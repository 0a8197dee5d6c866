"""The directory as a CSV file: what a file would do, taking it, what was wrong with it, and all of ours."""

from fastapi import APIRouter, Depends, Request, Response

from app.places import imports
from app.places.imports import ImportView
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require

router = APIRouter()
CSV = "text/csv; charset=utf-8"


async def keeper(viewer: CurrentViewer) -> None:
    require(viewer, "supervisor", "administrator")


@router.post("/import/preview", dependencies=[Depends(keeper)])
async def preview(request: Request, viewer: CurrentViewer, db: ViewerDb) -> ImportView:
    """The file is the body. Nothing is changed."""
    found = await imports.brought(db, viewer.program_id, await request.body())
    return imports.answer(found, done=False)


@router.post("/import", dependencies=[Depends(keeper)])
async def take(request: Request, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> ImportView:
    """The same file again, once somebody has read what it would do. A repeated press says what it did."""
    data = await request.body()
    if not await once(db, viewer, command, "dispatch_line.import"):
        return imports.answer(await imports.brought(db, viewer.program_id, data), done=True)
    return await imports.take(db, viewer, data)


@router.post("/import/rest", dependencies=[Depends(keeper)])
async def rest(request: Request, viewer: CurrentViewer, db: ViewerDb) -> Response:
    return _file(await imports.rest(db, viewer, await request.body()), "lines-to-mend.csv")


@router.get("/export.csv", dependencies=[Depends(keeper)])
async def export(viewer: CurrentViewer, db: ViewerDb) -> Response:
    return _file(await imports.everything(db, viewer), "local-lines.csv")


def _file(data: bytes, name: str) -> Response:
    return Response(data, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})
