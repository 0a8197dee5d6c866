"""What the routes of contacts, releases and the do-not-contact list take and give."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.clients.consent import Act, Basis
from app.clients.consent_words import Tick
from app.clients.parts import Body, Line
from app.clients.terms import ELEMENTS, PART2_FORMS, Cover, Form, SignedBy, SignedHow, elements_missing

ContactKind = Literal["family", "partner", "friend", "neighbour", "guardian", "professional", "other"]
RevokedHow = Literal["said", "written", "text", "guardian"]
# What the client allows towards themselves; everything else names somebody.
TO_THEMSELVES: frozenset[Cover] = frozenset({"text", "voicemail", "email"})

Name = Annotated[str, Field(min_length=1, max_length=120)]
Number = Annotated[str, Field(min_length=1, max_length=60)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContactFields(Body):
    """Absent means unchanged, and for what nobody asked: not known."""

    relation: Line | None = None
    kind: ContactKind | None = None
    language: Language | None = None
    lives_with_client: bool | None = None
    minutes_away: Annotated[int, Field(ge=0, le=1440)] | None = None
    can_reach_home: bool | None = None
    knows_code_words: bool | None = None
    knows_of_treatment: bool | None = None
    adult: bool | None = None
    rank: Annotated[int, Field(ge=1, le=20)] | None = None
    guardian: bool | None = None
    authority_verified: bool | None = None
    known_objection: bool | None = None

    @model_validator(mode="after")
    def _grown_up(self) -> "ContactFields":
        if self.adult is False:
            raise ValueError(
                "A person under 18 is not asked to be a contact. Choose an adult; a child of the household can stand "
                "under who lives there."
            )
        return self


class NewContact(ContactFields):
    name: Name
    number: Number
    relation: Annotated[str, Field(min_length=1, max_length=200)]


class ChangeContact(ContactFields):
    name: Name | None = None
    number: Number | None = None


class NewRelease(Body):
    """To a contact, to an office by name, or, for texts, voicemail and e-mail, to the client themselves."""

    contact_id: UUID | None = None
    recipient: Annotated[str, Field(max_length=400)] = ""
    covers: Annotated[tuple[Cover, ...], Field(min_length=1, max_length=10)] = ("contact_in_crisis",)
    form: Form = "authorization"
    scope: Annotated[str, Field(min_length=1, max_length=2000)]
    purpose: Annotated[str, Field(min_length=1, max_length=400)]
    starts_on: date
    ends_on: date | None = None
    ends_event: Annotated[str, Field(max_length=400)] = ""
    signed_by: SignedBy = "client"
    signed_how: SignedHow = "paper"
    signed_on: date | None = None
    signer_contact_id: UUID | None = None
    method: Annotated[str, Field(max_length=120)] = ""
    discloser: Line = ""
    right_to_revoke_told: bool = False
    notice_version: Annotated[str, Field(min_length=1, max_length=60)] | None = None

    @property
    def part2(self) -> bool:
        return self.form in PART2_FORMS

    @model_validator(mode="after")
    def _whole(self) -> "NewRelease":
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("The release ends before it starts.")
        if self.signed_on is not None and self.signed_on > self.starts_on:
            raise ValueError("The release starts before the day it was signed.")
        if self.contact_id is not None and self.recipient:
            raise ValueError("Name one recipient: a contact of the client, or an office.")
        if self.contact_id is None and not self.recipient and not set(self.covers) <= TO_THEMSELVES:
            raise ValueError("Say who may be told: a contact of the client, or an office by name.")
        if self.part2 and (lacks := elements_missing(self.model_dump())):
            words = "; ".join(ELEMENTS[name] for name in lacks)
            raise ValueError(f"A release for substance use records needs more (42 CFR 2.31): {words}.")
        return self


class ChangeRelease(Body):
    """A signed paper is never rewritten: it is revoked, or the event it was to end with happens. A new one is signed."""

    revoked: Literal[True] | None = None
    event_happened: Literal[True] | None = None
    how: RevokedHow = "said"

    @model_validator(mode="after")
    def _one(self) -> "ChangeRelease":
        if (self.revoked is None) == (self.event_happened is None):
            raise ValueError(
                "Say one thing: that it is revoked, or that the event it ends with has happened."
            )
        return self


class NewDoNotContact(Body):
    name: Name
    contact_id: UUID | None = None
    number: Annotated[str, Field(max_length=60)] = ""
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class ContactView(View):
    """`confirm_due`: nobody has said for 30 days that this is still right."""

    id: UUID
    name: str
    relation: str
    kind: ContactKind
    rank: int
    last2: str
    language: str
    lives_with_client: bool
    minutes_away: int | None
    can_reach_home: bool | None
    knows_code_words: bool | None
    knows_of_treatment: bool | None
    adult: bool | None
    guardian: bool
    authority_verified: bool
    known_objection: bool
    confirmed_at: datetime | None
    confirm_due: bool


class ReleaseView(View):
    """`fault`: why it does not hold today though its days say so, as the end of a sentence."""

    id: UUID
    contact_id: UUID | None
    recipient: str | None
    covers: list[Cover]
    form: Form
    scope: str
    purpose: str
    part2: bool
    starts_on: date
    ends_on: date | None
    ends_event: str | None
    signed_by: SignedBy
    signed_how: SignedHow
    signed_on: date | None
    signer_contact_id: UUID | None
    method: str
    state: Literal["active", "not_started", "expired", "ended", "revoked", "not_valid"]
    fault: str | None


class DoNotContactView(View):
    id: UUID
    name: str
    contact_id: UUID | None
    number_known: bool


class MayTell(View):
    """One contact and one thing that could be told: the basis, or the block and the next lawful step."""

    contact_id: UUID
    act: Act
    may: bool
    bases: list[Basis] = []
    ticks: list[Tick] = []
    what_may_be_said: str | None = None
    cautions: list[str] = []
    block: str | None = None
    lawful_instead: str | None = None
