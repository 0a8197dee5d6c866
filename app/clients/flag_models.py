"""Risk flags: the tier of a client with a time at which it must be looked at again (R15)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class RiskFlag(Scoped, Base):
    """One choice of a tier above none, until the next. Past `until` it stands as it is and is overdue."""

    __tablename__ = "risk_flag"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("set_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        CheckConstraint("tier in ('low', 'moderate', 'high', 'imminent')", name="tier"),
        CheckConstraint("ended_why in ('assessed', 'changed')", name="ended_why"),
        CheckConstraint("(ended_at is null) = (ended_why is null)", name="ended_for_a_reason"),
        Index(
            "uq_risk_flag_standing",
            "program_id",
            "client_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index(
            "ix_risk_flag_until",
            "until",
            postgresql_where=text("ended_at is null and overdue_at is null"),
        ),
    )
    client_id: Mapped[UUID]
    tier: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    set_by: Mapped[UUID | None]
    incident_id: Mapped[UUID | None] = mapped_column(comment="in which the tier was chosen")
    assessment_id: Mapped[UUID | None] = mapped_column(comment="the safety check behind it")
    overdue_at: Mapped[datetime | None] = mapped_column(comment="since when everybody is told: look again")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_why: Mapped[str | None]
