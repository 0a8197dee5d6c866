"""What one viewer may see now, as cards that a browser replaces by id.

A card is always whole: the browser never merges. Ids are `group:<uuid>`, `tile:<group session>:<client>`,
`incident:<uuid>`, `outage:<uuid>`, `caller:<uuid>` and `care:<uuid>`. Times are aware UTC; numbers of telephones appear only by their last two
digits, except on the card of a person who has to dial by hand.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.board.care_views import CareCard
from app.lanes.views import LaneView, RoomView

Tier = Literal["none", "low", "moderate", "high", "imminent"]
Telephone = Literal["ok", "failing", "simulated", "not_set_up"]
PresenceWord = Literal[
    "not_here_yet",
    "excused",
    "present",
    "quiet",
    "left",
    "lost",
    "not_responding",
    "reached",
    "verified",
    "away",
    "leaving",
    "left_planned",
    "private_room",
    "dismissed",
]


class View(BaseModel):
    """Closed data: an undeclared field is a bug on our side."""

    model_config = ConfigDict(extra="forbid")


class PersonRef(View):
    id: UUID
    name: str


class PresenceView(View):
    state: PresenceWord
    since: datetime
    until: datetime | None = Field(
        None, description="When this state ends by itself: back at, leaving at, asked until."
    )
    ask: bool = Field(False, description="The board asks a person now: do you see them?")
    watch_until: datetime | None = Field(
        None, description="R7: camera off, no answer. From here on the board offers: not responding."
    )


class PlaceView(View):
    state: Literal["confirmed", "told_privately", "unconfirmed", "missing"]
    label: str | None = None
    at: datetime | None = None
    alone: Literal["yes", "no", "unknown"] = "unknown"


class FlagView(View):
    """R15: until when the tier stands before it must be looked at again; overdue it stands all the same."""

    until: datetime
    overdue: bool


class Mark(View):
    """A short thing staff must know: kind chooses the icon, care marks come first.

    `note`, `device` and `signal` ask for a press: read the private note, let the client's other device in, say that
    somebody saw to a possible quiet signal.
    """

    kind: Literal[
        "care", "note", "device", "signal", "language", "pets", "minor", "rural", "shared", "names", "other"
    ]
    text: str


class SignalView(View):
    """B8, R13: what a client may have said quietly. Possible, until a person has said what it is."""

    possible: Literal["quiet", "danger", "pause"]
    source: Literal["page", "note", "text"]
    since: datetime
    outside_told: bool = Field(description="Nobody answered in time, and people outside the room were told.")


class TileCard(View):
    kind: Literal["tile"] = "tile"
    id: str
    group_session_id: UUID
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    tier: Tier
    assessed: bool
    presence: PresenceView
    place: PlaceView
    gaps: list[str]
    marks: list[Mark]
    flag: FlagView | None = None
    incident_id: UUID | None = None
    concern_id: UUID | None = Field(None, description="An open concern that a person raised.")
    signal: SignalView | None = None
    room: RoomView | None = Field(None, description="In a private room, or on the way there.")


class GroupCard(View):
    kind: Literal["group"] = "group"
    id: str
    group_session_id: UUID
    name: str
    state: Literal["scheduled", "open", "paused", "closed"]
    starts_at: datetime
    ends_at: datetime
    lead: PersonRef | None
    cofacilitator: PersonRef | None
    supervisor: PersonRef | None
    backup: PersonRef | None
    my_role: Literal["lead", "cofacilitator", "supervisor", "backup", "watching"]
    here: int
    expected: int
    client_ids: list[UUID]
    not_here_yet: list[UUID]
    platform: Literal["zoom", "livekit", "generic", "taps"]
    seen_all_until: datetime | None = None
    exercise: str | None = Field(None, description="An exercise that stands with the whole group now.")
    de_escalators: list[UUID] = Field(
        [], description="Of its four people: named as somebody to go with a client who is in distress."
    )


class StepView(View):
    id: UUID
    key: str
    title: str = Field(description="A sentence with names filled in, such as: Ring Marcus, ends 42.")
    waits_for_person: bool
    status: Literal["pending", "claimed", "dialing", "done", "cancelled", "skipped", "unknown"]
    run_at: datetime
    limit_at: datetime
    started_at: datetime | None = None
    done_at: datetime | None = None
    done_by: PersonRef | None = None
    late_s: int = 0
    outcome: str | None = None


class CallView(View):
    attempt_id: UUID
    who: Literal["client", "staff", "supervisor", "backup", "on_call", "contact"]
    channel: Literal["call", "text"]
    label: str = Field(description="Whom, in words: Marcus, ends 42; Jon's phone.")
    state: Literal["planned", "dialing", "ringing", "answered", "ended", "failed", "unknown", "cancelled"]
    since: datetime


class ByHand(View):
    """Handrail could not act: do this by hand."""

    sentence: str
    number: str | None = None


class AgreementMark(View):
    """B4: an agreement about which a person has still something to answer. Screens count down by themselves."""

    agreement_id: UUID
    made_at: datetime
    until: datetime
    lapses_at: datetime = Field(description="Without a re-check by then it counts as missed.")
    answered: bool = Field(description="The re-check was done; what stands is the new safety check.")
    check_wanted_at: datetime | None = Field(None, description="Since when a new safety check is asked for.")
    owner: PersonRef | None = Field(
        description="None: whoever was to look at it again has no access any more."
    )


class LoweringView(View):
    """R15: a lower tier waits for a second clinician. Why stands on the incident's page."""

    id: UUID
    before: Tier
    after: Tier
    asked_by: PersonRef
    until: datetime


