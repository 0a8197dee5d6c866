"""What the check's routes give. Closed: an undeclared field is a bug on our side."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.triage.given import Given
from app.triage.rules import Direction
from app.triage.schema import Help, Item, Tier


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Who(View):
    id: UUID
    name: str


class MatchView(View):
    id: str
    tier: Tier
    say: str


class ResultView(View):
    """`tier` null: not assessed, which is never none. `assessed` false: `tier` is the least there is."""

    tier: Tier | None
    assessed: bool
    matches: list[MatchView]


class ScreenerItemView(View):
    item: str
    loinc: str
    words: str
    only_after: str | None
    suggests: Tier = Field(description="What a yes comes to.")


class ScreenerView(View):
    """The program's own screener, with the line that its owner asks for."""

    id: UUID
    title: str
    copyright: str
    version: str
    language: str
    loaded_at: datetime
    loaded_by: str
    items: list[ScreenerItemView]
    notice: str


class ScreenerPreview(View):
    """A file as it would be offered. `replaces`: the version in its language that it would take the place of."""

    title: str
    copyright: str
    version: str
    language: str
    items: list[ScreenerItemView]
    notice: str
    replaces: str | None
    same: bool = Field(description="The file in use holds just this already.")


class CareLine(View):
    """One thing that this tier asks to be written down. Missing, it never holds up care."""

    item: Item
    done: bool
    due_at: datetime | None
    by: str | None = Field(description="Who said that it is done.")
    done_at: datetime | None


class CheckView(View):
    """The check of an incident: being asked, or the last that was. `chosen`: what the clinician chose."""

    id: UUID | None
    state: Literal["none", "asking", "done", "stopped"]
    rules_version: str
    begun_by: Who | None
    begun_at: datetime | None
    saved_by: Who | None
    saved_at: datetime | None
    given: Given
    signal: str
    result: ResultView
    help_suggested: Help | None = Field(
        description="Which level of intervention fits the answers; null: not assessed."
    )
    tier: Tier = Field(description="Of the incident, now.")
    chosen: Tier | None
    direction: Direction | None
    reason: str | None
    done_by: Who | None
    done_at: datetime | None
    screener: ScreenerView | None


class CheckOfRecord(View):
    """One check in the client's record. What was answered is one logged press away."""

    id: UUID
    incident_id: UUID
    state: Literal["asking", "done", "stopped"]
    rules_version: str
    computed: Tier | None
    chosen: Tier | None
    direction: Direction | None
    begun_at: datetime
    begun_by: str
    done_at: datetime | None
    done_by: str | None
    next_contact_at: datetime | None


class OpenedCheck(View):
    """After the logged press."""

    id: UUID
    given: Given
    result: ResultView
    reason: str | None


class WhereToAsk(View):
    """The incident in which this client is asked."""

    incident_id: UUID
