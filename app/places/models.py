"""The program's own directory of local lines, its state cards, and when each was checked by whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class DispatchLine(Scoped, Base):
    """A line for an area: dispatch, mobile crisis and other help. Never dialled by the server: a person reads it and
    dials (telephony.md 1c). Everything here is public; nothing is about a client."""

    __tablename__ = "dispatch_line"
    __table_args__ = (
        of_program(),
        CheckConstraint(
            "kind in ('dispatch', 'mobile_crisis', 'hotline', 'hospital', 'urgent_care', 'cit', 'partner')",
            name="kind",
        ),
        CheckConstraint(
            "agreement_until is null or agreement_from is null or agreement_until >= agreement_from",
            name="agreement_in_order",
        ),
    )
    kind: Mapped[str]
    agency: Mapped[str]
    area: Mapped[str] = mapped_column(comment="said in words: Harrow County, OR")
    country: Mapped[str]
    number: Mapped[str] = mapped_column(comment="E.164; public, not personal")
    hours: Mapped[str] = mapped_column(default="always")
    police_involved: Mapped[bool | None] = mapped_column(comment="null: nobody has asked yet")
    source: Mapped[str] = mapped_column(default="")
    verified_on: Mapped[date | None] = mapped_column(Date())
    verified_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None]
    open_hours: Mapped[dict[str, Any] | None] = mapped_column(
        comment="minutes of the day by weekday, as read from hours; null where only a person can read them"
    )
    time_zone: Mapped[str | None] = mapped_column(comment="of open_hours")
    whole_country: Mapped[bool] = mapped_column(default=False)
    states: Mapped[list[str]] = mapped_column(default=list, comment="OR")
    counties: Mapped[list[str]] = mapped_column(default=list, comment="Harrow County, OR")
    towns: Mapped[list[str]] = mapped_column(default=list, comment="Larch Falls, MT")
    zip_prefixes: Mapped[list[str]] = mapped_column(default=list, comment="970, or a whole code")
    cit: Mapped[bool] = mapped_column(
        default=False, comment="officers trained in crisis intervention can be asked for"
    )
    for_clients: Mapped[bool] = mapped_column(
        default=False, comment="shown on the clients' own resource page"
    )
    text_how: Mapped[str] = mapped_column(default="", comment="how to text it, in words")
    address: Mapped[str] = mapped_column(
        default="", comment="of an urgent care or emergency department; public"
    )
    website: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="", comment="whom to ask for, in their role at work")
    notes: Mapped[str] = mapped_column(default="", comment="about the line; never about a client")
    arrives_minutes: Mapped[int | None] = mapped_column(comment="how long they usually need to arrive")
    agreement_from: Mapped[date | None] = mapped_column(Date())
    agreement_until: Mapped[date | None] = mapped_column(Date())
    wrong_at: Mapped[datetime | None] = mapped_column(
        comment="somebody rang it, and it did not answer as said"
    )
    wrong_by: Mapped[UUID | None]


class LineCheck(Scoped, Base):
    """Somebody rang a line: it answers, or it does not. Withdrawn when they pressed by mistake; the newest counts."""

    __tablename__ = "line_check"
    __table_args__ = (
        within_program("line_id", "dispatch_line"),
        within_program("staff_id", "staff_member"),
        CheckConstraint("result in ('answers', 'wrong')", name="result"),
        Index("ix_line_check_line", "program_id", "line_id", "at"),
    )
    line_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    result: Mapped[str]
    number: Mapped[str] = mapped_column(comment="the number that was rung: a new number starts unchecked")
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class StateCard(Scoped, Base):
    """What the law of one state asks in one matter, as a named person reviewed it. A change is a new row."""

    __tablename__ = "state_card"
    __table_args__ = (
        of_program(),
        within_program("made_by", "staff_member"),
        CheckConstraint("kind in ('duty_to_protect', 'minors_consent', 'mandated_report')", name="kind"),
        Index(
            "uq_state_card_standing",
            "program_id",
            "kind",
            "region",
            unique=True,
            postgresql_where=text("retired_at is null"),
        ),
    )
    kind: Mapped[str]
    region: Mapped[str] = mapped_column(comment="US-OR")
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    source: Mapped[str]
    reviewed_by: Mapped[str] = mapped_column(comment="who answers for it: counsel, or a clinician by name")
    reviewed_on: Mapped[date] = mapped_column(Date())
    invented: Mapped[bool] = mapped_column(default=False, comment="made up for practice; never law")
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class RegionReview(Scoped, Base):
    """This program compared the emergency numbers of one country with their sources."""

    __tablename__ = "region_review"
    __table_args__ = (
        of_program(),
        within_program("staff_id", "staff_member"),
        Index("ix_region_review_country", "program_id", "country", "at"),
    )
    country: Mapped[str]
    sha256: Mapped[str] = mapped_column(comment="of the rows as they were: a changed table asks again")
    staff_id: Mapped[UUID]
    at: Mapped[datetime]
