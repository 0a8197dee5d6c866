"""*Still to do*, and the ring by hand that shows whether a number reaches a client."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.clients.queries import client_of
from app.group_sessions import number_rings, program_readiness, still_to_do
from app.group_sessions.program_readiness import ProgramReady
from app.group_sessions.readiness import GapKey, Part
from app.group_sessions.still_to_do import Colleague, CountsView, TaskView
from app.numbers import readable
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require, require_client
from app.tasks import actions
from app.tasks.queries import Which

router = APIRouter(prefix="/api", tags=["tasks"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class TaskBody(Body):
    """`owner_id` null: nobody has it yet."""

    about: Annotated[str, Field(min_length=1, max_length=400)]
    client_id: UUID | None = None
    gap: GapKey | None = None
    owner_id: UUID | None = None
    due_at: AwareDatetime


class HandOverBody(Body):
    """`version` is the one that was read."""

    version: int
    owner_id: UUID | None
    due_at: AwareDatetime | None = None


class DoneBody(Body):
    outcome: Literal["done", "not_needed"] = "done"


class RungBody(Body):
    result: Literal["answered", "no_answer", "wrong_number"]


class NumberView(BaseModel):
    """`number` as a person reads it, `dial` as a telephone takes it."""

    model_config = ConfigDict(extra="forbid")
    number: str
    dial: str


async def mine(client_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> UUID:
    require(viewer, "clinician", "supervisor")
    await require_client(db, viewer, client_id)
    await client_of(db, viewer.program_id, client_id)
    return client_id


Mine = Annotated[UUID, Depends(mine, scope="function")]


@router.get("/readiness")
async def readiness(
    viewer: CurrentViewer,
    db: ViewerDb,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    lacking: Part | Literal["any"] = "any",
) -> ProgramReady:
    """Everybody in care whom this person works with, before any meeting."""
    require(viewer, "clinician", "supervisor")
    return await program_readiness.page(db, viewer, page, lacking)


@router.get("/tasks")
async def tasks(viewer: CurrentViewer, db: ViewerDb, which: Which = "mine") -> list[TaskView]:
    if which == "everyone":
        require(viewer, "supervisor")
    return await still_to_do.listed(db, viewer, which)


@router.get("/tasks/counts")
async def counts(viewer: CurrentViewer, db: ViewerDb) -> CountsView:
    return await still_to_do.counts(db, viewer)


@router.get("/tasks/colleagues")
async def colleagues(viewer: CurrentViewer, db: ViewerDb, client_id: UUID | None = None) -> list[Colleague]:
    """Whom something about this client can be handed to."""
    if client_id is not None:
        await mine(client_id, viewer, db)
    return await still_to_do.colleagues(db, viewer, client_id)


@router.post("/tasks", status_code=204)
async def add(body: TaskBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> None:
    require(viewer, "clinician", "supervisor")
    if await once(db, viewer, command, "task.add"):
        await actions.add(db, viewer, **body.model_dump())


@router.patch("/tasks/{task_id}", status_code=204)
async def hand_over(
    task_id: UUID, body: HandOverBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "task.hand_over"):
        await actions.hand_over(db, viewer, task_id, **body.model_dump())


@router.post("/tasks/{task_id}/done", status_code=204)
async def done(
    task_id: UUID, body: DoneBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "task.done"):
        await actions.finish(db, viewer, task_id, body.outcome)


@router.post("/tasks/{task_id}/undone", status_code=204)
async def undone(task_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> None:
    if await once(db, viewer, command, "task.undone"):
        await actions.take_back(db, viewer, task_id)


@router.post("/clients/{client_id}/phones/{phone_id}/ring")
async def ring(client: Mine, phone_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> NumberView:
    """Shows one number, for one ring by hand. Each showing is one entry, so it is not once per command."""
    number = await number_rings.show(db, viewer, client, phone_id)
    return NumberView(number=readable(number), dial=number)


@router.post("/clients/{client_id}/phones/{phone_id}/rung", status_code=204)
async def rung(
    client: Mine, phone_id: UUID, body: RungBody, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> None:
    if await once(db, viewer, command, "number.rung"):
        await number_rings.record(db, viewer, client, phone_id, body.result)
