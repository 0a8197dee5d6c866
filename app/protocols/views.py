"""What routes say about protocol versions."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.protocols.difference import Difference
from app.protocols.library import Fault
from app.protocols.reading import ProtocolReading

Status = Literal["draft", "approved", "published", "retired"]
# A whole protocol file: the longest that ships has 24 kB.
LONGEST_FILE = 60_000


class Signed(BaseModel):
    """Who did it, and when. `role`: as what they signed; only approvals have it."""

    by: str
    role: str | None
    at: datetime


class VersionView(BaseModel):
    """`current`: new incidents start with it. `overdue`: its review date has passed; it stays usable."""

    id: UUID
    protocol: str
    version: str
    title: str
    purpose: str
    tiers: list[str]
    status: Status
    current: bool
    damaged: bool
    approved: Signed | None
    published: Signed | None
    retired: Signed | None
    replaced: bool
    review_due: date | None
    overdue: bool
    made_at: datetime


class Listed(BaseModel):
    """`trouble`: a shipped file stands refused."""

    versions: list[VersionView]
    trouble: str | None


class ReadingView(BaseModel):
    version: VersionView
    reading: ProtocolReading


class DifferenceView(BaseModel):
    """`against`: the version that stands before it, or that was asked for; none when it is the first."""

    version: VersionView
    against: VersionView | None
    differences: list[Difference]


class Preview(BaseModel):
    text: str


class FaultView(BaseModel):
    line: int
    sentence: str

    @classmethod
    def of(cls, fault: Fault) -> "FaultView":
        return cls(line=fault.line, sentence=fault.sentence)


class BroughtFile(BaseModel):
    """A protocol file as its clinicians wrote it."""

    name: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1, max_length=LONGEST_FILE)


class Brought(BaseModel):
    """Either it became a draft, or its faults say why not."""

    version: VersionView | None
    faults: list[FaultView]
