"""What the screen of an emergency shows and sends, closed and bounded."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clients.consent import Basis
from app.clients.packet import Item
from app.emergency.dialling import Outcome
from app.emergency.pieces import Ask, Urgency, Weapons
from app.incidents.page_views import PlaceToday, Ref

# Who has it in writing: those who come, or police who are to protect somebody. Who treats gets the handover card.
WrittenFor = Literal["dispatch", "police"]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LineToDial(View):
    id: UUID
    agency: str
    kind: str
    area: str
    number: str
    tel: str
    hours: str
    open: bool | None
    open_until: datetime | None
    police_involved: bool | None
    cit: bool
    contact: str
    arrives_minutes: int | None
    verified_on: str | None
    stale: bool
    wrong: bool
    why: str
    likely: bool


class ReadLine(View):
    """One line to read aloud. `key` is what is ticked: never words of it, which hold names and places."""

    key: str
    text: str
    items: list[Item]
    read_back: bool
    is_place: bool


class Marked(View):
    """The newest word on one line or one thing to do at home."""

    key: str
    state: Literal["done", "refused", "not_needed"]
    words: str | None
    by: str
    at: datetime


class CallMade(View):
    """One line that a person dialled by hand. `outcome` is null while they are on it."""

    id: UUID
    line_id: UUID | None
    agency: str
    number: str
    by: str
    mine: bool
    dialed_at: datetime
    answered_at: datetime | None
    held_since: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None
    eta_minutes: int | None
    reference: str | None


class NextNumber(View):
    """`own`: the caller's own emergency number, asking for a transfer."""

    what: Literal["first", "again", "line", "own", "talking", "done"]
    line_id: UUID | None


class StandDownNow(View):
    id: UUID
    reason: str
    proposed_by: Ref
    proposed_at: datetime
    agreed_by: Ref | None
    agreed_at: datetime | None
    told_by: Ref | None
    told_at: datetime | None
    may_agree: bool = Field(
        description="Not for whoever proposed it: two people, each with their own sign-in."
    )


class EmergencyNow(View):
    """What changes while the card is read. `limit_at`: by when responders are called, two minutes from declaring."""

    declared_by: Ref | None
    declared_at: datetime | None
    limit_at: datetime | None
    stood_down_at: datetime | None
    grounds: list[str]
    calls: list[CallMade]
    next: NextNumber
    helpers: list[LineToDial] = Field(description="For this place: who treats, and who talks with them.")
    marks: list[Marked]
    stand_down: StandDownNow | None


class KeptFromThem(View):
    label: str
    why: str


class InWriting(View):
    """What this kind of recipient would be given in writing, and what not; and whether they may be given anything now."""

    to: WrittenFor
    holds: list[str]
    keeps_back: list[KeptFromThem]
    may: bool
    basis: Basis | None
    block: str | None
    lawful_instead: str | None


class CardGiven(View):
    id: UUID
    to: WrittenFor
    recipient: str
    by: str
    at: datetime
    holds: list[str]


class DispatchCard(View):
    """`lines`: those for where they are now, best first, and why in that order; `likely` and `doubts`: what about the
    place nobody said. `warning`: what the caller's own emergency number would reach. `script`: read in under a minute;
    `more`: known too, for when they ask. `withheld`: what is not said to responders."""

    client_id: UUID
    place: PlaceToday
    place_age_s: int | None
    lines: list[LineToDial]
    order_because: str
    likely: str | None
    doubts: list[str]
    time_zone: str | None
    warning: str
    follows_the_phone: str | None
    own_number: str
    poison_line: str | None
    script: list[ReadLine]
    more: list[ReadLine]
    seconds: int
    urgency: Urgency
    asks: list[Ask]
    weapons: Weapons
    happened: str
    means: str
    others: str
    medical: dict[str, str]
    withheld: str
    may_not_be_free_to_talk: bool
    with_them: bool = Field(description="Somebody of us may be with them: they are not lost.")
    part2: bool
    callback_number: str
    lost_at: datetime
    legal_name: str
    name_used: str
    pronouns: str
    grounds: str = Field(description="Why responders are told, as far as somebody has said it.")
    animals: list[str] = Field(description="At the place, each with what to do before anybody comes in.")
    caretakers: list[str] = Field(
        description="Who takes the animals, as it was agreed. Never said to responders."
    )
    in_writing: list[InWriting]
    given: list[CardGiven] = Field(description="Newest first.")
    now: EmergencyNow


# --- what a press carries


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


Few = Annotated[str, Field(max_length=160)]
# The four triggers of an emergency (D2); the first is two, because they lead to different help.
Ground = Literal["danger_self", "danger_others", "medical", "intoxication", "psychosis"]
Medical = Literal["what", "how_much", "when", "awake", "breathing", "bleeding", "advice"]


class Brief(Body):
    """What the caller knows better than the record. Absent is unchanged; null is as the record says."""

    grounds: Annotated[list[Ground], Field(max_length=5)] | None = None
    urgency: Urgency | None = None
    asks: Annotated[list[Ask], Field(max_length=3)] | None = None
    weapons: Weapons | None = None
    happened: Few | None = None
    means: Few | None = None
    others: Few | None = None
    medical: Annotated[dict[Medical, Few], Field(max_length=7)] | None = None


MarkKey = Annotated[str, Field(pattern=r"^(read|home|told|involve)\.[a-z_]{2,30}$")]


class NewMark(Body):
    """`state` null takes the tick back."""

    key: MarkKey
    state: Literal["done", "refused", "not_needed"] | None
    words: Annotated[str, Field(max_length=400)] = ""


class NewCall(Body):
    """A person dials now: a line of the directory, or a number that they found otherwise."""

    line_id: UUID | None = None
    agency: Annotated[str, Field(max_length=200)] = ""
    number: Annotated[str, Field(max_length=40)] = ""


class StandDownWhy(Body):
    reason: Annotated[str, Field(min_length=10, max_length=2000)]


Asked = Literal["meet", "secure", "animals"]


class AskedOf(Body):
    contact_id: UUID
    asked: Asked
    words: Annotated[str, Field(max_length=400)] = ""


class GiveCard(Body):
    """`recipient`: the office, and the person's name where they gave one. `grounds`: why, where nobody has said it yet."""

    to: WrittenFor
    recipient: Annotated[str, Field(min_length=2, max_length=120)]
    grounds: Annotated[str, Field(max_length=2000)] = ""


class CallChange(Body):
    state: Literal["answered", "on_hold", "off_hold"]


class CallOver(Body):
    """`grounds`: why it was needed, where responders were told (45 CFR 164.512(j)). `person`, `affiliation` and
    `nature`: of a medical emergency under 42 CFR 2.51, where more than the danger was told."""

    outcome: Outcome
    eta_minutes: Annotated[int, Field(ge=0, le=600)] | None = None
    reference: Annotated[str, Field(max_length=60)] = ""
    grounds: Annotated[str, Field(max_length=2000)] = ""
