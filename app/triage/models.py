"""Safety checks as they were asked, what was noted as done for a tier, and the program's own screener."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class RiskAssessment(Scoped, Base):
    """One safety check. What was answered stays as it was given, also when the check was broken off.

    `computed_tier` is what the rules of `rules_version` made of the answers; null is not assessed.
    """

    __tablename__ = "risk_assessment"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("incident_id", "incident"),
        within_program("screener_id", "screener_text"),
        within_program("begun_by", "staff_member"),
        within_program("saved_by", "staff_member"),
        within_program("done_by", "staff_member"),
        CheckConstraint("state in ('asking', 'done', 'stopped')", name="state"),
        CheckConstraint(
            "computed_tier in ('none', 'low', 'moderate', 'high', 'imminent')", name="computed_tier"
        ),
        CheckConstraint("chosen_tier in ('none', 'low', 'moderate', 'high', 'imminent')", name="chosen_tier"),
        CheckConstraint("direction in ('same', 'higher', 'lower')", name="direction"),
        CheckConstraint("(state = 'done') = (chosen_tier is not null)", name="done_with_a_tier"),
        Index(
            "uq_risk_assessment_asking",
            "program_id",
            "incident_id",
            unique=True,
            postgresql_where=text("state = 'asking'"),
        ),
        Index("ix_risk_assessment_client_id", "program_id", "client_id", "begun_at"),
        Index("ix_risk_assessment_incident_id", "program_id", "incident_id"),
    )
    client_id: Mapped[UUID]
    incident_id: Mapped[UUID]
    rules_version: Mapped[str]
    rules_sha256: Mapped[str]
    screener_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="asking")
    given: Mapped[bytes] = mapped_column(comment="sealed; every answer, observation and word, as JSON")
    computed_tier: Mapped[str | None]
    chosen_tier: Mapped[str | None]
    direction: Mapped[str | None] = mapped_column(comment="of the choice against the computed tier")
    reason: Mapped[bytes | None] = mapped_column(comment="sealed; why the choice differs")
    next_contact_at: Mapped[datetime | None]
    begun_at: Mapped[datetime]
    begun_by: Mapped[UUID]
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]


class CareMark(Scoped, Base):
    """Somebody said that this was done for the tier of an incident: one press each."""

    __tablename__ = "care_mark"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("by_staff_id", "staff_member"),
        UniqueConstraint("program_id", "incident_id", "item"),
    )
    incident_id: Mapped[UUID]
    item: Mapped[str]
    by_staff_id: Mapped[UUID]
    at: Mapped[datetime]


class ScreenerText(Scoped, Base):
    """The words of the program's own screener, from its file, with the line that its owner asks for. Never rewritten:
    a new file is a new row, and the one before is retired."""

    __tablename__ = "screener_text"
    __table_args__ = (
        of_program(),
        within_program("loaded_by", "staff_member"),
        within_program("retired_by", "staff_member"),
        Index(
            "uq_screener_text_standing",
            "program_id",
            "language",
            unique=True,
            postgresql_where=text("retired_at is null"),
        ),
    )
    instrument: Mapped[str] = mapped_column(comment="which of our codes and logic it is the text of")
    version: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    copyright: Mapped[str]
    items: Mapped[dict[str, Any]] = mapped_column(comment="item to its words, as the file has them")
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]
    loaded_by: Mapped[UUID]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[UUID | None]
