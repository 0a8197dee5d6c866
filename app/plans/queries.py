"""Reads of plans. `standing` holds no words and is cheap for thousands of clients; `agreed` opens the seals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from app.clients.models import Client, EmergencyContact
from app.clients.queries import client_of
from app.code_words.queries import standing as words_standing
from app.db import Db, now_of, reveal
from app.errors import NotFound
from app.plans import views
from app.plans.models import MeansRecord, SafetyPlan, SafetyPlanVersion
from app.plans.parts import (
    EMPTY,
    Content,
    Item,
    Known,
    Means,
    MeansClass,
    Part,
    changes,
    complete,
    missing_core,
    review_due,
)
from app.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """An agreed plan without its words. `review_due` counts a moderate or higher incident since it was last read."""

    version_id: UUID
    version: int
    agreed_at: datetime
    review_due: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class PlanSection:
    part: Part
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AgreedPlan:
    """`sections` in the order of a crisis, without empty ones; `language` is that of their words."""

    version: int
    agreed_at: datetime
    review_due: datetime
    overdue: bool
    language: str
    sections: tuple[PlanSection, ...]

    def of(self, part: Part) -> tuple[Item, ...]:
        return next((section.items for section in self.sections if section.part == part), ())


# As text because incidents belong to a package above this one.
_AGREED = text(
    """
    select v.client_id, v.id, v.number, v.agreed_at, v.reviewed_at, v.review_due, v.language, v.body,
      (select max(i.drop_at) from incident i where i.program_id = v.program_id and i.client_id = v.client_id
         and i.tier in ('moderate', 'high', 'imminent')) as last_incident
    from safety_plan_version v
    where v.program_id = :program and v.client_id = any(:clients) and v.status = 'agreed'
    """
)


async def standing(db: Db, program_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, PlanStanding]:
    """Clients without an agreed plan are missing. One query, however many clients."""
    rows = await db.execute(_AGREED, {"program": program_id, "clients": list(client_ids)})
    now = now_of(db)
    found = {}
    for row in rows:
        due = review_due(row.review_due, row.reviewed_at, row.last_incident)
        found[row.client_id] = PlanStanding(row.id, row.number, row.agreed_at, due, due <= now)
    return found


async def agreed(db: Db, program_id: UUID, client_ids: Collection[UUID]) -> dict[UUID, AgreedPlan]:
    """With words: the caller writes the entry that says who looked. Clients without an agreed plan are missing."""
    stand = await standing(db, program_id, client_ids)
    by_id = {one.version_id: one for one in stand.values()}
    rows = await db.scalars(
        select(SafetyPlanVersion).where(
            SafetyPlanVersion.program_id == program_id, SafetyPlanVersion.id.in_(list(by_id))
        )
    )
    found = {}
    for row in rows:
        one = by_id[row.id]
        sections = tuple(PlanSection(part, items) for part, items in content_of(db, row).in_order())
        found[row.client_id] = AgreedPlan(
            one.version, one.agreed_at, one.review_due, one.overdue, row.language, sections
        )
    return found


def content_of(db: Db, row: SafetyPlanVersion) -> Content:
    return Content.model_validate_json(reveal(db, row, "body") or '{"parts": {}}')


async def plan_of(db: Db, program_id: UUID, client_id: UUID, *, lock: bool = False) -> SafetyPlan | None:
    query = select(SafetyPlan).where(SafetyPlan.program_id == program_id, SafetyPlan.client_id == client_id)
    found: SafetyPlan | None = await db.scalar(query.with_for_update() if lock else query)
    return found


async def versions_of(db: Db, program_id: UUID, client_id: UUID) -> Sequence[SafetyPlanVersion]:
    """The newest first; a draft before all."""
    rows = await db.scalars(
        select(SafetyPlanVersion)
        .where(SafetyPlanVersion.program_id == program_id, SafetyPlanVersion.client_id == client_id)
        .order_by(SafetyPlanVersion.number.desc().nulls_first())
    )
    return rows.all()


async def means_lines(db: Db, program_id: UUID, client_id: UUID) -> list[tuple[MeansRecord, Means]]:
    """Every record there is, the newest first."""
    rows = await db.scalars(
        select(MeansRecord)
        .where(MeansRecord.program_id == program_id, MeansRecord.client_id == client_id)
        .order_by(MeansRecord.recorded_at.desc(), MeansRecord.id)
    )
    return [(row, Means.model_validate_json(reveal(db, row, "body") or "")) for row in rows]


def newest(lines: Sequence[tuple[MeansRecord, Means]]) -> dict[MeansClass, tuple[MeansRecord, Means]]:
    """By class, in the order of the classes."""
    by_class: dict[MeansClass, tuple[MeansRecord, Means]] = {}
    for row, means in lines:
        by_class.setdefault(means.of, (row, means))
    return {of: by_class[of] for of in MeansClass if of in by_class}


async def standing_means(db: Db, program_id: UUID, client_id: UUID) -> list[Means]:
    lines = await means_lines(db, program_id, client_id)
    return [means for _, means in newest(lines).values()]


async def head(db: Db, program_id: UUID, client_id: UUID) -> views.PlanHead:
    """What is there and what is missing, without a word of it."""
    client = await client_of(db, program_id, client_id)
    rows = await versions_of(db, program_id, client_id)
    plan = await plan_of(db, program_id, client_id)
    names = await _names(db, program_id)
    heads = [_head(row, names) for row in rows]
    newest_row = rows[0] if rows else None
    now_agreed = next((row for row in rows if row.status == "agreed"), None)
    stand = (await standing(db, program_id, [client_id])).get(client_id)
    content = content_of(db, newest_row) if newest_row is not None else EMPTY
    # What counts as complete is what is agreed; a draft counts only while nothing is.
    counted = content_of(db, now_agreed) if now_agreed is not None else content
    means = await standing_means(db, program_id, client_id)
    return views.PlanHead(
        version=plan.version if plan else 0,
        agreed=next((h for h in heads if h.status == "agreed"), None),
        draft=next((h for h in heads if h.status == "draft"), None),
        versions=heads,
        review_due=stand.review_due if stand else None,
        overdue=stand.overdue if stand else False,
        brought_forward=bool(stand and now_agreed and stand.review_due != now_agreed.review_due),
        complete=complete(counted, means, await _known(db, client)),
        missing_core=missing_core(content),
    )


async def _known(db: Db, client: Client) -> Known:
    words = (await words_standing(db, client.program_id, [client.id])).get(client.id)
    return Known(
        usual_place=client.home_address is not None,
        local_line=client.home_dispatch_line_id is not None,
        danger_word=words is not None and words.danger_set,
    )


async def opened(db: Db, program_id: UUID, client_id: UUID, *, unlinked: int = 0) -> views.PlanOpened:
    """With words: the caller writes the entry."""
    rows = await versions_of(db, program_id, client_id)
    by_status = {row.status: content_of(db, row) for row in rows if row.status != "superseded"}
    names = await _names(db, program_id)
    lines = await means_lines(db, program_id, client_id)
    standing_ids = {row.id for row, _ in newest(lines).values()}
    shown = [(row.id in standing_ids, _means(row, means, names)) for row, means in lines]
    order = list(MeansClass)
    return views.PlanOpened(
        head=await head(db, program_id, client_id),
        agreed=by_status.get("agreed"),
        draft=by_status.get("draft"),
        means=sorted((line for now, line in shown if now), key=lambda line: order.index(line.of)),
        means_before=[line for now, line in shown if not now],
        contacts=await contact_names(db, program_id, client_id),
        unlinked=unlinked,
    )


async def contact_names(db: Db, program_id: UUID, client_id: UUID) -> list[views.ContactName]:
    rows = await db.scalars(
        select(EmergencyContact)
        .where(EmergencyContact.program_id == program_id, EmergencyContact.client_id == client_id)
        .order_by(EmergencyContact.rank, EmergencyContact.id)
    )
    return [
        views.ContactName(
            id=row.id,
            name=reveal(db, row, "name") or "",
            relation=row.relation,
            last2=row.last2,
            listed=row.retired_at is None,
        )
        for row in rows
    ]


async def version_row(db: Db, program_id: UUID, client_id: UUID, version_id: UUID) -> SafetyPlanVersion:
    row = await db.get(SafetyPlanVersion, (program_id, version_id))
    if row is None or row.client_id != client_id:
        raise NotFound("There is no such version of this plan.")
    return row


async def version_opened(
    db: Db, program_id: UUID, client_id: UUID, version_id: UUID
) -> views.PlanVersionOpened:
    row = await version_row(db, program_id, client_id, version_id)
    rows = await versions_of(db, program_id, client_id)
    place = next(index for index, other in enumerate(rows) if other.id == row.id)
    before = rows[place + 1] if place + 1 < len(rows) else None
    content = content_of(db, row)
    found = changes(content_of(db, before), content) if before is not None else []
    return views.PlanVersionOpened(
        head=_head(row, await _names(db, program_id)),
        content=content,
        against=before.number if before is not None else None,
        changes=[
            views.ChangeLine(part=one.part, what=one.what, before=one.before, after=one.after)
            for one in found
        ],
    )


async def _names(db: Db, program_id: UUID) -> dict[UUID, str]:
    rows = await db.execute(
        select(StaffMember.id, StaffMember.name).where(StaffMember.program_id == program_id)
    )
    return {row.id: row.name for row in rows}


def _head(row: SafetyPlanVersion, names: dict[UUID, str]) -> views.PlanVersionHead:
    return views.PlanVersionHead.model_validate(
        {
            "id": row.id,
            "number": row.number,
            "status": row.status,
            "language": row.language,
            "author": names.get(row.author_id, ""),
            "made_at": row.made_at,
            "changed_at": row.changed_at,
            "agreed_at": row.agreed_at,
            "agreed_by": names.get(row.agreed_by) if row.agreed_by else None,
            "agreed_how": row.agreed_how,
            "reviewed_at": row.reviewed_at,
        }
    )


def _means(row: MeansRecord, means: Means, names: dict[UUID, str]) -> views.MeansLine:
    return views.MeansLine(
        **means.model_dump(), recorded_by=names.get(row.recorded_by, ""), recorded_at=row.recorded_at
    )
