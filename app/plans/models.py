"""A client's plan, its versions, and what was done about means of harm."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class SafetyPlan(Scoped, Base):
    """One for each client. `version` counts every change, so that two people who edit at once are told."""

    __tablename__ = "safety_plan"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("changed_by", "staff_member"),
        UniqueConstraint("program_id", "client_id"),
    )
    client_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=0)
    changed_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    made_at: Mapped[datetime]


class SafetyPlanVersion(Scoped, Base):
    """A draft becomes agreed and is never written again; the one before it becomes superseded."""

    __tablename__ = "safety_plan_version"
    __table_args__ = (
        of_program(),
        within_program("plan_id", "safety_plan"),
        within_program("client_id", "client"),
        within_program("author_id", "staff_member"),
        within_program("agreed_by", "staff_member"),
        CheckConstraint("status in ('draft', 'agreed', 'superseded')", name="status"),
        CheckConstraint("(status = 'draft') = (number is null)", name="numbered"),
        CheckConstraint(
            "(status = 'draft') = (agreed_at is null) and (status = 'draft') = (review_due is null)",
            name="agreed",
        ),
        UniqueConstraint("program_id", "plan_id", "number"),
        Index(
            "uq_safety_plan_version_standing",
            "program_id",
            "client_id",
            "status",
            unique=True,
            postgresql_where=text("status in ('draft', 'agreed')"),
        ),
    )
    plan_id: Mapped[UUID]
    client_id: Mapped[UUID]
    number: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="draft")
    language: Mapped[str] = mapped_column(comment="of the words in it")
    body: Mapped[bytes] = mapped_column(comment="sealed; the parts and their lines as JSON")
    author_id: Mapped[UUID]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[UUID | None] = mapped_column(comment="who agreed it with the client")
    agreed_how: Mapped[str | None] = mapped_column(comment="in_person, video or phone")
    reviewed_at: Mapped[datetime | None] = mapped_column(comment="when it was last read together")
    review_due: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]


class MeansRecord(Scoped, Base):
    """What is known about one class of means from a moment on. The newest of a class counts; none is changed."""

    __tablename__ = "means_record"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("recorded_by", "staff_member"),
        Index("ix_means_record_client", "program_id", "client_id", "recorded_at"),
    )
    client_id: Mapped[UUID]
    body: Mapped[bytes] = mapped_column(comment="sealed; class, status, step, by whom, on which day as JSON")
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
