"""What the history of a record shows, and what drafts of its forms take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.clients.parts import Body, Words
from app.clients.views import View


class VersionLine(View):
    """One change. `hidden`: fields whose words are shown by opening this version, a logged press."""

    version: int
    part: Literal["record", "phone", "guardian", "agreement"]
    what: Literal["added", "changed", "removed"]
    fields: list[str]
    by: str
    at: datetime
    reason: str | None
    undoes: int | None
    error_at: datetime | None
    error_by: str | None
    error_reason: str | None


class History(View):
    """Newest first. `more`: there are older ones below the last of these."""

    lines: list[VersionLine]
    more: bool


class VersionChange(View):
    field: str
    before: Any
    after: Any


class RecordOpened(View):
    version: int
    changes: list[VersionChange]


class InError(Body):
    """`version`: of the record now. What nobody has changed since goes back to what stood before."""

    version: int
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class DraftBody(Body):
    """What stands in one form, by the names of its answers. Empty: nothing is kept."""

    answers: Annotated[dict[Annotated[str, Field(max_length=80)], Words], Field(max_length=120)]


class DraftView(View):
    form: str
    answers: dict[str, str]
    saved_at: datetime


class DraftKept(View):
    saved_at: datetime | None
