"""Calls owed after a crisis, each with its time, and the plan that check-ins belong to. Nothing here ends by time (R15)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program

TIER = "tier in ('none', 'low', 'moderate', 'high', 'imminent')"


class CheckInPlan(Scoped, Base):
    """The check-ins that a person chose after something that was said. Who has them has its task."""

    __tablename__ = "check_in_plan"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("incident_id", "incident"),
        within_program("made_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        CheckConstraint(TIER, name="tier"),
        CheckConstraint("(ended_at is null) = (ended_why is null)", name="ended_why"),
        CheckConstraint("ended_why in ('ended', 'replaced', 'over', 'died')", name="why"),
        Index(
            "uq_check_in_plan_standing",
            "program_id",
            "client_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
    )
    client_id: Mapped[UUID]
    incident_id: Mapped[UUID | None]
    tier: Mapped[str] = mapped_column(comment="when it was made")
    why: Mapped[bytes] = mapped_column(comment="sealed; what they told us, and what the check-ins are for")
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_why: Mapped[str | None]
    reason: Mapped[bytes | None] = mapped_column(comment="sealed; why it ended before its time")


class FollowUp(Scoped, Base):
    """One call that is owed. `next_at`: when the engine looks whether it was made. `lapsed_at`: it was not, and the
    supervisor knows; it is owed still."""

    __tablename__ = "follow_up"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("incident_id", "incident"),
        within_program("plan_id", "check_in_plan"),
        within_program("task_id", "task"),
        within_program("contact_id", "emergency_contact"),
        within_program("disclosure_id", "disclosure"),
        within_program("made_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        CheckConstraint("kind in ('caregiver_call', 'check_in')", name="kind"),
        CheckConstraint("(kind = 'check_in') = (plan_id is not null)", name="of_a_plan"),
        CheckConstraint(TIER, name="tier"),
        CheckConstraint("(ended_at is null) = (outcome is null)", name="ended_with_outcome"),
        CheckConstraint(
            "outcome in ('reached', 'worried', 'missed', 'not_reached', 'not_permitted', 'not_wanted', 'not_needed', 'died')",
            name="outcome",
        ),
        Index(
            "uq_follow_up_caregiver",
            "program_id",
            "client_id",
            unique=True,
            postgresql_where=text("kind = 'caregiver_call' and ended_at is null"),
        ),
        Index("ix_follow_up_client", "program_id", "client_id", "due_at"),
        Index("ix_follow_up_next_at", "next_at", postgresql_where=text("next_at is not null")),
        Index("ix_follow_up_owed", "program_id", "due_at", postgresql_where=text("ended_at is null")),
    )
    kind: Mapped[str]
    client_id: Mapped[UUID]
    incident_id: Mapped[UUID | None]
    plan_id: Mapped[UUID | None]
    task_id: Mapped[UUID]
    tier: Mapped[str] = mapped_column(comment="of what it follows; what may be told goes by it")
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    tries: Mapped[int] = mapped_column(default=0, comment="rung without reaching them")
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    contact_id: Mapped[UUID | None] = mapped_column(comment="who was reached")
    disclosure_id: Mapped[UUID | None] = mapped_column(comment="what was told to them")
    said: Mapped[bytes | None] = mapped_column(comment="sealed; how it was and what was agreed, as JSON")
