"""One look at everybody else of a group, and each of them in it. It outlives the incident and the group session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class OthersRound(Scoped, Base):
    """`incident_id` and `client_id`: what it began with. Neither is told to the others, nor stands in their records."""

    __tablename__ = "others_round"
    __table_args__ = (
        of_program(),
        within_program("group_session_id", "group_session"),
        within_program("incident_id", "incident"),
        within_program("client_id", "client"),
        within_program("begun_by", "staff_member"),
        # A second thing that happens while they are being looked at is no second list.
        Index(
            "uq_others_round_standing",
            "program_id",
            "group_session_id",
            unique=True,
            postgresql_where=text("all_at is null"),
        ),
        Index("ix_others_round_incident", "program_id", "incident_id"),
    )
    group_session_id: Mapped[UUID]
    incident_id: Mapped[UUID]
    client_id: Mapped[UUID]
    begun_at: Mapped[datetime]
    begun_by: Mapped[UUID | None]
    all_at: Mapped[datetime | None] = mapped_column(comment="everybody was looked at; follow-ups may go on")


class OthersCheck(Scoped, Base):
    """One person in it. `task_id`: the call afterwards, which stands from the start so that silence loses nobody."""

    __tablename__ = "others_check"
    __table_args__ = (
        of_program(),
        within_program("round_id", "others_round"),
        within_program("client_id", "client"),
        within_program("said_by", "staff_member"),
        within_program("task_id", "task"),
        CheckConstraint("state in ('open', 'fine', 'word', 'not_reached')", name="state"),
        CheckConstraint(
            "(state = 'open') = (said_at is null) and (said_at is null) = (said_by is null)",
            name="by_somebody",
        ),
        Index("uq_others_check_client", "program_id", "round_id", "client_id", unique=True),
        Index("ix_others_check_task", "program_id", "task_id"),
    )
    round_id: Mapped[UUID]
    client_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="open")
    said_at: Mapped[datetime | None]
    said_by: Mapped[UUID | None]
    task_id: Mapped[UUID]
    left_at: Mapped[datetime | None] = mapped_column(
        comment="it turned out that it is about them; what was said of them stays"
    )
