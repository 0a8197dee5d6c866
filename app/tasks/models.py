"""Tasks: what is still to be done, by whom, until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program


class Task(Scoped, Base):
    """One thing that a person still has to do. It is never deleted, and never lost with its owner: whose access has
    ended owns nothing (see queries), so the task stands among those that nobody has."""

    __tablename__ = "task"
    __table_args__ = (
        of_program(),
        within_program("client_id", "client"),
        within_program("group_session_id", "group_session"),
        within_program("owner_id", "staff_member"),
        within_program("made_by", "staff_member"),
        within_program("done_by", "staff_member"),
        CheckConstraint("outcome in ('done', 'not_needed')", name="outcome"),
        CheckConstraint("(done_at is null) = (outcome is null)", name="done_with_outcome"),
        # The same gap of the same client is one task, however often a group opens with it.
        Index(
            "uq_task_open_gap",
            "program_id",
            "client_id",
            "gap",
            unique=True,
            postgresql_where=text("done_at is null and gap is not null and client_id is not null"),
        ),
        Index("ix_task_open", "program_id", "due_at", postgresql_where=text("done_at is null")),
        Index("ix_task_done", "program_id", "done_at", postgresql_where=text("done_at is not null")),
    )
    about: Mapped[bytes] = mapped_column(comment="sealed; what is to be done, in words")
    gap: Mapped[str | None] = mapped_column(comment="which gap of readiness it mends")
    client_id: Mapped[UUID | None]
    group_session_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None] = mapped_column(comment="none: nobody has it yet")
    due_at: Mapped[datetime]
    made_by: Mapped[UUID | None] = mapped_column(comment="none: a rule, or the client's own page")
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
