"""What two colleagues practised before tonight: a scene answered, a protocol walked, words that calm passed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.clock import MovableClock
from app.db import Database
from app.demo.people import SUPERVISOR
from app.demo.seed import viewer_named
from app.protocols import queries
from app.replays.dry_run import Pressed, Walk
from app.staff.demo import DEMO_PROGRAM_ID
from app.training import actions, content, words
from app.training.models import PracticeRun
from app.training.views import KeepWalk, SceneAnswer, SignPractice, WordsAnswers, WordsProgress

WALKED = [
    Pressed(at_s=12, press="answer", step="slow-down", outcome="done"),
    Pressed(at_s=24, press="skip", step="name-it"),
    Pressed(at_s=46, press="answer", step="choice", outcome="private_room"),
]
WHY = "They had named it themselves already"
SCENES = (
    SceneAnswer(scene="panic-after-a-call", marked={"distress": "acute"}, tier="moderate", next="colleague"),
    SceneAnswer(
        scene="rather-not-wake",
        marked={"ideation": "passive", "protective": "strong", "collaborates": "yes"},
        tier="low",
        next="words",
    ),
)


async def tell(database: Database, clock: MovableClock, now: datetime) -> None:
    """Once in the life of a demo: practice is kept over its evenings. `clock` is that of `database`."""
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        if await db.scalar(select(PracticeRun.id).where(PracticeRun.program_id == DEMO_PROGRAM_ID).limit(1)):
            return
    _set(clock, now - timedelta(days=40))
    await _words_passed(database, "Maya Reyes")
    _set(clock, now - timedelta(days=9))
    for scene in SCENES:
        async with database.transaction(DEMO_PROGRAM_ID) as db:
            await actions.answer_scene(db, await viewer_named(db, "Jon Bell"), scene)
        clock.move(180)
    _set(clock, now - timedelta(days=6))
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        version_id, _ = await queries.current(db, DEMO_PROGRAM_ID, "deescalate-group")
        walk = Walk(tier="moderate", pressed=WALKED, until_s=60)
        kept = KeepWalk(walk=walk, reasons={"name-it": WHY})
        await actions.keep_walk(db, await viewer_named(db, "Jon Bell"), version_id, kept)
    # The scenes are signed; the words still wait for somebody to read them.
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        sign = SignPractice(subject="scenes", sha256=content.scenes().sha256)
        await actions.sign(db, await viewer_named(db, SUPERVISOR), sign)


def _set(clock: MovableClock, moment: datetime) -> None:
    clock.move((moment - clock.now()).total_seconds())


async def _words_passed(database: Database, name: str) -> None:
    module = content.words().module
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        await words.begin(db, await viewer_named(db, name))
    steps = [WordsProgress(part=part.id) for part in module.parts]
    for talk in module.talks:
        turns, at, picks = {turn.id: turn for turn in talk.turns}, talk.turns[0].id, list[str]()
        while at != "end":
            reply = next(one for one in turns[at].replies if one.fits == "helps")
            picks, at = [*picks, reply.id], reply.then
        steps.append(WordsProgress(talk=talk.id, picks=picks))
    for step in steps:
        async with database.transaction(DEMO_PROGRAM_ID) as db:
            await words.progress(db, await viewer_named(db, name), step)
    async with database.transaction(DEMO_PROGRAM_ID) as db:
        given = WordsAnswers(answers={one.id: one.right for one in module.questions})
        await words.answer(db, await viewer_named(db, name), given)
