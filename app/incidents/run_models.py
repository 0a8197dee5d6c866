"""A protocol under way in an incident, beside the one that the incident began with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, within_program


class ProtocolRun(Scoped, Base):
    """`zero_at`: zero of its clock, the press that began it. Without a version it runs the few steps that Handrail brings
    itself, until a supervisor has approved a file: care never waits for one (R8)."""

    __tablename__ = "protocol_run"
    __table_args__ = (
        within_program("incident_id", "incident"),
        within_program("protocol_version_id", "protocol_version"),
        within_program("started_by", "staff_member"),
        CheckConstraint("state in ('running', 'ended')", name="state"),
        Index("ix_protocol_run_incident", "program_id", "incident_id"),
        Index(
            "uq_protocol_run_running",
            "program_id",
            "incident_id",
            "protocol",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
    )
    incident_id: Mapped[UUID]
    protocol: Mapped[str] = mapped_column(comment="its id, such as safety-check")
    protocol_version_id: Mapped[UUID | None]
    zero_at: Mapped[datetime]
    started_by: Mapped[UUID | None]
    why: Mapped[str] = mapped_column(comment="chosen, answer, tier or concern; words are in the journal")
    state: Mapped[str] = mapped_column(default="running")
    end_word: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
