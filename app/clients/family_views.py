"""What the family agreement takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.clients.family import Standing, Told
from app.clients.parts import Body, Line, Words
from app.clients.views import View


class TierTold(Body):
    """`words`: what exactly is told, in words that all of them understand."""

    told: Told
    words: Line = ""


class AgreementBody(Body):
    """Nothing is chosen beforehand: each tier is agreed on, one by one."""

    low: TierTold
    moderate: TierTold
    high: TierTold
    imminent: TierTold
    steps_in: Words = ""
    stays_private: Annotated[str, Field(min_length=1, max_length=2000)]
    may_call: Annotated[list[UUID], Field(max_length=20)]


class NewAgreement(AgreementBody):
    """`version`: of the agreement that the person had before their eyes; 0 for the first."""

    version: Annotated[int, Field(ge=0)]
    review_due: date


class NewReading(Body):
    """`agreement_id`: of the version that was read; a newer one has to be read anew."""

    agreement_id: UUID
    who: Literal["young_person", "guardian"]
    contact_id: UUID | None = None
    how: Literal["in_person", "on_screen", "aloud", "paper"]
    read_on: date


class Reading(View):
    who: Literal["young_person", "guardian"]
    contact_id: UUID | None
    name: str
    how: str
    read_on: date
    by: str


class AgreementView(AgreementBody):
    id: UUID
    version: int
    review_due: date
    standing: Standing
    made_at: datetime
    by: str
    readings: list[Reading]


class AgreementAnswer(View):
    """None: nothing is written yet. `young`: an agreement is for adolescents; others have none to write."""

    young: bool
    agreement: AgreementView | None
