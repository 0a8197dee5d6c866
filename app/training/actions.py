"""Answering a scene, keeping a walk, signing what is practised with. One press, one row, its entry last."""

import asyncio
from uuid import UUID

from sqlalchemy import select

from app.db import Db, conceal, new_id, now_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.protocols import listing
from app.replays import dry_run
from app.staff.access import Viewer
from app.staff.models import StaffMember
from app.training import content, kept, scoring
from app.training.models import PracticeReview, PracticeRun
from app.training.views import KeepWalk, LeftOut, SceneAnswer, SignPractice, Subject
from app.triage import library

UNTITLED = "Supervisor"
SHORTEST_REASON = 3


async def answer_scene(db: Db, viewer: Viewer, given: SceneAnswer) -> UUID:
    pack, rules = content.scenes(), library.current().rules
    scene = pack.find(given.scene)
    if scene is None:
        raise NotFound("There is no such scene. Load the page again.")
    if wrong := scoring.unknown_marks(rules, given.marked):
        raise NotValid(f"The safety check has no such answer: {', '.join(wrong)}. Load the page again.")
    marked = kept.marks(given.marked)
    judged = scoring.judge(scene, rules, marked, given.tier, given.next)
    now = now_of(db)
    row = PracticeRun(
        program_id=viewer.program_id,
        id=new_id(),
        staff_id=viewer.staff_id,
        kind="scene",
        subject=scene.id,
        version=rules.version,
        sha256=pack.sha256,
        begun_at=now,
        ended_at=now,
        outcome=judged.tier_is,
        reached=judged.points,
        possible=scoring.OF,
    )
    told = kept.SceneKept(marked=dict(marked), tier=given.tier, next=given.next)
    conceal(db, row, "kept", told.model_dump_json())
    db.add(row)
    await note(db, viewer, Kind.practice_answered, row)
    return row.id


async def keep_walk(db: Db, viewer: Viewer, version_id: UUID, given: KeepWalk) -> UUID:
    """Walked anew here by the rules, so that what is kept is what happened; no incident is made and nobody is rung."""
    stored, protocol = await listing.readable(db, viewer.program_id, version_id)
    version = await listing.one(db, viewer.program_id, version_id)
    if version.status != "published":
        raise Conflict("This version is not in use. Practise the one that is, under Practice.")
    view = await asyncio.to_thread(dry_run.walk, protocol, version, given.walk)
    if not view.answered:
        raise NotValid("Answer at least one step before you keep it.")
    steps = []
    for one in view.answered:
        reason = None if one.answer else given.reasons.get(one.step, "").strip()
        if reason is not None and len(reason) < SHORTEST_REASON:
            raise NotValid(
                "A step was left out without a reason. Say why in a few words.",
                fields={one.step: "Say why, in a few words."},
            )
        steps.append(LeftOut(**one.model_dump(), reason=reason))
    now = now_of(db)
    row = PracticeRun(
        program_id=viewer.program_id,
        id=new_id(),
        staff_id=viewer.staff_id,
        kind="protocol",
        subject=stored.protocol,
        version=stored.version,
        sha256=stored.sha256,
        protocol_version_id=stored.id,
        tier=given.walk.tier,
        begun_at=now,
        ended_at=now,
        outcome="finished" if view.ended else "stopped",
        reached=sum(one.answer is not None for one in steps),
        possible=len(steps),
    )
    conceal(db, row, "kept", kept.WalkKept(steps=steps).model_dump_json())
    db.add(row)
    await note(db, viewer, Kind.practice_kept, row)
    return row.id


async def sign(db: Db, viewer: Viewer, given: SignPractice) -> None:
    """Read by a supervisor and right for this program. Signing twice changes nothing."""
    if given.sha256 != sha256_of(given.subject):
        raise Conflict("This has changed since you read it. Load the page, and read it again.")
    known = await db.scalar(
        select(PracticeReview.id).where(
            PracticeReview.program_id == viewer.program_id,
            PracticeReview.subject == given.subject,
            PracticeReview.sha256 == given.sha256,
        )
    )
    if known is not None:
        return
    person = await db.get_one(StaffMember, (viewer.program_id, viewer.staff_id))
    row = PracticeReview(
        program_id=viewer.program_id,
        id=new_id(),
        subject=given.subject,
        sha256=given.sha256,
        reviewed_by=viewer.staff_id,
        reviewed_role=person.title or UNTITLED,
        reviewed_at=now_of(db),
    )
    db.add(row)
    await db.flush()
    detail = {"subject": row.subject, "sha256": row.sha256, "role": row.reviewed_role}
    entry = NewEntry(Kind.practice_signed, viewer.actor, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])


def sha256_of(subject: Subject) -> str:
    return content.scenes().sha256 if subject == "scenes" else content.words().sha256


async def note(db: Db, viewer: Viewer, kind: Kind, row: PracticeRun) -> None:
    await db.flush()
    detail = {
        "run_id": str(row.id),
        "kind": row.kind,
        "subject": row.subject,
        "version": row.version,
        "outcome": row.outcome,
    }
    await write(db, viewer.program_id, [NewEntry(kind, viewer.actor, detail=detail, retention="audit")])
