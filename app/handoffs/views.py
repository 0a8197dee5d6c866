"""What the routes of handoffs take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clients.consent import Basis
from app.clients.packet import Item
from app.incidents.bodies import Body, Words
from app.incidents.page_views import Ref, View

ReceiverKind = Literal["ambulance", "hospital", "mobile_team", "clinician"]
State = Literal["draft", "given", "read_back", "refused", "withdrawn"]
Know = Literal["approved", "declined", "not_asked"]
# So long that all four parts stay on one sheet of paper, and under two minutes when read aloud.
Part = Annotated[str, Field(max_length=600)]
PARTS = ("situation", "background", "assessment", "recommendation")


class HandoffCard(BaseModel):
    """`know`: what the client wants the next people to know, in their words; said only when they approved it (I10)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    receiver: Annotated[str, Field(max_length=120)] = ""
    affiliation: Annotated[str, Field(max_length=120)] = ""
    call_back: Annotated[str, Field(max_length=40)] = ""
    situation: Part = ""
    background: Part = ""
    assessment: Part = ""
    recommendation: Part = ""
    know: Annotated[str, Field(max_length=300)] = ""
    know_standing: Know = "not_asked"
    plan_copy: bool = False
    items: Annotated[tuple[Item, ...], Field(max_length=40)] = ()


class HandoffKeptBack(View):
    label: str
    why: str


class HandoffView(View):
    """`pending`: what is still open at the handover, so that the receiver hears it. `seconds`: to read it aloud."""

    id: UUID
    version: int
    receiver_kind: ReceiverKind
    state: State
    content: HandoffCard
    made_at: datetime
    made_by: Ref | None
    given_at: datetime | None
    given_by: Ref | None
    ended_at: datetime | None
    ended_by: Ref | None
    seconds: int
    may: bool
    bases: list[Basis]
    what_may_be_said: str | None
    block: str | None
    lawful_instead: str | None
    kept_back: list[HandoffKeptBack]
    notice: str | None


class Handoffs(View):
    """Newest first; at most one stands."""

    standing: HandoffView | None
    earlier: list[HandoffView]
    has_plan: bool


class HandoffBegin(Body):
    receiver_kind: ReceiverKind


class HandoffWrite(Body):
    """`version`: the one that was read. Somebody who saved meanwhile is not overwritten."""

    version: int
    content: HandoffCard


class HandoffGive(Body):
    version: int
    basis: Basis
    grounds: Annotated[str, Field(max_length=1000)] = ""
    nature: Annotated[str, Field(max_length=300)] = ""


class HandoffReadBack(Body):
    """Who read it back, as they gave their name."""

    note: Annotated[str, Field(max_length=300)] = ""


class HandoffEnded(Body):
    reason: Words
