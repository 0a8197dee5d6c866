"""What the rules are told, and what they answer: frozen values, no behaviour beyond reading them.

A `Situation` is the state when a signal arrives. Signals that carry a new state (Taken, TierChanged, ...) hold it
themselves, so it does not matter whether the caller has already written it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.protocols.facts import Facts as Facts
from app.protocols.facts import Number as Number
from app.protocols.schema import Tier as Tier

CallOutcome = Literal[
    "answered", "no_answer", "busy", "failed", "voicemail", "refused", "delivered", "undelivered"
]
StepStatus = Literal["pending", "dialing", "unknown"]
FinishStatus = Literal["done", "cancelled", "skipped"]


@dataclass(frozen=True, slots=True)
class Active:
    """A step of this escalation that is not finished: one row, as its columns say."""

    step_id: UUID
    key: str
    status: StepStatus
    run_at: datetime
    limit_at: datetime
    rounds: int = 0
    void_after: datetime | None = None
    urgency: int | None = None
    visit: int = 1


@dataclass(frozen=True, slots=True)
class Situation:
    """`answered`: any phone of the client's was ever answered in this incident. `brief_possible`: R9's conditions
    on what was disclosed hold (the tier is looked at here). `on_screen`: machines say that the client is back.
    `talking`: staff and the client's phone are joined right now. `held`: R1's reply hold is already used.
    `drop_at`: zero of the clock; where nobody dropped, when a person started it. `visits`: how often a step has opened
    so far, of protocols that people start.
    """

    tier: Tier
    drop_at: datetime
    facts: Facts
    active: tuple[Active, ...] = ()
    owned_until: datetime | None = None
    locked: bool = False
    brief_possible: bool = False
    answered: bool = False
    held: bool = False
    on_screen: bool = False
    talking: bool = False
    visits: Mapping[str, int] = field(default_factory=dict)


# Signals


@dataclass(frozen=True, slots=True)
class StepDue:
    """`run_at` came, or the wait of a dialing step ended."""

    step_id: UUID


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """The telephone's answer for the step that ordered it. The step may be finished by now; then `key` says which one
    it was."""

    step_id: UUID
    outcome: CallOutcome
    key: str = ""


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """A person's answer to a waiting step; must be one of `rules.outcomes`."""

    step_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision on responders, from wherever the chain stands."""

    outcome: Literal["responders", "mobile_team", "wait"]


@dataclass(frozen=True, slots=True)
class Stopped:
    step_id: UUID


@dataclass(frozen=True, slots=True)
class Skipped:
    step_id: UUID


@dataclass(frozen=True, slots=True)
class Hurried:
    step_id: UUID


@dataclass(frozen=True, slots=True)
class Taken:
    until: datetime


@dataclass(frozen=True, slots=True)
class Released:
    """The owner gave it back, or the acknowledgement expired."""


Expired = Released


@dataclass(frozen=True, slots=True)
class Back:
    """Machines say that the client is present again."""


@dataclass(frozen=True, slots=True)
class LostAgain:
    """Back, and gone again before anybody recognised them."""


@dataclass(frozen=True, slots=True)
class SeenByStaff:
    """A person tapped: I see them."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Staff said: I spoke with them."""


@dataclass(frozen=True, slots=True)
class OtherPerson:
    """Staff said: somebody else answered."""


@dataclass(frozen=True, slots=True)
class Replied:
    """A text came from the client's own number."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A person recognised the client, live (R3)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A person closed the whole, and this with it."""

    word: str


@dataclass(frozen=True, slots=True)
class TierChanged:
    tier: Tier


@dataclass(frozen=True, slots=True)
class DangerUsed:
    """A person tapped that the danger word was used: R2 holds from here, for calls under way too."""


@dataclass(frozen=True, slots=True)
class DangerUnsaid:
    """R17: the danger word was not heard after all. `key`: the first step that was passed over because of it, if nobody has
    answered anything in this chain since."""

    key: str | None = None


@dataclass(frozen=True, slots=True)
class OutageLocked:
    pass


