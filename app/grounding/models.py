"""What was offered to calm somebody, and what stands on a client's own page for that."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Scoped, of_program, within_program

KINDS = "('box', 'exhale', 'senses', 'body', 'pets')"


class Intervention(Scoped, Base):
    """An exercise with one client, or (no client) with the whole group; or the small step that a client picked.

    Distress from 0 to 10 is asked for and never needed. Not ended: it stands, and there is one at a time.
    """

    __tablename__ = "intervention"
    __table_args__ = (
        of_program(),
        within_program("group_session_id", "group_session"),
        within_program("client_id", "client"),
        within_program("incident_id", "incident"),
        within_program("offered_by", "staff_member"),
        within_program("ended_by", "staff_member"),
        CheckConstraint(f"kind in {KINDS[:-1]}, 'step')", name="kind"),
        CheckConstraint("result in ('done', 'stopped', 'declined', 'changed')", name="result"),
        CheckConstraint("(ended_at is null) = (result is null)", name="ended_with_result"),
        CheckConstraint("before between 0 and 10 and after between 0 and 10", name="distress"),
        Index(
            "uq_intervention_standing",
            "program_id",
            "group_session_id",
            "client_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_intervention_client", "program_id", "client_id", "offered_at"),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID | None] = mapped_column(comment="none: the whole group")
    incident_id: Mapped[UUID | None] = mapped_column(comment="what was open about the client then")
    kind: Mapped[str]
    offered_at: Mapped[datetime]
    offered_by: Mapped[UUID]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    result: Mapped[str | None]
    before: Mapped[int | None] = mapped_column(comment="distress 0 to 10 as the client said it")
    after: Mapped[int | None]
    words: Mapped[bytes | None] = mapped_column(
        comment="sealed; what the client said, or the step they picked"
    )


class PageCard(Scoped, Base):
    """An exercise that staff put on a client's own page. The client, or whoever ends the exercise, takes it away."""

    __tablename__ = "page_card"
    __table_args__ = (
        ForeignKeyConstraint(
            ["program_id", "group_session_id"], ["group_session.program_id", "group_session.id"]
        ),
        ForeignKeyConstraint(["program_id", "client_id"], ["client.program_id", "client.id"]),
        ForeignKeyConstraint(
            ["program_id", "intervention_id"], ["intervention.program_id", "intervention.id"]
        ),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("closed_by in ('client', 'staff')", name="closed_by"),
        CheckConstraint("(closed_at is null) = (closed_by is null)", name="closed_by_somebody"),
        Index(
            "uq_page_card_standing",
            "program_id",
            "group_session_id",
            "client_id",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
    )
    group_session_id: Mapped[UUID]
    client_id: Mapped[UUID]
    intervention_id: Mapped[UUID]
    kind: Mapped[str]
    shown_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
