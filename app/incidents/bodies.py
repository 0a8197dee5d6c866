"""What a press carries, closed and bounded."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.protocols.schema import Tier

Words = Annotated[str, Field(min_length=1, max_length=2000)]
Maybe = Annotated[str | None, Field(max_length=2000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Done(BaseModel):
    """The write is committed. The board's socket brings what changed."""

    done: Literal[True] = True


DONE = Done()


class Note(Body):
    words: Words
    occurred_at: AwareDatetime | None = None


class Reason(Body):
    reason: Words


class MaybeReason(Body):
    reason: Maybe = None


class StepOutcome(Body):
    outcome: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    note: Maybe = None


class CallWhich(Body):
    phone_id: UUID


class ReachedBy(Body):
    by: Literal["voice", "video", "text"]


class Recognised(Body):
    """R3: what was checked, live."""

    checked: Annotated[list[Literal["voice", "video", "question"]], Field(min_length=1, max_length=3)]
    place: Annotated[str, Field(min_length=1, max_length=300)]
    alone: Literal["yes", "no", "unknown"]
    tier: Tier
    reason: Annotated[str, Field(max_length=2000)] = ""
    next_contact_at: AwareDatetime | None = None
    note: Maybe = None


class NewTier(Body):
    tier: Tier
    reason: Words


class Declined(Body):
    reason: Annotated[str, Field(max_length=2000)] = ""


class Decision(Body):
    decision: Literal["responders", "mobile_team", "wait"]
    reason: Words


class CallContact(Body):
    basis: Literal["release", "personal_representative", "family_involvement", "serious_threat"]
    grounds: Annotated[str, Field(max_length=2000)] = ""
    ticked: Annotated[list[str], Field(max_length=5)] = []
    content: Words


class DispatchMade(Body):
    decision: Literal["responders", "mobile_team"] = "responders"
    agency: Annotated[str, Field(max_length=200)] = ""
    number: Annotated[str | None, Field(max_length=20)] = None
    read_back: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = []
    outcome: Literal["dispatched", "not_needed", "could_not"]
    content: Annotated[str, Field(max_length=2000)] = ""
    grounds: Annotated[str, Field(max_length=2000)] = ""


class Close(Body):
    outcome: Literal[
        "rejoined",
        "stabilized",
        "stepped_up_care",
        "ed_voluntary",
        "ed_involuntary",
        "responders_no_transport",
        "stood_down",
        "false_alarm",
        "handed_over",
        "nothing_needed",
        "other",
    ]
    note: Annotated[str, Field(max_length=4000)] = ""
    next_contact_at: AwareDatetime | None = None
    # Of somebody they trust, 24 to 72 hours from now (F9). Absent: by the tier.
    caregiver_call: bool | None = None


class Minutes(Body):
    minutes: Annotated[int, Field(ge=1, le=60)] = 5


class LeavingAt(Body):
    at: AwareDatetime