@dataclass(frozen=True, slots=True)
class OutageCleared:
    """A person said: it is not our side."""


@dataclass(frozen=True, slots=True)
class StaffLegSilent:
    """R6: the client's phone was answered and no staff spoke for 20 s. `step_id`, `key` and `rounds` are of the step
    that rang, which is finished by now."""

    step_id: UUID
    key: str
    rounds: int = 0


Signal = (
    StepDue
    | AttemptOutcome
    | PersonOutcome
    | Decided
    | Stopped
    | Skipped
    | Hurried
    | Taken
    | Released
    | Back
    | LostAgain
    | SeenByStaff
    | Reached
    | OtherPerson
    | Replied
    | Verified
    | Ended
    | TierChanged
    | DangerUsed
    | DangerUnsaid
    | OutageLocked
    | OutageCleared
    | StaffLegSilent
)


# Answers


@dataclass(frozen=True, slots=True)
class Finish:
    step_id: UUID
    status: FinishStatus
    outcome: str


@dataclass(frozen=True, slots=True)
class Start:
    """The step goes to `dialing`; look at it again at `look_at` (the row's `due_at`) if nothing was heard."""

    step_id: UUID
    look_at: datetime
    rounds: int


@dataclass(frozen=True, slots=True)
class Retime:
    """The step is (again) `pending`, with these times; `due_at` becomes `run_at`."""

    step_id: UUID
    run_at: datetime
    limit_at: datetime
    void_after: datetime
    urgency: int
    rounds: int


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A new row. In a forecast: a step that would come, with its likely time."""

    key: str
    action: str
    run_at: datetime
    limit_at: datetime
    void_after: datetime
    waits_for_person: bool
    urgency: int
    rounds: int = 0
    visit: int = 1


@dataclass(frozen=True, slots=True)
class RingClient:
    """The engine rings a staff phone first (R6) and this number no later than `ring_by`."""

    step_id: UUID
    number_id: UUID
    ring_by: datetime
    ring_s: int
    script: str


@dataclass(frozen=True, slots=True)
class SendText:
    step_id: UUID
    number_id: UUID
    script: str


@dataclass(frozen=True, slots=True)
class LeaveVoicemail:
    step_id: UUID
    number_id: UUID
    script: str


@dataclass(frozen=True, slots=True)
class PageStaff:
    """Ring these, in this order, until one accepts. `round` counts from 0."""

    step_id: UUID
    roles: tuple[str, ...]
    round: int


@dataclass(frozen=True, slots=True)
class Task:
    """Something for a person, shown on the alert."""

    code: Literal["speak_now", "private_check", "see_live", "say_if_our_side"]


@dataclass(frozen=True, slots=True)
class CancelCalls:
    """Everything planned or still ringing towards the client ends; a call that was answered is left to its people.
    `step_id` limits it to what one step ordered."""

    reason: Literal[
        "back",
        "reached",
        "verified",
        "brief_drop",
        "stopped",
        "skipped",
        "danger",
        "replied",
        "answered",
        "ended",
    ]
    step_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """Handrail could not act: a person does this by hand."""

    code: Literal["no_number", "no_safe_number", "call_failed", "text_failed", "voided", "nobody_spoke"]
    step_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """Nobody answered this step in time; it stays open, and every screen shows how late it is."""

    step_id: UUID


Order = RingClient | SendText | LeaveVoicemail | PageStaff | Task | CancelCalls | ByHand | Overdue


@dataclass(frozen=True, slots=True)
class Move:
    """What to write down, in this order: finish, start, retime, plan; then carry out the orders.

    `end`: the chain is over (`verified`, `brief_drop`, ...); every step that was active is among `finish`.
    `protocol`: a person's answer leads to this other protocol.
    """

    finish: tuple[Finish, ...] = ()
    start: tuple[Start, ...] = ()
    retime: tuple[Retime, ...] = ()
    plan: tuple[PlannedStep, ...] = ()
    orders: tuple[Order, ...] = field(default=())
    end: str | None = None
    protocol: str | None = None
