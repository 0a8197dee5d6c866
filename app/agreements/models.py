"""An agreement for the next hour, with its clock in columns: any engine takes it up, after any restart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class Agreement(Scoped, Base):
    """`next_at`: when the engine looks at it next. Written under its incident's lock, like everything of an incident.

    It stands until a person has answered: `ended_at` is never set by time (R15). `check_wanted_at`: since when a new
    safety check is asked for, because the re-check was missed, or not everything was kept.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        of_program(),
        within_program("incident_id", "incident"),
        within_program("client_id", "client"),
        within_program("group_session_id", "group_session"),
        within_program("made_by", "staff_member"),
        within_program("owner_id", "staff_member"),
        within_program("witness_id", "staff_member"),
        within_program("ended_by", "staff_member"),
        within_program("check_done_by", "staff_member"),
        within_program("replaces_id", "agreement"),
        CheckConstraint("outcome in ('kept', 'partly', 'not_kept', 'changed', 'replaced')", name="outcome"),
        CheckConstraint("(ended_at is null) = (outcome is null)", name="ended_with_outcome"),
        CheckConstraint("until > made_at", name="in_order"),
        Index(
            "uq_agreement_standing",
            "program_id",
            "incident_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_agreement_incident", "program_id", "incident_id", "made_at"),
        Index("ix_agreement_next_at", "next_at", postgresql_where=text("next_at is not null")),
    )
    incident_id: Mapped[UUID]
    client_id: Mapped[UUID]
    group_session_id: Mapped[UUID]
    body: Mapped[bytes] = mapped_column(comment="sealed; the steps and who holds what, as JSON")
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    owner_id: Mapped[UUID] = mapped_column(comment="who looks at it again with the client")
    witness_id: Mapped[UUID | None]
    until: Mapped[datetime]
    next_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None] = mapped_column(comment="the re-check was asked of its owner")
    lapsed_at: Mapped[datetime | None] = mapped_column(comment="no re-check came in time")
    pages: Mapped[int] = mapped_column(default=0, comment="how often supervisor and backup were paged")
    check_wanted_at: Mapped[datetime | None]
    check_done_at: Mapped[datetime | None]
    check_done_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    note: Mapped[bytes | None] = mapped_column(comment="sealed; what was said at the re-check")
    replaces_id: Mapped[UUID | None]
