"""Reads: one's own practice, and for a supervisor who has practised what and when. Nobody is ranked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.db import Db, now_of
from app.errors import NotFound
from app.protocols import listing
from app.protocols.views import VersionView
from app.staff.access import Viewer
from app.staff.models import StaffMember
from app.training import content, due, kept, scoring, views
from app.training import words as of_words
from app.training.due import Stands
from app.training.models import PracticeReview, PracticeRun
from app.training.schema import Scene
from app.triage import library

# Of one person, the newest: a year of practice is some fifty.
MOST = 400
SHOWN = 60
FORMER = "A former colleague"
PRACTISE = ("clinician", "supervisor")


async def home(db: Db, viewer: Viewer) -> views.PracticeHome:
    runs, now = await _runs(db, viewer, [viewer.staff_id]), now_of(db)
    listed = await listing.listed(db, viewer.program_id)
    reviewed = await _reviewed(db, viewer.program_id)
    module = content.words().module
    return views.PracticeHome(
        scenes=[_scene(scene, runs) for scene in content.scenes().scenes],
        scenes_stand=_scenes_stand(runs, now),
        scenes_reviewed=reviewed.get("scenes"),
        words_title=module.title,
        words_minutes=module.minutes,
        words_stand=_words_stand(runs, now),
        words_reviewed=reviewed.get("words"),
        words_state=_state(next((run for run in runs if run.kind == "words"), None)),
        protocols=[_protocol(one, runs) for one in listed if one.status == "published"],
        protocols_stand=_protocols_stand(runs, now),
        runs=_lines(runs, listed)[:SHOWN],
    )


async def team(db: Db, viewer: Viewer) -> views.PracticeTeam:
    people = (
        await db.scalars(
            select(StaffMember)
            .where(
                StaffMember.program_id == viewer.program_id,
                StaffMember.disabled_at.is_(None),
                StaffMember.roles.overlap(list(PRACTISE)),
            )
            .order_by(StaffMember.name)
        )
    ).all()
    runs = await _runs(db, viewer, [person.id for person in people])
    listed = await listing.listed(db, viewer.program_id)
    return views.PracticeTeam(
        people=[
            _person(person, [run for run in runs if run.staff_id == person.id], listed, now_of(db))
            for person in people
        ]
    )


def _person(
    person: StaffMember, runs: list[PracticeRun], listed: Sequence[VersionView], now: datetime
) -> views.Practised:
    known = {scene.id for scene in content.scenes().scenes}
    return views.Practised(
        staff_id=person.id,
        name=person.name,
        title=person.title,
        scenes=len(known & {run.subject for run in runs if run.kind == "scene"}),
        scenes_of=len(known),
        scenes_stand=_scenes_stand(runs, now),
        words_stand=_words_stand(runs, now),
        words_with_supervisor=of_words.waits_for_supervisor(
            next((run for run in runs if run.kind == "words"), None)
        ),
        protocols_stand=_protocols_stand(runs, now),
        # How somebody answered a scene is theirs; which protocol was walked, and how, is the drill record.
        runs=_lines([run for run in runs if run.kind == "protocol"], listed)[:SHOWN],
    )


async def run_view(db: Db, viewer: Viewer, run_id: UUID) -> views.PracticeRunView:
    row = await db.get(PracticeRun, (viewer.program_id, run_id))
    mine = row is not None and row.staff_id == viewer.staff_id
    if row is None or row.kind != "protocol" or not (mine or "supervisor" in viewer.roles):
        raise NotFound("There is no such walk.")
    listed = await listing.listed(db, viewer.program_id)
    person = await db.get(StaffMember, (viewer.program_id, row.staff_id))
    return views.PracticeRunView(
        run=_lines([row], listed)[0],
        by=person.name if person else FORMER,
        steps=kept.of_walk(db, row).steps,
    )


async def _newest(db: Db, viewer: Viewer, *of: ColumnElement[bool]) -> PracticeRun:
    """Of their own: what a press has just made, or made when it came the first time."""
    row = await db.scalar(
        select(PracticeRun)
        .where(PracticeRun.program_id == viewer.program_id, PracticeRun.staff_id == viewer.staff_id, *of)
        .order_by(PracticeRun.begun_at.desc(), PracticeRun.id)
        .limit(1)
    )
    if row is None:
        raise NotFound("There is nothing of yours here yet.")
    return row


async def newest_walk(db: Db, viewer: Viewer, version_id: UUID, made: UUID | None) -> views.PracticeRunView:
    if made is not None:
        return await run_view(db, viewer, made)
    return await run_view(
        db, viewer, (await _newest(db, viewer, PracticeRun.protocol_version_id == version_id)).id
    )


async def newest_scene(db: Db, viewer: Viewer, scene_id: str, made: UUID | None) -> views.SceneJudged:
    this = PracticeRun.id == made if made is not None else PracticeRun.subject == scene_id
    row = await _newest(db, viewer, PracticeRun.kind == "scene", this)
    scene = content.scenes().find(row.subject)
    if scene is None:
        raise NotFound("There is no such scene any more.")
    told, rules = kept.of_scene(db, row), library.current().rules
    mine = kept.marks(told.marked)
    found = scoring.judge(scene, rules, mine, told.tier, told.next)

    def marked(names: Sequence[str]) -> list[views.PracticeMark]:
        shows: dict[str, str] = {str(name): value for name, value in scene.shows.items()}
        return [
            views.PracticeMark(input=name, marked=told.marked.get(name), shown=shows.get(name))
            for name in names
        ]

    return views.SceneJudged(
        run_id=row.id,
        tier_is=found.tier_is,
        next_is=found.next_is,
        points=found.points,
        of=scoring.OF,
        tier=found.expected.tier,
        next=found.expected.next,
        own_tier=found.own.tier,
        matches=[views.PracticeMatch(id=one.id, tier=one.tier, say=one.say) for one in found.matches],
        alike=marked(found.alike),
        missed=marked(found.missed),
        otherwise=marked(found.otherwise),
        read_in=marked(found.read_in),
        notice=scene.notice,
        say=scene.say,
        rules_version=rules.version,
        sources=scene.sources,
    )


async def to_read(db: Db, viewer: Viewer) -> views.PracticeToRead:
    reviewed = await _reviewed(db, viewer.program_id)
    pack, words = content.scenes(), content.words()
    return views.PracticeToRead(
        scenes=list(pack.scenes),
        scenes_sha256=pack.sha256,
        scenes_reviewed=reviewed.get("scenes"),
        words=words.module,
        words_sha256=words.sha256,
        words_reviewed=reviewed.get("words"),
    )


async def _runs(db: Db, viewer: Viewer, staff: Sequence[UUID]) -> list[PracticeRun]:
    """Newest first."""
    found = await db.scalars(
        select(PracticeRun)
        .where(PracticeRun.program_id == viewer.program_id, PracticeRun.staff_id.in_(staff))
        .order_by(PracticeRun.begun_at.desc(), PracticeRun.ended_at.desc().nulls_first())
        .limit(MOST * max(1, len(staff)))
        .execution_options(populate_existing=True)
    )
    return list(found.all())


async def _reviewed(db: Db, program_id: UUID) -> dict[str, views.PracticeReviewed]:
    current = {content.scenes().sha256, content.words().sha256}
    rows = await db.execute(
        select(PracticeReview, StaffMember.name)
        .join(
            StaffMember,
            (StaffMember.program_id == PracticeReview.program_id)
            & (StaffMember.id == PracticeReview.reviewed_by),
        )
        .where(PracticeReview.program_id == program_id, PracticeReview.sha256.in_(current))
    )
    return {
        row.subject: views.PracticeReviewed(by=name, role=row.reviewed_role, at=row.reviewed_at)
        for row, name in rows
    }


async def words_view(db: Db, viewer: Viewer) -> views.WordsView:
    module, row = content.words().module, await of_words.newest(db, viewer, viewer.staff_id)
    runs = await _runs(db, viewer, [viewer.staff_id])
    passed_at = _last(runs, "words", "passed")
    stands = _words_stand(runs, now_of(db))
    # Once released they begin anew: what went before is over.
    released = row is not None and row.released_at is not None
    told = kept.of_words(db, row) if row is not None and not released else kept.WordsKept()
    return views.WordsView(
        id=module.id,
        title=module.title,
        version=module.version,
        minutes=module.minutes,
        objectives=module.objectives,
        reviewed=(await _reviewed(db, viewer.program_id)).get("words"),
        state=_state(row),
        begun_at=row.begun_at if row else None,
        passed_at=passed_at,
        until=stands.until,
        pass_percent=module.pass_percent,
        attempts=row.attempts if row and not released else 0,
        attempts_of=module.attempts,
        reached=row.reached if row and not released else 0,
        parts=[views.WordsPart(**part.model_dump(), done=part.id in told.parts) for part in module.parts],
        talks=[
            views.WordsTalk(
                **talk.model_dump(),
                picks=told.talks.get(talk.id, []),
                done=scoring.walked(module, talk.id, told.talks.get(talk.id, [])) == "whole",
            )
            for talk in module.talks
        ],
        questions=[
            views.WordsQuestion(
                id=one.id,
                ask=one.ask,
                options=one.options,
                chosen=told.answers.get(one.id),
                right=one.right if one.id in told.answers else None,
                why=one.why if one.id in told.answers else None,
            )
            for one in module.questions
        ],
    )


def _state(row: PracticeRun | None) -> views.WordsState:
    if row is None or row.released_at is not None:
        return "not_begun"
    if row.ended_at is None:
        return "under_way"
    return "passed" if row.outcome == "passed" else "with_supervisor"


def _scene(scene: Scene, runs: Sequence[PracticeRun]) -> views.SceneLine:
    last = next((run for run in runs if run.kind == "scene" and run.subject == scene.id), None)
    return views.SceneLine(
        id=scene.id,
        title=scene.title,
        seen=scene.seen,
        signal=scene.signal,
        last_at=last.ended_at if last else None,
        last=views.outcome(last.outcome) if last else None,
    )


def _protocol(one: VersionView, runs: Sequence[PracticeRun]) -> views.PractisedProtocol:
    last = next((run for run in runs if run.kind == "protocol" and run.subject == one.protocol), None)
    return views.PractisedProtocol(
        version_id=one.id,
        protocol=one.protocol,
        title=one.title,
        version=one.version,
        tiers=one.tiers,
        last_at=last.ended_at if last else None,
    )


def _last(runs: Sequence[PracticeRun], kind: str, outcome: str | None = None) -> datetime | None:
    return next(
        (
            run.ended_at
            for run in runs
            if run.kind == kind and run.ended_at and outcome in (None, run.outcome)
        ),
        None,
    )


def _scenes_stand(runs: Sequence[PracticeRun], now: datetime) -> views.PracticeStands:
    last = _last(runs, "scene")
    return _stands(due.of_months(last, due.SCENES_MONTHS, now), last)


def _words_stand(runs: Sequence[PracticeRun], now: datetime) -> views.PracticeStands:
    last = _last(runs, "words", "passed")
    return _stands(due.of_months(last, content.words().module.valid_months, now), last)


def _protocols_stand(runs: Sequence[PracticeRun], now: datetime) -> views.PracticeStands:
    last = _last(runs, "protocol")
    return _stands(due.of_protocols(last, now), last)


def _stands(found: Stands, last: datetime | None) -> views.PracticeStands:
    return views.PracticeStands(standing=found.standing, last_at=last, until=found.until)


def _lines(runs: Sequence[PracticeRun], listed: Sequence[VersionView]) -> list[views.PracticeRunLine]:
    titles = {("scene", scene.id): scene.title for scene in content.scenes().scenes}
    titles |= {("words", content.words().module.id): content.words().module.title}
    titles |= {("protocol", one.protocol): one.title for one in reversed(listed)}
    return [
        views.PracticeRunLine(
            id=run.id,
            kind=views.kind(run.kind),
            subject=run.subject,
            title=titles.get((run.kind, run.subject), run.subject),
            version=run.version,
            tier=views.tier(run.tier),
            begun_at=run.begun_at,
            ended_at=run.ended_at,
            outcome=views.outcome(run.outcome),
            reached=run.reached,
            possible=run.possible,
        )
        for run in runs
        if run.ended_at is not None
    ]
