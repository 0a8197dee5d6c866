"""What the routes of emergency access take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from app.clients.contact_views import View
from app.clients.parts import Body

ReasonCode = Literal["client_called", "covering", "colleague_away", "welfare", "other"]


class AskAccess(Body):
    """`name`: the whole name used. `client_id`: chosen from the few that answered to it."""

    name: Annotated[str, Field(max_length=120)] = ""
    number: Annotated[str, Field(max_length=60)] = ""
    client_id: UUID | None = None
    reason_code: ReasonCode
    reason: Annotated[str, Field(min_length=10, max_length=2000)]

    @model_validator(mode="after")
    def _somebody(self) -> "AskAccess":
        if not (self.name or self.number or self.client_id):
            raise ValueError("Say who it is about: the name used with us, or a telephone number of theirs.")
        return self


class Candidate(View):
    client_id: UUID
    name: str
    pronouns: str


class Opened(View):
    """`client_id`: the record that is open now. Else nobody by this name, or the few that are meant perhaps."""

    client_id: UUID | None = None
    yours_already: bool = False
    candidates: tuple[Candidate, ...] = ()
    too_many: bool = False


class Looked(Body):
    verdict: Literal["fitting", "not_fitting"]
    note: Annotated[str, Field(min_length=3, max_length=2000)]


class AccessLine(View):
    id: UUID
    staff_id: UUID
    who: str
    client_id: UUID
    client: str
    reason_code: ReasonCode
    reason: str
    opened_at: datetime
    ends_at: datetime
    open: bool
    mine: bool
    reviewed: bool
    review_due_at: datetime
    review_late: bool