class StandingDownView(View):
    """That nobody has to come: proposed by one of two, or agreed by both and the dispatcher not told yet."""

    proposed_by: PersonRef
    proposed_at: datetime
    agreed: bool


class CheckingView(View):
    """A safety check is being asked right now."""

    by: PersonRef
    since: datetime


class AlsoOpen(View):
    """Something else is open about the same client."""

    incident_id: UUID
    what: Literal["connection_lost", "concern"]
    reason: str


class ProtocolMark(View):
    """A protocol under way. `stands_in`: no file of it is published, and the barest steps run."""

    title: str
    stands_in: bool


class IncidentCard(View):
    kind: Literal["incident"] = "incident"
    id: str
    incident_id: UUID
    lines: Literal["outside", "simulated"]
    practice: Literal["demo", "drill", "selftest"] | None = None
    what: Literal["connection_lost", "concern"]
    reason: str = Field(description="Why it opened; of a concern, what was pressed.")
    headline: str
    client_id: UUID
    name: str
    initials: str
    pronouns: str
    similar_name: bool = False
    group_session_id: UUID
    group_name: str
    dial_in: str | None = Field(None, description="R24: the group by telephone, number and code.")
    tier: Tier
    state: Literal["open", "closed"]
    drop_at: datetime
    learned_at: datetime
    place: PlaceView
    marks: list[Mark]
    presence: PresenceView
    owner: PersonRef | None
    mine: bool
    taken_at: datetime | None = None
    owned_until: datetime | None = None
    outage_id: UUID | None = None
    locked: bool = Field(
        False, description="R1: three lost within 10 s; contact and responder steps wait for a person."
    )
    private_check: bool = Field(False, description="Came back at moderate or above: a private check is due.")
    somebody_answered: bool = Field(
        False, description="R6: a phone was answered and no staff has spoken yet."
    )
    triage: Literal["crisis", "harm", "medical", "intoxication", "psychosis"] | None = Field(
        None, description="D2: crisis, or which of the four emergency triggers a person chose."
    )
    triaged_by: PersonRef | None = None
    also: list[AlsoOpen] = []
    protocols: list[ProtocolMark] = []
    in_hand: StepView | None = None
    order: list[StepView] = Field(description="What happens if nobody presses, soonest first.")
    calls: list[CallView]
    by_hand: list[ByHand]
    brief_drop_allowed: bool = Field(description="R9: `I see them` ends it with an attendance line.")
    client_first_outreach: Literal["ring", "text_first", "relay", "do_not_ring"]
    agreement: AgreementMark | None = None
    lanes: list[LaneView] = Field([], description="Who has what. Empty until somebody has taken it.")
    alone: bool = Field(False, description="R5: one person in the room, and nobody has come yet.")
    emergency_at: datetime | None = None
    second_since: datetime | None = Field(
        None, description="Nobody has it, while people look after another alert of its group."
    )
    second_alarm: bool = Field(False, description="People outside the room are alarmed about that.")
    room: RoomView | None = None
    lowering: LoweringView | None = None
    standing_down: StandingDownView | None = None
    checking: CheckingView | None = None
    needs_seen: bool = Field(description="High and imminent alerts ask the board to answer {seen: seq}.")


class OutageCard(View):
    kind: Literal["outage"] = "outage"
    id: str
    outage_id: UUID
    opened_at: datetime
    incident_ids: list[UUID]
    names: list[str]
    locked: bool
    cleared_by: PersonRef | None = None


class CallerCard(View):
    """Somebody rang the office's own number, and no person has handled it yet."""

    kind: Literal["caller"] = "caller"
    id: str
    caller_id: UUID
    who: Literal["client", "contact", "barred", "staff", "unknown"]
    name: str | None = Field(
        None, description="Whose number it is. Several, when more than one record has it."
    )
    client_id: UUID | None = None
    incident_id: UUID | None = Field(None, description="What is open about this client now.")
    tier: Tier | None = None
    state: Literal["ringing", "missed"]
    first_at: datetime
    last_at: datetime
    times: int
    number: str | None = Field(None, description="To ring back by hand. Absent where nobody should, or can.")
    ends: str | None = None
    cautions: list[
        Literal["not_safe", "asked_not", "relay", "shared", "contact", "barred", "unknown", "withheld"]
    ]
    rung_back_at: datetime | None = None
    rung_back_by: PersonRef | None = None


Card = Annotated[
    TileCard | GroupCard | IncidentCard | OutageCard | CallerCard | CareCard, Field(discriminator="kind")
]


class Health(View):
    at: datetime
    engine_tick: datetime | None
    engine_held: bool
    overdue_steps: int
    telephone: Telephone
    protocols: str | None = Field(None, description="A sentence when a protocol file was refused.")
    second_looks: int = Field(
        0, description="Emergency accesses and things told outside that a supervisor has still to look at."
    )


class Board(View):
    """One snapshot of one repeatable-read transaction."""

    seq: int
    cards: list[Card]
    health: Health


class LiveCards(View):
    """Covers every entry in (after, seq]; no cards where nothing concerns this viewer."""

    after: int
    seq: int
    cards: list[Card]
    gone: list[str] = []


class LiveBeat(View):
    beat: Health
    seq: int


class LiveReset(View):
    reset: Literal[True] = True


class LiveLocked(View):
    """Sent to a locked sign-in: that something is wrong, never who."""

    locked: Literal[True] = True
    seq: int
    alarms: list["LockedAlarm"]


class LockedAlarm(View):
    tile: int
    tier: Tier
    limit_at: datetime | None
