"""State cards: what the law of one state asks in one matter, as records that a named person reviewed.

The product ships none as truth. A change is a new row; the old one stays, because decisions were made by it.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from app.db import Db, now_of
from app.divisions import region_name
from app.errors import NotFound, NotValid
from app.journal.kinds import Kind
from app.journal.write import NewEntry, write
from app.places.models import StateCard
from app.places.views import Body, View
from app.staff.access import Viewer
from app.staff.models import Program

CardKind = Literal["duty_to_protect", "minors_consent", "mandated_report"]
Region = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Said = Annotated[str, Field(max_length=4000)]
Answer = Literal["yes", "no", "it_depends", "not_known"]

# Law changes with the year; so does who answers for a reading of it.
REVIEW_EVERY = timedelta(days=365)


class CardBody(Body):
    """The fields that rules may read, and words for people. "not_known" is an answer, and never permission."""

    summary: Annotated[str, Field(min_length=1, max_length=4000)]
    what_to_do: Said = ""
    # duty to protect
    must_warn: Answer = "not_known"
    may_warn: Answer = "not_known"
    police_first: Answer = "not_known"
    # minors' consent
    consents_from_age: Annotated[int, Field(ge=8, le=21)] | None = None
    guardian_is_told: Answer = "not_known"
    part2_own_consent: Answer = "not_known"
    of_age_at: Annotated[int, Field(ge=16, le=21)] | None = None
    # mandated report
    agency: Annotated[str, Field(max_length=200)] = ""
    report_number: Annotated[str, Field(max_length=60)] = ""
    report_within_hours: Annotated[int, Field(ge=0, le=720)] | None = None
    written_within_hours: Annotated[int, Field(ge=0, le=720)] | None = None


class NewCard(Body):
    """Also a new reading of a card that stands: kind and region say which one it takes the place of."""

    kind: CardKind
    region: Region
    title: Annotated[str, Field(min_length=1, max_length=160)]
    body: CardBody
    source: Annotated[str, Field(min_length=3, max_length=400)]
    reviewed_by: Annotated[str, Field(min_length=2, max_length=160)]
    reviewed_on: date


class StateCardView(View):
    id: UUID
    kind: CardKind
    region: str
    region_name: str
    title: str
    body: CardBody
    source: str
    reviewed_by: str
    reviewed_on: date
    invented: bool
    old: bool = Field(description="Reviewed more than a year ago.")


async def state_card(db: Db, program_id: UUID, kind: CardKind, region: str) -> StateCardView | None:
    """The card that stands for this matter, or None: then nobody may act as if they knew."""
    row = await db.scalar(_standing(program_id).where(StateCard.kind == kind, StateCard.region == region))
    return None if row is None else view(row, now_of(db).date())


async def of_region(db: Db, program_id: UUID, region: str) -> dict[CardKind, StateCardView]:
    """All that stand for a region, by their matter."""
    rows = await db.scalars(_standing(program_id).where(StateCard.region == region))
    today = now_of(db).date()
    return {card.kind: card for card in (view(row, today) for row in rows)}


async def cards(db: Db, program_id: UUID) -> list[StateCardView]:
    rows = await db.scalars(_standing(program_id).order_by(StateCard.region, StateCard.kind))
    today = now_of(db).date()
    return [view(row, today) for row in rows]


async def put_card(
    db: Db, viewer: Viewer, given: NewCard, card_id: UUID, *, invented: bool | None = None
) -> None:
    """`invented`: practice programs hold made-up cards only, and live ones none."""
    now = now_of(db)
    if given.reviewed_on > now.date() + timedelta(days=1):
        sentence = "The review lies in the future. Write the day on which it was done."
        raise NotValid(sentence, fields={"reviewed_on": sentence})
    # One keeper at a time: two new cards for one matter would otherwise both stand.
    await db.get(Program, viewer.program_id, with_for_update={"key_share": True})
    same = _standing(viewer.program_id).where(StateCard.kind == given.kind, StateCard.region == given.region)
    before = await db.scalar(same.with_for_update())
    if before is not None:
        before.retired_at = now
        await db.flush()
    made_up = viewer.program_kind != "live" if invented is None else invented
    values = given.model_dump(mode="json", exclude={"reviewed_on"})
    row = StateCard(
        program_id=viewer.program_id,
        id=card_id,
        **values,
        reviewed_on=given.reviewed_on,
        invented=made_up,
        made_by=viewer.staff_id,
        made_at=now,
    )
    db.add(row)
    await _write(db, viewer, row, "replaced" if before is not None else "added")


async def retire_card(db: Db, viewer: Viewer, card_id: UUID) -> None:
    row = await db.get(StateCard, (viewer.program_id, card_id), with_for_update=True, populate_existing=True)
    if row is None or row.retired_at is not None:
        raise NotFound("There is no such card. Somebody may have replaced it.")
    row.retired_at = now_of(db)
    await _write(db, viewer, row, "retired")


def view(row: StateCard, today: date) -> StateCardView:
    plain: dict[str, Any] = {
        name: getattr(row, name) for name in StateCardView.model_fields if name in StateCard.__table__.columns
    }
    said = {"region_name": region_name(row.region), "old": today - row.reviewed_on > REVIEW_EVERY}
    return StateCardView.model_validate(plain | said)


def _standing(program_id: UUID) -> Any:
    return select(StateCard).where(StateCard.program_id == program_id, StateCard.retired_at.is_(None))


async def _write(db: Db, viewer: Viewer, row: StateCard, what: str) -> None:
    detail = {"what": what, "card_id": row.id, "kind": row.kind, "region": row.region}
    entry = NewEntry(Kind.state_card_changed, viewer.actor, detail=detail, retention="audit")
    await write(db, viewer.program_id, [entry])
