"""What the desk sends: the cast, the telephones, the texts, what just happened."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

PhoneState = Literal["ringing", "on_the_line", "menu", "speaking", "ended"]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CastMember(View):
    """`next`: the one press that makes sense now. `page`: whether their page speaks, and in full view."""

    client_id: UUID
    name: str
    group: str
    tier: str
    word: str
    in_call: bool
    next: Literal["drop", "come-back", "come-in"]
    page: Literal["visible", "hidden", "silent"]


class Phone(View):
    """`answers`: as whom it can be answered. `hears`: what was last said on this leg."""

    attempt_id: UUID
    who: str
    number_label: str
    kind: Literal["client", "contact", "staff"]
    state: PhoneState
    since: datetime
    shows: str
    hears: str | None
    answered_as: str | None
    with_somebody: bool
    answers: list[str]
    keys: bool


class Waiting(View):
    attempt_id: UUID
    who: str
    number_label: str
    at: datetime
    channel: str


class TextMessage(View):
    attempt_id: UUID
    to: str
    number_label: str
    words: str
    at: datetime
    delivered: bool
    may_reply: bool


class Happened(View):
    """`about`: the client, as boards name them."""

    incident_id: UUID
    about: str
    seq: int
    at: datetime
    after_s: float
    by: str
    text: str
    late_s: int


class Desk(View):
    """`time_zone` is the program's: nobody has to sign in here to read a clock."""

    now: datetime
    time_zone: str
    cast: list[CastMember]
    phones: list[Phone]
    waiting: list[Waiting]
    texts: list[TextMessage]
    happened: list[Happened]
    line_broken: bool
