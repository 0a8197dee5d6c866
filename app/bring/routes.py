"""Data in and out. A file is the body of its request; what it would do is said before anything is done."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.bring import imports
from app.bring.imports import BroughtView, Of
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require
from app.tabular import write

router = APIRouter(prefix="/api/bring", tags=["bring"])
CSV = "text/csv; charset=utf-8"


async def keeper(of: Of, viewer: CurrentViewer) -> Of:
    """Clients belong to the clinical side, colleagues to the administrator, groups to both."""
    roles = {"clients": ("supervisor",), "contacts": ("supervisor",), "staff": ("administrator",)}
    require(viewer, *roles.get(of, ("supervisor", "administrator")))
    return of


Mine = Annotated[Of, Depends(keeper)]


@router.get("/{of}/empty.csv")
async def empty(of: Mine) -> Response:
    """A file with the headings that Handrail knows, to fill in."""
    return _file(write(imports.columns(of), []), f"{of}.csv")


@router.post("/{of}/preview")
async def preview(of: Mine, request: Request, viewer: CurrentViewer, db: ViewerDb) -> BroughtView:
    """Nothing is changed."""
    found = await imports.brought(db, viewer.program_id, of, await request.body())
    return imports.answer(found, done=False)


@router.post("/{of}/rest")
async def rest(of: Mine, request: Request, viewer: CurrentViewer, db: ViewerDb) -> Response:
    return _file(await imports.rest(db, viewer, of, await request.body()), f"{of}-to-mend.csv")


@router.post("/{of}", dependencies=[Confirmed])
async def take(
    of: Mine, request: Request, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> BroughtView:
    """The same file again, once somebody has read what it would do. A repeated press finds everything here already."""
    data = await request.body()
    if not await once(db, viewer, command, "data.bring"):
        return imports.answer(await imports.brought(db, viewer.program_id, of, data), done=True)
    return await imports.take(db, viewer, of, data)


def _file(data: bytes, name: str) -> Response:
    return Response(data, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})
