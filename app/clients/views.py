"""What the record's routes take and give. Numbers appear by their last two digits; the rest is one logged reveal away."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.clients.consent import Tier
from app.clients.contact_views import ChangeContact as ChangeContact
from app.clients.contact_views import ChangeRelease as ChangeRelease
from app.clients.contact_views import ContactView, DoNotContactView, ReleaseView
from app.clients.contact_views import NewContact as NewContact
from app.clients.contact_views import NewDoNotContact as NewDoNotContact
from app.clients.contact_views import NewRelease as NewRelease
from app.clients.guardian_views import GuardianWords
from app.clients.parts import (
    Address,
    Body,
    ContactTimes,
    Hidden,
    Household,
    HouseholdPerson,
    Line,
    LivingTogether,
    Pet,
    Pets,
    Relay,
    Short,
    Words,
)

FirstOutreach = Literal["ring", "text_first", "relay", "do_not_ring"]
NoSafeContact = Literal["declined", "none_exists"]

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
Rank = Annotated[int, Field(ge=1, le=20)]


class View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClientFields(Body):
    """Everything about a client that a form can change. Absent means unchanged."""

    name_used: Short | None = None
    pronouns: Annotated[str, Field(max_length=40)] | None = None
    safe_name: Short | None = None
    legal_name: Short | None = None
    birth_date: date | None = None
    language: Language | None = None
    interpreter_needed: bool | None = None
    interpreter_language: Language | Literal[""] | None = None
    relay: Relay | None = None
    accessibility: Words | None = None
    culture: Words | None = None
    contact_times: ContactTimes | None = None
    hidden_from_guardian: list[Hidden] | None = None
    tier: Tier | None = None
    tier_reason: Words | None = None
    assessed: bool | None = None
    first_outreach: FirstOutreach | None = None
    unsafe_home: bool | None = None
    part2: bool | None = None
    home_label: Annotated[str, Field(max_length=40)] | None = None
    home_address: Address | None = None
    entry_notes: Words | None = None
    home_dispatch_line_id: UUID | None = None
    travel_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    household: Words | None = None
    household_people: Household | None = None
    living_together: LivingTogether | None = None
    pets: Words | None = None
    pet_cards: Pets | None = None
    responder_notes: Words | None = None
    help_first: Words | None = None
    pet_mark: Annotated[str, Field(max_length=40)] | None = None
    what_helps: Words | None = None
    danger_wish: Words | None = None
    ordinary_question: Words | None = None
    no_safe_contact: NoSafeContact | None = None
    ended: bool | None = None


class NewClient(ClientFields):
    name_used: Short
    safe_name: Short
    legal_name: Short


class ChangeClient(ClientFields):
    """`version`: of the record that the person had before their eyes. `null` empties what may be empty."""

    version: int
    reason: Line | None = None

    @model_validator(mode="after")
    def _names_stay(self) -> "ChangeClient":
        for name in self.model_fields_set & NEVER_EMPTY:
            if getattr(self, name) is None:
                raise ValueError(f"{name} cannot be emptied")
        return self


NEVER_EMPTY = frozenset(
    {
        "name_used", "pronouns", "safe_name", "legal_name", "language", "interpreter_needed", "tier", "assessed",
        "first_outreach", "unsafe_home", "part2", "ended",
    }
)  # fmt: skip


class PhoneFields(Body):
    label: Annotated[str, Field(max_length=40)] | None = None
    rank: Rank | None = None
    voicemail_ok: bool | None = None
    text_ok: bool | None = None
    safe_to_ring: bool | None = None
    shared: bool | None = None


class NewPhone(PhoneFields):
    number: Annotated[str, Field(min_length=1, max_length=60)]


class ChangePhone(PhoneFields):
    """`version`: of the record that the person had before their eyes."""

    version: int | None = None
    number: Annotated[str, Field(min_length=1, max_length=60)] | None = None


class ClientRow(View):
    """A line of the list. `gaps`: what is missing to reach and help this person, in the board's words."""

    id: UUID
    name: str
    pronouns: str
    tier: Tier
    assessed: bool
    language: str
    minor: bool
    first_outreach: FirstOutreach
    unsafe_home: bool
    part2: bool
    phone_ends: list[str]
    gaps: list[str]
    ended: bool
    found_by: Literal["phone", "contact"] | None = None


class FindClients(Body):
    """`words`: part of the name used, or a whole telephone number, theirs or a contact's."""

    words: Annotated[str, Field(max_length=120)] = ""
    ended: bool = False
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ClientPage(View):
    """`total` counts what was asked for, `ended` those found whose care has ended, shown or not."""

    rows: list[ClientRow]
    total: int
    ended: int
    offset: int


class Meanwhile(View):
    """What a colleague changed while somebody else was typing, in other fields: kept, and told."""

    who: str
    fields: list[str]


class PhoneView(View):
    id: UUID
    label: str
    rank: int
    last2: str
    voicemail_ok: bool
    text_ok: bool
    text_stopped: bool
    safe_to_ring: bool
    shared: bool
    today_only: bool


class RecordFlag(View):
    """R15: since when, until when, and whether somebody should have looked again by now."""

    since: datetime
    until: datetime
    overdue: bool
    set_by: str | None


class ClientRecord(View):
    """`of_age_on`: the day of majority of a minor, within the next 30 days. `alike`: others with a similar name, when it
    was looked for."""

    id: UUID
    version: int
    meanwhile: list[Meanwhile] = []
    alike: list[str] | None = None
    of_age_on: date | None
    of_age_unreviewed: str | None = Field(
        description="The state of somebody near majority for which nobody reviewed a row: an age is assumed."
    )
    name_used: str
    pronouns: str
    safe_name: str
    legal_name: str
    birth_date: date | None
    age: int | None
    minor: bool
    language: str
    interpreter_needed: bool
    interpreter_language: str | None
    relay: Relay | None
    hidden_from_guardian: list[str]
    tier: Tier
    tier_since: datetime | None
    flag: RecordFlag | None
    assessed: bool
    first_outreach: FirstOutreach
    unsafe_home: bool
    part2: bool
    home_label: str | None
    home_dispatch_line_id: UUID | None
    travel_minutes: int | None
    pet_mark: str | None
    no_safe_contact: NoSafeContact | None
    ended: bool
    may_be_taken_up: bool = Field(description="Care has ended, and nothing written down stands against it.")
    sealed: list[str] = Field(description="Fields that hold something and are shown by POST …/reveal.")
    phones: list[PhoneView]
    contacts: list[ContactView]
    releases: list[ReleaseView]
    do_not_contact: list[DoNotContactView]
    gaps: list[str]


class Revealed(View):
    """One logged press. Numbers by the id of their phone or contact, reasons by the id of the do-not-contact line,
    `guardians` by contact."""

    home_address: Address | None
    entry_notes: str | None
    household: str | None
    household_people: list[HouseholdPerson] | None
    living_together: LivingTogether | None
    pets: str | None
    pet_cards: list[Pet] | None
    accessibility: str | None
    culture: str | None
    contact_times: ContactTimes | None
    responder_notes: str | None
    help_first: str | None
    what_helps: str | None
    danger_wish: str | None
    ordinary_question: str | None
    numbers: dict[UUID, str]
    reasons: dict[UUID, str]
    guardians: dict[UUID, GuardianWords]
