"""A tier on its way down: asked for by one person, decided by another (R15)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, within_program


class TierLowering(Scoped, Base):
    """While it waits the tier stays; when nobody decides by `until` it stays for good, and the supervisor is paged."""

    __tablename__ = "tier_lowering"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("client_id", "client"),
        within_program("asked_by", "staff_member"),
        within_program("answered_by", "staff_member"),
        CheckConstraint("from_tier in ('high', 'imminent')", name="from_tier"),
        CheckConstraint("to_tier in ('none', 'low', 'moderate', 'high')", name="to_tier"),
        CheckConstraint(
            "state in ('waiting', 'accepted', 'declined', 'withdrawn', 'overtaken', 'lapsed')", name="state"
        ),
        # The second person is another one: the database refuses what a bug would let pass.
        CheckConstraint("state <> 'accepted' or answered_by <> asked_by", name="two_people"),
        Index(
            "uq_tier_lowering_waiting",
            "program_id",
            "incident_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_tier_lowering_until", "until", postgresql_where=text("state = 'waiting'")),
    )
    incident_id: Mapped[UUID]
    client_id: Mapped[UUID]
    from_tier: Mapped[str]
    to_tier: Mapped[str]
    reason: Mapped[bytes] = mapped_column(comment="sealed; why less is right now")
    assessment_id: Mapped[UUID | None] = mapped_column(comment="the safety check behind it")
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[bytes | None] = mapped_column(comment="sealed; why it was declined")
