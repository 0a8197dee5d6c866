"""What the routes of disclosures take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.clients.accounting import Counted
from app.clients.consent import Basis
from app.clients.consent_words import Tick
from app.clients.contact_views import View
from app.clients.packet import Item
from app.clients.parts import Body, Words

OfficeAct = Literal["responders", "medical", "handoff", "warning"]
Whom = Annotated[str, Field(min_length=1, max_length=200)]


class AskOffice(Body):
    """May this office, or the person who is in danger, be told, now?"""

    act: OfficeAct
    recipient: Whom
    police: bool = False


class OfficeItem(View):
    """One kind of fact. `why`: of what is kept back from this recipient."""

    item: Item
    label: str
    why: str | None = None


class OfficeVerdict(View):
    """`given`: what of the record this recipient may be told, in the order in which it is said."""

    may: bool
    bases: tuple[Basis, ...] = ()
    ticks: tuple[Tick, ...] = ()
    what_may_be_said: str | None = None
    cautions: tuple[str, ...] = ()
    block: str | None = None
    lawful_instead: str | None = None
    given: tuple[OfficeItem, ...] = ()
    kept_back: tuple[OfficeItem, ...] = ()


class NewTelling(Body):
    """`already_told`: a person has spoken, and writes it down now. `items`: which kinds of facts were told."""

    act: OfficeAct
    recipient: Whom
    police: bool = False
    items: Annotated[tuple[Item, ...], Field(max_length=40)] = ()
    affiliation: Annotated[str, Field(max_length=200)] = ""
    content: Annotated[str, Field(min_length=1, max_length=2000)]
    purpose: Annotated[str, Field(min_length=1, max_length=400)]
    basis: Basis
    grounds: Words = ""
    nature: Words = ""
    verified_how: Words = ""
    ticked: Annotated[tuple[Tick, ...], Field(max_length=5)] = ()
    already_told: bool = True


class SecondLook(Body):
    note: Annotated[str, Field(min_length=3, max_length=2000)]


class Told(View):
    """One thing that was told outside. `counted`: it belongs to the accounting a client may ask for, and how long.
    `items`: the kinds of facts that were told, in words."""

    id: UUID
    client_id: UUID
    client: str
    at: datetime
    act: str
    recipient: str
    affiliation: str | None
    content: str
    items: list[str]
    purpose: str
    basis: str
    grounds: str | None
    nature: str | None
    verified_how: str | None
    by: str
    mine: bool
    part2: bool
    incident_id: UUID | None
    notice: str | None
    counted: Counted | None
    second_look_due_at: datetime | None
    second_look_at: datetime | None
    second_look_by: str | None
    second_look: str | None


class Disclosures(View):
    """`accounting`: how many belong to the accounting for today."""

    client: str
    rows: list[Told]
    accounting: int
