"""A handoff: drafted by one person, given to a named receiver through `disclose`, complete when they have read it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program

STANDING = "state in ('draft', 'given')"


class Handoff(Scoped, Base):
    """One stands at a time for an incident. `body` holds the four parts and what the client wants known, as JSON."""

    __tablename__ = "handoff"
    __table_args__ = (
        of_program(),
        within_program("incident_id", "incident"),
        within_program("client_id", "client"),
        within_program("group_session_id", "group_session"),
        within_program("made_by", "staff_member"),
        within_program("given_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        within_program("disclosure_id", "disclosure"),
        CheckConstraint(
            "receiver_kind in ('ambulance', 'hospital', 'mobile_team', 'clinician')", name="receiver_kind"
        ),
        CheckConstraint("state in ('draft', 'given', 'read_back', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(given_at is null) = (disclosure_id is null)", name="given_is_disclosed"),
        CheckConstraint(
            "state not in ('given', 'read_back') or given_at is not null", name="given_before_read"
        ),
        Index(
            "uq_handoff_standing",
            "program_id",
            "incident_id",
            unique=True,
            postgresql_where=text(STANDING),
        ),
        Index("ix_handoff_incident", "program_id", "incident_id", "made_at"),
    )
    incident_id: Mapped[UUID]
    client_id: Mapped[UUID]
    group_session_id: Mapped[UUID]
    receiver_kind: Mapped[str]
    body: Mapped[bytes] = mapped_column(comment="sealed; receiver, four parts, what the client wants known")
    version: Mapped[int] = mapped_column(comment="counts saves: two who write at once are told")
    state: Mapped[str] = mapped_column(default="draft")
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    given_at: Mapped[datetime | None]
    given_by: Mapped[UUID | None]
    disclosure_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="read back, refused or withdrawn")
    ended_by: Mapped[UUID | None]
