"""Changes of a plan. Each is one transaction with its entry; the edge commits. No entry repeats a word of the plan."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.clients.models import EmergencyContact
from app.clients.people import local_today
from app.clients.queries import client_of
from app.clock import ago
from app.db import Db, conceal, new_id, now_of
from app.errors import Conflict, NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.plans import interchange, queries, views
from app.plans.models import MeansRecord, SafetyPlan, SafetyPlanVersion
from app.plans.parts import Content, Means, missing_core
from app.staff.access import Viewer
from app.staff.models import StaffMember


async def save_draft(db: Db, viewer: Viewer, client_id: UUID, given: views.DraftBody) -> None:
    """The draft as it stands on the screen. What is agreed stays as it is until the draft is agreed too."""
    await _check_contacts(db, viewer.program_id, client_id, given.content)
    plan = await _turn(db, viewer, client_id, given.version)
    await _put_draft(db, viewer, plan, given.content, given.language)
    await _note(db, viewer, client_id, Kind.plan_changed, {"what": "draft", "lines": _count(given.content)})


async def discard_draft(db: Db, viewer: Viewer, client_id: UUID, version: int) -> None:
    await _turn(db, viewer, client_id, version)
    draft = await _standing(db, viewer.program_id, client_id, "draft")
    if draft is None:
        raise NotFound("There is no draft to discard.")
    await db.delete(draft)
    await _note(db, viewer, client_id, Kind.plan_changed, {"what": "draft discarded"})


async def agree(db: Db, viewer: Viewer, client_id: UUID, given: views.AgreeBody) -> None:
    """The draft becomes the one agreed version. Only a person who went through it with the client says so."""
    await _turn(db, viewer, client_id, given.version)
    draft = await _standing(db, viewer.program_id, client_id, "draft")
    if draft is None:
        raise NotFound("There is no draft to agree on. Change the plan first.")
    if missing := missing_core(queries.content_of(db, draft)):
        raise NotValid(
            "Some parts have no line yet. One line in the client's own words is enough, and “nobody right now” is one.",
            code="core_missing",
            fields={part.value: "no line yet" for part in missing},
        )
    now = now_of(db)
    before = await _standing(db, viewer.program_id, client_id, "agreed")
    number = 1
    if before is not None:
        number = (before.number or 0) + 1
        before.status, before.superseded_at = "superseded", now
        # One agreed version at a time: the index refuses two, even for a moment.
        await db.flush()
    draft.status, draft.number = "agreed", number
    draft.agreed_at = draft.reviewed_at = draft.changed_at = now
    draft.agreed_by, draft.agreed_how = viewer.staff_id, given.how
    draft.review_due = now + timedelta(days=given.review_days)
    await _note(db, viewer, client_id, Kind.plan_agreed, {"number": number, "how": given.how})


async def review(db: Db, viewer: Viewer, client_id: UUID, given: views.ReviewBody) -> None:
    """Read together and still right: the clock begins anew, and nothing else changes."""
    await _turn(db, viewer, client_id, given.version)
    row = await _standing(db, viewer.program_id, client_id, "agreed")
    if row is None:
        raise NotFound("No version is agreed yet, so there is none to read again.")
    row.reviewed_at = now_of(db)
    row.review_due = now_of(db) + timedelta(days=given.review_days)
    await _note(db, viewer, client_id, Kind.plan_reviewed, {"number": row.number, "how": given.how})


async def note_means(db: Db, viewer: Viewer, client_id: UUID, means: Means) -> None:
    """A new record each time: what was said before stays readable."""
    await client_of(db, viewer.program_id, client_id)
    if means.on is not None and means.on > await local_today(db, viewer.program_id, now_of(db)):
        sentence = "This day is still to come. Write down what has been done; what is planned is a task."
        raise NotValid(sentence, fields={"on": sentence})
    _add_means(db, viewer, client_id, means)
    await _note(db, viewer, client_id, Kind.means_noted, {"of": means.of.value, "status": means.status})


async def take_in(db: Db, viewer: Viewer, client_id: UUID, given: views.ImportBody) -> int:
    """A plan from a file becomes the draft, for the two of them to read and agree. Answers how many links were lost."""
    await client_of(db, viewer.program_id, client_id)
    try:
        document = interchange.read(given.document)
    except interchange.NotAPlan as refused:
        raise NotValid(str(refused), code="not_a_plan") from None
    known = {row.id for row in await queries.contact_names(db, viewer.program_id, client_id)}
    content, lost = interchange.unlinked(document.content, known)
    plan = await _turn(db, viewer, client_id, given.version)
    await _put_draft(db, viewer, plan, content, document.language)
    standing = {means.of: means for means in await queries.standing_means(db, viewer.program_id, client_id)}
    fresh = [means for means in document.means if standing.get(means.of) != means]
    for means in fresh:
        _add_means(db, viewer, client_id, means)
    detail = {"what": "taken in from a file", "lines": _count(content), "means": len(fresh), "unlinked": lost}
    await _note(db, viewer, client_id, Kind.plan_changed, detail)
    return lost


async def note_opened(db: Db, viewer: Viewer, client_id: UUID, what: str) -> None:
    """Who looked at the words, and when; it wakes no board."""
    entry = NewEntry(
        Kind.plan_opened, viewer.actor, client_id=client_id, detail={"what": what}, retention="audit"
    )
    await write(db, viewer.program_id, [entry])


async def note_exported(db: Db, viewer: Viewer, client_id: UUID, detail: Mapping[str, Any]) -> None:
    entry = NewEntry(Kind.plan_exported, viewer.actor, client_id=client_id, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])


# --- what they share


async def _turn(db: Db, viewer: Viewer, client_id: UUID, version: int) -> SafetyPlan:
    """The plan under a lock, counted on by one; refused when somebody changed it since it was read."""
    client = await client_of(db, viewer.program_id, client_id)
    now = now_of(db)
    plan = await queries.plan_of(db, viewer.program_id, client_id, lock=True)
    if plan is None:
        # The client's row is the lock for the first plan: two people begin it at once.
        await db.refresh(client, with_for_update=True)
        plan = await queries.plan_of(db, viewer.program_id, client_id, lock=True)
    if plan is None and version == 0:
        plan = SafetyPlan(
            program_id=viewer.program_id,
            id=new_id(),
            client_id=client_id,
            version=0,
            changed_by=viewer.staff_id,
            changed_at=now,
            made_at=now,
        )
        db.add(plan)
        await db.flush()
    if plan is None or plan.version != version:
        raise await _somebody_changed_it(db, plan)
    plan.version += 1
    plan.changed_by, plan.changed_at = viewer.staff_id, now
    return plan


async def _somebody_changed_it(db: Db, plan: SafetyPlan | None) -> Conflict:
    who = "This plan changed meanwhile."
    if plan is not None:
        staff = await db.get(StaffMember, (plan.program_id, plan.changed_by))
        if staff is not None:
            when = ago((now_of(db) - plan.changed_at).total_seconds())
            who = f"{staff.name} changed this plan {when}."
    return Conflict(
        f"{who} Nothing of yours was saved and your words are kept here: look at what is new, then save again.",
        code="changed_meanwhile",
    )


async def _standing(db: Db, program_id: UUID, client_id: UUID, status: str) -> SafetyPlanVersion | None:
    found: SafetyPlanVersion | None = await db.scalar(
        select(SafetyPlanVersion).where(
            SafetyPlanVersion.program_id == program_id,
            SafetyPlanVersion.client_id == client_id,
            SafetyPlanVersion.status == status,
        )
    )
    return found


async def _put_draft(
    db: Db, viewer: Viewer, plan: SafetyPlan, content: Content, language: str | None
) -> None:
    now = now_of(db)
    draft = await _standing(db, plan.program_id, plan.client_id, "draft")
    if draft is None:
        client = await client_of(db, plan.program_id, plan.client_id)
        draft = SafetyPlanVersion(
            program_id=plan.program_id,
            id=new_id(),
            plan_id=plan.id,
            client_id=plan.client_id,
            number=None,
            status="draft",
            language=client.language,
            author_id=viewer.staff_id,
            made_at=now,
        )
        db.add(draft)
    draft.changed_at = now
    draft.language = language or draft.language
    conceal(db, draft, "body", content.model_dump_json())


async def _check_contacts(db: Db, program_id: UUID, client_id: UUID, content: Content) -> None:
    linked = {item.contact_id for items in content.parts.values() for item in items if item.contact_id}
    known = await db.scalars(
        select(EmergencyContact.id).where(
            EmergencyContact.program_id == program_id,
            EmergencyContact.client_id == client_id,
            EmergencyContact.id.in_(linked),
        )
    )
    if linked - set(known):
        raise NotValid("A line is linked to somebody who is not a contact of this client. Choose them again.")


def _add_means(db: Db, viewer: Viewer, client_id: UUID, means: Means) -> None:
    row = MeansRecord(
        program_id=viewer.program_id,
        id=new_id(),
        client_id=client_id,
        recorded_by=viewer.staff_id,
        recorded_at=now_of(db),
    )
    conceal(db, row, "body", means.model_dump_json())
    db.add(row)


def _count(content: Content) -> int:
    return sum(len(items) for items in content.parts.values())


async def _note(db: Db, viewer: Viewer, client_id: UUID, kind: Kind, detail: Mapping[str, Any]) -> None:
    await write(db, viewer.program_id, [NewEntry(kind, viewer.actor, client_id=client_id, detail=detail)])
