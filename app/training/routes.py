"""Practice over HTTP: one's own for clinicians and supervisors, everybody's and the signing for supervisors."""

from uuid import UUID

from fastapi import APIRouter

from app.staff.access import CommandId, CurrentViewer, ViewerDb, once, require
from app.training import actions, queries, views, words
from app.training.queries import PRACTISE

router = APIRouter(prefix="/api/practice", tags=["practice"])


@router.get("")
async def home(viewer: CurrentViewer, db: ViewerDb) -> views.PracticeHome:
    require(viewer, *PRACTISE)
    return await queries.home(db, viewer)


@router.post("/scenes")
async def answer_scene(
    body: views.SceneAnswer, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.SceneJudged:
    require(viewer, *PRACTISE)
    first = await once(db, viewer, command, "practice.scene")
    made = await actions.answer_scene(db, viewer, body) if first else None
    return await queries.newest_scene(db, viewer, body.scene, made)


@router.get("/words")
async def module(viewer: CurrentViewer, db: ViewerDb) -> views.WordsView:
    require(viewer, *PRACTISE)
    return await queries.words_view(db, viewer)


@router.post("/words/begin")
async def begin(viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> views.WordsView:
    require(viewer, *PRACTISE)
    if await once(db, viewer, command, "practice.begin"):
        await words.begin(db, viewer)
    return await queries.words_view(db, viewer)


@router.post("/words/progress")
async def progress(
    body: views.WordsProgress, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.WordsView:
    require(viewer, *PRACTISE)
    if await once(db, viewer, command, "practice.progress"):
        await words.progress(db, viewer, body)
    return await queries.words_view(db, viewer)


@router.post("/words/answers")
async def answers(
    body: views.WordsAnswers, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.WordsView:
    require(viewer, *PRACTISE)
    if await once(db, viewer, command, "practice.answers"):
        await words.answer(db, viewer, body)
    return await queries.words_view(db, viewer)


@router.post("/protocols/{version_id}/walks", status_code=201)
async def keep_walk(
    version_id: UUID, body: views.KeepWalk, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PracticeRunView:
    require(viewer, *PRACTISE)
    first = await once(db, viewer, command, "practice.walk")
    made = await actions.keep_walk(db, viewer, version_id, body) if first else None
    return await queries.newest_walk(db, viewer, version_id, made)


@router.get("/walks/{run_id}")
async def walk(run_id: UUID, viewer: CurrentViewer, db: ViewerDb) -> views.PracticeRunView:
    require(viewer, *PRACTISE)
    return await queries.run_view(db, viewer, run_id)


@router.get("/team")
async def team(viewer: CurrentViewer, db: ViewerDb) -> views.PracticeTeam:
    require(viewer, "supervisor")
    return await queries.team(db, viewer)


@router.post("/team/{staff_id}/words", status_code=204)
async def open_again(staff_id: UUID, viewer: CurrentViewer, db: ViewerDb, command: CommandId) -> None:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "practice.open_again"):
        await words.open_again(db, viewer, staff_id)


@router.get("/to-read")
async def to_read(viewer: CurrentViewer, db: ViewerDb) -> views.PracticeToRead:
    require(viewer, "supervisor")
    return await queries.to_read(db, viewer)


@router.post("/sign")
async def sign(
    body: views.SignPractice, viewer: CurrentViewer, db: ViewerDb, command: CommandId
) -> views.PracticeToRead:
    require(viewer, "supervisor")
    if await once(db, viewer, command, "practice.sign"):
        await actions.sign(db, viewer, body)
    return await queries.to_read(db, viewer)
