"""What the staff routes take and give, and what a copy holds."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.clients.consent_words import Tick
from app.plans.parts import Part

Language = Literal["en", "es"]
State = Literal["open", "ended", "expired", "not_allowed"]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SharedLine(Body):
    part: Part
    words: str


class Shared(Body):
    """The sealed content of a copy. `when`: in which moments they may be contacted, in the client's words."""

    lines: list[SharedLine] = []
    means: list[str] = []
    when: str = ""


class Details(Body):
    """What somebody says about themselves; empty means it is right as it is."""

    number: str = ""
    language: str = ""
    times: str = ""


class NewCopy(Body):
    """`line_ids`: lines of the agreed plan, as the client chose them from the preview. None is chosen beforehand."""

    contact_id: UUID
    with_plan: bool
    with_coaching: bool
    line_ids: Annotated[list[UUID], Field(max_length=400)] = []
    with_means: bool = False
    when: Annotated[str, Field(max_length=600)] = ""
    language: Language = "en"
    days: Annotated[int, Field(ge=1, le=180)] = 90
    previewed: Literal[True]
    ticked: list[Tick] = []
    send: bool = False

    @model_validator(mode="after")
    def _something(self) -> "NewCopy":
        if not (self.with_plan or self.with_coaching):
            raise ValueError("A copy holds the plan, the coaching, or both.")
        if self.with_plan and not self.line_ids:
            raise ValueError(
                "No line of the plan is chosen. Choose with the client, or share the coaching alone."
            )
        return self


class DecideBody(Body):
    accept: bool


class MayShare(View):
    """A contact, and whether a copy may be made for them now: what of it, or why not and what is lawful instead."""

    contact_id: UUID
    name: str
    relation: str
    last2: str
    language: str
    guardian: bool
    plan: bool
    coaching: bool
    ticks: list[Tick] = []
    tick_words: list[str] = []
    block: str | None = None
    lawful_instead: str | None = None


class CopyView(View):
    id: UUID
    contact_id: UUID
    contact_name: str
    state: State
    with_plan: bool
    with_coaching: bool
    lines: int
    plan_number: int | None
    newer_plan: bool
    language: Language
    made_by: str
    made_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    text_lost: bool = Field(
        description="The last text to them did not leave, or nobody knows: use another way."
    )
    ended_at: datetime | None
    opened_times: int
    opened_at: datetime | None
    confirmed_at: datetime | None


class ProposalView(View):
    id: UUID
    contact_id: UUID
    contact_name: str
    made_at: datetime
    number: str | None = Field(
        description="The whole number, as they gave it: it has to be read to be accepted."
    )
    language: str | None
    times: str | None


class Copies(View):
    contacts: list[MayShare]
    copies: list[CopyView]
    proposals: list[ProposalView]


class Made(View):
    """The address is shown once: only its hash is kept."""

    copies: Copies
    url: str


class CopyOpened(View):
    shared: Shared
