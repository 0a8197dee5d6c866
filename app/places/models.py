"""The program's own directory of local lines: ten-digit dispatch numbers, mobile crisis, and when each was checked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program


class DispatchLine(Scoped, Base):
    """A line for an area. Never dialled by the server: a person reads it and dials (telephony.md 1c)."""

    __tablename__ = "dispatch_line"
    __table_args__ = (
        of_program(),
        CheckConstraint("kind in ('dispatch', 'mobile_crisis', 'hotline', 'hospital')", name="kind"),
    )
    kind: Mapped[str]
    agency: Mapped[str]
    area: Mapped[str] = mapped_column(comment="said in words: Harrow County, OR")
    country: Mapped[str]
    number: Mapped[str] = mapped_column(comment="E.164; public, not personal")
    hours: Mapped[str] = mapped_column(default="always")
    police_involved: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
    verified_on: Mapped[date | None] = mapped_column(Date())
    verified_by: Mapped[UUID | None]
    retired_at: Mapped[datetime | None]
