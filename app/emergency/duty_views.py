"""What the screen of duty to protect shows and sends (domain 4.10)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.clients.consent_words import Tick
from app.emergency.views import Body, LineToDial, View
from app.incidents.page_views import Ref
from app.places.state_cards import StateCardView

Fact = Literal["who", "words", "means", "when", "history"]
Choice = Literal["police", "target", "hospital", "other", "nobody"]
Few = Annotated[str, Field(max_length=400)]
Reasons = Annotated[str, Field(min_length=10, max_length=2000)]


class DutyDecision(View):
    reasoning: str
    consulted: str
    rejected: str


class ToldOne(View):
    """Whom we told in this incident, other than family."""

    act: str
    recipient: str
    by: str
    at: datetime
    second_look: bool


class MayWarn(View):
    """Whether this viewer may warn the person in danger now, and what has to be confirmed; else why not, and what then."""

    may: bool
    ticks: tuple[Tick, ...] = ()
    what_may_be_said: str = ""
    block: str | None = None
    lawful_instead: str | None = None


class DutyCard(View):
    """`region`: where they are now. `limits`: by when the supervisor joins, the facts are there, it is decided."""

    client: str
    begun_by: Ref | None
    begun_at: datetime | None
    joined_by: Ref | None
    joined_at: datetime | None
    join_by: datetime | None
    decide_by: datetime | None
    facts: dict[str, str]
    choices: list[Choice]
    decision: DutyDecision | None
    decided_by: Ref | None
    decided_at: datetime | None
    region: str
    region_name: str
    card: StateCardView | None
    elsewhere: bool = Field(description="They are in another state today than the one of their record.")
    police: list[LineToDial]
    police_told: bool
    police_first: Literal["yes", "no", "it_depends", "not_known"]
    told: list[ToldOne]
    may_warn: MayWarn
    part2: bool


class DutyFacts(Body):
    facts: Annotated[dict[Fact, Few], Field(max_length=5)]


class NewDutyDecision(Body):
    """`rejected`: options that were not taken, and why not."""

    choices: Annotated[list[Choice], Field(min_length=1, max_length=5)]
    reasoning: Reasons
    consulted: Annotated[str, Field(min_length=2, max_length=400)]
    rejected: Annotated[str, Field(max_length=2000)] = ""


class NewWarning(Body):
    """A person has given it, or gives it now, by hand: to whom, how they knew them, in which words."""

    recipient: Annotated[str, Field(min_length=2, max_length=200)]
    content: Annotated[str, Field(min_length=10, max_length=2000)]
    verified_how: Annotated[str, Field(min_length=3, max_length=400)]
    ticked: Annotated[tuple[Tick, ...], Field(max_length=3)] = ()


class PoliceTold(Body):
    line_id: UUID | None = None
    recipient: Annotated[str, Field(min_length=2, max_length=200)]
    content: Annotated[str, Field(min_length=10, max_length=2000)]
