"""What the routes of local lines take and give."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

LineKind = Literal["dispatch", "mobile_crisis", "hotline", "hospital", "urgent_care", "cit", "partner"]
Words = Annotated[str, Field(min_length=1, max_length=160)]
Line = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=1000)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Number = Annotated[str, Field(min_length=1, max_length=60)]
Part = Annotated[str, Field(min_length=1, max_length=120)]
Parts = Annotated[list[Part], Field(max_length=200)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Zone = Annotated[str, Field(max_length=60)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewLine(Body):
    """`verified`: somebody rang it or checked it today. An unverified line is kept, and shown as such.

    `for_clients` absent: by the kind; dispatch lines are for staff, who read the place to them. `hours` in words; what can be read of them decides whether the line is open now. `police_involved` null: nobody
    has asked yet.
    """

    kind: LineKind
    agency: Words
    area: Words
    country: Country
    number: Number
    hours: Words = "always"
    time_zone: Zone | None = None
    police_involved: bool | None = False
    source: Line = ""
    whole_country: bool = False
    states: Parts = []
    counties: Parts = []
    towns: Parts = []
    zip_prefixes: Parts = []
    cit: bool = False
    for_clients: bool | None = None
    text_how: Line = ""
    address: Line = ""
    website: Line = ""
    contact: Line = ""
    notes: Text = ""
    arrives_minutes: Minutes | None = None
    agreement_from: date | None = None
    agreement_until: date | None = None
    verified: bool = False


class ChangeLine(Body):
    """Absent means unchanged; null empties what may be empty."""

    kind: LineKind | None = None
    agency: Words | None = None
    area: Words | None = None
    country: Country | None = None
    number: Number | None = None
    hours: Words | None = None
    time_zone: Zone | None = None
    police_involved: bool | None = None
    source: Line | None = None
    whole_country: bool | None = None
    states: Parts | None = None
    counties: Parts | None = None
    towns: Parts | None = None
    zip_prefixes: Parts | None = None
    cit: bool | None = None
    for_clients: bool | None = None
    text_how: Line | None = None
    address: Line | None = None
    website: Line | None = None
    contact: Line | None = None
    notes: Text | None = None
    arrives_minutes: Minutes | None = None
    agreement_from: date | None = None
    agreement_until: date | None = None
    verified: Literal[True] | None = None
    retired: bool | None = None


# What null empties; for everything else null means unchanged.
MAY_BE_EMPTY = frozenset(
    {"police_involved", "time_zone", "arrives_minutes", "agreement_from", "agreement_until"}
)


class CheckLine(Body):
    """Somebody rang it: it answers as said, or it does not."""

    result: Literal["answers", "wrong"]


class DispatchLineView(View):
    id: UUID
    kind: LineKind
    agency: str
    area: str
    country: str
    number: str
    hours: str
    hours_read: str | None = Field(description="How a machine read the hours; null: only a person can.")
    time_zone: str | None
    open: bool | None = Field(description="Open now; null: only a person can tell from the words.")
    open_until: datetime | None = Field(description="When that changes next.")
    police_involved: bool | None
    source: str
    whole_country: bool
    states: list[str]
    counties: list[str]
    towns: list[str]
    zip_prefixes: list[str]
    covers: str
    cit: bool
    for_clients: bool
    text_how: str
    address: str
    website: str
    contact: str
    notes: str
    arrives_minutes: int | None
    agreement_from: date | None
    agreement_until: date | None
    agreement_over: bool
    verified_on: date | None
    verified_by: UUID | None
    verified_by_name: str | None
    stale: bool = Field(description="Never checked, or more than 90 days ago.")
    wrong_on: date | None = Field(description="Somebody rang it and it did not answer as said.")
    wrong_by_name: str | None
    retired: bool


class TypedPlace(Body):
    """A place as somebody says it. Searches are posted: an address reaches no log."""

    country: Country = "US"
    state: Line = ""
    county: Line = ""
    town: Line = ""
    code: Annotated[str, Field(max_length=20)] = ""


class LikelyView(View):
    """What a ZIP code makes likely, and never more than likely. All null: not known, which says nothing."""

    sentence: str | None
    town: str | None
    county: str | None
    state: str | None
    time_zone: str | None
    boxes_only: bool


class CoveringLine(View):
    """One line for a place, with the reason why it is here."""

    line: DispatchLineView
    why: str
    likely: bool


class Covering(View):
    """`order_because`: why dispatch comes first, or why it does not."""

    lines: list[CoveringLine]
    order_because: str
    doubts: list[str]
    likely: str | None
    warning: str
    follows_the_phone: str | None
