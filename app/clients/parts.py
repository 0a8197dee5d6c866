"""The parts of a record that are more than one line: an address, an animal, a person in the house, a safe hour."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.places.geography import BOX, post_box

Short = Annotated[str, Field(min_length=1, max_length=120)]
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


class Address(Body):
    """Where responders go. A post box is no place (P2)."""

    street: Annotated[str, Field(min_length=3, max_length=200)]
    unit: Line = ""
    town: Line = ""
    state: Line = ""
    code: Annotated[str, Field(max_length=20)] = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""

    @field_validator("street")
    @classmethod
    def _somewhere(cls, street: str) -> str:
        if post_box(street):
            raise ValueError(BOX)
        return street


class Window(Body):
    """Some days of the week (Monday is 0), from one time to another, in the program's time zone."""

    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    starts: time
    ends: time

    @field_validator("days")
    @classmethod
    def _each_once(cls, days: list[int]) -> list[int]:
        return sorted(set(days))

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.starts.tzinfo is not None or self.ends.tzinfo is not None:
            raise ValueError("Write the hours as the clock at home shows them.")
        if self.ends <= self.starts:
            raise ValueError("These hours end before they start. Past midnight takes two lines.")
        return self


class ContactTimes(Body):
    """When an ordinary call is safe. In a crisis the first outreach decides, not the hour."""

    windows: Annotated[list[Window], Field(max_length=14)] = []
    note: Line = ""


class HouseholdPerson(Body):
    name: Short
    relation: Line = ""
    may_overhear: Literal["yes", "no", "unknown"] = "unknown"


class LivingTogether(Body):
    """S3 to S5: with whom, how they come and go during the group, where to cool down, who speaks to responders."""

    with_whom: Line = ""
    coming_and_going: Words = ""
    calm_place: Words = ""
    speaks_to_responders: Line = ""


class Pet(Body):
    """S9 to S11. `before_responders`: what somebody has to do with the animal before help comes in."""

    name: Short
    kind: Line = ""
    before_responders: Line = ""
    caretaker: Line = ""
    soothes: Line = ""


Household = Annotated[list[HouseholdPerson], Field(max_length=20)]
Pets = Annotated[list[Pet], Field(max_length=20)]
Relay = Literal["relay", "video_relay", "captioned"]
# What can be kept from a guardian (R16): parts of the record, as its sections name them. The rest they may be shown.
Hidden = Literal[
    "phones", "contact_times", "household", "what_helps", "safety_plan", "code_words", "notes", "tier", "safety_checks",
    "family_agreement",
]  # fmt: skip


def without_empty(value: BaseModel | list[BaseModel] | None) -> object:
    """As JSON; None when nothing is said in it."""
    if isinstance(value, list):
        return [one.model_dump(mode="json") for one in value] or None
    said = None if value is None else value.model_dump(mode="json")
    return said if said and any(said.values()) else None
