"""Grounding over HTTP: the exercises' words, and with one client or the whole group what is offered, started and ended."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.clients.doors import clinical
from app.grounding import actions, queries, views
from app.grounding.texts import Exercise
from app.incidents.bodies import DONE, Done
from app.staff.access import CommandId, CurrentViewer, ViewerDb, once

router = APIRouter(prefix="/api", tags=["grounding"])


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class GroundingBegin(Body):
    """`show`: on their page. `start`: read out now."""

    exercise: Exercise
    act: Literal["show", "start"]
    before: views.Distress = None


class GroundingEnd(Body):
    result: Literal["done", "stopped", "declined"]
    before: views.Distress = None
    after: views.Distress = None
    words: Annotated[str | None, Field(max_length=400)] = None


class StepPicked(Body):
    words: Annotated[str, Field(min_length=1, max_length=400)]


@router.get("/grounding", dependencies=[Depends(clinical)])
async def texts() -> views.GroundingTexts:
    return queries.all_texts()


@router.get("/group-sessions/{group_session_id}/grounding")
async def of_group(group_session_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.GroundingForGroup:
    return await queries.for_group(db, viewer, group_session_id)


@router.post("/group-sessions/{group_session_id}/grounding")
async def begin_with_group(
    group_session_id: UUID, body: GroundingBegin, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "grounding.begin"):
        await actions.begin(db, viewer, group_session_id, None, body.exercise, body.act)
    return DONE


@router.post("/group-sessions/{group_session_id}/grounding/end")
async def end_with_group(
    group_session_id: UUID, body: GroundingEnd, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> Done:
    if await once(db, viewer, command, "grounding.end"):
        told = actions.Told(words=body.words)
        await actions.end(db, viewer, group_session_id, None, body.result, told)
    return DONE


@router.get("/group-sessions/{group_session_id}/clients/{client_id}/grounding")
async def of_client(
    group_session_id: UUID, client_id: UUID, viewer: CurrentViewer, db: ViewerDb
) -> views.GroundingForClient:
    return await queries.for_client(db, viewer, group_session_id, client_id)


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/grounding")
async def begin(
    group_session_id: UUID,
    client_id: UUID,
    body: GroundingBegin,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> Done:
    if await once(db, viewer, command, "grounding.begin"):
        await actions.begin(db, viewer, group_session_id, client_id, body.exercise, body.act, body.before)
    return DONE


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/grounding/end")
async def end(
    group_session_id: UUID,
    client_id: UUID,
    body: GroundingEnd,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> Done:
    if await once(db, viewer, command, "grounding.end"):
        told = actions.Told(body.before, body.after, body.words)
        await actions.end(db, viewer, group_session_id, client_id, body.result, told)
    return DONE


@router.post("/group-sessions/{group_session_id}/clients/{client_id}/step")
async def pick(
    group_session_id: UUID,
    client_id: UUID,
    body: StepPicked,
    viewer: CurrentViewer,
    db: ViewerDb,
    command: CommandId,
) -> Done:
    if await once(db, viewer, command, "grounding.pick"):
        await actions.pick(db, viewer, group_session_id, client_id, body.words)
    return DONE
