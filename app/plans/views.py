"""What the plan's routes take and give. Words of a plan appear only in answers to a logged press."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.plans.parts import Content, Means, MeansClass, MeansStatus, MeansStep, Part, Piece, What

How = Literal["in_person", "video", "phone"]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OnPlan(Body):
    """`version`: of the plan that the person had before their eyes; 0 when there is none yet."""

    version: Annotated[int, Field(ge=0)]


class DraftBody(OnPlan):
    content: Content
    language: Language | None = None


class AgreeBody(OnPlan):
    """A plan is agreed with the client, or not at all."""

    with_client: Literal[True]
    how: How
    review_days: Annotated[int, Field(ge=1, le=30)] = 30


class ReviewBody(OnPlan):
    with_client: Literal[True]
    how: How
    review_days: Annotated[int, Field(ge=1, le=30)] = 30


class MeansBody(Body):
    of: MeansClass
    status: MeansStatus
    step: MeansStep | None = None
    by: Annotated[str, Field(max_length=80)] = ""
    on: date | None = None


class PaperBody(Body):
    """`version_id`: of any version; none is the agreed one, or the draft before there is one."""

    version_id: UUID | None = None
    large: bool = False
    for_guardian: bool = False


class ImportBody(OnPlan):
    document: dict[str, Any]


class PlanVersionHead(View):
    id: UUID
    number: int | None
    status: Literal["draft", "agreed", "superseded"]
    language: str
    author: str
    made_at: datetime
    changed_at: datetime
    agreed_at: datetime | None
    agreed_by: str | None
    agreed_how: str | None
    reviewed_at: datetime | None


class PlanHead(View):
    """Everything about a plan but its words. `complete`: the eight of a good plan, each there or not."""

    version: int
    agreed: PlanVersionHead | None
    draft: PlanVersionHead | None
    versions: list[PlanVersionHead]
    review_due: datetime | None
    overdue: bool
    brought_forward: bool = Field(description="An incident since it was last read makes it due sooner.")
    complete: dict[Piece, bool]
    missing_core: list[Part]


class MeansLine(View):
    of: MeansClass
    status: MeansStatus
    step: MeansStep | None
    by: str
    on: date | None
    recorded_by: str
    recorded_at: datetime


class ContactName(View):
    id: UUID
    name: str
    relation: str
    last2: str
    listed: bool


class PlanOpened(View):
    """One logged press. `contacts`: whom a line under *people* may be linked to."""

    head: PlanHead
    agreed: Content | None
    draft: Content | None
    means: list[MeansLine]
    means_before: list[MeansLine]
    contacts: list[ContactName]
    unlinked: int = Field(
        default=0, description="Links of an imported plan to contacts who are not on this record."
    )


class ChangeLine(View):
    part: Part
    what: What
    before: str | None
    after: str | None


class PlanVersionOpened(View):
    """A version with what it changed in the one before; nothing before the first."""

    head: PlanVersionHead
    content: Content
    against: int | None
    changes: list[ChangeLine]


def means_of(line: MeansLine | MeansBody) -> Means:
    return Means(of=line.of, status=line.status, step=line.step, by=line.by, on=line.on)
