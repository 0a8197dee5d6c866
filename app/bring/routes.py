"""Data in and out. A file is the body of its request; what it would do is said before anything is done."""

import asyncio
import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.bring import giving, imports, record_paper
from app.bring.imports import BroughtView, Of
from app.clients.consent_words import Tick
from app.clients.models import Client
from app.clients.queries import client_of
from app.staff.access import CommandId, Confirmed, CurrentViewer, ViewerDb, once, require, require_client
from app.staff.models import Program
from app.tabular import write
from app.typeset import pdf

router = APIRouter()
files = APIRouter(prefix="/api/bring", tags=["bring"])
CSV = "text/csv; charset=utf-8"


async def keeper(of: Of, viewer: CurrentViewer) -> Of:
    """Clients belong to the clinical side, colleagues to the administrator, groups to both."""
    roles = {"clients": ("supervisor",), "contacts": ("supervisor",), "staff": ("administrator",)}
    require(viewer, *roles.get(of, ("supervisor", "administrator")))
    return of


Mine = Annotated[Of, Depends(keeper)]


@files.get("/{of}/empty.csv")
async def empty(of: Mine) -> Response:
    """A file with the headings that Handrail knows, to fill in."""
    return _file(write(imports.columns(of), []), f"{of}.csv")


@files.post("/{of}/preview")
async def preview(of: Mine, request: Request, viewer: CurrentViewer, db: ViewerDb) -> BroughtView:
    """Nothing is changed."""
    found = await imports.brought(db, viewer.program_id, of, await request.body())
    return imports.answer(found, done=False)


@files.post("/{of}/rest")
async def rest(of: Mine, request: Request, viewer: CurrentViewer, db: ViewerDb) -> Response:
    return _file(await imports.rest(db, viewer, of, await request.body()), f"{of}-to-mend.csv")


@files.post("/{of}", dependencies=[Confirmed])
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


class CopyBody(BaseModel):
    """`guardian_id`: one of the client's contacts, when the copy is for them. Otherwise it is the client's own."""

    model_config = ConfigDict(extra="forbid")
    made_as: Literal["json", "pdf"] = "json"
    guardian_id: UUID | None = None
    large: bool = False
    ticked: Annotated[tuple[Tick, ...], Field(max_length=5)] = ()


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> Client:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    return await client_of(db, viewer.program_id, client_id)


records = APIRouter(prefix="/api/clients/{client_id}", tags=["bring"])


@records.post("/whole-record", dependencies=[Confirmed], response_class=Response)
async def whole_record(
    client: Annotated[Client, Depends(mine, scope="function")],
    body: CopyBody,
    viewer: CurrentViewer,
    db: ViewerDb,
) -> Response:
    """Not once per command: each copy that leaves is one more entry."""
    whole = await giving.give(
        db, viewer, client, guardian_id=body.guardian_id, made_as=body.made_as, ticked=body.ticked
    )
    # No name of a person or a reason in what a download folder shows.
    named = {"Content-Disposition": f'attachment; filename="record.{body.made_as}"'}
    if body.made_as == "json":
        text = await asyncio.to_thread(json.dumps, whole, ensure_ascii=False, indent=2, default=str)
        return Response(text, media_type="application/json", headers=named)
    program = await db.get_one(Program, viewer.program_id)
    made = record_paper.data(
        whole, name=client.name_used, zone=program.time_zone, region=program.region, large=body.large
    )
    return Response(await pdf("client_record", made), media_type="application/pdf", headers=named)


for part in (files, records):
    router.include_router(part)
