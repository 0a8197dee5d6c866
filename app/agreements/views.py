"""The shapes of an agreement: what is written down, and what its panel shows."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.agreements.rules import LEAST_MINUTES, MOST_MINUTES, Outcome
from app.incidents.page_views import Ref

Words = Annotated[str, Field(min_length=2, max_length=300)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class AgreedStep(Closed):
    """`means`: distance to what could do harm. `connection`: not alone with it. `body`: something for the body."""

    kind: Literal["means", "connection", "body"]
    words: Words


class HeldBy(Closed):
    """Who holds on to something meanwhile. Somebody who is not the client is told aloud, by a person (R25)."""

    who: Literal["client", "contact", "other"]
    contact_id: UUID | None = None
    name: Annotated[str, Field(max_length=120)] = ""
    what: Annotated[str, Field(max_length=200)] = ""


class AgreedContent(Closed):
    """What is sealed of an agreement."""

    steps: Annotated[tuple[AgreedStep, ...], Field(min_length=1, max_length=4)]
    holder: HeldBy | None = None


class AgreementDraft(AgreedContent):
    """`owner_id`: who looks at it again with the client; without it, whoever writes it down."""

    minutes: Annotated[int, Field(ge=LEAST_MINUTES, le=MOST_MINUTES)]
    owner_id: UUID | None = None
    witness_id: UUID | None = None


class WhichAgreement(Closed):
    agreement_id: UUID


class RecheckAnswer(WhichAgreement):
    outcome: Literal["kept", "partly", "not_kept", "changed"]
    note: Annotated[str, Field(max_length=1000)] = ""


class NewCheckDone(WhichAgreement):
    note: Annotated[str, Field(max_length=1000)] = ""


class Agreed(Closed):
    """`mine`: this viewer is asked for the re-check. `owner_gone`: its owner's access has ended, so nobody is.
    `lapses_at`: when it counts as missed, at the tier of now.
    """

    id: UUID
    steps: list[AgreedStep]
    holder: HeldBy | None
    made_at: datetime
    made_by: Ref
    owner: Ref
    mine: bool
    owner_gone: bool
    witness: Ref | None
    until: datetime
    lapses_at: datetime
    asked_at: datetime | None
    lapsed_at: datetime | None
    ended_at: datetime | None
    ended_by: Ref | None
    outcome: Outcome | None
    note: str | None
    check_wanted_at: datetime | None
    check_done_at: datetime | None
    check_done_by: Ref | None
    open: bool = Field(description="A person has still something to answer.")


class AgreedList(Closed):
    """The one that stands, then the newest. `staff`: who may look at it again, or stand witness."""

    agreements: list[Agreed]
    staff: list[Ref]
    least_minutes: int = LEAST_MINUTES
    most_minutes: int = MOST_MINUTES
