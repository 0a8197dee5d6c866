"""What the routes of local lines take and give."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

LineKind = Literal["dispatch", "mobile_crisis", "hotline", "hospital"]
Words = Annotated[str, Field(min_length=1, max_length=160)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Number = Annotated[str, Field(min_length=1, max_length=60)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class NewLine(Body):
    """`verified`: somebody rang it or checked it today. An unverified line is kept, and shown as such."""

    kind: LineKind
    agency: Words
    area: Words
    country: Country
    number: Number
    hours: Words = "always"
    police_involved: bool = False
    source: Annotated[str, Field(max_length=200)] = ""
    verified: bool = False


class ChangeLine(Body):
    kind: LineKind | None = None
    agency: Words | None = None
    area: Words | None = None
    country: Country | None = None
    number: Number | None = None
    hours: Words | None = None
    police_involved: bool | None = None
    source: Annotated[str, Field(max_length=200)] | None = None
    verified: Literal[True] | None = None
    retired: bool | None = None


class DispatchLineView(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: LineKind
    agency: str
    area: str
    country: str
    number: str
    hours: str
    police_involved: bool
    source: str
    verified_on: date | None
    verified_by: UUID | None
    stale: bool = Field(description="Never checked, or more than 90 days ago.")
    retired: bool
