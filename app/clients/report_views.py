"""What the routes of mandated reports take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.clients.consent_words import Tick
from app.clients.contact_views import View
from app.clients.parts import Body, Words
from app.places.state_cards import StateCardView

About = Literal["child", "adult"]


class NewReport(Body):
    """`reporter_id`: who reports; the person who writes it down, unless said otherwise."""

    about: About
    concern: Annotated[str, Field(min_length=3, max_length=4000)]
    reporter_id: UUID | None = None
    incident_id: UUID | None = None


class ReportTold(Body):
    agency: Annotated[str, Field(min_length=1, max_length=200)]
    person: Annotated[str, Field(max_length=120)] = ""
    reference: Annotated[str, Field(max_length=120)] = ""
    content: Annotated[str, Field(min_length=1, max_length=2000)]
    verified_how: Words = ""
    written_due_at: AwareDatetime | None = None
    ticked: Annotated[tuple[Tick, ...], Field(max_length=3)] = ()


class ReportClosed(Body):
    why: Annotated[str, Field(min_length=10, max_length=2000)]


class ReportLine(View):
    id: UUID
    about: About
    region: str
    reporter_id: UUID
    reporter: str
    concern: str
    agency: str | None
    reference: str | None
    made_at: datetime
    told_at: datetime | None
    written_due_at: datetime | None
    written_at: datetime | None
    written_late: bool
    closed_at: datetime | None
    closed_why: str | None


class Reports(View):
    """`card`: what this state asks for, as somebody reviewed it; None when nobody has. `staff`: who may report."""

    client: str
    region: str
    region_name: str
    card: StateCardView | None
    staff: dict[UUID, str]
    rows: list[ReportLine]
