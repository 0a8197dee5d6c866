"""What the routes of calls after a crisis take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.clients.consent import Basis, Tier
from app.clients.consent_words import Tick
from app.follow_ups.rules import MOST_CHECK_INS, Kind, When

Words = Annotated[str, Field(max_length=2000)]
Needed = Annotated[str, Field(min_length=3, max_length=2000)]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]
Outcome = Literal[
    "reached", "worried", "missed", "not_reached", "not_permitted", "not_wanted", "not_needed", "died"
]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewCheckIns(Body):
    """The schedule a person chose. `why`: what they told us, in a sentence. `owner_id`: who asks how they are."""

    times: Annotated[list[AwareDatetime], Field(min_length=1, max_length=MOST_CHECK_INS)]
    why: Needed
    owner_id: UUID | None = None
    incident_id: UUID | None = None


class NewCaregiverCall(Body):
    """Where it is not owed by the tier: the client agreed to it (R12)."""

    client_agreed: Literal[True]
    incident_id: UUID | None = None
    owner_id: UUID | None = None


class EndPlan(Body):
    reason: Reason


class Ring(Body):
    """One number for one ring by hand: of a contact, with what was confirmed first, or of the client."""

    contact_id: UUID | None = None
    phone_id: UUID | None = None
    ticked: Annotated[tuple[Tick, ...], Field(max_length=5)] = ()


class Tried(Body):
    """Rung without reaching them. `supervisor`: whoever rang asks the supervisor now, before its time is over."""

    result: Literal["no_answer", "bad_time", "wrong_person"]
    note: Words = ""
    supervisor: bool = False


class CheckInDone(Body):
    """`worried`: they were reached, and what was heard needs a second person."""

    how: Needed
    agreed: Words = ""
    worried: bool = False


class CaregiverCallDone(Body):
    """`home`: how safe it is there. `means`: what is put away, by whom; no methods. `next_steps`: who does what, until when.
    `told`: what was said about the client, for the accounting. `again_at`: when they are rung again, where that was agreed."""

    contact_id: UUID
    home: Needed
    means: Words = ""
    next_steps: Needed
    told: Needed
    ticked: Annotated[tuple[Tick, ...], Field(max_length=5)] = ()
    coaching_wanted: bool = False
    again_at: AwareDatetime | None = None


class EndCall(Body):
    """`not_permitted`: nothing lets us, and the client was told so. `not_reached`: after three tries, to the supervisor."""

    why: Literal["not_permitted", "not_wanted", "not_reached", "not_needed"]
    reason: Reason
    client_told: bool = False


class CheckInHours(Body):
    """Hours after what was said, by tier."""

    none: list[int]
    low: list[int]
    moderate: list[int]
    high: list[int]
    imminent: list[int]


class OwnerRef(View):
    id: UUID
    name: str


class NumberToRing(View):
    """`number` as a person reads it, `dial` as a telephone takes it. `safe_name`: how they are spoken of aloud (R17)."""

    number: str
    dial: str
    safe_name: str


class FollowUpView(View):
    """`when`: of one that is owed still. `lapses_at`: from then on it counts as missed, and the supervisor is told."""

    id: UUID
    kind: Kind
    client_id: UUID
    client: str
    initials: str
    incident_id: UUID | None
    tier: Tier
    opens_at: datetime
    due_at: datetime
    lapses_at: datetime
    when: When | None
    lapsed_at: datetime | None
    tries: int
    tried_at: datetime | None
    task_id: UUID
    owner: OwnerRef | None = Field(description="Nobody, when null.")
    mine: bool
    outcome: Outcome | None
    ended_at: datetime | None
    ended_by: OwnerRef | None
    said: bool = Field(description="What was said is kept, and opened by a press.")


class PlanView(View):
    id: UUID
    tier: Tier
    made_at: datetime
    made_by: OwnerRef
    ended_at: datetime | None
    ended_by: OwnerRef | None
    ended_why: str | None
    check_ins: list[FollowUpView]


class Proposal(View):
    """What the program's defaults suggest for this tier; a person chooses."""

    tier: Tier
    far: bool
    times: list[datetime]


class CallOption(View):
    """Somebody the client named: may they be called for this, and if not, what is lawful instead."""

    contact_id: UUID
    name: str
    relation: str
    last2: str
    language: str
    may: bool
    basis: Basis | None
    ticks: list[Tick]
    what_may_be_said: str | None
    cautions: list[str]
    block: str | None
    lawful_instead: str | None


class PhoneOption(View):
    """`why_not`: why this number is not rung for a check-in."""

    phone_id: UUID
    label: str
    last2: str
    voicemail_ok: bool
    shared: bool
    why_not: str | None


class FollowUps(View):
    """Of one client: what is owed, the plan that stands, what was. `asks_for_plan`: their tier is high or imminent, and no
    check-in is planned."""

    owed: list[FollowUpView]
    plan: PlanView | None
    asks_for_plan: bool
    proposal: Proposal
    contacts: list[CallOption]
    phones: list[PhoneOption]
    first_outreach: Literal["ring", "text_first", "relay", "do_not_ring"]
    past: list[FollowUpView]
    past_plans: list[PlanView]


class Said(View):
    """What was written down of one call, opened by a logged press."""

    how: str = ""
    agreed: str = ""
    home: str = ""
    means: str = ""
    next_steps: str = ""
    told: str = ""
    reason: str = ""
    contact: str = ""
    coaching_wanted: bool = False


class PlanWords(View):
    why: str
    reason: str
