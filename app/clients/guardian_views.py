"""What the routes of guardians take and give (MIN-3)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from app.clients.contact_views import View
from app.clients.parts import Body, Line, Words

NO_RIGHTS_BARRED = (
    "A barred guardian decides nothing, is told nothing and gets no copies. Take those away first."
)


class GivenRights(Body):
    """`version`: of the record that the person had before their eyes. `verified_how`: the paper that was seen, and
    `verified_on` when; without both nobody has verified their authority. `barred`: on the do-not-contact list."""

    version: int
    decides_on_care: bool
    told_in_crisis: bool
    gets_records: bool
    custody_note: Words = ""
    verified_how: Line = ""
    verified_on: date | None = None
    barred: bool = False
    bar_reason: Words = ""

    @model_validator(mode="after")
    def _whole(self) -> "GivenRights":
        if bool(self.verified_how) != (self.verified_on is not None):
            raise ValueError("Write both: which paper was seen, and on which day.")
        if self.barred and (self.decides_on_care or self.told_in_crisis or self.gets_records):
            raise ValueError(NO_RIGHTS_BARRED)
        return self


class GuardianView(View):
    """`written`: somebody has written down what they may do. `kept`: a custody note or a paper is kept, shown by a logged
    press. `barred`: on the do-not-contact list."""

    contact_id: UUID
    name: str
    relation: str
    verified: bool
    written: bool
    decides_on_care: bool
    told_in_crisis: bool
    gets_records: bool
    verified_on: date | None
    kept: bool
    barred: bool
    by: str | None
    made_at: datetime | None


class GuardianWords(View):
    custody_note: str | None
    verified_how: str | None


class Guardians(View):
    """`young`: guardians are for clients under age. `of_age_on`: the day on which their access ends by itself, within the
    next 30 days."""

    young: bool
    of_age_on: date | None
    version: Annotated[int, Field(ge=1)]
    guardians: list[GuardianView]
